/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/money.h"

#include <stdio.h>
#include <string.h>

__extension__ typedef __int128 wide; /* ISO C has no name for it */

static const wide wide_most = (wide)INT64_MAX << 40;

/* v / by, by > 0, a half to the even neighbour; v >= 0. */
static wide divided(wide v, wide by)
{
    wide whole = v / by, twice = 2 * (v % by);
    return whole + (twice > by || (twice == by && whole % 2));
}

/* v * 10^power, or -1 when too large. */
static wide shifted(wide v, int power)
{
    for (; v && power > 0; power--)
        if ((v *= 10) > wide_most)
            return -1;
    wide by = 1;
    for (; power < 0 && by <= wide_most; power++)
        by *= 10;
    return power < 0 ? 0 : divided(v, by);
}

struct digits {
    wide value;
    int behind; /* digits behind the point */
};

static bool digits_of(struct bytes *rest, struct digits *out)
{
    bool point = false, any = false;
    for (; rest->len && *rest->at != 'e' && *rest->at != 'E'; *rest = bytes_from(*rest, 1)) {
        char c = *rest->at;
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9' || out->value > wide_most / 10)
            return false;
        any = true;
        out->value = out->value * 10 + (c - '0');
        out->behind += point;
    }
    return any;
}

static bool exponent_of(struct bytes rest, int64_t *out)
{
    *out = 0;
    if (!rest.len)
        return true;
    rest = bytes_from(rest, 1);
    bytes_cut(&rest, "+");
    return bytes_i64(rest, out) && *out > -1000 && *out < 1000;
}

bool money_scaled(struct bytes lexeme, int places, int64_t *out)
{
    struct digits d = {0};
    int64_t exponent;
    bool minus = bytes_cut(&lexeme, "-");
    if (!digits_of(&lexeme, &d) || !exponent_of(lexeme, &exponent))
        return false;
    wide v = shifted(d.value, places + (int)exponent - d.behind);
    if (v < 0 || v > INT64_MAX)
        return false;
    *out = minus ? -(int64_t)v : (int64_t)v;
    return true;
}

int64_t money_price_micro(int64_t duration_ms, int64_t unit_price_micro)
{
    wide v = divided((wide)duration_ms * unit_price_micro, 1000);
    return v > INT64_MAX ? INT64_MAX : (int64_t)v;
}

const char *money_text(char out[MONEY_TEXT], int64_t micro)
{
    uint64_t size = micro < 0 ? (uint64_t)0 - (uint64_t)micro : (uint64_t)micro;
    int len = snprintf(out, MONEY_TEXT, "%s%llu.%06llu", micro < 0 ? "-" : "", (unsigned long long)(size / 1000000),
                       (unsigned long long)(size % 1000000));
    while (out[len - 1] == '0' && out[len - 2] != '.')
        out[--len] = '\0';
    return out;
}
