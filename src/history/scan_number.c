/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers of scan.h. Exact: what fits 53 bits and a power of ten up to 22 is one correctly rounded operation, the rest
 * goes to jansson (strtod without the locale's comma). */
#include "history/scan.h"

#include <jansson.h>
#include <math.h>

struct parts {
    const char *start;
    uint64_t digits;     /* all digits as one integer, unless lost */
    bool negative, lost; /* lost: more digits than 64 bits hold */
    bool fraction_or_exponent;
    int64_t ten; /* value = digits * 10^ten */
};

static bool is_digit(const struct scan *s)
{
    return s->at < s->end && *s->at >= '0' && *s->at <= '9';
}

static bool digits(struct scan *s, struct parts *p, int64_t ten_each)
{
    if (!is_digit(s))
        return scan_fail(s, "a value is not JSON");
    for (; is_digit(s); s->at++) {
        uint64_t d = (uint64_t)(*s->at - '0');
        p->lost = p->lost || p->digits > (UINT64_MAX - d) / 10;
        if (!p->lost)
            p->digits = p->digits * 10 + d;
        p->ten += ten_each;
    }
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

static bool grammar(struct scan *s, struct parts *p)
{
    if (is_digit(s) && *s->at == '0')
        s->at++;
    else if (!digits(s, p, 0))
        return false;
    if (s->at < s->end && *s->at == '.') {
        s->at++;
        p->fraction_or_exponent = true;
        if (!digits(s, p, -1))
            return false;
    }
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

static double value(const struct parts *p, const char *end)
{
    static const double power[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (p->lost || p->digits > UINT64_C(1) << 53 || p->ten > 22 || p->ten < -22)
        return slow_value(p, end);
    double exact = (double)p->digits;
    double real = p->ten < 0 ? exact / power[-p->ten] : exact * power[p->ten];
    return p->negative ? -real : real;
}

static bool special(struct scan *s, struct scan_number *out, bool negative)
{
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
    *out = (struct scan_number){0};
    if (p.negative)
        s->at++;
    if (s->at < s->end && (*s->at == 'I' || *s->at == 'N'))
        return special(s, out, p.negative);
    if (!grammar(s, &p))
        return scan_fail(s, s->at == s->end ? "the line is torn" : "a value is not JSON");
    out->real = value(&p, s->at);
    out->is_whole = !p.fraction_or_exponent && !p.lost && p.digits <= INT64_MAX;
    if (out->is_whole)
        out->whole = p.negative ? -(int64_t)p.digits : (int64_t)p.digits;
    return true;
}
