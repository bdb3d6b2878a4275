/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fit.h for processors with AVX2: 32 bytes at a time. Compiled for them, so nobody else may call it (fit_x86.c). */
#include "history/fit_avx2.h"

#include <immintrin.h>

enum { FIT_WIDE = 32, BLOCK = 64, ESCAPE = 6 };

static inline __m256i vector_at(const char *at)
{
    return _mm256_loadu_si256((const __m256i_u *)at);
}

/* Only the first p->len - i bits count; there may be more of them than bits. */
static inline bool differ(const struct guess_part *p, const char *at, size_t i)
{
    uint32_t same = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(vector_at(at + i), vector_at(p->want + i)));
    return _bzhi_u32(~same, (uint32_t)(p->len - i)) != 0;
}

static inline bool fit_is_part(const struct guess_part *p, const char *at)
{
    if (differ(p, at, 0))
        return false;
    for (size_t i = FIT_WIDE; i < p->len; i += FIT_WIDE)
        if (differ(p, at, i))
            return false;
    return true;
}

static inline uint64_t bits(__m256i v)
{
    return (uint32_t)_mm256_movemask_epi8(v);
}

/* Bytes from 0x80 on are negative, so they are below a blank too. */
static inline __m256i is_odd(__m256i v)
{
    return _mm256_cmpgt_epi8(_mm256_set1_epi8(' '), v);
}

static inline __m256i is_byte(__m256i v, char c)
{
    return _mm256_cmpeq_epi8(v, _mm256_set1_epi8(c));
}

static inline uint64_t fit_stops(const char *at)
{
    __m256i v = vector_at(at);
    return bits(_mm256_or_si256(_mm256_or_si256(is_byte(v, '"'), is_byte(v, '\\')), is_odd(v)));
}

/* Each byte's class: its high half and its low half name some, and those that both name are its. */
static inline uint64_t is_class(__m256i v, __m256i by_high, __m256i by_low)
{
    __m256i high = _mm256_and_si256(_mm256_srli_epi16(v, 4), _mm256_set1_epi8(15));
    __m256i both = _mm256_and_si256(_mm256_shuffle_epi8(by_high, high), _mm256_shuffle_epi8(by_low, v));
    return ~bits(_mm256_cmpeq_epi8(both, _mm256_setzero_si256())) & UINT32_MAX;
}

static inline __m256i table(char a, char b, char c, char d, char e, char f, char g, char h, char i, char j, char k,
                            char l, char m, char n, char o, char p)
{
    return _mm256_setr_epi8(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o,
                            p);
}

/* What may stand behind a backslash: " / \\ b f n r t u. */
static inline uint64_t may_follow(__m256i v)
{
    return is_class(v, table(0, 0, 1, 0, 0, 2, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0),
                    table(0, 0, 1 | 4 | 8, 0, 8, 8, 4, 0, 0, 0, 0, 0, 2, 0, 4, 1));
}

static inline uint64_t is_hex(__m256i v)
{
    return is_class(v, table(0, 0, 0, 1, 2, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                    table(1, 1 | 2, 1 | 2, 1 | 2, 1 | 2, 1 | 2, 1 | 2, 1, 1, 1, 0, 0, 0, 0, 0, 0));
}

/* Of backslashes those that begin an escape: in a row of them every second one does not. */
static inline uint64_t escapes_of(uint64_t back)
{
    uint64_t starts = 0;
    if ((back & back << 1) == 0)
        return back;
    for (uint64_t bit; back != 0; back &= ~(bit | bit << 1))
        starts |= bit = back & -back;
    return starts;
}

/* Of the escapes those that are wrong, as far as the block shows them; all of the last ones may be. */
static inline uint64_t wrong_escapes(__m256i a, __m256i b, uint64_t starts)
{
    uint64_t hex = is_hex(a) | is_hex(b) << FIT_WIDE, good = may_follow(a) | may_follow(b) << FIT_WIDE;
    uint64_t unit = (bits(is_byte(a, 'u')) | bits(is_byte(b, 'u')) << FIT_WIDE) >> 1 & starts;
    return (starts & ~(good >> 1)) | (unit & ~(hex >> 2 & hex >> 3 & hex >> 4 & hex >> 5));
}

/* Sixty-four bytes at a time, without a branch for what stands in them. An escape that reaches behind the block is looked at
 * again at the start of the next one. */
static __attribute__((noinline)) const char *skip_far(const char *at, const char *end)
{
    while (end - at > GUESS_SLACK) {
        __m256i a = vector_at(at), b = vector_at(at + FIT_WIDE);
        uint64_t back = bits(is_byte(a, '\\')) | bits(is_byte(b, '\\')) << FIT_WIDE;
        uint64_t quote = bits(is_byte(a, '"')) | bits(is_byte(b, '"')) << FIT_WIDE;
        uint64_t odd = bits(is_odd(a)) | bits(is_odd(b)) << FIT_WIDE;
        uint64_t starts = escapes_of(back), late = starts >> (BLOCK - ESCAPE + 1) << (BLOCK - ESCAPE + 1);
        uint64_t stops = (quote & ~(starts << 1)) | odd | (wrong_escapes(a, b, starts) & ~late) | (late & -late);
        if (stops == 0) {
            at += BLOCK;
            continue;
        }
        at += __builtin_ctzll(stops);
        if ((stops & -stops & late) == 0)
            return at;
    }
    return at;
}

static inline const char *fit_skip(const char *at, const char *end)
{
    uint64_t stops = fit_stops(at);
    const char *stop = at + (stops ? __builtin_ctzll(stops) : 0);
    return stops && *stop == '"' ? stop : skip_far(at, end);
}

#include "history/fit_loop.h"

size_t fit_avx2(const struct guess_shape *shape, struct bytes rest, struct line *out)
{
    return fit_line(shape, rest, out);
}
