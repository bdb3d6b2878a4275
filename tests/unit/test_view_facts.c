/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include "sample_model.h"

static struct arena a, memory[3];

static int clean(void **state)
{
    (void)state;
    arena_release(&a);
    for (int i = 0; i < 3; i++)
        arena_release(&memory[i]);
    return 0;
}

static const struct fact *fact(const struct fact_list *l, const char *key)
{
    for (size_t i = 0; i < l->count; i++)
        if (strcmp(l->fact[i].key, key) == 0)
            return &l->fact[i];
    return NULL;
}

static const char *text(const struct fact_list *l, const char *key)
{
    const struct fact *f = fact(l, key);
    if (!f)
        fail_msg("no fact %s", key);
    return f->text;
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in: %s", part, text);
}

/* ---- model -> facts ---- */

static void a_rig_is_told_in_words(void **state)
{
    (void)state;
    struct fact_list l = facts_of(&a, sample_well(&a));
    assert_string_equal(l.fact[0].key, "alerts");
    assert_string_equal(l.fact[0].text, "none");
    assert_string_equal(text(&l, "daemon"), "UP, process 25217, for 3 days");
    has(text(&l, "stage"), "3 of 7, Vector Database, running for elonmusk; Indexing 50 posts");
    has(text(&l, "score"), " over 24 hours, success ");
    has(text(&l, "auction window"), " of 6 ends in ");
    assert_string_equal(text(&l, "files"), "12 of 12 read");
    for (size_t i = 0; i < l.count; i++)
        for (const char *c = fact_line(&a, &l.fact[i]); *c; c++)
            assert_true((unsigned char)*c >= ' ' && (unsigned char)*c < 0x7f); /* of our own words */
}

static void what_was_never_read_is_told_as_not_known(void **state)
{
    (void)state;
    struct fact_list l = facts_of(&a, sample_empty(&a));
    assert_string_equal(text(&l, "alerts"), "not known, no file was read yet");
    has(text(&l, "daemon"), "not seen yet");
    has(text(&l, "files"), "none of the rig's files");
    assert_null(fact(&l, "score"));
    assert_null(fact(&l, "stage"));
}

static void alerts_come_first_and_say_what_to_do(void **state)
{
    (void)state;
    const struct model *m = sample_trouble(&a);
    struct fact_list l = facts_of(&a, m), list = {.arena = &a};
    has(l.fact[0].text, " critical, ");
    for (size_t i = 0; i < m->alert_count; i++)
        has(l.fact[1 + i].key, m->alert[i].rule);
    assert_string_equal(fact_line(&a, &l.fact[1]),
                        "alert, critical: The miner's daemon is down; to do: tail -n 50 logs/miner.log");
    for (size_t i = 0; i < m->alert_count; i++)
        assert_true(l.fact[1 + i].minor == (m->alert[i].severity == SEVERITY_INFO));
    facts_alerts(&a, m, &list);
    assert_string_equal(fact_line(&a, &list.fact[0]), "1, critical: The miner's daemon is down");
    has(fact_line(&a, &list.fact[1]), "  why: Process 25217");
    assert_string_equal(fact_line(&a, &list.fact[3]), "  to do: ./scripts/start-miner.sh");
}

static void a_budget_tells_percent_state_and_how_long_it_lasts(void **state)
{
    (void)state;
    struct model *m = sample_well(&a);
    static const struct budget row = {.api = "claude",
                                      .display = "Claude",
                                      .allowance = 1000,
                                      .used = 819,
                                      .used_pct = 81.9,
                                      .state = BUDGET_WARNING,
                                      .days_left = 1.5,
                                      .daily_limit = NOT_KNOWN};
    m->budgets = &(struct budgets){.known = true, .row = &row, .count = 1};
    struct fact_list l = facts_of(&a, m);
    assert_string_equal(text(&l, "budget Claude"), "82 % used, warning, lasts 36 hours");
}

/* A model whose window ends in ms. */
static struct model *closing(int64_t ms)
{
    struct model *m = sample_well(&a);
    struct auction *x = arena_alloc(&a, sizeof *x);
    *x = *m->auction;
    x->window_end_ms = m->now_ms + ms;
    m->auction = x;
    return m;
}

static void a_countdown_is_news_at_ten_five_and_one_minutes_only(void **state)
{
    (void)state;
    const char *before = "";
    int news = 0;
    for (int64_t s = 12 * 60; s > 0; s--) {
        struct fact_list l = facts_of(&a, closing(s * 1000));
        news += strcmp(before, fact(&l, "auction window")->step) != 0;
        before = fact(&l, "auction window")->step;
    }
    assert_int_equal(news, 4); /* the first look, and three marks */
    struct fact_list l = facts_of(&a, closing(5 * 60000));
    has(text(&l, "auction window"), "ends in 5 minutes");
    assert_true(l.next_ms == SAMPLE_NOW + 4 * 60000); /* and not each second */
    l = facts_of(&a, closing(9 * MINUTE_MS + 5 * SECOND_MS));
    has(text(&l, "auction window"), "ends in 9 minutes 5 seconds");
}

static void more_alerts_than_anybody_listens_to_are_counted(void **state)
{
    (void)state;
    struct model *m = sample_well(&a);
    struct alert *x = arena_array(&a, 5000, sizeof *x);
    for (int i = 0; i < 5000; i++)
        x[i] = (struct alert){.rule = "r",
                              .subject = arena_text(&a, "%d", i),
                              .severity = SEVERITY_WARNING,
                              .state = "firing",
                              .what = "w",
                              .why = "y"};
    m->alert = x;
    m->alert_count = 5000;
    struct fact_list l = facts_of(&a, m);
    assert_true(l.count < 100);
    assert_string_equal(text(&l, "more alerts"), "4936");
}

/* ---- facts -> lines ---- */

static struct fact_list list_of(const struct fact *f, size_t count)
{
    struct fact_list l = {.arena = &a, .next_ms = INT64_MAX};
    for (size_t i = 0; i < count; i++)
        facts_add(&l, f[i]);
    return l;
}

static struct fact_list one(const char *value)
{
    return list_of(&(struct fact){.key = "budget Claude", .text = value, .step = value}, 1);
}

static void only_what_changed_is_told_and_only_once(void **state)
{
    (void)state;
    struct fact_list now = one("80 % used"), told = facts_told(&memory[0], &now);
    assert_int_equal(facts_tell(&memory[1], &told, &now, 1000).count, 0);
    now = one("81 % used, warning");
    struct fact_list lines = facts_tell(&memory[0], &told, &now, 2000);
    assert_int_equal(lines.count, 1);
    assert_string_equal(lines.fact[0].text, "budget Claude: 81 % used, warning");
    assert_int_equal(facts_tell(&memory[1], &told, &now, 3000).count, 0);
}

static void a_text_that_ticks_is_no_news_while_its_step_stays(void **state)
{
    (void)state;
    struct fact_list now = list_of(&(struct fact){.key = "k", .text = "1 second", .step = "x"}, 1);
    struct fact_list told = facts_told(&memory[0], &now);
    now = list_of(&(struct fact){.key = "k", .text = "2 seconds", .step = "x"}, 1);
    assert_int_equal(facts_tell(&memory[1], &told, &now, 1000).count, 0);
}

static void a_fact_that_changes_all_the_time_is_told_every_ten_seconds_with_its_newest_value(void **state)
{
    (void)state;
    struct fact_list now = one("0"), told = facts_told(&memory[0], &now);
    int count = 0;
    for (int second = 1; second <= 60; second++) {
        now = one(arena_text(&a, "%d", second));
        struct fact_list lines = facts_tell(&memory[second % 2 + 1], &told, &now, second * 1000);
        count += (int)lines.count;
        if (lines.count > 0)
            assert_string_equal(lines.fact[0].text, arena_text(&a, "budget Claude: %d", second));
        arena_reset(&memory[(second + 1) % 2 + 1]);
    }
    assert_int_equal(count, 6);
}

static void what_waits_says_until_when_and_is_told_then(void **state)
{
    (void)state;
    struct fact_list now = one("1"), told = facts_told(&memory[0], &now);
    now = one("2");
    assert_int_equal(facts_tell(&memory[1], &told, &now, 1000).count, 1);
    assert_true(told.next_ms == INT64_MAX);
    now = one("3");
    assert_int_equal(facts_tell(&memory[2], &told, &now, 4000).count, 0);
    assert_true(told.next_ms == 1000 + FACTS_QUIET_MS);
    assert_int_equal(facts_tell(&memory[0], &told, &now, 1000 + FACTS_QUIET_MS).count, 1);
    now = one("4");
    assert_int_equal(facts_tell(&memory[1], &told, &now, 500).count, 1); /* a clock that was set back silences nobody */
}

static void alerts_do_not_wait_and_their_end_is_told(void **state)
{
    (void)state;
    struct fact_list none = list_of(NULL, 0), told = facts_told(&memory[0], &none), lines;
    for (int i = 0; i < 3; i++) {
        struct fact x = {.key = "alert x",
                         .lead = "alert, critical",
                         .text = "the daemon is down",
                         .step = arena_text(&a, "%d", i),
                         .over = "alert over: the daemon is down",
                         .urgent = true};
        struct fact_list now = list_of(&x, 1);
        lines = facts_tell(&memory[(i + 1) % 3], &told, &now, 1000 + i);
        assert_int_equal(lines.count, 1);
        assert_string_equal(lines.fact[0].text, "alert, critical: the daemon is down");
    }
    lines = facts_tell(&memory[1], &told, &none, 2000);
    assert_int_equal(lines.count, 1);
    assert_string_equal(lines.fact[0].text, "alert over: the daemon is down");
    assert_int_equal(facts_tell(&memory[2], &told, &none, 3000).count, 0);
}

static void a_flood_of_changes_is_cut_and_counted(void **state)
{
    (void)state;
    struct fact_list now = list_of(NULL, 0), told = facts_told(&memory[0], &now);
    for (int i = 0; i < 100; i++)
        facts_add(&now, (struct fact){.key = arena_text(&a, "k%d", i), .text = "t", .step = "s"});
    struct fact_list lines = facts_tell(&memory[1], &told, &now, 1000);
    assert_int_equal(lines.count, FACTS_LINES);
    has(lines.fact[FACTS_LINES - 1].text, "and 89 more changes");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_rig_is_told_in_words, clean),
        cmocka_unit_test_teardown(what_was_never_read_is_told_as_not_known, clean),
        cmocka_unit_test_teardown(alerts_come_first_and_say_what_to_do, clean),
        cmocka_unit_test_teardown(a_budget_tells_percent_state_and_how_long_it_lasts, clean),
        cmocka_unit_test_teardown(a_countdown_is_news_at_ten_five_and_one_minutes_only, clean),
        cmocka_unit_test_teardown(more_alerts_than_anybody_listens_to_are_counted, clean),
        cmocka_unit_test_teardown(only_what_changed_is_told_and_only_once, clean),
        cmocka_unit_test_teardown(a_text_that_ticks_is_no_news_while_its_step_stays, clean),
        cmocka_unit_test_teardown(a_fact_that_changes_all_the_time_is_told_every_ten_seconds_with_its_newest_value,
                                  clean),
        cmocka_unit_test_teardown(what_waits_says_until_when_and_is_told_then, clean),
        cmocka_unit_test_teardown(alerts_do_not_wait_and_their_end_is_told, clean),
        cmocka_unit_test_teardown(a_flood_of_changes_is_cut_and_counted, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
