/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Digits eight at a time, in a header so that they are compiled into both readers. */
#ifndef DAVY_HISTORY_SCAN_DIGITS_H
#define DAVY_HISTORY_SCAN_DIGITS_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

/* SCAN_DIGITS_MOST: any so many digits fit 64 bits. */
enum { SCAN_EIGHT = 8, SCAN_DIGITS_MOST = 19 };

/* Eight bytes, the first one in the lowest byte. */
static inline uint64_t scan_low_first(const char *at)
{
    uint64_t w;
    memcpy(&w, at, sizeof w);
    return le64toh(w);
}

/* How many of the eight characters are digits before the first one that is none. */
static inline unsigned scan_digits_of(uint64_t w)
{
    uint64_t x = w ^ 0x3030303030303030u; /* 0 to 9, or more: then what is added may carry, but only into later ones */
    uint64_t none = ((x + 0x7676767676767676u) | x) & 0x8080808080808080u;
    return none ? (unsigned)__builtin_ctzll(none) / 8 : SCAN_EIGHT;
}

/* Eight digits as a number: pairs, fours, all. */
static inline uint64_t scan_eight_digits(uint64_t w)
{
    w = (w & 0x0f0f0f0f0f0f0f0fu) * 2561 >> 8;
    w = (w & 0x00ff00ff00ff00ffu) * 6553601 >> 16;
    return (w & 0x0000ffff0000ffffu) * 42949672960001u >> 32;
}

/* number, and behind it the first n of the eight digits. */
static inline uint64_t scan_append(uint64_t number, uint64_t w, unsigned n)
{
    static const uint64_t power[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
    return n == 0 ? number : number * power[n] + scan_eight_digits(w << (SCAN_EIGHT - n) * 8);
}

double scan_decimal_long(uint64_t digits, unsigned tens);

/* digits / 10^tens, rounded once; tens is at most 19. */
static inline double scan_decimal(uint64_t digits, unsigned tens)
{
    static const double power[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                   1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    if (digits >> 53 == 0 && tens < sizeof power / sizeof *power)
        return (double)digits / power[tens]; /* both exact, so the quotient is rounded once */
    return scan_decimal_long(digits, tens);
}

#endif
