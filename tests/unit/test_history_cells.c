/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history/history.h"

enum { MANY = 300000, STEP_S = 40, START_DAY = 19675, DAYS = MANY * STEP_S / 86400 + 2, NAMES = 5, LINE = 160 };

struct sum {
    uint64_t records, scored, good;
    double total;
    int64_t tokens;
};
/* By UTC day: all, and by LLM and subnet; percentiles. */
struct sums {
    struct sum all[DAYS], llm[DAYS][NAMES], subnet[DAYS][NAMES];
    uint64_t bin[DAYS][HISTORY_BINS];
};
struct task {
    int64_t at_s;
    int id, llm, subnet;
    char score[16];
};

/* Every 50th line comes a day late, every 7th has no score, every 1000th is of the task before it. */
static struct task task_of(int i)
{
    struct task t = {.at_s = INT64_C(86400) * START_DAY + (int64_t)i * STEP_S - (i % 50 == 49 && i > 3000 ? 86400 : 0),
                     .id = i % 1000 == 999 ? i - 1 : i,
                     .llm = i % NAMES,
                     .subnet = i / 3 % NAMES};
    snprintf(t.score, sizeof t.score, i % 7 == 3 ? "null" : "%.4f", i % 101 / 101.0);
    return t;
}

/* Of two lines of a task the later one counts, but for one without a score after one with. */
static bool counts(int i)
{
    bool first = i % 1000 == 998, second = i % 1000 == 999;
    bool second_loses = (first ? i + 1 : i) % 7 == 3 && (first ? i : i - 1) % 7 != 3;
    return !first && !second ? true : first ? second_loses : !second_loses;
}

static void add(struct sum *s, double score, int64_t tokens)
{
    s->records++;
    s->tokens += tokens;
    if (isnan(score))
        return;
    s->scored++;
    s->good += score > 0.6;
    s->total += score;
}

static void add_all(struct sums *s, int day, int llm, int subnet, double score, int64_t tokens)
{
    add(&s->all[day], score, tokens);
    add(&s->llm[day][llm], score, tokens);
    add(&s->subnet[day][subnet], score, tokens);
    if (!isnan(score))
        s->bin[day][(int)(score * HISTORY_BINS)]++;
}

static void feed_into(struct history *h, struct sums *slow)
{
    char text[LINE];
    for (int i = 0; i < MANY; i++) {
        struct task t = task_of(i);
        int len = snprintf(text, sizeof text,
                           "{\"timestamp\": %lld, \"task_id\": \"t%d\", \"validator_score\": %s, \"tokens_spent\": %d, "
                           "\"llm_used\": \"llm%d\", \"subnet_id\": %d}\n",
                           (long long)t.at_s, t.id, t.score, i % 1000, t.llm, t.subnet);
        history_feed(h, (struct bytes){text, (size_t)len});
        double score = t.score[0] == 'n' ? (double)NAN : strtod(t.score, NULL);
        if (counts(i))
            add_all(slow, (int)(t.at_s / 86400) - START_DAY, t.llm, t.subnet, score, i % 1000);
    }
}

static struct history *fed(struct sums *slow)
{
    struct history *h = history_new(NULL);
    feed_into(h, slow);
    return h;
}

static struct sum *sum_of(struct sums *s, const struct history *h, const struct history_cell *c)
{
    int day = c->day - START_DAY;
    assert_in_range(day, 0, DAYS - 1);
    if (c->dim == HISTORY_ALL)
        return &s->all[day];
    return c->dim == HISTORY_LLM ? &s->llm[day][history_name(h, (uint16_t)c->index)[3] - '0']
                                 : &s->subnet[day][c->index];
}

static void take_cells(struct sums *s, const struct history *h)
{
    const struct history_cell *c;
    const struct history_band *b;
    for (size_t i = 0, count = history_cells(h, &c); i < count; i++) {
        if (c[i].dim == HISTORY_STRATEGY) /* no line has one */
            continue;
        struct sum *to = sum_of(s, h, &c[i]);
        *to = (struct sum){to->records + c[i].records, to->scored + c[i].scored, to->good + c[i].good,
                           to->total + c[i].sum, to->tokens + c[i].tokens};
    }
    for (size_t i = 0, count = history_bands(h, &b); i < count; i++)
        for (int k = 0; k < HISTORY_BINS; k++)
            s->bin[b[i].day - START_DAY][k] += b[i].bin[k];
}

static void take_records(struct sums *s, const struct history *h)
{
    const struct record *r = history_records(h);
    for (size_t i = 0; i < history_record_count(h); i++)
        if (!r[i].replaced)
            add_all(s, (int)(r[i].t_ms / 86400000) - START_DAY, history_name(h, r[i].llm)[3] - '0', r[i].subnet,
                    r[i].score, r[i].tokens);
}

static void same_sum(const struct sum *a, const struct sum *b)
{
    assert_int_equal(a->records, b->records);
    assert_int_equal(a->scored, b->scored);
    assert_int_equal(a->good, b->good);
    assert_int_equal(a->tokens, b->tokens);
    assert_true(fabs(a->total - b->total) < 1e-6);
}

static void expect(const struct sums *slow, const struct history *h)
{
    struct sums *fast = calloc(1, sizeof *fast);
    take_cells(fast, h);
    take_records(fast, h);
    for (int day = 0; day < DAYS; day++) {
        same_sum(&fast->all[day], &slow->all[day]);
        for (int k = 0; k < NAMES; k++) {
            same_sum(&fast->llm[day][k], &slow->llm[day][k]);
            same_sum(&fast->subnet[day][k], &slow->subnet[day][k]);
        }
        assert_memory_equal(fast->bin[day], slow->bin[day], sizeof fast->bin[day]);
    }
    free(fast);
}

static void what_is_kept_and_what_is_summed_up_are_all_there_was(void **state)
{
    (void)state;
    struct sums *slow = calloc(1, sizeof *slow);
    struct history *h = fed(slow);
    const struct history_cell *c;
    assert_true(history_record_count(h) < MANY && history_cells(h, &c) > 100);
    expect(slow, h);
    expect(slow, h); /* looking changes nothing */
    history_free(h);
    free(slow);
}

static void count_visit(void *ctx, const struct history *h, const struct record *r)
{
    struct sums *s = ctx;
    if (!r->replaced)
        add_all(s, (int)(r->t_ms / 86400000) - START_DAY, history_name(h, r->llm)[3] - '0', r->subnet, r->score,
                r->tokens);
}

static void whoever_wants_every_record_gets_each_one_once(void **state)
{
    (void)state;
    struct sums *slow = calloc(1, sizeof *slow), *seen = calloc(1, sizeof *seen);
    struct history *h = history_new(NULL);
    history_visit(h, count_visit, seen);
    feed_into(h, slow);
    history_finish(h);
    assert_int_equal(history_record_count(h), 0);
    assert_memory_equal(slow->bin, seen->bin, sizeof slow->bin);
    for (int day = 0; day < DAYS; day++)
        same_sum(&seen->all[day], &slow->all[day]);
    history_free(h);
    free(slow);
    free(seen);
}

static void sums_are_kept_with_the_rest(void **state)
{
    (void)state;
    struct sums *slow = calloc(1, sizeof *slow);
    struct history *h = fed(slow), *again = history_new(NULL), *other;
    uint64_t offset;
    struct bytes saved = history_save(h, &offset);
    other = history_new(&(struct history_rules){.threshold = 0.7});
    assert_true(history_load(again, saved));
    assert_false(history_load(other, saved)); /* its successes are other ones */
    expect(slow, again);
    history_drop(saved);
    history_free(h);
    history_free(again);
    history_free(other);
    free(slow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_kept_and_what_is_summed_up_are_all_there_was),
        cmocka_unit_test(whoever_wants_every_record_gets_each_one_once),
        cmocka_unit_test(sums_are_kept_with_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
