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

#include "base/timetext.h"
#include "history/history.h"

#define NOW INT64_C(1795348800000) /* 2026-11-22T12:00:00Z */

static void feed(struct history *h, const char *text)
{
    history_feed(h, bytes_of(text));
}

static void feed_file(struct history *h, const char *path)
{
    char block[65536];
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;)
        history_feed(h, (struct bytes){block, n});
    fclose(f);
}

/* A scored line, minutes after 00:00 of the day of NOW. */
static void feed_score(struct history *h, const char *id, int minute, const char *score)
{
    char line[256];
    snprintf(line, sizeof line,
             "{\"timestamp\": \"2026-11-22T%02d:%02d:00\", \"task_id\": \"%s\", \"validator_score\": %s, "
             "\"tokens_spent\": 500, \"llm_used\": \"m\", \"prompt_strategy\": \"p\", \"subnet_id\": 1}\n",
             minute / 60, minute % 60, id, score);
    feed(h, line);
}

static void fresh(struct history **h)
{
    *h = history_new(NULL);
    assert_non_null(*h);
}

static uint64_t classes(const struct history_counts *c)
{
    return c->scored + c->pending + c->invalid + c->malformed + c->synthetic + c->executed + c->blank + c->future;
}

static void every_line_of_the_bad_file_has_one_class(void **state)
{
    (void)state;
    struct history *h;
    fresh(&h);
    feed_file(h, FIXTURES "/history_bad.jsonl");
    struct history_counts c = history_counts_at(h, NOW);
    assert_int_equal(c.lines, 11);
    assert_int_equal(classes(&c), 11);
    assert_int_equal(c.scored, 4);
    assert_int_equal(c.pending, 1);
    assert_int_equal(c.invalid, 3);
    assert_int_equal(c.malformed, 1);
    assert_int_equal(c.blank, 1);
    assert_int_equal(c.future, 1);
    history_free(h);
}

static void a_torn_tail_waits_for_its_newline(void **state)
{
    (void)state;
    struct history *h;
    fresh(&h);
    feed_file(h, FIXTURES "/history_mixed.jsonl");
    struct history_counts before = history_counts_at(h, NOW);
    assert_int_equal(before.lines, 14);
    assert_int_equal(before.scored, 13);
    assert_int_equal(before.executed, 1);
    assert_int_equal(before.malformed, 0);
    feed(h, "ator_score\": 0.5}\n");
    struct history_counts after = history_counts_at(h, NOW);
    assert_int_equal(after.lines, 15);
    assert_int_equal(after.scored, 14);
    history_free(h);
}

static void the_same_bytes_in_any_blocks_give_the_same(void **state)
{
    (void)state;
    static const char text[] =
        "\xef\xbb\xbf{\"timestamp\":1795348000,\"task_id\":\"a\",\"validator_score\":0.5}\r\n"
        "\n\xc3\n{\"task_id\":\"b\"}\n{\"timestamp\":\"2026-11-22 10:00:00Z\",\"task_id\":\"c\"}\n";
    for (size_t size = 1; size < sizeof text; size++) {
        struct history *h;
        fresh(&h);
        for (size_t at = 0; at < sizeof text - 1; at += size) {
            size_t left = sizeof text - 1 - at;
            history_feed(h, (struct bytes){text + at, size < left ? size : left});
        }
        struct history_counts c = history_counts_at(h, NOW);
        assert_int_equal(c.lines, 5);
        assert_int_equal(c.scored, 1);
        assert_int_equal(c.blank, 1);
        assert_int_equal(c.malformed, 1);
        assert_int_equal(c.executed, 1);
        assert_int_equal(c.pending, 1);
        const struct history_note *note;
        assert_int_equal(history_notes(h, &note), 1);
        assert_int_equal(note->line, 3);
        assert_int_equal(note->offset, strchr(text, '\xc3') - text);
        history_free(h);
    }
}

static void classes_follow_their_precedence(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        size_t class;
    } rows[] = {
        {"", offsetof(struct history_counts, blank)},
        {" \t\r", offsetof(struct history_counts, blank)},
        {"{", offsetof(struct history_counts, malformed)},
        {"[1]", offsetof(struct history_counts, malformed)},
        {"{} {}", offsetof(struct history_counts, malformed)},
        {"{\"a\":01}", offsetof(struct history_counts, malformed)},
        {"{}", offsetof(struct history_counts, executed)},
        {"{\"task_id\":\"test_1\"}", offsetof(struct history_counts, executed)},
        {"{\"timestamp\":null,\"validator_score\":null}", offsetof(struct history_counts, executed)},
        {"{\"timestamp\":1795348000,\"task_id\":\"test_1\",\"validator_score\":0.5}",
         offsetof(struct history_counts, synthetic)},
        {"{\"timestamp\":1999999999,\"task_id\":\"test_12\",\"validator_score\":0.5}",
         offsetof(struct history_counts, synthetic)},
        {"{\"timestamp\":1795348000,\"task_id\":\"test_1x\",\"validator_score\":0.5}",
         offsetof(struct history_counts, scored)},
        {"{\"timestamp\":1795348000,\"task_id\":\"test_\",\"validator_score\":0.5}",
         offsetof(struct history_counts, scored)},
        {"{\"timestamp\":1999999999,\"validator_score\":0.5}", offsetof(struct history_counts, future)},
        {"{\"timestamp\":1795348860,\"validator_score\":0.5}",
         offsetof(struct history_counts, scored)}, /* exactly 60 s ahead */
        {"{\"timestamp\":1795348860.001,\"validator_score\":0.5}", offsetof(struct history_counts, future)},
        {"{\"timestamp\":1999999999,\"validator_score\":\"x\"}", offsetof(struct history_counts, future)},
        {"{\"timestamp\":1795348000}", offsetof(struct history_counts, pending)},
        {"{\"timestamp\":1795348000000}", offsetof(struct history_counts, pending)},
        {"{\"timestamp\":1795348000,\"validator_score\":null}", offsetof(struct history_counts, pending)},
        {"{\"timestamp\":1795348000,\"validator_score\":NaN}", offsetof(struct history_counts, invalid)},
        {"{\"timestamp\":1795348000,\"validator_score\":-Infinity}", offsetof(struct history_counts, invalid)},
        {"{\"timestamp\":1795348000,\"validator_score\":1e999}", offsetof(struct history_counts, invalid)},
        {"{\"timestamp\":1795348000,\"validator_score\":\"0.9\"}", offsetof(struct history_counts, invalid)},
        {"{\"timestamp\":1795348000,\"validator_score\":true}", offsetof(struct history_counts, invalid)},
        {"{\"timestamp\":1795348000,\"validator_score\":90}", offsetof(struct history_counts, invalid)},
        {"{\"timestamp\":1795348000,\"validator_score\":-0.1}", offsetof(struct history_counts, invalid)},
        {"{\"timestamp\":1795348000,\"validator_score\":1}", offsetof(struct history_counts, scored)},
        {"{\"timestamp\":1795348000,\"validator_score\":-0}", offsetof(struct history_counts, scored)},
        {"{\"timestamp\":\"yesterday\",\"validator_score\":0.5}", offsetof(struct history_counts, invalid)},
        {"{\"timestamp\":\"yesterday\"}", offsetof(struct history_counts, invalid)},
        {"{\"validator_score\":0.5}", offsetof(struct history_counts, invalid)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct history *h;
        fresh(&h);
        feed(h, rows[i].line);
        feed(h, "\n");
        struct history_counts c = history_counts_at(h, NOW);
        assert_int_equal(c.lines, 1);
        assert_int_equal(classes(&c), 1);
        uint64_t count;
        memcpy(&count, (char *)&c + rows[i].class, sizeof count);
        if (count != 1)
            fail_msg("wrong class: %s", rows[i].line);
        history_free(h);
    }
}

static void a_line_is_future_only_while_it_is(void **state)
{
    (void)state;
    struct history *h;
    fresh(&h);
    feed_score(h, "a", 600, "0.5");
    feed_score(h, "b", 900, "0.5"); /* 15:00 */
    feed_score(h, "c", 901, "null");
    struct history_counts c = history_counts_at(h, NOW);
    assert_int_equal(c.future, 2);
    assert_int_equal(c.scored, 1);
    assert_int_equal(c.pending, 0);
    c = history_counts_at(h, NOW + 4 * 3600000);
    assert_int_equal(c.future, 0);
    assert_int_equal(c.scored, 2);
    assert_int_equal(c.pending, 1);
    history_free(h);
}

static void records_come_by_time_and_ties_by_line(void **state)
{
    (void)state;
    struct history *h;
    fresh(&h);
    static const int minutes[] = {5, 3, 5, 1, 3, 5, 0, 9};
    for (size_t i = 0; i < 8; i++) {
        char id[16];
        snprintf(id, sizeof id, "n%zu", i);
        feed_score(h, id, minutes[i], "0.5");
        const struct record *r = history_records(h); /* in order after each block, not only at the end */
        assert_int_equal(history_record_count(h), i + 1);
        for (size_t k = 1; k <= i; k++)
            assert_true(r[k - 1].t_ms < r[k].t_ms || (r[k - 1].t_ms == r[k].t_ms && r[k - 1].line < r[k].line));
    }
    static const uint64_t lines[] = {6, 3, 1, 4, 0, 2, 5, 7};
    for (size_t k = 0; k < 8; k++)
        assert_int_equal(history_records(h)[k].line, lines[k]);
    history_free(h);
}

static void assert_replaced(struct history *h, size_t index, int replaced)
{
    assert_int_equal(history_records(h)[index].replaced, replaced);
}

static void a_rescore_replaces_the_earlier_line(void **state)
{
    (void)state;
    struct history *h;
    fresh(&h);
    feed_score(h, "a", 10, "0.1");
    feed_score(h, "b", 20, "0.2");
    feed_score(h, "a", 5, "0.9"); /* later in the file, earlier in time: the file's order counts */
    assert_replaced(h, 0, 0);
    assert_replaced(h, 1, 1);
    assert_replaced(h, 2, 0);
    feed_score(h, "a", 30, "0.8");
    assert_int_equal(history_records(h)[0].replaced, 1);
    assert_replaced(h, 3, 0);
    assert_int_equal(history_counts_at(h, NOW).duplicates, 2);
    history_free(h);
}

static void a_pending_line_never_replaces_a_scored_one(void **state)
{
    (void)state;
    struct history *h;
    fresh(&h);
    feed_score(h, "a", 1, "null");
    feed_score(h, "a", 2, "0.5");
    feed_score(h, "a", 3, "null");
    feed_score(h, "a", 4, "\"0.9\"");
    assert_int_equal(history_records(h)[0].replaced, 1);
    assert_replaced(h, 1, 0);
    assert_replaced(h, 2, 1);
    assert_replaced(h, 3, 1);
    assert_int_equal(history_counts_at(h, NOW).duplicates, 3);
    history_free(h);
}

static void nameless_tasks_and_self_tests_never_join(void **state)
{
    (void)state;
    struct history *h;
    fresh(&h);
    for (int i = 0; i < 2; i++) {
        feed_score(h, "", i, "0.5");
        feed_score(h, "unknown", i, "0.5");
        feed_score(h, "test_0", i, "0.5");
        feed(h, "{\"timestamp\":1795300000,\"validator_score\":0.5}\n");
        feed(h, "{\"timestamp\":1795300000,\"task_id\":7,\"validator_score\":0.5}\n");
    }
    assert_int_equal(history_counts_at(h, NOW).duplicates, 0);
    for (size_t i = 0; i < 10; i++)
        assert_replaced(h, i, 0);
    history_free(h);
}

static void an_executed_task_awaits_its_score_before_or_behind_it(void **state)
{
    (void)state;
    struct history *h;
    const struct history_wait *list;
    uint64_t total;
    fresh(&h);
    feed(h, "{\"task_id\":\"a\",\"llm\":\"m\\u001b[31m1\"}\n{\"task_id\":\"b\",\"llm\":\"m\"}\n{\"task_id\":\"b\"}\n");
    feed(h, "{\"task_id\":\"\"}\n{\"task_id\":\"unknown\"}\n{}\n");
    feed_score(h, "c", 1, "0.5");
    feed(h, "{\"task_id\":\"c\"}\n");
    assert_int_equal(history_awaiting(h, &list, &total), 2);
    assert_int_equal(total, 2);
    assert_string_equal(list[0].task_id, "b");
    assert_int_equal(list[0].line, 2);
    assert_string_equal(list[1].task_id, "a");
    assert_string_equal(list[1].llm, "m1");
    feed_score(h, "b", 1, "null");
    assert_int_equal(history_awaiting(h, &list, &total), 1);
    assert_int_equal(total, 1);
    assert_string_equal(list[0].task_id, "a");
    history_free(h);
}

static void names_are_safe_and_what_looks_the_same_is_one(void **state)
{
    (void)state;
    struct history *h;
    fresh(&h);
    static const char *const llms[] = {
        "\"gpt\"",     "\"g\\u200bpt\"", "\"gp\\u0074\"",    "\"\"", "\"unknown\"", "null", "5",
        "\"\\ud83e\"", "\"other\"",      "\"\\u001b[1mgpt\""};
    for (size_t i = 0; i < sizeof llms / sizeof *llms; i++) {
        char line[128];
        snprintf(line, sizeof line, "{\"timestamp\":%zu,\"llm_used\":%s}\n", 1795300000 + i, llms[i]);
        feed(h, line);
    }
    const struct record *r = history_records(h);
    assert_int_equal(history_record_count(h), 10);
    assert_string_equal(history_name(h, r[0].llm), "gpt");
    assert_int_equal(r[1].llm, r[0].llm);
    assert_int_equal(r[2].llm, r[0].llm);
    for (size_t i = 3; i < 7; i++)
        assert_int_equal(r[i].llm, 0);
    assert_string_equal(history_name(h, 0), "");
    assert_string_equal(history_name(h, r[7].llm), "\xef\xbf\xbd");
    assert_string_equal(history_name(h, r[8].llm), "other");
    assert_int_equal(r[9].llm, r[0].llm);
    history_free(h);
}

static void too_many_names_become_other(void **state)
{
    (void)state;
    struct history *h;
    fresh(&h);
    for (int i = 0; i < 70000; i++) {
        char line[96];
        int n = snprintf(line, sizeof line, "{\"timestamp\":%d,\"llm_used\":\"n%d\"}\n", 1700000000 + i, i);
        history_feed(h, (struct bytes){line, (size_t)n});
    }
    assert_int_equal(history_name_count(h), 65536);
    const struct record *r = history_records(h);
    size_t last = history_record_count(h) - 1;
    assert_string_equal(history_name(h, r[last].llm), "other");
    assert_string_equal(history_name(h, r[0].llm), "n0");
    history_free(h);
}

static void a_hole_of_nul_bytes_costs_nothing(void **state)
{
    (void)state;
    struct history *h;
    fresh(&h);
    char *hole = calloc(1, 3 << 20);
    feed_score(h, "a", 1, "0.5");
    for (int i = 0; i < 2; i++)
        history_feed(h, (struct bytes){hole, 3 << 20});
    feed_score(h, "b", 2, "0.5");
    history_feed(h, (struct bytes){hole, 10});
    feed(h, "\n");
    struct history_counts c = history_counts_at(h, NOW);
    assert_int_equal(c.lines, 3);
    assert_int_equal(c.scored, 2);
    assert_int_equal(c.blank, 1);
    assert_int_equal(c.malformed, 0);
    free(hole);
    history_free(h);
}

/* One line of the given length, with its newline, in blocks. */
static void feed_long(struct history *h, size_t len, size_t block)
{
    char *line = malloc(len + 1);
    memset(line, 'x', len);
    memcpy(line, "{\"response\":\"", 13);
    memcpy(line + len - 2, "\"}", 2);
    line[len] = '\n';
    for (size_t at = 0; at <= len; at += block)
        history_feed(h, (struct bytes){line + at, at + block <= len + 1 ? block : len + 1 - at});
    free(line);
}

static void a_line_over_one_mebibyte_is_skipped_to_its_end(void **state)
{
    (void)state;
    static const size_t blocks[] = {4096, 1 << 18, 1 << 22};
    for (size_t i = 0; i < 3; i++) {
        struct history *h;
        fresh(&h);
        feed_long(h, 1 << 20, blocks[i]);
        feed_long(h, (1 << 20) + 1, blocks[i]);
        feed_score(h, "a", 1, "0.5");
        struct history_counts c = history_counts_at(h, NOW);
        assert_int_equal(c.lines, 3);
        assert_int_equal(c.executed, 1);
        assert_int_equal(c.malformed, 1);
        assert_int_equal(c.oversize, 1);
        assert_int_equal(c.scored, 1);
        history_free(h);
    }
}

static void a_break_drops_the_torn_tail_and_keeps_the_rest(void **state)
{
    (void)state;
    struct history *h;
    fresh(&h);
    feed_score(h, "a", 1, "0.5");
    feed(h, "worse\n{\"timestamp\": \"20");
    const struct history_note *note;
    assert_int_equal(history_notes(h, &note), 1);
    history_break(h);
    assert_int_equal(history_notes(h, &note), 0); /* a line number of a file that is gone leads astray */
    feed(h, "\xef\xbb\xbf");
    feed_score(h, "b", 2, "0.5");
    feed(h, "bad\n");
    struct history_counts c = history_counts_at(h, NOW);
    assert_int_equal(c.lines, 4);
    assert_int_equal(c.scored, 2);
    assert_int_equal(c.malformed, 2);
    assert_int_equal(history_notes(h, &note), 1);
    assert_int_equal(note->line, 2); /* of the new file */
    history_free(h);
}

static void only_the_last_sixteen_notes_stay(void **state)
{
    (void)state;
    struct history *h;
    fresh(&h);
    for (int i = 0; i < 20; i++)
        feed(h, "no\n");
    const struct history_note *note;
    assert_int_equal(history_notes(h, &note), 16);
    assert_int_equal(note[0].line, 5);
    assert_int_equal(note[15].line, 20);
    assert_int_equal(note[15].offset, 57);
    assert_string_equal(note[15].why, "it is not a JSON object");
    history_free(h);
}

/* One record a minute for 200,000 minutes (139 days), each id scored twice; memory must stay bounded, the newest 14
 * days and at least 50,000 records must stay, and an outlier of the year 2099 must not push them out. */
static void old_records_are_forgotten_but_never_the_last_fortnight(void **state)
{
    (void)state;
    struct history *h;
    fresh(&h);
    feed(h, "{\"timestamp\":\"2099-01-01T00:00:00\",\"validator_score\":0.5}\n");
    const int total = 200000;
    for (int i = 0; i < total; i++) {
        char line[128];
        int n = snprintf(line, sizeof line, "{\"timestamp\":%d,\"task_id\":\"i%d\",\"validator_score\":0.5}\n",
                         1780000000 + i * 60, i / 2);
        history_feed(h, (struct bytes){line, (size_t)n});
    }
    size_t count = history_record_count(h);
    const struct record *r = history_records(h);
    assert_true(count >= 50000);
    assert_true(count < 140000);
    assert_int_equal(r[count - 2].t_ms, (INT64_C(1780000000) + (total - 1) * 60) * 1000);
    assert_int_equal(r[count - 50000].t_ms, (INT64_C(1780000000) + (total - 49999) * 60) * 1000);
    assert_int_equal(r[count - 2].replaced, 0);
    assert_int_equal(r[count - 3].replaced, 1);
    assert_int_equal(history_counts_at(h, INT64_C(4102444800000)).scored, total + 1);
    assert_int_equal(history_counts_at(h, INT64_C(4102444800000)).duplicates, total / 2);
    history_free(h);
}

/* The table of ids was cleared while there was no record yet: that says nothing of those that come. */
static void ids_of_records_to_come_are_not_forgotten(void **state)
{
    (void)state;
    struct history *h;
    fresh(&h);
    for (int i = 0; i < 270000; i++) {
        char line[64];
        int n = snprintf(line, sizeof line, "{\"task_id\":\"e%d\",\"llm\":\"m\"}\n", i);
        history_feed(h, (struct bytes){line, (size_t)n});
    }
    feed(h, "{\"timestamp\":1780000000,\"task_id\":\"a\",\"validator_score\":0.5}\n");
    feed(h, "{\"timestamp\":1780000001,\"task_id\":\"a\",\"validator_score\":0.75}\n");
    assert_int_equal(history_counts_at(h, NOW).duplicates, 1);
    assert_int_equal(history_records(h)[0].replaced, 1);
    history_free(h);
}

/* Six records a minute for 23 days: the fortnight alone is more than 50,000 records, and a hundred lines of the year 2033
 * must not make it look old. */
static void wrong_clocks_do_not_push_the_fortnight_out(void **state)
{
    (void)state;
    struct history *h;
    fresh(&h);
    const int total = 200000, fortnight = 14 * 24 * 360;
    for (int i = 0; i < total; i++) {
        char line[128];
        int t_s = i % 2000 == 0 ? 2000000000 : 1780000000 + i * 10;
        int n = snprintf(line, sizeof line, "{\"timestamp\":%d}\n", t_s);
        history_feed(h, (struct bytes){line, (size_t)n});
    }
    int64_t newest_ms = (INT64_C(1780000000) + (total - 1) * 10) * 1000, from_ms = newest_ms - INT64_C(14) * 86400000;
    const struct record *r = history_records(h);
    int kept = 0;
    for (size_t i = 0; i < history_record_count(h); i++)
        kept += r[i].t_ms > from_ms && r[i].t_ms <= newest_ms;
    assert_int_equal(kept, fortnight - fortnight / 2000); /* all but the wrong clocks themselves */
    history_free(h);
}

static void a_file_in_reverse_order_is_read_as_well(void **state)
{
    (void)state;
    struct history *h;
    fresh(&h);
    for (int i = 40000; i-- > 0;) {
        char line[128];
        int n = snprintf(line, sizeof line, "{\"timestamp\":%d,\"validator_score\":0.5}\n", 1780000000 + i);
        history_feed(h, (struct bytes){line, (size_t)n});
    }
    const struct record *r = history_records(h);
    assert_int_equal(history_record_count(h), 40000);
    for (size_t i = 0; i < 40000; i++)
        assert_int_equal(r[i].t_ms, (INT64_C(1780000000) + (int64_t)i) * 1000);
    history_free(h);
}

static void tokens_subnets_and_tao_are_read_with_care(void **state)
{
    (void)state;
    static const struct {
        const char *fields;
        int64_t tokens;
        int32_t subnet;
        double tao;
    } rows[] = {
        {"\"tokens_spent\":500,\"subnet_id\":1,\"tao_earned\":0.25", 500, 1, 0.25},
        {"\"tokens_spent\":9223372036854775807,\"subnet_id\":65535,\"tao_earned\":0", INT64_MAX, 65535, 0},
        {"\"tokens_spent\":99999999999999999999,\"subnet_id\":65536,\"tao_earned\":NaN", 0, -1, NAN},
        {"\"tokens_spent\":-5,\"subnet_id\":-1,\"tao_earned\":\"1\"", 0, -1, NAN},
        {"\"tokens_spent\":500.9,\"subnet_id\":1.5,\"tao_earned\":1e999", 500, -1, NAN},
        {"\"tokens_spent\":\"500\",\"subnet_id\":2.0,\"tao_earned\":-1", 0, 2, -1},
        {"\"tokens_spent\":1,\"tokens_spent\":2", 2, -1, NAN},
        {"\"tokens\\u005fspent\":7,\"x\":{\"tokens_spent\":9,\"y\":[{}]}", 7, -1, NAN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct history *h;
        char line[256];
        fresh(&h);
        snprintf(line, sizeof line, "{\"timestamp\":1795300000,%s}\n", rows[i].fields);
        feed(h, line);
        assert_int_equal(history_record_count(h), 1);
        const struct record *r = history_records(h);
        assert_true(r->tokens == rows[i].tokens);
        assert_int_equal(r->subnet, rows[i].subnet);
        assert_true(isnan(rows[i].tao) ? isnan(r->tao) : r->tao == rows[i].tao);
        history_free(h);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_break_drops_the_torn_tail_and_keeps_the_rest),
        cmocka_unit_test(a_file_in_reverse_order_is_read_as_well),
        cmocka_unit_test(a_hole_of_nul_bytes_costs_nothing),
        cmocka_unit_test(a_line_is_future_only_while_it_is),
        cmocka_unit_test(a_line_over_one_mebibyte_is_skipped_to_its_end),
        cmocka_unit_test(a_pending_line_never_replaces_a_scored_one),
        cmocka_unit_test(a_rescore_replaces_the_earlier_line),
        cmocka_unit_test(a_torn_tail_waits_for_its_newline),
        cmocka_unit_test(an_executed_task_awaits_its_score_before_or_behind_it),
        cmocka_unit_test(classes_follow_their_precedence),
        cmocka_unit_test(every_line_of_the_bad_file_has_one_class),
        cmocka_unit_test(names_are_safe_and_what_looks_the_same_is_one),
        cmocka_unit_test(nameless_tasks_and_self_tests_never_join),
        cmocka_unit_test(old_records_are_forgotten_but_never_the_last_fortnight),
        cmocka_unit_test(only_the_last_sixteen_notes_stay),
        cmocka_unit_test(records_come_by_time_and_ties_by_line),
        cmocka_unit_test(the_same_bytes_in_any_blocks_give_the_same),
        cmocka_unit_test(tokens_subnets_and_tao_are_read_with_care),
        cmocka_unit_test(too_many_names_become_other),
        cmocka_unit_test(ids_of_records_to_come_are_not_forgotten),
        cmocka_unit_test(wrong_clocks_do_not_push_the_fortnight_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
