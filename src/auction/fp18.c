/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/fp18.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES = 18, MAX_WHOLE_UNITS = 19 };

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
}

struct bytes fp18_trim(struct bytes text)
{
    while (text.len > 0 && is_blank(text.at[0]))
        text = bytes_from(text, 1);
    while (text.len > 0 && is_blank(text.at[text.len - 1]))
        text.len--;
    return text;
}

static bool all_digits(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return true;
}

static void normalise(struct fp18 *v)
{
    while (v->whole.len > 0 && v->whole.at[0] == '0')
        v->whole = bytes_from(v->whole, 1);
    while (v->fraction.len > 0 && v->fraction.at[v->fraction.len - 1] == '0')
        v->fraction.len--;
    if (v->whole.len == 0 && v->fraction.len == 0)
        v->negative = false;
}

bool fp18_parse(struct bytes text, struct fp18 *out)
{
    struct fp18 v = {0};
    text = fp18_trim(text);
    v.negative = bytes_cut(&text, "-");
    if (!v.negative)
        bytes_cut(&text, "+");
    if (text.len == 0)
        return false;
    size_t point = bytes_find(text, ".");
    v.whole = (struct bytes){text.at, point};
    v.fraction = bytes_from(text, point < text.len ? point + 1 : point);
    if (!all_digits(v.whole) || !all_digits(v.fraction))
        return false;
    normalise(&v);
    if (v.fraction.len > PLACES)
        return false;
    *out = v;
    return true;
}

struct fp18 fp18_of(const char *text)
{
    struct fp18 v = {0};
    fp18_parse(bytes_of(text), &v);
    return v;
}

static int order(int memory, size_t a, size_t b)
{
    return memory != 0 ? memory : (a > b) - (a < b);
}

static int compare_size(struct fp18 a, struct fp18 b)
{
    if (a.whole.len != b.whole.len)
        return a.whole.len < b.whole.len ? -1 : 1;
    int by_whole = a.whole.len > 0 ? memcmp(a.whole.at, b.whole.at, a.whole.len) : 0;
    if (by_whole != 0)
        return by_whole;
    size_t both = a.fraction.len < b.fraction.len ? a.fraction.len : b.fraction.len;
    return order(both > 0 ? memcmp(a.fraction.at, b.fraction.at, both) : 0, a.fraction.len, b.fraction.len);
}

int fp18_compare(struct fp18 a, struct fp18 b)
{
    if (a.negative != b.negative)
        return a.negative ? -1 : 1;
    return a.negative ? compare_size(b, a) : compare_size(a, b);
}

double fp18_double(struct fp18 v)
{
    double x = 0, unit = 1;
    for (size_t i = 0; i < v.whole.len; i++)
        x = x * 10 + (v.whole.at[i] - '0');
    double part = 0;
    for (size_t i = 0; i < v.fraction.len; i++, unit *= 10)
        part = part * 10 + (v.fraction.at[i] - '0');
    x += part / unit;
    return v.negative ? -x : x;
}

const char *fp18_text(struct arena *a, struct fp18 v)
{
    struct bytes zero = bytes_of("0"), whole = v.whole.len > 0 ? v.whole : zero;
    return arena_text(a, "%s%s%s%s", v.negative ? "-" : "", arena_copy(a, whole), v.fraction.len > 0 ? "." : "",
                      arena_copy(a, v.fraction));
}

bool fp18_units(struct fp18 v, unsigned __int128 *units)
{
    if (v.negative || v.whole.len > MAX_WHOLE_UNITS)
        return false;
    unsigned __int128 n = 0;
    for (size_t i = 0; i < v.whole.len; i++)
        n = n * 10 + (unsigned)(v.whole.at[i] - '0');
    for (size_t i = 0; i < PLACES; i++)
        n = n * 10 + (i < v.fraction.len ? (unsigned)(v.fraction.at[i] - '0') : 0);
    *units = n;
    return true;
}

/* The character i of the text of v; 0 at its end. */
static char text_char(struct fp18 v, size_t i)
{
    if (v.negative && i-- == 0)
        return '-';
    size_t whole = v.whole.len > 0 ? v.whole.len : 1;
    if (i < whole)
        return v.whole.len > 0 ? v.whole.at[i] : '0';
    i -= whole;
    if (v.fraction.len == 0 || i > v.fraction.len)
        return 0;
    return i == 0 ? '.' : v.fraction.at[i - 1];
}

int fp18_text_compare(struct fp18 a, struct fp18 b)
{
    size_t i = 0;
    while (text_char(a, i) != 0 && text_char(a, i) == text_char(b, i))
        i++;
    return text_char(a, i) - text_char(b, i);
}

const char *fp18_units_text(struct arena *a, struct fp18 v)
{
    const char *digits = arena_text(a, "%s%s%.*s", arena_copy(a, v.whole), arena_copy(a, v.fraction),
                                    (int)(PLACES - v.fraction.len), "000000000000000000");
    while (*digits == '0' && digits[1] != 0)
        digits++;
    return v.negative ? arena_text(a, "-%s", digits) : digits;
}

bool fp18_of_units(struct arena *a, struct bytes text, struct fp18 *out)
{
    struct fp18 v = {.negative = bytes_cut(&text, "-")};
    if (text.len == 0 || !all_digits(text))
        return false;
    size_t missing = text.len < PLACES ? PLACES - text.len : 0;
    struct bytes all = bytes_of(arena_text(a, "%.*s%s", (int)missing, "000000000000000000", arena_copy(a, text)));
    v.whole = (struct bytes){all.at, all.len - PLACES};
    v.fraction = bytes_from(all, all.len - PLACES);
    normalise(&v);
    *out = v;
    return true;
}

double fp18_ratio(struct arena *a, struct fp18 v)
{
    return strtod(fp18_units_text(a, v), NULL) / 1e18;
}
