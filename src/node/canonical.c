/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/canonical.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sheet {
    struct arena *a;
    char *at;
    size_t len, room;
};

static void write_value(struct sheet *s, const struct tree *t, const char *const *without);

static void put(struct sheet *s, const char *text, size_t len)
{
    if (s->room - s->len < len) {
        s->room = 2 * (s->len + len) + 256;
        s->at = arena_grow(s->a, s->at, s->len, s->room);
    }
    if (len)
        memcpy(s->at + s->len, text, len);
    s->len += len;
}

static void put_escape(struct sheet *s, uint32_t unit)
{
    char text[8];
    snprintf(text, sizeof text, "\\u%04x", unit & 0xffff);
    put(s, text, 6);
}

/* A surrogate of WTF-8, which no decoder of UTF-8 gives: 0 when there is none. */
static uint32_t lone(struct bytes rest)
{
    const unsigned char *p = (const unsigned char *)rest.at;
    bool is = rest.len >= 3 && p[0] == 0xed && p[1] >= 0xa0 && p[1] <= 0xbf && (p[2] & 0xc0) == 0x80;
    return is ? 0xd000u | (uint32_t)(p[1] & 0x3f) << 6 | (p[2] & 0x3f) : 0;
}

static void put_character(struct sheet *s, char32_t c)
{
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    const char *simple = c && c < 128 ? strchr(from, (int)c) : NULL;
    if (simple) {
        char text[2] = {'\\', to[simple - from]};
        put(s, text, 2);
    } else if (c >= ' ' && c < 127) {
        put(s, &(char){(char)c}, 1);
    } else if (c >= 0x10000) {
        put_escape(s, 0xd800 + (uint32_t)((c - 0x10000) >> 10));
        put_escape(s, 0xdc00 + (uint32_t)((c - 0x10000) & 0x3ff));
    } else {
        put_escape(s, (uint32_t)c);
    }
}

static void write_text(struct sheet *s, struct bytes rest)
{
    put(s, "\"", 1);
    while (rest.len) {
        uint32_t surrogate = lone(rest);
        if (surrogate) {
            put_escape(s, surrogate);
            rest = bytes_from(rest, 3);
        } else {
            put_character(s, utf8_next(&rest));
        }
    }
    put(s, "\"", 1);
}

static void write_number(struct sheet *s, struct bytes lexeme)
{
    char text[REPR_TEXT];
    if (!memchr(lexeme.at, '.', lexeme.len) && !memchr(lexeme.at, 'e', lexeme.len) &&
        !memchr(lexeme.at, 'E', lexeme.len)) {
        if (bytes_is(lexeme, "-0"))
            lexeme = bytes_of("0");
        put(s, lexeme.at, lexeme.len);
        return;
    }
    repr(text, strtod(arena_copy(s->a, lexeme), NULL));
    put(s, text, strlen(text));
}

static void write_array(struct sheet *s, const struct tree *t)
{
    const char *between = "";
    put(s, "[", 1);
    for (const struct tree *one = t->first; one; one = one->next) {
        if (one->kind == TREE_NULL)
            continue;
        put(s, between, strlen(between));
        between = ",";
        write_value(s, one, NULL);
    }
    put(s, "]", 1);
}

static int by_key(const void *x, const void *y)
{
    const struct tree *a = *(const struct tree *const *)x, *b = *(const struct tree *const *)y;
    size_t both = a->key.len < b->key.len ? a->key.len : b->key.len;
    int order = both ? memcmp(a->key.at, b->key.at, both) : 0;
    return order ? order : (a->key.len > b->key.len) - (a->key.len < b->key.len);
}

/* Stable, so that the last of equal keys stays the last. */
static void merge(const struct tree **one, size_t count, const struct tree **room)
{
    if (count < 2)
        return;
    size_t half = count / 2, i = 0, k = half;
    merge(one, half, room);
    merge(one + half, count - half, room);
    for (size_t n = 0; n < count; n++)
        room[n] = k >= count || (i < half && by_key(&one[i], &one[k]) <= 0) ? one[i++] : one[k++];
    memcpy(one, room, count * sizeof *one);
}

static bool named(struct bytes key, const char *const *without)
{
    for (; without && *without; without++)
        if (bytes_is(key, *without))
            return true;
    return false;
}

static const struct tree **sorted(struct arena *a, const struct tree *t, size_t *count)
{
    size_t most = 0;
    for (const struct tree *one = t->first; one; one = one->next)
        most++;
    const struct tree **all = arena_array(a, 2 * most + 1, sizeof *all);
    *count = 0;
    for (const struct tree *one = t->first; one; one = one->next)
        all[(*count)++] = one;
    merge(all, most, all + most);
    return all;
}

static void write_object(struct sheet *s, const struct tree *t, const char *const *without)
{
    size_t count;
    const struct tree **all = sorted(s->a, t, &count);
    const char *between = "";
    put(s, "{", 1);
    for (size_t i = 0; i < count; i++) {
        bool last = i + 1 == count || by_key(&all[i], &all[i + 1]) != 0;
        if (!last || all[i]->kind == TREE_NULL || named(all[i]->key, without))
            continue;
        put(s, between, strlen(between));
        between = ",";
        write_text(s, all[i]->key);
        put(s, ":", 1);
        write_value(s, all[i], NULL);
    }
    put(s, "}", 1);
}

static void write_word(struct sheet *s, const char *text)
{
    put(s, text, strlen(text));
}

static void write_value(struct sheet *s, const struct tree *t, const char *const *without)
{
    switch (t->kind) {
    case TREE_NULL:
        return write_word(s, "null");
    case TREE_FALSE:
        return write_word(s, "false");
    case TREE_TRUE:
        return write_word(s, "true");
    case TREE_NUMBER:
        return write_number(s, t->text);
    case TREE_TEXT:
        return write_text(s, t->text);
    case TREE_ARRAY:
        return write_array(s, t);
    case TREE_OBJECT:
        return write_object(s, t, without);
    }
}

struct bytes canonical(struct arena *a, const struct tree *root, const char *const *without)
{
    struct sheet s = {.a = a};
    write_value(&s, root, without);
    return (struct bytes){s.at, s.len};
}
