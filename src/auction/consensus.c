/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/consensus.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REAL_TEXT = 40, REAL_DIGITS = 17, PLACES = 18 };

/* ---- stakes ------------------------------------------------------------------------------------------------------- */

/* The shortest text that reads back as v: its digits, and the place of the first. */
static size_t shortest(double v, char digits[REAL_DIGITS + 1], int *exponent)
{
    char text[REAL_TEXT];
    int precision = 0;
    do
        snprintf(text, sizeof text, "%.*e", precision, v);
    while (strtod(text, NULL) != v && ++precision < REAL_DIGITS);
    size_t n = 0;
    const char *at = text;
    for (; *at != 'e'; at++)
        if (*at >= '0' && *at <= '9' && n < REAL_DIGITS)
            digits[n++] = *at;
    *exponent = atoi(at + 1);
    return n;
}

/* Whether what was cut off rounds up: more than half, or half of an odd number. */
static bool rounds_up(const char *rest, size_t len, bool odd)
{
    if (len == 0 || rest[0] < '5')
        return false;
    for (size_t i = 1; i < len; i++)
        if (rest[i] != '0')
            return true;
    return rest[0] > '5' || odd;
}

unsigned __int128 stake_of_rao(uint64_t rao)
{
    char digits[REAL_DIGITS + 1];
    int exponent = 0;
    double tao = (double)rao / 1e9 / 1e9;
    size_t n = shortest(tao, digits, &exponent);
    int whole = exponent + 1 + PLACES; /* digits before the point, of tao * 10^18 */
    unsigned __int128 out = 0;
    for (int i = 0; i < whole; i++)
        out = out * 10 + (unsigned)((size_t)i < n ? digits[i] - '0' : 0);
    size_t cut = whole < 0 ? n : (size_t)whole;
    if (cut < n && whole >= 0 && rounds_up(digits + cut, n - cut, (out & 1) != 0))
        out++;
    return out;
}

/* ---- the price ---------------------------------------------------------------------------------------------------- */

struct place {
    double x; /* logarithm of the price */
    const struct price_point *point;
    unsigned __int128 stake;
};

static int by_price(const void *a, const void *b)
{
    const struct place *p = a, *q = b;
    return p->x != q->x ? (p->x > q->x) - (p->x < q->x) : strcmp(p->point->hotkey, q->point->hotkey);
}

static size_t places_of(struct arena *a, const struct price_point *point, size_t count, struct place *out)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        double price = fp18_ratio(a, point[i].price);
        if (point[i].stake_rao > 0 && price > 0 && isfinite(price))
            out[n++] = (struct place){log(price), &point[i], stake_of_rao(point[i].stake_rao)};
    }
    qsort(out, n, sizeof *out, by_price);
    return n;
}

struct range {
    size_t left, right; /* both are in */
    double width;
    unsigned __int128 stake;
    bool found;
};

static bool is_better(const struct range *r, const struct range *best, const struct place *p)
{
    if (!best->found || r->width != best->width)
        return !best->found || r->width < best->width;
    if (p[r->right].x != p[best->right].x)
        return p[r->right].x < p[best->right].x;
    return p[r->left].x < p[best->left].x;
}

static struct range narrowest(const struct place *p, size_t count, unsigned __int128 target)
{
    struct range best = {.found = false}, r = {.found = true};
    for (r.right = 0; r.right < count; r.right++) {
        r.stake += p[r.right].stake;
        while (r.left < r.right && r.stake - p[r.left].stake >= target)
            r.stake -= p[r.left++].stake;
        r.width = p[r.right].x - p[r.left].x;
        if (r.stake >= target && is_better(&r, &best, p))
            best = r;
    }
    return best;
}

bool consensus_price(struct arena *a, const struct price_point *point, size_t count, double gamma, struct fp18 *out)
{
    struct place *p = arena_array(a, count + 1, sizeof *p);
    unsigned __int128 total = 0, so_far = 0;
    size_t n = places_of(a, point, count, p);
    for (size_t i = 0; i < n; i++)
        total += p[i].stake;
    struct range best = narrowest(p, n, (unsigned __int128)ceil(fmax(gamma * (double)total, 0)));
    if (!best.found)
        return false;
    for (size_t i = best.left; i <= best.right; i++) {
        so_far += p[i].stake;
        if (so_far * 2 >= best.stake) {
            *out = p[i].point->price;
            return true;
        }
    }
    return false;
}

/* ---- bans --------------------------------------------------------------------------------------------------------- */

static unsigned __int128 marked(const struct ban_vote *vote, size_t count, unsigned uid)
{
    unsigned __int128 sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += prices_ban(vote[i].prices, uid) ? stake_of_rao(vote[i].stake_rao) : 0;
    return sum;
}

unsigned __int128 consensus_bans(const struct ban_vote *vote, size_t count, uint8_t ban[BAN_BYTES])
{
    unsigned __int128 total = 0;
    memset(ban, 0, BAN_BYTES);
    for (size_t i = 0; i < count; i++)
        total += stake_of_rao(vote[i].stake_rao);
    for (unsigned uid = 0; uid < BAN_UIDS && total > 0; uid++)
        if (marked(vote, count, uid) > total / 2)
            ban[uid / 8] |= (uint8_t)(1u << uid % 8);
    return total;
}
