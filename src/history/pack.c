/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/pack.h"

#include "history/grow.h"

#include <string.h>

void pack_put(struct pack *p, const void *from, size_t len)
{
    if (len == 0)
        return;
    p->at = grow_to(p->at, &p->cap, p->len + len, 1);
    memcpy(p->at + p->len, from, len);
    p->len += len;
}

void pack_number(struct pack *p, uint64_t value)
{
    pack_put(p, &value, sizeof value);
}

void pack_text(struct pack *p, struct bytes text)
{
    pack_number(p, text.len);
    pack_put(p, text.at, text.len);
}

void unpack_get(struct unpack *u, void *to, size_t len)
{
    if (len == 0)
        return;
    u->bad = u->bad || len > u->rest.len;
    if (u->bad) {
        memset(to, 0, len);
        return;
    }
    memcpy(to, u->rest.at, len);
    u->rest = bytes_from(u->rest, len);
}

uint64_t unpack_number(struct unpack *u)
{
    uint64_t value;
    unpack_get(u, &value, sizeof value);
    return value;
}

uint64_t unpack_count(struct unpack *u, size_t size)
{
    uint64_t count = unpack_number(u);
    u->bad = u->bad || count > u->rest.len / size;
    return u->bad ? 0 : count;
}

struct bytes unpack_text(struct unpack *u)
{
    size_t len = (size_t)unpack_count(u, 1);
    struct bytes text = {u->rest.at, len};
    u->rest = bytes_from(u->rest, text.len);
    return text;
}
