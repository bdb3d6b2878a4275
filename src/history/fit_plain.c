/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fit.h in portable C: eight bytes at a time. */
#include "history/fit.h"
#include "history/scan_plain.h"

#include <endian.h>
#include <string.h>

enum { FIT_WIDE = 16 };

static inline uint64_t word(const char *at)
{
    uint64_t w;
    memcpy(&w, at, sizeof w);
    return w;
}

static inline uint64_t mask_of(size_t len)
{
    return word(guess_mask + GUESS_MASK - (len < 8 ? len : 8));
}

static inline bool fit_is_part(const struct guess_part *p, const char *at)
{
    uint64_t differs = 0;
    for (size_t i = 0; i < p->len; i += sizeof(uint64_t))
        differs |= (word(at + i) ^ word(p->want + i)) & mask_of(p->len - i);
    return differs == 0;
}

/* The highest bit of each byte, as eight bits in the order of the bytes. */
static inline uint64_t gathered(uint64_t high)
{
    return (high >> 7) * 0x0102040810204080u >> 56;
}

/* Bytes that are c: exact, no carry leaves its byte. */
static inline uint64_t is_byte(uint64_t w, uint64_t c)
{
    uint64_t x = w ^ 0x0101010101010101u * c;
    return ~(((x & 0x7f7f7f7f7f7f7f7fu) + 0x7f7f7f7f7f7f7f7fu) | x);
}

static inline uint64_t stops_of(uint64_t w)
{
    uint64_t low = ~((w & 0x7f7f7f7f7f7f7f7fu) + 0x6060606060606060u); /* below 0x20 */
    return gathered((is_byte(w, '"') | is_byte(w, '\\') | low | w) & 0x8080808080808080u);
}

static inline uint64_t fit_stops(const char *at)
{
    return stops_of(le64toh(word(at))) | stops_of(le64toh(word(at + 8))) << 8;
}

/* How long the escape is that begins at at; 0: it is wrong. */
static inline size_t escape(const char *at)
{
    if (at[1] != 'u')
        return scan_short_escape(at[1]) ? 2 : 0;
    return scan_is_hex(at[2]) && scan_is_hex(at[3]) && scan_is_hex(at[4]) && scan_is_hex(at[5]) ? 6 : 0;
}

static inline const char *fit_skip(const char *at, const char *end)
{
    while (end - at > GUESS_SLACK) {
        uint64_t stops = fit_stops(at);
        size_t i = stops ? (size_t)__builtin_ctzll(stops) : FIT_WIDE, skip;
        at += i;
        if (!stops)
            continue;
        if (*at != '\\' || (skip = escape(at)) == 0)
            return at;
        at += skip;
    }
    return at;
}

#include "history/fit_loop.h"

size_t fit_plain(const struct guess_shape *shape, struct bytes rest, struct line *out)
{
    return fit_line(shape, rest, out);
}
