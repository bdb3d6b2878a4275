/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fit.h for processors with AVX2: 32 bytes at a time. Compiled for them, so nobody else may call it (fit_x86.c). */
#include "history/fit_avx2.h"

#include <immintrin.h>

enum { FIT_WIDE = 64, FIT_VECTOR = 32 };

static inline __m256i vector_at(const char *at)
{
    return _mm256_loadu_si256((const __m256i_u *)at);
}

static inline bool fit_is_part(const struct guess_part *p, const char *at)
{
    size_t i = 0;
    do {
        __m256i differs = _mm256_xor_si256(vector_at(at + i), vector_at(p->want + i));
        if (!_mm256_testz_si256(differs, vector_at(p->mask + i)))
            return false;
        i += FIT_VECTOR;
    } while (i < p->len);
    return true;
}

/* Bytes from 0x80 on are negative, so they are below a blank too. */
static inline uint64_t stops_of(const char *at)
{
    __m256i v = vector_at(at);
    __m256i quote = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('"'));
    __m256i back = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\\'));
    __m256i odd = _mm256_cmpgt_epi8(_mm256_set1_epi8(' '), v);
    return (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(_mm256_or_si256(quote, back), odd));
}

static inline uint64_t fit_stops(const char *at)
{
    return stops_of(at) | stops_of(at + FIT_VECTOR) << FIT_VECTOR;
}

#include "history/fit_loop.h"

size_t fit_avx2(const struct guess_shape *shape, struct bytes rest, struct line *out)
{
    return fit_line(shape, rest, out);
}
