/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/message.h"

#include "base/json.h"

#include <stdio.h>
#include <string.h>

struct bytes message_text(struct arena *a, const json_t *value)
{
    size_t length = value ? json_dumpb(value, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY) : 0;
    char *text = length ? arena_alloc(a, length + 1) : NULL;
    if (text)
        json_dumpb(value, text, length, JSON_COMPACT | JSON_ENCODE_ANY);
    return (struct bytes){text, text ? length : 0};
}

static struct bytes told(struct arena *a, json_t *value)
{
    struct bytes text = message_text(a, value);
    json_decref(value);
    return text;
}

static json_t *shared(const json_t *value)
{
    return value ? json_incref((json_t *)value) : json_object();
}

/* ---- where ---- */

static bool is_ok(const json_t *report)
{
    return json_is_true(json_object_get(report, "ok"));
}

const char *message_url(struct arena *a, const char *base, enum job_dialect d, enum node_call call,
                        const json_t *report)
{
    static const char *const one[] = {
        [CALL_REGISTER] = "miners/register", [CALL_HEARTBEAT] = "miners/heartbeat", [CALL_POLL] = "miners/poll"};
    static const char *const two[] = {
        [CALL_REGISTER] = "nodes/register", [CALL_HEARTBEAT] = "nodes/heartbeat", [CALL_POLL] = "jobs/pull"};
    size_t n = strlen(base);
    while (n > 0 && base[n - 1] == '/')
        n--;
    bool versioned = n > 3 && memcmp(base + n - 3, "/v1", 3) == 0;
    const char *v1 = d == JOB_MINERS_V1 && !versioned ? "/v1" : "";
    if (call != CALL_REPORT)
        return arena_text(a, "%.*s%s/%s", (int)n, base, v1, (d == JOB_MINERS_V1 ? one : two)[call]);
    if (d == JOB_NODES_V1)
        return arena_text(a, "%.*s/jobs/%s", (int)n, base, is_ok(report) ? "result" : "fail");
    struct bytes id = json_raw(report, "job_id");
    return arena_text(a, "%.*s%s/miners/%.*s/%s", (int)n, base, v1, (int)id.len, id.at,
                      is_ok(report) ? "result" : "fail");
}

/* ---- calls ---- */

struct bytes message_register(struct arena *a, enum job_dialect d, const struct message_node *n,
                              const json_t *capabilities)
{
    if (d == JOB_NODES_V1) { /* the capabilities themselves are the body, with who it is */
        json_t *body = capabilities ? json_copy((json_t *)capabilities) : json_object();
        json_object_set_new(body, "node_id", json_string(n->id));
        return told(a, body);
    }
    return told(a, json_pack("{so si ss?}", "capabilities", shared(capabilities), "concurrency", n->concurrency,
                             "region", n->region));
}

static json_t *least_beat(enum job_dialect d, const struct message_node *n, const struct message_beat *b)
{
    if (d == JOB_NODES_V1)
        return json_pack("{ss sI ss}", "node_id", n->id, "inflight", (json_int_t)b->inflight, "status", b->status);
    return json_pack("{sI ss}", "inflight", (json_int_t)b->inflight, "status", b->status);
}

struct bytes message_heartbeat(struct arena *a, enum job_dialect d, const struct message_node *n,
                               const struct message_beat *b)
{
    json_t *body = least_beat(d, n, b);
    if (d == JOB_NODES_V1) {
        const json_t *load = json_object_get(b->metadata, "load_avg");
        json_object_set(body, "load", load ? json_array_get(load, 0) : json_null());
        json_t *free_mb = json_object_get(b->metadata, "disk_free_mb");
        json_object_set(body, "free_mb", free_mb ? free_mb : json_null());
        const json_t *gpu = json_object_get(json_object_get(b->metadata, "slots"), "gpu");
        json_object_set_new(body, "gpu_free",
                            gpu ? json_integer(json_int(gpu, "total") - json_int(gpu, "used")) : json_null());
    } else if (b->metadata) {
        json_object_set(body, "metadata", (json_t *)b->metadata);
    }
    return told(a, body);
}

struct bytes message_poll(struct arena *a, enum job_dialect d, const struct message_node *n)
{
    return told(a, d == JOB_NODES_V1 ? json_pack("{ss sn}", "node_id", n->id, "filters")
                                     : json_pack("{si}", "max_wait_seconds", n->wait_s));
}

/* ---- reports ---- */

json_t *message_report_make(const char *job_id, int attempt, enum node_code code, const char *why, json_t *result,
                            json_t *metrics)
{
    char key[JOB_ID + 16];
    snprintf(key, sizeof key, "%.127s.%d", job_id, attempt);
    json_t *report = json_pack("{si ss ss sb so so}", "v", 1, "job_id", job_id, "key", key, "ok", code == E_NONE,
                               "result", result ? result : json_object(), "metrics", metrics ? metrics : json_object());
    if (code == E_NONE)
        return report;
    json_object_set_new(report, "code", json_string(node_codes[code].name));
    json_object_set_new(report, "message", json_string(why && *why ? why : node_codes[code].help));
    return report;
}

/* Texts of a result that are too long are cut; only then something says so. */
static json_t *shrunk(const json_t *result)
{
    json_t *out = json_copy((json_t *)result), *value;
    const char *key;
    bool cut = json_object_del(out, "inline_b64") == 0;
    void *next;
    json_object_foreach_safe(out, next, key, value)
    {
        if (!json_is_string(value) || json_string_length(value) <= MESSAGE_OUTPUT)
            continue;
        size_t n = MESSAGE_OUTPUT;
        const char *text = json_string_value(value);
        while (n > 0 && (text[n] & 0xc0) == 0x80) /* whole characters */
            n--;
        json_object_set_new(out, key, json_stringn(text, n));
        cut = true;
    }
    if (cut)
        json_object_set_new(out, "truncated", json_true());
    return out;
}

static json_t *result_body(const json_t *report, bool least)
{
    const json_t *result = json_object_get(report, "result");
    if (!least)
        return json_pack("{so so}", "result", shared(result), "metrics", shared(json_object_get(report, "metrics")));
    return json_pack("{so s{}}", "result", shrunk(result), "metrics");
}

static struct bytes clipped(struct bytes text)
{
    size_t n = text.len < MESSAGE_TEXT ? text.len : MESSAGE_TEXT;
    while (n < text.len && n > 0 && (text.at[n] & 0xc0) == 0x80)
        n--;
    return (struct bytes){text.at, n};
}

static json_t *fail_body(enum job_dialect d, const json_t *report, bool least)
{
    struct bytes said = clipped(json_raw(report, "message"));
    const json_t *metrics = least ? NULL : json_object_get(report, "metrics");
    json_t *body = json_pack("{ss?}", "error_code", json_string_value(json_object_get(report, "code")));
    json_object_set_new(body, d == JOB_NODES_V1 ? "error_msg" : "error_message",
                        json_stringn(said.len ? said.at : "", said.len));
    if (d == JOB_NODES_V1) {
        json_object_set(body, "job_id", json_object_get(report, "job_id"));
        json_object_set_new(body, "logs_ref", json_null());
    } else {
        json_object_set_new(body, "metrics", shared(metrics));
    }
    return body;
}

struct bytes message_report(struct arena *a, enum job_dialect d, const json_t *report, bool least)
{
    return told(a, is_ok(report) ? result_body(report, least) : fail_body(d, report, least));
}

/* ---- answers ---- */

void message_wish_of(struct arena *a, const json_t *answer, struct message_wish *out)
{
    const json_t *list = json_list(answer, "cancel"), *id;
    size_t i;
    *out = (struct message_wish){.drain = json_is_true(json_object_get(answer, "drain"))};
    json_array_foreach(list, i, id)
    {
        struct bytes word = {json_string_value(id), json_string_length(id)};
        if (out->cancels < MESSAGE_CANCELS && json_is_string(id) && job_id_is_good(word))
            out->cancel[out->cancels++] = arena_copy(a, word);
    }
}
