/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/scale.h"

#include <string.h>

struct scale_in scale_from(struct bytes in)
{
    return (struct scale_in){.rest = in};
}

static void fail(struct scale_in *s)
{
    s->bad = true;
    s->rest.len = 0;
}

struct bytes scale_take(struct scale_in *s, size_t bytes)
{
    if (bytes > s->rest.len) {
        fail(s);
        return (struct bytes){"", 0};
    }
    struct bytes out = {s->rest.at, bytes};
    s->rest = bytes_from(s->rest, bytes);
    return out;
}

static uint64_t little(struct bytes in)
{
    uint64_t v = 0;
    for (size_t i = in.len; i-- > 0;)
        v = v << 8 | (uint8_t)in.at[i];
    return v;
}

uint64_t scale_uint(struct scale_in *s, size_t bytes)
{
    return little(scale_take(s, bytes));
}

static uint64_t one_of_two(struct scale_in *s)
{
    uint64_t v = scale_uint(s, 1);
    if (v > 1)
        fail(s);
    return v;
}

bool scale_bool(struct scale_in *s)
{
    return one_of_two(s) == 1;
}

bool scale_option(struct scale_in *s)
{
    return one_of_two(s) == 1;
}

/* Bytes of a compact integer, by its first byte. */
static size_t compact_bytes(uint8_t first)
{
    static const size_t small[3] = {1, 2, 4};
    return (first & 3) < 3 ? small[first & 3] : 1u + 4u + (first >> 2);
}

/* A number is written as short as it can be; another spelling of it is refused, as the chain refuses it. */
static bool is_shortest(struct bytes raw)
{
    uint8_t first = (uint8_t)raw.at[0];
    if ((first & 3) == 3)
        return raw.at[raw.len - 1] != 0 && (raw.len > 5 || little(bytes_from(raw, 1)) >> 30);
    return raw.len == 1 || little(raw) >> 2 >= (raw.len == 2 ? 1u << 6 : 1u << 14);
}

struct bytes scale_compact_raw(struct scale_in *s)
{
    struct bytes raw = {"", 1};
    if (s->rest.len)
        raw = scale_take(s, compact_bytes((uint8_t)s->rest.at[0]));
    else
        fail(s);
    if (!s->bad && !is_shortest(raw))
        fail(s);
    return s->bad ? (struct bytes){"", 1} : raw; /* the number 0 */
}

uint64_t scale_compact(struct scale_in *s)
{
    struct bytes raw = scale_compact_raw(s);
    if ((raw.at[0] & 3) != 3)
        return little(raw) >> 2;
    if (raw.len > 9)
        fail(s);
    return s->bad ? 0 : little(bytes_from(raw, 1));
}

struct bytes scale_vector(struct scale_in *s)
{
    uint64_t len = scale_compact(s);
    return scale_take(s, len > SIZE_MAX ? SIZE_MAX : (size_t)len);
}

size_t scale_count(struct scale_in *s, size_t item_bytes)
{
    uint64_t count = scale_compact(s);
    if (count > s->rest.len / item_bytes) {
        fail(s);
        return 0;
    }
    return (size_t)count;
}

bool scale_done(const struct scale_in *s)
{
    return !s->bad && s->rest.len == 0;
}

void scale_put(struct scale_out *o, struct bytes raw)
{
    if (o->room - o->len < raw.len) {
        size_t room = 2 * (o->len + raw.len) + 64;
        o->at = arena_grow(o->arena, o->at, o->len, room);
        o->room = room;
    }
    if (raw.len)
        memcpy(o->at + o->len, raw.at, raw.len);
    o->len += raw.len;
}

void scale_put_uint(struct scale_out *o, uint64_t v, size_t bytes)
{
    char raw[8];
    for (size_t i = 0; i < 8; i++)
        raw[i] = (char)(uint8_t)(v >> (8 * i));
    scale_put(o, (struct bytes){raw, bytes});
}

static size_t width(uint64_t v)
{
    size_t bytes = 4;
    while (bytes < 8 && v >> (8 * bytes))
        bytes++;
    return bytes;
}

void scale_put_compact(struct scale_out *o, uint64_t v)
{
    if (v >> 30) {
        scale_put_uint(o, (width(v) - 4) << 2 | 3, 1);
        scale_put_uint(o, v, width(v));
        return;
    }
    size_t mode = v >> 14 ? 2 : v >> 6 ? 1 : 0;
    scale_put_uint(o, v << 2 | mode, (size_t)1 << mode);
}

void scale_put_vector(struct scale_out *o, struct bytes raw)
{
    scale_put_compact(o, raw.len);
    scale_put(o, raw);
}

struct bytes scale_bytes(const struct scale_out *o)
{
    return (struct bytes){o->at ? (const char *)o->at : "", o->len};
}
