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

#include "history/hash.h"
#include "history/history.h"

enum { LINES = 400, LINE_MOST = 256 };

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

/* A history with everything in it: scores, answers, duplicates, self-tests, bad lines, names that are not ASCII. */
static struct bytes some_lines(uint64_t *seed, char *out)
{
    size_t len = 0;
    for (int i = 0; i < LINES; i++) {
        char *at = out + len;
        int id = (int)(next(seed) % 300), kind = (int)(next(seed) % 12);
        if (kind < 4)
            sprintf(at, "{\"task_id\": \"t%d\", \"response\": \"x\", \"llm\": \"l\\u00e4%d\"}\n", id, id % 5);
        else if (kind == 4)
            sprintf(at, "{\"torn\": %d\n", id);
        else if (kind == 5)
            sprintf(at, "{\"timestamp\": %d, \"task_id\": \"test_%d\", \"validator_score\": 0.5}\n", 1795305600 + i,
                    id);
        else
            sprintf(
                at,
                "{\"timestamp\": %d, \"task_id\": \"t%d\", \"validator_score\": %s, \"llm_used\": \"l\xc3\xa4%d\"}\n",
                1795305600 + (int)(next(seed) % 5000), id,
                kind == 6   ? "null"
                : kind == 7 ? "1.5"
                            : "0.25",
                id % 5);
        len += strlen(at);
    }
    return (struct bytes){out, len};
}

static void same_records(const struct history *a, const struct history *b)
{
    assert_int_equal(history_record_count(a), history_record_count(b));
    for (size_t i = 0; i < history_record_count(a); i++) {
        const struct record *x = &history_records(a)[i], *y = &history_records(b)[i];
        assert_true(x->t_ms == y->t_ms && x->line == y->line && x->replaced == y->replaced && x->kind == y->kind);
        assert_true(x->id_hash == y->id_hash && (x->score == y->score || (isnan(x->score) && isnan(y->score))));
        assert_string_equal(history_name(a, x->llm), history_name(b, y->llm));
    }
}

static void same_notes(const struct history *a, const struct history *b)
{
    const struct history_note *x, *y;
    size_t count = history_notes(a, &x);
    assert_int_equal(history_notes(b, &y), count);
    for (size_t i = 0; i < count; i++) {
        assert_true(x[i].line == y[i].line && x[i].offset == y[i].offset);
        assert_string_equal(x[i].why, y[i].why);
    }
}

static void same_waits(const struct history *a, const struct history *b)
{
    const struct history_wait *x, *y;
    uint64_t all_x, all_y;
    size_t count = history_awaiting(a, &x, &all_x);
    assert_int_equal(history_awaiting(b, &y, &all_y), count);
    assert_int_equal(all_x, all_y);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(x[i].task_id, y[i].task_id);
        assert_string_equal(x[i].llm, y[i].llm);
    }
}

static void same(const struct history *a, const struct history *b)
{
    struct history_counts x = history_counts_at(a, INT64_MAX), y = history_counts_at(b, INT64_MAX);
    assert_memory_equal(&x, &y, sizeof x);
    same_records(a, b);
    same_notes(a, b);
    same_waits(a, b);
}

static struct history *reloaded(struct history *h, struct bytes *rest)
{
    uint64_t offset;
    struct bytes saved = history_save(h, &offset);
    struct history *again = history_new(NULL);
    assert_true(history_load(again, saved));
    history_drop(saved);
    history_free(h);
    *rest = bytes_from(*rest, (size_t)offset);
    return again;
}

static void whoever_is_stopped_anywhere_goes_on_as_if_nothing_had_been(void **state)
{
    (void)state;
    static char text[LINES * LINE_MOST];
    uint64_t seed = 3;
    for (int round = 0; round < 60; round++) {
        struct bytes all = some_lines(&seed, text), rest = all;
        struct history *one = history_new(NULL), *many = history_new(NULL);
        history_feed(one, all);
        for (int stop = 0; stop < 4; stop++) {
            size_t len = (size_t)next(&seed) % (rest.len + 1);
            history_feed(many, (struct bytes){rest.at, len});
            struct bytes whole = all;
            many = reloaded(many, &whole);
            rest = whole; /* from the start of the line that was not complete */
        }
        history_feed(many, rest);
        same(one, many);
        history_free(one);
        history_free(many);
    }
}

static void what_is_damaged_is_refused_and_leaves_a_new_history(void **state)
{
    (void)state;
    static char text[LINES * LINE_MOST];
    uint64_t seed = 5, offset;
    struct history *h = history_new(NULL), *fresh = history_new(NULL), *into = history_new(NULL);
    history_feed(h, some_lines(&seed, text));
    struct bytes saved = history_save(h, &offset);
    char *copy = malloc(saved.len);
    for (int i = 0; i < 3000; i++) {
        memcpy(copy, saved.at, saved.len);
        size_t len = i % 3 == 0 ? (size_t)next(&seed) % saved.len : saved.len;
        if (i % 3 != 0)
            copy[next(&seed) % saved.len] ^= (char)(1 << next(&seed) % 8);
        assert_false(history_load(into, (struct bytes){copy, len}));
        same(fresh, into);
    }
    free(copy);
    history_drop(saved);
    history_free(h);
    history_free(fresh);
    history_free(into);
}

static void what_is_forged_harms_nobody(void **state)
{
    (void)state;
    static char text[LINES * LINE_MOST];
    uint64_t seed = 9, offset;
    int taken = 0;
    struct history *h = history_new(NULL);
    struct bytes lines = some_lines(&seed, text);
    history_feed(h, lines);
    struct bytes saved = history_save(h, &offset);
    char *copy = malloc(saved.len);
    for (int i = 0; i < 3000; i++) {
        memcpy(copy, saved.at, saved.len);
        for (uint64_t n = next(&seed) % 4; n > 0; n--)
            copy[next(&seed) % (saved.len - 8)] = (char)next(&seed);
        uint64_t hash = hash_bytes((struct bytes){copy, saved.len - 8});
        memcpy(copy + saved.len - 8, &hash, sizeof hash);
        struct history *into = history_new(NULL);
        taken += history_load(into, (struct bytes){copy, saved.len});
        history_feed(into, lines);
        same_waits(into, into);
        same_records(into, into);
        history_free(into);
    }
    assert_true(taken > 100); /* wrong numbers cannot be told from right ones; memory is never touched wrongly */
    free(copy);
    history_drop(saved);
    history_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whoever_is_stopped_anywhere_goes_on_as_if_nothing_had_been),
        cmocka_unit_test(what_is_damaged_is_refused_and_leaves_a_new_history),
        cmocka_unit_test(what_is_forged_harms_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
