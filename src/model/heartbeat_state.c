/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory/heartbeat-state.json (rig-files.md 1.8). The values in the wild are epochs, milliseconds, ISO times, null and
 * prose: each key gets its own verdict, none makes the file useless. */
#include "model/heartbeat.h"

#include "base/json.h"
#include "base/timetext.h"
#include "base/utf8.h"

#include <string.h>

enum { NOTE_CELLS = 200 };
static const double milliseconds_from = 1e11;

/* Checks that stand beside lastChecks. */
static const char *const top_level[] = {"lastBittensorCheck", "lastCheck"};
enum { TOP_LEVEL = sizeof top_level / sizeof top_level[0] };

static const char *note_of(struct arena *a, const json_t *value)
{
    static const char *const kinds[] = {
        [JSON_OBJECT] = "(an object, not a time)",
        [JSON_ARRAY] = "(a list, not a time)",
        [JSON_INTEGER] = "(a number, not a time)",
        [JSON_REAL] = "(a negative number)",
        [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",
    };
    if (json_is_string(value))
        return text_safe(a, (struct bytes){json_string_value(value), json_string_length(value)}, NOTE_CELLS);
    return kinds[json_typeof(value)];
}

static struct hb_check read_check(struct arena *a, const char *name, const json_t *value)
{
    struct hb_check c = {.name = text_safe(a, bytes_of(name), 0), .value = CHECK_NEVER, .at_ms = NOT_KNOWN};
    double number = json_number_value(value);
    if (json_is_null(value) || (json_is_number(value) && number == 0))
        return c;
    int64_t at = json_time_value(value, 0);
    if (at == NOT_KNOWN) {
        c.value = CHECK_NOTE;
        c.note = note_of(a, value);
        return c;
    }
    c.value = CHECK_TIME;
    c.at_ms = at;
    c.milliseconds = number >= milliseconds_from;
    return c;
}

static void read_checks(struct arena *a, const json_t *root, struct hbstate_doc *doc)
{
    json_t *last = json_object_get(root, "lastChecks");
    struct hb_check *check = arena_array(a, json_object_size(last) + TOP_LEVEL, sizeof *check);
    const char *name;
    json_t *value;
    doc->no_last_checks = !json_is_object(last);
    json_object_foreach(last, name, value)
    {
        check[doc->check_count++] = read_check(a, name, value);
    }
    for (size_t i = 0; i < TOP_LEVEL; i++)
        if ((value = json_object_get(root, top_level[i])))
            check[doc->check_count++] = read_check(a, top_level[i], value);
    doc->check = check;
}

static void read_thresholds(struct arena *a, const json_t *root, struct hbstate_doc *doc)
{
    json_t *limits = json_object_get(root, "alertThresholds");
    struct hb_threshold *t = arena_array(a, json_object_size(limits), sizeof *t);
    const char *name;
    json_t *value;
    json_object_foreach(limits, name, value)
    {
        if (json_is_number(value))
            t[doc->threshold_count++] =
                (struct hb_threshold){text_safe(a, bytes_of(name), 0), json_number_value(value)};
    }
    doc->threshold = t;
}

const void *hbstate_decode(struct arena *a, const struct decode_in *in, struct err *e)
{
    if (in->bytes.len == 0) {
        struct hbstate_doc *doc = arena_alloc(a, sizeof *doc);
        doc->empty = doc->no_last_checks = true;
        return doc;
    }
    json_t *root = json_read(in->bytes, in->name, e);
    if (!root)
        return NULL;
    struct hbstate_doc *doc = NULL;
    if (json_is_object(root)) {
        doc = arena_alloc(a, sizeof *doc);
        read_checks(a, root, doc);
        read_thresholds(a, root, doc);
    } else {
        err_set(e, "%s: expected an object with \"lastChecks\"", in->name);
    }
    json_decref(root);
    return doc;
}
