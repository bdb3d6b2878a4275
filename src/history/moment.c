/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/moment.h"

#include "base/timetext.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_MOST = 48, QUOTE_CELLS = 40, DATE_LEN = 10, MINUTE_LEN = 16, COUNT_MOST = 1000000 };

#define DAY_MS INT64_C(86400000)
#define FIRST_EPOCH 1e8 /* seconds: smaller numbers are a span without its unit */

static const struct {
    const char *word;
    int64_t ms;
} units[] = {{"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", DAY_MS}, {"w", 7 * DAY_MS}};

static bool take_unit(struct bytes *rest, int64_t *ms)
{
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (bytes_cut(rest, units[i].word))
            return *ms = units[i].ms, true;
    return false;
}

static bool take_count(struct bytes *rest, int64_t *count)
{
    size_t digits = 0;
    *count = 0;
    for (; digits < rest->len && rest->at[digits] >= '0' && rest->at[digits] <= '9' && *count < COUNT_MOST; digits++)
        *count = *count * 10 + (rest->at[digits] - '0');
    *rest = bytes_from(*rest, digits);
    return digits > 0 && *count < COUNT_MOST;
}

/* 24h, 1d12h */
static bool is_span(struct bytes text, int64_t *ms)
{
    int64_t count, unit;
    *ms = 0;
    if (text.len == 0)
        return false;
    while (text.len > 0) {
        if (!take_count(&text, &count) || !take_unit(&text, &unit))
            return false;
        *ms += count * unit;
    }
    return true;
}

static bool is_word(struct bytes text, int64_t now_ms, struct moment *out)
{
    *out = (struct moment){day_start(now_ms), false};
    if (bytes_is(text, "today"))
        return true;
    out->ms -= DAY_MS;
    if (bytes_is(text, "yesterday"))
        return true;
    *out = (struct moment){now_ms, true};
    return bytes_is(text, "now");
}

/* Days alone, and minutes without seconds, are no times in a file; people type them. */
static bool is_date(struct bytes text, int64_t *ms)
{
    char whole[TEXT_MOST + sizeof "T00:00:00"];
    size_t at = text.len == DATE_LEN ? DATE_LEN : MINUTE_LEN;
    const char *rest = text.len == DATE_LEN ? "T00:00:00" : ":00";
    if (time_parse(text, 0, ms))
        return true;
    if (text.len < at)
        return false;
    memcpy(whole, text.at, at);
    memcpy(whole + at, rest, strlen(rest));
    memcpy(whole + at + strlen(rest), text.at + at, text.len - at);
    return time_parse((struct bytes){whole, text.len + strlen(rest)}, 0, ms);
}

static bool is_epoch(const char *text, int64_t *ms)
{
    char *end;
    if (*text == '\0' || strspn(text, "0123456789.") != strlen(text))
        return false;
    double x = strtod(text, &end);
    return *end == '\0' && x >= FIRST_EPOCH && time_from_number(x, ms);
}

static bool no_moment(const char *text, struct err *e)
{
    struct arena scratch = {0};
    const char *shown = text_safe(&scratch, bytes_of(text), QUOTE_CELLS);
    if (*text != '\0' && strspn(text, "0123456789") == strlen(text))
        err_set(e, "\"%s\" has no unit: write %.9sh for hours or %.9sd for days ago", shown, shown, shown);
    else
        err_set(e, "\"%s\" is no time: write 2026-11-22, 2026-11-22T04:48, 24h, 7d, today or yesterday", shown);
    arena_release(&scratch);
    return false;
}

bool moment_parse(const char *text, int64_t now_ms, struct moment *out, struct err *e)
{
    struct bytes in = bytes_trim(bytes_of(text));
    struct moment found;
    int64_t ms;
    if (in.len > TEXT_MOST)
        return no_moment(text, e);
    if (is_span(in, &ms))
        found = (struct moment){now_ms - ms, true};
    else if (is_date(in, &ms) || is_epoch(text, &ms))
        found = (struct moment){ms, false};
    else if (!is_word(in, now_ms, &found))
        return no_moment(text, e);
    *out = found;
    return true;
}
