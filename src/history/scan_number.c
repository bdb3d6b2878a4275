/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers of scan.h. Exact: every number of at most 19 digits is one integer and a power of ten, and is rounded once; the
 * rest goes to jansson (strtod without the locale's comma). */
#include "history/scan.h"
#include "history/scan_digits.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

enum { DIGITS_MOST = SCAN_DIGITS_MOST, TENS_MOST = 19, EIGHT = SCAN_EIGHT };

struct parts {
    const char *start;
    uint64_t digits; /* all digits as one integer, unless there are more than DIGITS_MOST */
    size_t count;    /* of them, leading zeros too */
    bool negative;
    bool fraction_or_exponent;
    int64_t ten; /* value = digits * 10^ten */
};

static bool is_digit(const struct scan *s)
{
    return s->at < s->end && *s->at >= '0' && *s->at <= '9';
}

/* Up to eight digits at a time, as long as there are eight bytes to look at. false: the run may go on. */
static bool take_run(struct scan *s, struct parts *p)
{
    while (s->end - s->at >= EIGHT) {
        uint64_t w = scan_low_first(s->at);
        unsigned n = scan_digits_of(w);
        if (p->count + n > DIGITS_MOST)
            return false;
        p->digits = scan_append(p->digits, w, n);
        p->count += n;
        s->at += n;
        if (n < EIGHT)
            return true;
    }
    return false;
}

static bool digits(struct scan *s, struct parts *p)
{
    if (!is_digit(s))
        return scan_fail(s, "a value is not JSON");
    if (take_run(s, p))
        return true;
    for (; is_digit(s); s->at++)
        if (++p->count <= DIGITS_MOST)
            p->digits = p->digits * 10 + (uint64_t)(*s->at - '0');
    return true;
}

static bool exponent(struct scan *s, struct parts *p)
{
    s->at++;
    bool minus = s->at < s->end && *s->at == '-';
    if (minus || (s->at < s->end && *s->at == '+'))
        s->at++;
    if (!is_digit(s))
        return scan_fail(s, "a number is not JSON");
    int64_t e = 0;
    for (; is_digit(s); s->at++)
        e = e > 100000 ? e : e * 10 + (*s->at - '0');
    p->ten += minus ? -e : e;
    p->fraction_or_exponent = true;
    return true;
}

static bool fraction(struct scan *s, struct parts *p)
{
    const char *from = ++s->at;
    p->fraction_or_exponent = true;
    bool good = digits(s, p);
    p->ten = from - s->at;
    return good;
}

static bool grammar(struct scan *s, struct parts *p)
{
    if (is_digit(s) && *s->at == '0')
        s->at++;
    else if (!digits(s, p))
        return false;
    if (s->at < s->end && *s->at == '.' && !fraction(s, p))
        return false;
    if (s->at < s->end && (*s->at == 'e' || *s->at == 'E'))
        return exponent(s, p);
    return true;
}

static double slow_value(const struct parts *p, const char *end)
{
    json_t *v = json_loadb(p->start, (size_t)(end - p->start), JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, NULL);
    if (!v)
        return p->negative ? -(double)INFINITY : (double)INFINITY;
    double real = json_real_value(v);
    json_decref(v);
    return real;
}

/* -127 to 0 are asked for: far from where doubles end, so multiplying with it is exact. */
static double power_of_two(int exponent)
{
    uint64_t bits = (uint64_t)(exponent + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

static const uint64_t powers[TENS_MOST + 1] = {1,
                                               10,
                                               100,
                                               1000,
                                               10000,
                                               100000,
                                               1000000,
                                               10000000,
                                               100000000,
                                               1000000000,
                                               10000000000,
                                               100000000000,
                                               1000000000000,
                                               10000000000000,
                                               100000000000000,
                                               1000000000000000,
                                               10000000000000000,
                                               100000000000000000,
                                               1000000000000000000,
                                               10000000000000000000u};
/* 2^127 / (the power with its highest bit moved to the top), cut. */
static const uint64_t inverses[TENS_MOST + 1] = {
    0x0000000000000000u, 0xccccccccccccccccu, 0xa3d70a3d70a3d70au, 0x83126e978d4fdf3bu, 0xd1b71758e219652bu,
    0xa7c5ac471b478423u, 0x8637bd05af6c69b5u, 0xd6bf94d5e57a42bcu, 0xabcc77118461cefcu, 0x89705f4136b4a597u,
    0xdbe6fecebdedd5beu, 0xafebff0bcb24aafeu, 0x8cbccc096f5088cbu, 0xe12e13424bb40e13u, 0xb424dc35095cd80fu,
    0x901d7cf73ab0acd9u, 0xe69594bec44de15bu, 0xb877aa3236a4b449u, 0x9392ee8e921d5d07u, 0xec1e4a7db69561a5u,
};

/* digits / 10^tens, rounded once: 63 or 64 bits of the quotient, whose lowest one also says that there was a rest. That is
 * more than a double keeps, so the conversion rounds as if it had seen them all. */
static double divided(uint64_t digits, uint64_t power)
{
    int up = __builtin_clzll(digits), low = __builtin_clzll(power);
    uint64_t divisor = power << low;
    unsigned __int128 dividend = (unsigned __int128)(digits << up) << 63;
    uint64_t quotient = (uint64_t)(dividend / divisor);
    bool rest = dividend % divisor != 0;
    return (double)(quotient | rest) * power_of_two(low - up - 63);
}

/* The same with a multiplication. Its quotient is up to 2 too small; where that could matter, next to the middle between two
 * doubles, it is divided after all. */
double scan_decimal_long(uint64_t digits, unsigned tens)
{
    uint64_t power = powers[tens];
    if (tens == 0 || digits == 0)
        return (double)digits;
    int up = __builtin_clzll(digits), low = __builtin_clzll(power);
    uint64_t quotient = (uint64_t)((unsigned __int128)(digits << up) * inverses[tens] >> 64);
    uint64_t half = UINT64_C(1) << (10 - __builtin_clzll(quotient)), dropped = quotient & (2 * half - 1);
    if (dropped + 2 >= half && dropped <= half)
        return divided(digits, power);
    return (double)(quotient | 1) * power_of_two(low - up - 63);
}

static double value(const struct parts *p, const char *end)
{
    if (p->count > DIGITS_MOST || p->ten > 0 || p->ten < -TENS_MOST)
        return slow_value(p, end);
    double real = scan_decimal(p->digits, (unsigned)-p->ten);
    return p->negative ? -real : real;
}

static bool special(struct scan *s, struct scan_number *out, bool negative)
{
    *out = (struct scan_number){0};
    if (!negative && *s->at == 'N') {
        out->real = (double)NAN;
        return scan_word(s, "NaN");
    }
    out->real = negative ? -(double)INFINITY : (double)INFINITY;
    return scan_word(s, "Infinity");
}

bool scan_number(struct scan *s, struct scan_number *out)
{
    struct parts p = {.start = s->at, .negative = s->at < s->end && *s->at == '-'};
    struct scan_number ignored;
    if (p.negative)
        s->at++;
    if (s->at < s->end && (*s->at == 'I' || *s->at == 'N'))
        return special(s, out ? out : &ignored, p.negative);
    if (!grammar(s, &p))
        return scan_fail(s, s->at == s->end ? "the line is torn" : "a value is not JSON");
    if (!out)
        return true;
    out->real = value(&p, s->at);
    out->is_whole = !p.fraction_or_exponent && p.count <= DIGITS_MOST && p.digits <= INT64_MAX;
    out->whole = !out->is_whole ? 0 : p.negative ? -(int64_t)p.digits : (int64_t)p.digits;
    return true;
}
