/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/numtext.h"

#include "base/timetext.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* MOST_DECIMALS keeps 10^decimals exact; above ROUND_ABOVE digits would only pretend to be known (and need not fit). */
enum { MOST_DECIMALS = 6 };
#define ROUND_ABOVE 1e12

static const char *not_known(char out[NUM_TEXT])
{
    return memcpy(out, "n/a", 4);
}

static uint64_t power_of_ten(int exponent)
{
    uint64_t p = 1;
    while (exponent-- > 0)
        p *= 10;
    return p;
}

/* |v| in units of 1/scale, half away from zero. 0.735 is stored as a bit less than it: the two last bits of doubt count
 * for the reader, who sees "0.735". */
static uint64_t rounded_units(double v, uint64_t scale)
{
    double units = fabs(v) * (double)scale;
    return (uint64_t)(units * (1 + 2 * DBL_EPSILON) + 0.5);
}

struct number {
    const char *plus, *unit; /* what a positive number starts with; what all end with */
    int decimals;
};

static const char *put_number(char out[NUM_TEXT], double v, struct number n)
{
    int decimals = n.decimals < 0 ? 0 : n.decimals > MOST_DECIMALS ? MOST_DECIMALS : n.decimals;
    if (!isfinite(v))
        return not_known(out);
    if (fabs(v) >= ROUND_ABOVE) {
        snprintf(out, NUM_TEXT, "%s%.3g%s", v > 0 ? n.plus : "", v, n.unit);
        return out;
    }
    unsigned long long scale = power_of_ten(decimals), units = rounded_units(v, scale);
    const char *sign = !units ? "" : v < 0 ? "-" : n.plus;
    if (decimals)
        snprintf(out, NUM_TEXT, "%s%llu.%0*llu%s", sign, units / scale, decimals, units % scale, n.unit);
    else
        snprintf(out, NUM_TEXT, "%s%llu%s", sign, units, n.unit);
    return out;
}

const char *num_fixed(char out[NUM_TEXT], double v, int decimals)
{
    return put_number(out, v, (struct number){"", "", decimals});
}

const char *num_percent(char out[NUM_TEXT], double fraction, int decimals)
{
    return put_number(out, fraction * 100, (struct number){"", "%", decimals});
}

const char *num_delta(char out[NUM_TEXT], double fraction)
{
    return put_number(out, fraction * 100, (struct number){"+", "%", 1});
}

static uint64_t magnitude(int64_t v)
{
    return v < 0 ? -(uint64_t)v : (uint64_t)v;
}

/* v in units, when that is below 1000 after rounding: with one decimal below 10. */
static bool put_scaled(char out[NUM_TEXT], const char *sign, uint64_t v, uint64_t unit, char letter)
{
    unsigned long long tenths = (v + unit / 20) / (unit / 10), whole = (v + unit / 2) / unit;
    if (tenths < 100)
        snprintf(out, NUM_TEXT, "%s%llu.%llu%c", sign, tenths / 10, tenths % 10, letter);
    else if (whole < 1000)
        snprintf(out, NUM_TEXT, "%s%llu%c", sign, whole, letter);
    return tenths < 100 || whole < 1000;
}

const char *num_short(char out[NUM_TEXT], int64_t v)
{
    const char *sign = v < 0 ? "-" : "";
    uint64_t size = magnitude(v), unit = 1000;
    if (v == NOT_KNOWN)
        return not_known(out);
    if (size < 1000) {
        snprintf(out, NUM_TEXT, "%s%llu", sign, (unsigned long long)size);
        return out;
    }
    for (const char *letter = "KMGTPE"; *letter; letter++, unit *= 1000)
        if (put_scaled(out, sign, size, unit, *letter))
            break;
    return out;
}

const char *num_group(char out[NUM_TEXT], int64_t v)
{
    char plain[NUM_TEXT];
    if (v == NOT_KNOWN)
        return not_known(out);
    size_t len = (size_t)snprintf(plain, sizeof plain, "%llu", (unsigned long long)magnitude(v)), at = 0;
    if (v < 0)
        out[at++] = '-';
    for (size_t i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            out[at++] = ',';
        out[at++] = plain[i];
    }
    out[at] = '\0';
    return out;
}
