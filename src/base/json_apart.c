/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json_quick.h"

static json_t *spoilt(struct json_apart *x)
{
    x->bad = true;
    return NULL;
}

/* Past the bracket or the comma; false: there is no further element. */
static bool begin(struct json_apart *x, struct json_quick *q)
{
    bool first = x->rest.at == NULL;
    if (first) {
        q->rest = x->text;
        json_quick_mark(q, '[');
    } else if (json_quick_mark(q, ',')) {
        return true;
    }
    if (!json_quick_mark(q, ']'))
        return first;
    x->ended = q->rest.len == 0;
    return false;
}

json_t *json_apart_next(struct json_apart *x)
{
    struct json_quick q = {.rest = x->rest, .depth = 2}; /* the document, the list */
    if (x->bad || x->ended)
        return NULL;
    if (!begin(x, &q))
        return x->ended ? NULL : spoilt(x);
    json_t *value = json_quick_value(&q);
    x->rest = q.rest;
    return value ? value : spoilt(x);
}
