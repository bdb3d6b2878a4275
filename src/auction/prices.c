/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/prices.h"

#include <stdlib.h>
#include <string.h>

static struct price *place_of(struct price *list, size_t *count, struct bytes key)
{
    for (size_t i = 0; i < *count; i++)
        if (bytes_equal(list[i].key, key))
            return &list[i];
    list[*count].key = key;
    return &list[(*count)++];
}

/* Whatever is no KEY=DEC is left out; the rest counts. */
static size_t decode_pairs(struct bytes data, struct price *list)
{
    size_t count = 0;
    while (data.len > 0) {
        size_t end = bytes_find(data, ";");
        struct bytes pair = {data.at, end};
        size_t equals = bytes_find(pair, "=");
        struct fp18 value;
        if (equals > 0 && equals < pair.len && fp18_parse(bytes_from(pair, equals + 1), &value))
            place_of(list, &count, (struct bytes){pair.at, equals})->value = value;
        data = bytes_from(data, end + 1);
    }
    return count;
}

static size_t most_pairs(struct bytes data)
{
    size_t n = 1;
    for (size_t i = 0; i < data.len; i++)
        n += data.at[i] == ';';
    return n;
}

const struct prices *prices_decode(struct arena *a, struct bytes raw)
{
    struct commitment_head h;
    if (!commitment_split(raw, &h) || !bytes_is(h.type, "p"))
        return NULL;
    struct price *list = arena_array(a, most_pairs(h.data), sizeof *list);
    struct prices *out = arena_alloc(a, sizeof *out);
    *out = (struct prices){.version = h.version, .price = list, .count = decode_pairs(h.data, list)};
    if (h.suffix.len == BAN_BYTES)
        memcpy(out->ban, h.suffix.at, BAN_BYTES);
    return out;
}

const struct fp18 *prices_find(const struct prices *p, const char *key)
{
    for (size_t i = 0; i < p->count; i++)
        if (bytes_is(p->price[i].key, key))
            return &p->price[i].value;
    return NULL;
}

bool prices_ban(const struct prices *p, unsigned uid)
{
    return uid < BAN_UIDS && (p->ban[uid / 8] >> uid % 8 & 1) != 0;
}

/* UTF-8 sorts as its code points do. */
static int by_key(const void *a, const void *b)
{
    const struct price *x = a, *y = b;
    size_t both = x->key.len < y->key.len ? x->key.len : y->key.len;
    int c = both > 0 ? memcmp(x->key.at, y->key.at, both) : 0;
    return c != 0 ? c : (x->key.len > y->key.len) - (x->key.len < y->key.len);
}

static bool writable(struct bytes key)
{
    return bytes_find(key, "=") == key.len && bytes_find(key, ";") == key.len && key.len > 0;
}

struct writing {
    char text[COMMITMENT_BYTES + 1 + BAN_BYTES];
    size_t used; /* beyond COMMITMENT_BYTES: it did not fit */
};

static void put(struct writing *w, struct bytes piece)
{
    if (w->used + piece.len <= COMMITMENT_BYTES && piece.len > 0)
        memcpy(w->text + w->used, piece.at, piece.len);
    w->used += piece.len;
}

static void write_pairs(struct writing *w, struct arena *a, const struct price *p, size_t count)
{
    const char *sep = "";
    put(w, bytes_of("1;p;"));
    for (size_t i = 0; i < count && w->used <= COMMITMENT_BYTES; i++) {
        if (!writable(p[i].key))
            continue;
        put(w, bytes_of(sep));
        put(w, p[i].key);
        put(w, bytes_of("="));
        put(w, bytes_of(fp18_text(a, p[i].value)));
        sep = ";";
    }
}

struct bytes prices_encode(struct arena *a, const struct price *price, size_t count, const uint8_t *ban, struct err *e)
{
    struct price *p = arena_array(a, count + 1, sizeof *p);
    if (count > 0)
        memcpy(p, price, count * sizeof *p);
    qsort(p, count, sizeof *p, by_key);
    struct writing w = {.used = 0};
    write_pairs(&w, a, p, count);
    if (w.used > COMMITMENT_BYTES) {
        err_set(e, "the prices' commitment exceeds %d bytes: use shorter numbers", COMMITMENT_BYTES);
        return (struct bytes){0};
    }
    if (ban != NULL) {
        w.text[w.used] = (char)0xff;
        memcpy(w.text + w.used + 1, ban, BAN_BYTES);
        w.used += 1 + BAN_BYTES;
    }
    return (struct bytes){arena_copy(a, (struct bytes){w.text, w.used}), w.used};
}
