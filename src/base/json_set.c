/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json_set.h"

#include "base/json_span.h"

/* The member of that name, the last one of all when there is none of it; .value.len 0: the object is empty. */
static bool find(struct bytes object, const char *key, struct json_member *out)
{
    struct json_members all = json_members_of(object);
    struct json_member m, last = {0};
    bool found = false;
    while (json_member_next(&all, &m)) {
        bool same = bytes_is(m.key, key);
        found = found || same;
        if (same || !found)
            last = m;
    }
    *out = last;
    return found;
}

struct bytes json_get(struct bytes text, const char *outer, const char *key)
{
    struct json_member m;
    if (outer && !find(text, outer, &m))
        return (struct bytes){NULL, 0};
    return find(outer ? m.value : text, key, &m) ? m.value : (struct bytes){NULL, 0};
}

/* text with old, a part of it, replaced. */
static struct bytes spliced(struct arena *a, struct bytes text, struct bytes old, const char *with)
{
    size_t before = (size_t)(old.at - text.at);
    struct bytes rest = bytes_from(text, before + old.len);
    const char *out = arena_text(a, "%.*s%s%.*s", (int)before, text.at, with, (int)rest.len, rest.at);
    return bytes_of(out);
}

static struct bytes set_in(struct arena *a, struct bytes text, struct bytes object, const char *key, const char *value)
{
    struct json_member m;
    if (find(object, key, &m))
        return spliced(a, text, m.value, value);
    if (m.value.len > 0) {
        struct bytes end = {m.value.at + m.value.len, 0};
        return spliced(a, text, end, arena_text(a, ",%.*s\"%s\": %s", (int)m.blank.len, m.blank.at, key, value));
    }
    size_t open = bytes_find(object, "{") + 1;
    return spliced(a, text, (struct bytes){object.at + open, 0}, arena_text(a, "\"%s\": %s", key, value));
}

struct bytes json_set(struct arena *a, struct bytes text, const char *outer, const char *key, const char *value)
{
    struct json_member m;
    if (!outer)
        return set_in(a, text, text, key, value);
    if (!find(text, outer, &m))
        return set_in(a, text, text, outer, arena_text(a, "{\"%s\": %s}", key, value));
    return m.value.at[0] == '{' ? set_in(a, text, m.value, key, value) : text;
}
