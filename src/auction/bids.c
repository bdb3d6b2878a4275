/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/bids.h"

#include "auction/pyint.h"
#include "base/utf8.h"

#include <string.h>

enum { NOT_UTF8 = 0xff, BAD = 0xfffd };

/* ---- the three parts ---------------------------------------------------------------------------------------------- */

static bool is_utf8(struct bytes text)
{
    while (text.len > 0) {
        size_t before = text.len;
        if (utf8_next(&text) == BAD && before - text.len == 1)
            return false;
    }
    return true;
}

static struct bytes before(struct bytes text, size_t end)
{
    return (struct bytes){text.at, end < text.len ? end : text.len};
}

bool commitment_split(struct bytes raw, struct commitment_head *out)
{
    struct commitment_head h = {0};
    const char *mark = raw.len > 0 ? memchr(raw.at, NOT_UTF8, raw.len) : NULL;
    size_t end = mark ? (size_t)(mark - raw.at) : raw.len;
    if (mark)
        h.suffix = (struct bytes){mark + 1, raw.len - end - 1};
    struct bytes text = fp18_trim(before(raw, end));
    size_t first = bytes_find(text, ";");
    struct bytes rest = bytes_from(text, first + 1);
    size_t second = bytes_find(rest, ";");
    if (!is_utf8(text) || first == text.len || second == rest.len || !pyint_parse(before(text, first), &h.version))
        return false;
    h.type = before(rest, second);
    h.data = bytes_from(rest, second + 1);
    *out = h;
    return true;
}

/* ---- bids --------------------------------------------------------------------------------------------------------- */

struct decoding {
    struct bid *bid; /* room for one a separator */
    size_t count, group;
    int64_t workers;
};

/* The next piece before sep; false behind the last one. An empty text is one empty piece. */
static bool next_piece(struct bytes *rest, const char *sep, struct bytes *piece)
{
    if (rest->at == NULL)
        return false;
    size_t end = bytes_find(*rest, sep);
    *piece = fp18_trim(before(*rest, end));
    *rest = end < rest->len ? bytes_from(*rest, end + 1) : (struct bytes){0};
    return true;
}

static bool in_size(struct fp18 hashrate)
{
    return fp18_compare(hashrate, fp18_of(WORKER_MIN_PH)) >= 0 && fp18_compare(hashrate, fp18_of(WORKER_MAX_PH)) <= 0;
}

/* The same size within a group is summed. */
static void put_bid(struct decoding *d, struct bid b)
{
    for (size_t i = d->group; i < d->count; i++)
        if (fp18_compare(d->bid[i].hashrate, b.hashrate) == 0) {
            d->bid[i].count += b.count;
            return;
        }
    d->bid[d->count++] = b;
}

static bool decode_size(struct decoding *d, struct bytes item, struct fp18 price)
{
    struct bid b = {.price = price};
    size_t colon = bytes_find(item, ":");
    if (colon == item.len || !fp18_parse(before(item, colon), &b.hashrate) || !in_size(b.hashrate) ||
        !pyint_parse(bytes_from(item, colon + 1), &b.count) || b.count <= 0 || b.count > COMMITMENT_WORKERS)
        return false;
    d->workers += b.count;
    put_bid(d, b);
    return d->workers <= COMMITMENT_WORKERS;
}

static size_t last_comma(struct bytes text)
{
    size_t at = text.len;
    while (at > 0 && text.at[at - 1] != ',')
        at--;
    return at; /* behind it; 0: none */
}

/* BTC,PRICE=HR:COUNT,HR:COUNT */
static bool decode_group(struct decoding *d, struct bytes group)
{
    size_t equals = bytes_find(group, "=");
    struct bytes left = fp18_trim(before(group, equals)), sizes = bytes_from(group, equals + 1), item;
    size_t comma = last_comma(left);
    struct fp18 price;
    if (equals == group.len || sizes.len == 0 || comma == 0 || !bytes_is(fp18_trim(before(left, comma - 1)), "BTC") ||
        !fp18_parse(bytes_from(left, comma), &price))
        return false;
    d->group = d->count;
    while (next_piece(&sizes, ",", &item))
        if (!decode_size(d, item, price))
            return false;
    return true;
}

/* PRICE=HR,HR */
static bool decode_group_v1(struct decoding *d, struct bytes group)
{
    size_t equals = bytes_find(group, "=");
    struct bytes sizes = fp18_trim(bytes_from(group, equals + 1)), item;
    struct bid b = {.count = 1};
    if (equals == group.len || sizes.len == 0 || !fp18_parse(before(group, equals), &b.price))
        return false;
    while (next_piece(&sizes, ",", &item)) {
        if (!fp18_parse(item, &b.hashrate))
            return false;
        d->bid[d->count++] = b;
    }
    return true;
}

static size_t most_bids(struct bytes data)
{
    size_t n = 1;
    for (size_t i = 0; i < data.len; i++)
        n += data.at[i] == ',' || data.at[i] == ';';
    return n;
}

const struct bids *bids_decode(struct arena *a, struct bytes raw)
{
    struct commitment_head h;
    if (!commitment_split(raw, &h) || !bytes_is(h.type, "b"))
        return NULL;
    struct bytes data = fp18_trim(h.data), group;
    struct decoding d = {.bid = arena_array(a, most_bids(data), sizeof *d.bid)};
    if (data.len == 0)
        data.at = NULL;
    while (next_piece(&data, ";", &group))
        if (!(h.version >= COMMITMENT_V2 ? decode_group(&d, group) : decode_group_v1(&d, group)))
            return NULL;
    struct bids *out = arena_alloc(a, sizeof *out);
    *out = (struct bids){h.version, d.bid, d.count};
    return out;
}
