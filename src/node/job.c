/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/job.h"

#include "base/json.h"
#include "node/job_part.h"

#include <string.h>

static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

static bool is_name(struct bytes text, size_t most)
{
    if (!text.len || text.len > most || *text.at == '.' || *text.at == '-' || *text.at == '_')
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!text.at[i] || !strchr(letters, text.at[i]))
            return false;
    return true;
}

bool job_id_is_good(struct bytes id)
{
    return is_name(id, JOB_ID);
}

bool job_name_is_good(struct bytes name)
{
    return is_name(name, JOB_NAME);
}

/* The object with job_id in it. */
static const json_t *envelope(const json_t *root, enum job_dialect dialect)
{
    return dialect == JOB_NODES_V1 ? json_child(root, "job") : root;
}

const char *job_id_of(struct arena *a, const json_t *root, enum job_dialect dialect)
{
    struct bytes id = json_raw(envelope(root, dialect), "job_id");
    return job_id_is_good(id) ? arena_copy(a, id) : "";
}

bool job_is_none(const json_t *root, enum job_dialect dialect)
{
    if (!root || json_is_null(root))
        return true;
    const json_t *job = json_object_get(root, "job");
    bool nothing = !job || json_is_null(job) || (json_is_string(job) && strcmp(json_string_value(job), "none") == 0);
    return dialect == JOB_NODES_V1 ? nothing : json_is_object(root) && !json_object_size(root);
}

/* payload.runner as a word or as {"kind"}; also beside the payload, where some clients put it. */
static const char *runner_word(const json_t *root, const json_t *payload)
{
    const json_t *of[] = {json_object_get(payload, "runner"), json_object_get(root, "runner")};
    for (size_t i = 0; i < 2; i++) {
        const json_t *kind = json_is_object(of[i]) ? json_object_get(of[i], "kind") : of[i];
        if (json_is_string(kind))
            return json_string_value(kind);
    }
    return NULL;
}

static bool is_inference(const json_t *payload)
{
    const json_t *type = json_object_get(payload, "type");
    if (json_is_string(type))
        return strcmp(json_string_value(type), "inference") == 0;
    return json_is_string(json_object_get(payload, "model")) && json_is_string(json_object_get(payload, "prompt"));
}

static enum node_code runner_of(const json_t *root, const json_t *payload, enum job_runner *out, struct err *e)
{
    static const char *const name[] = {
        [JOB_CLI] = "cli", [JOB_PYTHON] = "python", [JOB_OLLAMA] = "ollama", [JOB_NOOP] = "noop"};
    const char *word = runner_word(root, payload);
    if (is_inference(payload) && !word)
        return *out = JOB_OLLAMA, E_NONE;
    for (size_t i = 0; word && i < sizeof name / sizeof *name; i++)
        if (strcmp(word, name[i]) == 0)
            return *out = (enum job_runner)i, E_NONE;
    err_set(e, "this node has no runner for such a job");
    return E_UNSUPPORTED;
}

static bool number_of(const json_t *o, const char *key, int64_t most, int64_t *out, struct err *e)
{
    const json_t *v = json_object_get(o, key);
    if (!v || json_is_null(v))
        return true;
    if (!json_is_integer(v) || json_integer_value(v) < 0 || json_integer_value(v) > most)
        return err_set(e, "%.40s must be a whole number, 0 to %lld", key, (long long)most);
    *out = json_integer_value(v);
    return true;
}

static bool told(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return v && !json_is_null(v) && !json_is_false(v);
}

/* What the job needs: requirements of a manifest, constraints of an assignment. */
static bool needs_of(const json_t *root, const json_t *payload, struct job *out, struct err *e)
{
    const json_t *req = json_object_get(payload, "requirements"), *con = json_object_get(root, "constraints");
    int64_t gb = 0;
    if (!number_of(req, "vram_mb", 1 << 24, &out->vram_mb, e) ||
        !number_of(req, "cpu_threads", 4096, &out->cpu_threads, e) || !number_of(con, "min_vram_gb", 1 << 14, &gb, e) ||
        !number_of(payload, "timeout_s", 7 * 86400, &out->timeout_s, e))
        return false;
    if (gb * 1024 > out->vram_mb)
        out->vram_mb = gb * 1024;
    out->gpu =
        told(req, "gpu") || told(con, "gpu") || told(con, "cuda") || out->vram_mb > 0 || out->runner == JOB_OLLAMA;
    return true;
}

enum node_code job_read(struct arena *a, const json_t *root, enum job_dialect dialect, struct job *out, struct err *e)
{
    const json_t *job = envelope(root, dialect), *payload = dialect == JOB_NODES_V1 ? job : json_child(root, "payload");
    struct job got = {.dialect = dialect, .id = job_id_of(a, root, dialect)};
    if (!*got.id || !payload) {
        err_set(e, *got.id ? "the job has no payload" : "the job's id is none that can name a folder");
        return E_INVALID;
    }
    enum node_code code = runner_of(job, payload, &got.runner, e);
    if (code == E_NONE && (!needs_of(job, payload, &got, e) || !job_parts_of(a, payload, &got, e)))
        code = E_INVALID;
    if (code == E_NONE)
        *out = got;
    return code;
}
