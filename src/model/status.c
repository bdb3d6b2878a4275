/* SPDX-License-Identifier: GPL-2.0-or-later */
/* miner_status.json (rig-files.md 3.2). Only three of its keys are certain, so it is read tolerantly; but other programs
 * use the same file name (1.9), so a file without any stage key is refused, never guessed at. */
#include "model/stages.h"

#include "base/json.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "model/stage_totals.h"

#include <string.h>

enum { DETAIL_CELLS = 200, MESSAGE_CELLS = 500, NAME_CELLS = 80, KEYS_SHOWN = 6, HISTORY_MAX = 2000 };

struct reading {
    struct arena *arena;
    const struct decode_in *in;
    int64_t root_pid;
    struct json_apart *apart; /* what is not in the tree of the history */
};

static const char *const tracker_keys[] = {"current_stage", "stage_history", NULL};
static const char *const history_keys[] = {"stage_history", "history", "stages", NULL};
static const char *const identity_keys[] = {"stage_name", "stage", "stage_number", NULL};
static const char *const number_keys[] = {"stage_number", "stage", "stage_num", "number", NULL};
static const char *const name_keys[] = {"stage_name", "name", NULL};
static const char *const message_keys[] = {"message", "description", "error", "error_message", NULL};
static const char *const time_keys[] = {"timestamp",  "updated_at", "last_updated", "time", "start_time",
                                        "started_at", NULL};
static const char *const start_keys[] = {"started_at", "start_time", NULL};
static const char *const written_keys[] = {"updated_at", "last_updated", "timestamp", NULL};

/* ---- values ------------------------------------------------------------------------------------------------------- */

static bool has_any(const json_t *o, const char *const *keys)
{
    for (; *keys; keys++)
        if (json_object_get(o, *keys))
            return true;
    return false;
}

static const char *text_of(const struct reading *r, const json_t *value, size_t cells)
{
    return text_safe(r->arena, (struct bytes){json_string_value(value), json_string_length(value)}, cells);
}

/* The first of the keys that holds a text; "" when none does. */
static const char *first_text(const struct reading *r, const json_t *o, const char *const *keys, size_t cells)
{
    for (; *keys; keys++)
        if (json_is_string(json_object_get(o, *keys)))
            return text_of(r, json_object_get(o, *keys), cells);
    return "";
}

static int64_t first_time(const struct reading *r, const json_t *o, const char *const *keys)
{
    for (; *keys; keys++) {
        int64_t at = json_time(o, *keys, r->in->local_offset_s);
        if (at != NOT_KNOWN)
            return at;
    }
    return NOT_KNOWN;
}

/* A number, a numeric text or the name of a stage: its number, also one that no stage has. NOT_KNOWN: none of them. */
static int64_t number_of(const json_t *value)
{
    int64_t n;
    struct bytes text = {json_string_value(value), json_string_length(value)};
    if (json_is_integer(value))
        return json_integer_value(value);
    if (json_is_real(value) && json_real_value(value) >= 0 && json_real_value(value) < STAGE_COUNT)
        return (int64_t)json_real_value(value);
    if (!json_is_string(value))
        return NOT_KNOWN;
    if (bytes_i64(bytes_trim(text), &n))
        return n;
    int by_name = stage_by_name(text);
    return by_name >= 0 ? by_name : NOT_KNOWN;
}

static int64_t find_number(const json_t *o, const json_t *hint)
{
    int64_t n = NOT_KNOWN;
    for (const char *const *key = number_keys; *key && n == NOT_KNOWN; key++)
        n = number_of(json_object_get(o, *key));
    if (n == NOT_KNOWN)
        n = number_of(hint);
    for (const char *const *key = name_keys; *key && n == NOT_KNOWN; key++) {
        int by_name = stage_by_name(json_raw(o, *key));
        n = by_name >= 0 ? by_name : NOT_KNOWN;
    }
    return n;
}

static const char *find_name(const struct reading *r, const json_t *o, const json_t *hint, int64_t number)
{
    const char *name = first_text(r, o, name_keys, NAME_CELLS);
    if (*name)
        return name;
    if (number >= 0 && number < STAGE_COUNT)
        return stage_name((int)number);
    if (number != NOT_KNOWN)
        return arena_text(r->arena, "Stage %lld (unknown)", (long long)number);
    if (json_is_string(hint))
        return text_of(r, hint, NAME_CELLS);
    if (json_is_string(json_object_get(o, "stage")))
        return text_of(r, json_object_get(o, "stage"), NAME_CELLS);
    return "Unknown";
}

static const char *lower(struct arena *a, const char *text)
{
    char *copy = arena_copy(a, bytes_of(text));
    for (char *c = copy; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return copy;
}

static const char *value_text(const struct reading *r, const json_t *value)
{
    char dump[DETAIL_CELLS * 2];
    if (json_is_string(value))
        return text_of(r, value, DETAIL_CELLS);
    size_t length = json_dumpb(value, dump, sizeof dump, JSON_ENCODE_ANY | JSON_COMPACT);
    return text_safe(r->arena, (struct bytes){dump, length < sizeof dump ? length : sizeof dump}, DETAIL_CELLS);
}

/* "posts=50, source=x": for people, so nested values stay JSON. */
static const char *flatten(const struct reading *r, const json_t *details)
{
    if (json_is_string(details))
        return text_of(r, details, DETAIL_CELLS);
    const char *key, *text = "";
    json_t *value;
    json_object_foreach((json_t *)details, key, value)
    {
        if (strlen(text) > DETAIL_CELLS * 4)
            break;
        const char *name = text_safe(r->arena, bytes_of(key), DETAIL_CELLS);
        text = arena_text(r->arena, "%s%s%s=%s", text, *text ? ", " : "", name, value_text(r, value));
    }
    return text_safe(r->arena, bytes_of(text), DETAIL_CELLS);
}

/* ---- one event ---------------------------------------------------------------------------------------------------- */

/* hint: what stands in the place of the stage's number or name outside of o; NULL. */
static struct stage_event read_event(const struct reading *r, const json_t *o, const json_t *hint)
{
    int64_t number = find_number(o, hint), pid = json_int(o, "pid");
    const char *status = json_text(r->arena, o, "status");
    struct stage_event e = {
        .number = number >= 0 && number < STAGE_COUNT ? (int)number : -1,
        .name = find_name(r, o, hint, number),
        .status_text = lower(r->arena, status ? status : "unknown"),
        .message = first_text(r, o, message_keys, MESSAGE_CELLS),
        .username = json_is_string(json_object_get(o, "username")) ? json_text(r->arena, o, "username") : "",
        .details = flatten(r, json_object_get(o, "details")),
        .at_ms = first_time(r, o, time_keys),
        .started_ms = first_time(r, o, start_keys),
        .pid = pid > 0 ? pid : r->root_pid,
    };
    e.status = stage_status_of(bytes_of(e.status_text));
    return e;
}

/* ---- the document ------------------------------------------------------------------------------------------------- */

/* Where the current stage's object is: below one of two names, or the root itself. "current" alone means nothing: other
 * programs have one too, and measure amperes. */
static const json_t *current_object(const json_t *root)
{
    if (json_child(root, "current_stage"))
        return json_child(root, "current_stage");
    return has_any(json_child(root, "current"), identity_keys) ? json_child(root, "current") : root;
}

static const json_t *current_hint(const json_t *root)
{
    const json_t *v = json_object_get(root, "current_stage");
    return json_is_number(v) || json_is_string(v) ? v : NULL;
}

/* An object has one entry a stage, and each keeps its place when it is written again: the times tell the order. Stable, and
 * left alone where a time is missing. */
static void order_by_time(struct stage_event *event, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (event[i].at_ms == NOT_KNOWN)
            return;
    for (size_t i = 1; i < count; i++) {
        struct stage_event e = event[i];
        size_t at = i;
        for (; at > 0 && event[at - 1].at_ms > e.at_ms; at--)
            event[at] = event[at - 1];
        event[at] = e;
    }
}

struct elements {
    struct json_apart *apart; /* NULL: they are in the tree */
    json_t *list;
    size_t count, next;
    void *at;
};

static struct elements history_elements(const struct reading *r, const json_t *root)
{
    struct elements x = {0};
    for (const char *const *key = history_keys; *key && !x.list; key++) {
        json_t *v = json_object_get(root, *key);
        x.list = json_is_array(v) || json_is_object(v) ? v : NULL;
    }
    bool apart = x.list && x.list == r->apart->list;
    x.apart = apart ? r->apart : NULL;
    x.count = apart ? r->apart->count : json_is_array(x.list) ? json_array_size(x.list) : json_object_size(x.list);
    r->apart->bad = !apart && r->apart->list; /* nobody would ever read it */
    return x;
}

/* The caller's, as *hint is, which is what stands for its number in an object; NULL at the end. */
static json_t *next_element(struct elements *x, json_t **hint)
{
    *hint = NULL;
    if (x->apart)
        return json_apart_next(x->apart);
    if (json_is_array(x->list))
        return json_incref(json_array_get(x->list, x->next++));
    x->at = x->at ? json_object_iter_next(x->list, x->at) : json_object_iter(x->list);
    *hint = x->at ? json_string(json_object_iter_key(x->at)) : NULL;
    return json_incref(json_object_iter_value(x->at));
}

static void read_history(const struct reading *r, const json_t *root, struct status_doc *doc)
{
    struct elements all = history_elements(r, root);
    size_t skip = all.count > HISTORY_MAX ? all.count - HISTORY_MAX : 0, i = 0;
    struct stage_event *event = arena_array(r->arena, all.count - skip, sizeof *event);
    json_t *hint;
    for (json_t *value = next_element(&all, &hint); value; value = next_element(&all, &hint)) {
        if (i++ >= skip && json_is_object(value))
            event[doc->history_count++] = read_event(r, value, hint);
        json_decref(hint);
        json_decref(value);
    }
    if (json_is_object(all.list))
        order_by_time(event, doc->history_count);
    doc->history = event;
}

/* Two miners that write one file in turn show in nothing but its versions. */
static void note_writer(const struct reading *r, struct status_doc *doc)
{
    const struct status_doc *before = r->in->before;
    struct stage_event now = {.username = doc->current.username, .pid = doc->current.pid, .at_ms = r->in->mtime_ms};
    for (size_t i = 0; before && i < before->writer_count; i++) {
        doc->writer[i] = before->writer[i];
        doc->writer[i].username = arena_copy(r->arena, bytes_of(before->writer[i].username));
    }
    size_t n = doc->writer_count = before ? before->writer_count : 0;
    if (!*now.username && now.pid == 0) /* nobody's: it neither alternates nor stops it */
        return;
    if (n > 0 && !stage_other_writer(&doc->writer[n - 1], &now)) {
        n--;
    } else if (n == STATUS_WRITERS) {
        memmove(doc->writer, doc->writer + 1, (STATUS_WRITERS - 1) * sizeof doc->writer[0]);
        n--;
    }
    doc->writer[n] = now;
    doc->writer_count = n + 1;
}

static struct status_doc *read_document(struct arena *a, const struct decode_in *in, const json_t *root,
                                        struct json_apart *apart)
{
    int64_t pid = json_int(root, "pid"), written;
    struct reading r = {a, in, pid > 0 ? pid : 0, apart};
    struct status_doc *doc = arena_alloc(a, sizeof *doc);
    const json_t *o = current_object(root), *hint = current_hint(root);
    written = first_time(&r, root, written_keys);
    doc->mode = json_text(a, root, "mode");
    doc->updated_ms = written != NOT_KNOWN ? written : in->mtime_ms;
    doc->has_current =
        hint || has_any(o, identity_keys) || (o != root && (has_any(o, name_keys) || has_any(o, number_keys)));
    read_history(&r, root, doc);
    stage_totals_read(a, root, doc->total);
    if (!doc->has_current)
        return doc;
    doc->current = read_event(&r, o, hint);
    if (doc->current.at_ms == NOT_KNOWN)
        doc->current.at_ms = doc->updated_ms;
    note_writer(&r, doc);
    return doc;
}

/* A file of the stage tracker, also right after its reset, when no stage is in it. */
static bool is_stage_file(const json_t *root)
{
    return json_object_size(root) == 0 || has_any(root, identity_keys) || has_any(root, tracker_keys) ||
           has_any(json_child(root, "current"), identity_keys);
}

static bool refuse(struct arena *a, const struct decode_in *in, const json_t *root, struct err *e)
{
    const char *key, *keys = "";
    json_t *value;
    size_t n = 0;
    json_object_foreach((json_t *)root, key, value)
    {
        if (n++ < KEYS_SHOWN)
            keys = arena_text(a, "%s%s%s", keys, n > 1 ? ", " : "", text_safe(a, bytes_of(key), DETAIL_CELLS / 10));
    }
    return err_set(e, "%s is not a stage status file (keys: %s%s)", in->name, keys, n > KEYS_SHOWN ? ", ..." : "");
}

static const void *reset_document(struct arena *a, const struct decode_in *in)
{
    struct status_doc *doc = arena_alloc(a, sizeof *doc);
    doc->updated_ms = in->mtime_ms;
    stage_totals_read(a, NULL, doc->total);
    return doc;
}

static const void *judge(struct arena *a, const struct decode_in *in, const json_t *root, struct json_apart *apart,
                         struct err *e)
{
    if (json_is_object(root) && is_stage_file(root))
        return read_document(a, in, root, apart);
    if (json_is_object(root))
        refuse(a, in, root, e);
    else
        err_set(e, "%s is not a stage status file (a list, not an object)", in->name);
    return NULL;
}

const void *status_decode(struct arena *a, const struct decode_in *in, struct err *e)
{
    struct bytes text = bytes_trim(in->bytes);
    if (bytes_is(text, "null") || bytes_is(text, "0"))
        return reset_document(a, in);
    struct json_apart apart = {.keys = history_keys}, none = {0};
    json_t *root = json_read_apart(in->bytes, in->name, &apart, e);
    const void *doc = root ? judge(a, in, root, &apart, e) : NULL;
    json_decref(root);
    if (!apart.bad)
        return doc;
    root = json_read(in->bytes, in->name, e);
    doc = root ? judge(a, in, root, &none, e) : NULL;
    json_decref(root);
    return doc;
}
