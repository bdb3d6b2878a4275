/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/budgets_reset.h"

#include "base/json.h"
#include "base/json_span.h"
#include "base/timetext.h"

#include <string.h>

#define MS_FROM 1e11 /* numbers from here on are milliseconds (rig-files.md 1.8) */

struct patch {
    struct arena *arena;
    struct bytes text;
    size_t done; /* so much of text is in out */
    char *out;
    size_t len;
    int64_t now_ms;
};

static void put(struct patch *p, struct bytes b)
{
    if (b.len > 0)
        memcpy(p->out + p->len, b.at, b.len);
    p->len += b.len;
}

/* Everything up to here is as it was; then instead of what stands there. */
static void replace(struct patch *p, struct bytes old, const char *with)
{
    size_t at = (size_t)(old.at - p->text.at);
    put(p, (struct bytes){p->text.at + p->done, at - p->done});
    put(p, bytes_of(with));
    p->done = at + old.len;
}

/* now, as that kind of time is written: "2024-01-01", an ISO time with or without a zone, milliseconds, seconds. */
static const char *time_like(const struct patch *p, struct bytes old)
{
    char text[TIME_TEXT];
    time_iso(text, p->now_ms);
    if (old.at[0] != '"') {
        json_t *number = json_loadb(old.at, old.len, JSON_DECODE_ANY, NULL);
        bool ms = number && json_number_value(number) >= MS_FROM;
        json_decref(number);
        return arena_text(p->arena, "%lld", (long long)(ms ? p->now_ms : p->now_ms / 1000));
    }
    if (old.len == strlen("\"2024-01-01\""))
        text[strcspn(text, "T")] = '\0';
    else if (memchr(old.at, 'Z', old.len) == NULL)
        text[strcspn(text, "Z")] = '\0';
    return arena_text(p->arena, "\"%s\"", text);
}

static bool has(struct bytes object, const char *key)
{
    struct json_members all = json_members_of(object);
    struct json_member m;
    while (json_member_next(&all, &m))
        if (bytes_is(m.key, key))
            return true;
    return false;
}

static void reset_entry(struct patch *p, struct bytes entry)
{
    struct json_members all = json_members_of(entry);
    struct json_member m;
    bool dated = has(entry, "last_reset");
    while (json_member_next(&all, &m)) {
        if (bytes_is(m.key, "last_reset"))
            replace(p, m.value, time_like(p, m.value));
        if (!bytes_is(m.key, "used_this_month"))
            continue;
        const char *date = dated ? ""
                                 : arena_text(p->arena, ",%.*s\"last_reset\": %lld", (int)m.blank.len, m.blank.at,
                                              (long long)(p->now_ms / 1000));
        replace(p, m.value, arena_text(p->arena, "0%s", date));
        dated = true; /* a key that stands there twice gets one date */
    }
}

static void reset_budgets(struct patch *p, struct bytes budgets)
{
    struct json_members all = json_members_of(budgets);
    struct json_member m;
    while (json_member_next(&all, &m))
        reset_entry(p, m.value);
}

static void reset_tracking(struct patch *p, struct bytes tracking)
{
    struct json_members all = json_members_of(tracking);
    struct json_member m;
    while (json_member_next(&all, &m))
        if (bytes_is(m.key, "last_reset"))
            replace(p, m.value, time_like(p, m.value));
}

static void reset_root(struct patch *p)
{
    struct json_members all = json_members_of(p->text);
    struct json_member m;
    while (json_member_next(&all, &m)) {
        if (bytes_is(m.key, "budgets"))
            reset_budgets(p, m.value);
        else if (bytes_is(m.key, "tracking"))
            reset_tracking(p, m.value);
        else if (bytes_is(m.key, "last_reset") || bytes_is(m.key, "last_updated"))
            replace(p, m.value, time_like(p, m.value));
    }
    put(p, (struct bytes){p->text.at + p->done, p->text.len - p->done});
}

/* ---- the proof: read both again; apart from what was to change they are the same ---- */

static void forget_entry(json_t *entry)
{
    json_object_del(entry, "last_reset");
    json_object_del(entry, "used_this_month");
}

static void forget(json_t *root)
{
    const char *key;
    json_t *entry;
    json_object_foreach(json_object_get(root, "budgets"), key, entry) forget_entry(entry);
    json_object_del(json_object_get(root, "tracking"), "last_reset");
    json_object_del(root, "last_reset");
    json_object_del(root, "last_updated");
}

static bool all_zero(const json_t *root, size_t *count)
{
    const char *key;
    json_t *entry;
    json_object_foreach(json_object_get(root, "budgets"), key, entry)
    {
        const json_t *used = json_object_get(entry, "used_this_month");
        if (used && !(json_is_integer(used) && json_integer_value(used) == 0))
            return false;
        *count += used != NULL;
    }
    return *count > 0;
}

static bool proven(struct bytes before, struct bytes after, const char *name, struct err *e)
{
    size_t counters = 0;
    json_t *old = json_read(before, name, e), *new = old ? json_read(after, name, e) : NULL;
    bool good = new &&all_zero(new, &counters);
    if (good) {
        forget(old);
        forget(new);
        good = json_equal(old, new) != 0;
    }
    if (new && !good)
        err_set(e,
                "%s: no counter used_this_month could be set to 0 without touching anything else; nothing was changed",
                name);
    json_decref(old);
    json_decref(new);
    return good;
}

enum { ROOM = 128 }; /* a time, a key and an indentation */

bool budgets_reset(struct arena *a, struct bytes text, const char *name, int64_t now_ms, struct bytes *out,
                   struct err *e)
{
    json_t *root = json_read(text, name, e);
    if (!root)
        return false;
    json_decref(root);
    size_t members = 1;
    for (size_t i = 0; i < text.len; i++)
        members += text.at[i] == ':';
    /* An indentation is copied once an entry, so all of them together are no longer than the text. */
    struct patch p = {.arena = a, .text = text, .now_ms = now_ms, .out = arena_alloc(a, 2 * text.len + members * ROOM)};
    reset_root(&p);
    struct bytes result = {p.out, p.len};
    if (!proven(text, result, name, e))
        return false;
    *out = result;
    return true;
}
