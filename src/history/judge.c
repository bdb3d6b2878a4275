/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/judge.h"

#include "base/timetext.h"
#include "history/hash.h"
#include "history/scan_digits.h"

#include <math.h>

enum { SUBNET_MOST = 65535 };

static const uint8_t record_kinds[] = {
    [JUDGE_SYNTHETIC] = RECORD_SYNTHETIC,
    [JUDGE_INVALID] = RECORD_INVALID,
    [JUDGE_PENDING] = RECORD_PENDING,
    [JUDGE_SCORED] = RECORD_SCORED,
};

static struct bytes text_of(const struct line_value *v)
{
    return v->kind == LINE_TEXT ? v->text : (struct bytes){"", 0};
}

/* ---- times as Python writes them: 2026-11-22T04:48:51.214860, with or without a Z ---- */

enum { CLOCK_AT = JUDGE_DATE + 1, CLOCK = 8, MICROS_AT = CLOCK_AT + CLOCK - 1, TIME_LEN = 26 };

/* Eight bytes that look like pattern, which has 0 for each digit: the digits' values, and 0 for the rest. spare adds to 0x80
 * what is one too many. */
static inline bool digits_like(const char *at, uint64_t pattern, uint64_t spare, uint64_t *digits)
{
    uint64_t x = scan_low_first(at) ^ pattern;
    *digits = x;
    return ((((x & 0x7f7f7f7f7f7f7f7fu) + spare) | x) & 0x8080808080808080u) == 0;
}

static inline int one(uint64_t digits, unsigned at)
{
    return (int)(digits >> at * 8 & 15);
}

static inline int two(uint64_t digits, unsigned at)
{
    return one(digits, at) * 10 + one(digits, at + 1);
}

static bool near_day(struct judge_near *near, const char *date)
{
    char text[JUDGE_DATE + 9];
    if (near->date[0] != '\0' && memcmp(near->date, date, JUDGE_DATE) == 0)
        return true;
    memcpy(text, date, JUDGE_DATE);
    memcpy(text + JUDGE_DATE, "T00:00:00", 9);
    if (!time_parse((struct bytes){text, sizeof text}, 0, &near->day_ms))
        return false;
    memcpy(near->date, date, JUDGE_DATE);
    return true;
}

/* false: it has another form, or is none. */
static bool is_usual_time(struct bytes t, struct judge_near *near, int64_t *ms)
{
    uint64_t clock, micros;
    if (t.len < TIME_LEN || t.len > TIME_LEN + 1 || t.at[JUDGE_DATE] != 'T' ||
        (t.len > TIME_LEN && t.at[TIME_LEN] != 'Z'))
        return false;
    if (!digits_like(t.at + CLOCK_AT, 0x30303a30303a3030u, 0x76767f76767f7676u, &clock) ||
        !digits_like(t.at + MICROS_AT, 0x3030303030302e30u, 0x7676767676767f76u, &micros))
        return false;
    int h = two(clock, 0), m = two(clock, 3), s = two(clock, 6);
    if (h > 23 || m > 59 || s > 59 || !near_day(near, t.at))
        return false;
    *ms = near->day_ms + ((h * 60 + m) * 60 + s) * INT64_C(1000) + two(micros, 2) * 10 + one(micros, 4);
    return true;
}

static bool is_time(const struct line_value *v, struct judge_near *near, int64_t *ms)
{
    if (v->kind == LINE_NUMBER)
        return time_from_number(v->number.real, ms);
    return v->kind == LINE_TEXT && (is_usual_time(v->text, near, ms) || time_parse(bytes_trim(v->text), 0, ms));
}

/* Tokens cannot be negative and cannot be a word: 0 then. A fraction is cut. */
static int64_t tokens_of(const struct line_value *v)
{
    if (v->kind != LINE_NUMBER)
        return 0;
    if (v->number.is_whole)
        return v->number.whole > 0 ? v->number.whole : 0;
    return v->number.real > 0 && v->number.real < 9.2e18 ? (int64_t)v->number.real : 0;
}

static int32_t subnet_of(const struct line_value *v)
{
    double x = v->kind == LINE_NUMBER ? v->number.real : -1;
    return x >= 0 && x <= SUBNET_MOST && x == (double)(int32_t)x ? (int32_t)x : -1;
}

static double tao_of(const struct line_value *v)
{
    return v->kind == LINE_NUMBER && isfinite(v->number.real) ? v->number.real : (double)NAN;
}

static uint64_t id_of(const struct line_value *v)
{
    struct bytes text = text_of(v);
    if (text.len == 0 || (text.len == 7 && memcmp(text.at, "unknown", 7) == 0))
        return 0;
    return hash_bytes(text);
}

/* The self-test rows of performance_tracker.py: test_0, test_1, ... */
static bool is_synthetic(const struct line_value *id)
{
    struct bytes rest = text_of(id);
    if (rest.len < 6 || memcmp(rest.at, "test_", 5) != 0)
        return false;
    rest = bytes_from(rest, 5);
    for (size_t i = 0; i < rest.len; i++)
        if (rest.at[i] < '0' || rest.at[i] > '9')
            return false;
    return true;
}

static const char *score_fault(const struct line_value *v)
{
    if (v->kind == LINE_TEXT)
        return "the score is text, not a number";
    if (v->kind != LINE_NUMBER)
        return "the score is not a number";
    if (!isfinite(v->number.real))
        return "the score is NaN or infinite";
    return v->number.real < 0 || v->number.real > 1 ? "the score is not within 0..1" : NULL;
}

static enum judge_class score_class(const struct line *l, struct judgement *j)
{
    const struct line_value *score = &l->value[LINE_SCORE];
    if (!j->has_time)
        j->why =
            l->value[LINE_TIMESTAMP].kind == LINE_ABSENT ? "the timestamp is missing" : "the timestamp is not a time";
    else if (score->kind == LINE_ABSENT)
        return JUDGE_PENDING;
    else
        j->why = score_fault(score);
    return j->why ? JUDGE_INVALID : JUDGE_SCORED;
}

void judge_line(const struct line *l, struct judge_near *near, struct judgement *out)
{
    const struct line_value *v = l->value;
    struct record *r = &out->record;
    out->class = JUDGE_EXECUTED;
    out->has_time = false;
    out->why = NULL;
    r->id_hash = id_of(&v[LINE_TASK_ID]);
    if (v[LINE_TIMESTAMP].kind == LINE_ABSENT && v[LINE_SCORE].kind == LINE_ABSENT)
        return;
    r->t_ms = 0;
    out->has_time = is_time(&v[LINE_TIMESTAMP], near, &r->t_ms);
    out->class = score_class(l, out);
    bool good = v[LINE_SCORE].kind != LINE_ABSENT && !score_fault(&v[LINE_SCORE]);
    r->score = good ? v[LINE_SCORE].number.real : (double)NAN;
    if (is_synthetic(&v[LINE_TASK_ID]))
        out->class = JUDGE_SYNTHETIC;
    r->tokens = tokens_of(&v[LINE_TOKENS]);
    r->tao = tao_of(&v[LINE_TAO]);
    r->subnet = subnet_of(&v[LINE_SUBNET]);
    r->kind = record_kinds[out->class];
    r->replaced = 0;
}
