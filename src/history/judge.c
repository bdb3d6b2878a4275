/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/judge.h"

#include "base/timetext.h"
#include "history/hash.h"

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

static bool is_time(const struct line_value *v, int64_t *ms)
{
    if (v->kind == LINE_NUMBER)
        return time_from_number(v->number.real, ms);
    return v->kind == LINE_TEXT && time_parse(bytes_trim(v->text), 0, ms);
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
    return x >= 0 && x <= SUBNET_MOST && x == floor(x) ? (int32_t)x : -1;
}

static double tao_of(const struct line_value *v)
{
    return v->kind == LINE_NUMBER && isfinite(v->number.real) ? v->number.real : (double)NAN;
}

static uint64_t id_of(const struct line_value *v)
{
    struct bytes text = text_of(v);
    if (text.len == 0 || bytes_is(text, "unknown"))
        return 0;
    return hash_bytes(text);
}

/* The self-test rows of performance_tracker.py: test_0, test_1, ... */
static bool is_synthetic(const struct line_value *id)
{
    struct bytes rest = text_of(id);
    if (!bytes_cut(&rest, "test_") || rest.len == 0)
        return false;
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

struct judgement judge_line(const struct line *l)
{
    const struct line_value *v = l->value;
    struct judgement j = {.class = JUDGE_EXECUTED};
    j.record.id_hash = id_of(&v[LINE_TASK_ID]);
    if (v[LINE_TIMESTAMP].kind == LINE_ABSENT && v[LINE_SCORE].kind == LINE_ABSENT)
        return j;
    j.has_time = is_time(&v[LINE_TIMESTAMP], &j.record.t_ms);
    j.class = score_class(l, &j);
    bool good = v[LINE_SCORE].kind != LINE_ABSENT && !score_fault(&v[LINE_SCORE]);
    j.record.score = good ? v[LINE_SCORE].number.real : (double)NAN;
    if (is_synthetic(&v[LINE_TASK_ID]))
        j.class = JUDGE_SYNTHETIC;
    j.record.tokens = tokens_of(&v[LINE_TOKENS]);
    j.record.tao = tao_of(&v[LINE_TAO]);
    j.record.subnet = subnet_of(&v[LINE_SUBNET]);
    j.record.kind = record_kinds[j.class];
    return j;
}
