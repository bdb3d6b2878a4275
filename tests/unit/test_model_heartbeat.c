/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "base/timetext.h"
#include "model/heartbeat.h"

static struct arena arena;
static struct err error;
static const struct settings settings = {.heartbeat_due_s = 7200, .heartbeat_overdue_s = 15000};

static int tidy(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const struct hbstate_doc *state_of(const char *text)
{
    struct decode_in in = {.bytes = bytes_of(text), .name = "heartbeat-state.json"};
    error.text[0] = 0;
    return hbstate_decode(&arena, &in, &error);
}

static const struct hbstate_doc *fixture(const char *name)
{
    struct bytes text;
    struct file_stat st;
    assert_true(
        file_read(&arena, arena_text(&arena, FIXTURES "/heartbeat_state_%s.json", name), 1 << 20, &text, &st, &error));
    return state_of(text.at);
}

static const struct heartbeat *at(const struct hbstate_doc *doc, int64_t now_ms)
{
    struct docs docs = {.hbstate_doc = doc};
    return heartbeat_at(&arena, &docs, &settings, now_ms);
}

static const struct hb_line *check(const struct heartbeat *h, const char *name)
{
    for (size_t i = 0; i < h->check_count; i++)
        if (strcmp(h->check[i].name, name) == 0)
            return &h->check[i];
    fail_msg("no check %s", name);
    return NULL;
}

static void seconds_and_the_float_of_jq_are_times(void **state)
{
    (void)state;
    const struct hbstate_doc *a = fixture("acousland"), *j = fixture("jqnow");
    assert_int_equal(a->check_count, 2);
    assert_string_equal(a->check[0].name, "weather");
    assert_int_equal(a->check[0].at_ms, INT64_C(1770689880000));
    assert_int_equal(a->check[1].at_ms, INT64_C(1770589380000));
    assert_int_equal(j->check_count, 2);
    assert_string_equal(j->check[1].name, "lastBittensorCheck");
    assert_int_equal(j->check[1].at_ms, INT64_C(1795322975704));
}

static void iso_times_are_exact_and_naive_ones_are_utc(void **state)
{
    (void)state;
    assert_int_equal(fixture("iso")->check[0].at_ms, INT64_C(1780495200000));
    assert_int_equal(state_of("{\"lastChecks\":{\"x\":\"2026-06-03T14:00:00\"}}")->check[0].at_ms,
                     INT64_C(1780495200000));
    assert_int_equal(state_of("{\"lastCheck\":\"2026-06-03T14:00:00+02:00\"}")->check[0].at_ms, INT64_C(1780488000000));
}

static void milliseconds_are_read_and_marked(void **state)
{
    (void)state;
    const struct hbstate_doc *d = fixture("ms");
    assert_true(d->check[0].milliseconds);
    assert_int_equal(d->check[0].at_ms, INT64_C(1703275200000));
    assert_false(fixture("acousland")->check[0].milliseconds);
}

static void prose_is_a_note_and_no_time(void **state)
{
    (void)state;
    const struct heartbeat *prose = at(fixture("prose"), INT64_C(1790835200000)), *cjk = at(fixture("cjk"), 1);
    assert_int_equal(check(prose, "dailyHealth")->state, DUE_RAN); /* nobody says how often */
    assert_int_equal(check(prose, "dailyHealth")->age_ms, 20000);
    assert_int_equal(check(prose, "dailyHealthNote")->state, DUE_NOTE);
    assert_string_equal(check(prose, "dailyHealthNote")->note, "RAM 1.4G avail; disk 53%");
    assert_string_equal(check(cjk, "what-to-mine")->note, "第1轮检查");
    assert_int_equal(cjk->check_count, 1);
    assert_int_equal(cjk->due_count, 0);
}

static void an_empty_file_is_told_apart_from_one_without_checks(void **state)
{
    (void)state;
    assert_true(fixture("empty")->empty);
    assert_true(at(fixture("empty"), 1)->empty_file);
    const struct hbstate_doc *d = fixture("nolast");
    assert_false(d->empty);
    assert_true(d->no_last_checks);
    assert_int_equal(d->check_count, 0);
    assert_true(at(d, 1)->known);
    assert_int_equal(at(d, 1)->next_due_ms, NOT_KNOWN);
    assert_false(at(NULL, 1)->known);
}

static void the_pattern_of_openclaw_is_judged_by_its_intervals(void **state)
{
    (void)state;
    const struct hbstate_doc *d = fixture("seed002");
    const struct heartbeat *h = at(d, INT64_C(1703276400000)); /* token_balance 1200 s, bot_monitor 600 s old */
    assert_int_equal(check(h, "token_balance")->state, DUE_OK);
    assert_int_equal(check(h, "bot_monitor")->state, DUE_OK);
    assert_int_equal(check(h, "security_scan")->state, DUE_NEVER);
    assert_int_equal(h->due_count, 0);
    assert_int_equal(h->next_due_ms, INT64_C(1703276400000));
    assert_int_equal(h->last_ms, INT64_C(1703275800000));
    h = at(d, INT64_C(1703276401000));
    assert_int_equal(check(h, "bot_monitor")->state, DUE_DUE);
    assert_int_equal(h->due_count, 1);
    assert_int_equal(h->overdue_count, 0);
    h = at(d, INT64_C(1703278801000)); /* 3601 s, 3001 s */
    assert_int_equal(check(h, "token_balance")->state, DUE_OVERDUE);
    assert_int_equal(check(h, "bot_monitor")->state, DUE_OVERDUE);
    assert_int_equal(h->due_count, 2);
    assert_int_equal(h->overdue_count, 2);
    assert_int_equal(h->threshold_count, 3);
    assert_string_equal(h->threshold[2].name, "bot_downtime_minutes");
    assert_true(h->threshold[2].value == 15);
}

static void the_bittensor_check_follows_the_settings(void **state)
{
    (void)state;
    const struct hbstate_doc *d = state_of("{\"lastChecks\":{},\"lastBittensorCheck\":1795000000}");
    const int64_t last = INT64_C(1795000000000);
    assert_int_equal(at(d, last + 7200000)->check[0].state, DUE_OK);
    assert_int_equal(at(d, last + 7200001)->check[0].state, DUE_DUE);
    assert_int_equal(at(d, last + 15000000)->check[0].state, DUE_DUE);
    assert_int_equal(at(d, last + 15000001)->check[0].state, DUE_OVERDUE);
    assert_int_equal(at(d, last)->next_due_ms, last + 7200000);
}

static void a_time_in_the_future_is_due_and_never_fresh(void **state)
{
    (void)state;
    const struct hbstate_doc *d = state_of("{\"lastChecks\":{\"token_balance\":1795000061,\"x\":1795000059}}");
    const struct heartbeat *h = at(d, INT64_C(1795000000000));
    assert_int_equal(h->check[0].state, DUE_FUTURE);
    assert_int_equal(h->check[1].state, DUE_RAN);
    assert_int_equal(h->check[1].age_ms, 0);
    assert_int_equal(h->due_count, 1);
    assert_int_equal(h->last_ms, INT64_C(1795000059000));
    assert_string_equal(due_state_name(DUE_FUTURE), "future");
}

static void never_is_due_only_where_an_interval_is_known(void **state)
{
    (void)state;
    const struct heartbeat *h =
        at(state_of("{\"lastChecks\":{\"token_balance\":null,\"other\":null,\"zero\":0}}"), 5000);
    assert_int_equal(h->check[0].state, DUE_NEVER);
    assert_int_equal(h->check[2].state, DUE_NEVER);
    assert_int_equal(h->due_count, 1);
    assert_int_equal(h->next_due_ms, 5000);
}

static void odd_values_get_a_verdict_of_their_own(void **state)
{
    (void)state;
    const struct hbstate_doc *d =
        state_of("{\"lastChecks\":{\"a\":-5,\"b\":true,\"c\":{\"x\":1},\"d\":[1],\"e\":1e300,\"f\":NaN}}");
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(d->check[i].value, CHECK_NOTE);
        assert_non_null(d->check[i].note);
    }
    assert_int_equal(d->check[5].value, CHECK_NEVER);
    assert_true(state_of("{\"lastChecks\":[1,2]}")->no_last_checks);
    assert_null(state_of("[]"));
    assert_null(state_of("{\"lastChecks\":"));
    assert_non_null(strstr(error.text, "heartbeat-state.json"));
}

/* ---- HEARTBEAT.md ------------------------------------------------------------------------------------------------- */

static const struct checklist_doc *list_of(const char *text)
{
    struct decode_in in = {.bytes = bytes_of(text), .name = "HEARTBEAT.md"};
    return checklist_decode(&arena, &in, &error);
}

static void a_checklist_is_its_bullets_under_their_headers(void **state)
{
    (void)state;
    const struct checklist_doc *d =
        list_of("\xef\xbb\xbf# Tasks\r\n- [ ] check scores\r\n* [x] old one\n\n## Alerts Trigger\n"
                "Report if:\n + budget > 80%\n```\n- not this\n# nor this\n```\n#TODO\n-no bullet\n- last");
    assert_int_equal(d->count, 4);
    assert_string_equal(d->item[0].section, "Tasks");
    assert_string_equal(d->item[0].text, "check scores");
    assert_false(d->item[0].done);
    assert_string_equal(d->item[1].text, "old one");
    assert_true(d->item[1].done);
    assert_string_equal(d->item[2].section, "Alerts Trigger");
    assert_string_equal(d->item[2].text, "budget > 80%");
    assert_string_equal(d->item[3].text, "last");
    assert_false(d->effectively_empty);
}

static void a_checklist_without_content_is_effectively_empty(void **state)
{
    (void)state;
    static const char *const empty[] = {"", "\n\n", "# Title\n", "##\n", "- \n* [ ]\n+ [x]\n-[]\n", "  # A\n   -\n"};
    static const char *const full[] = {"#TODO\n", "text", "- a", "```\n```\n", "- [ ] x\n", "--"};
    for (size_t i = 0; i < sizeof empty / sizeof empty[0]; i++)
        assert_true(list_of(empty[i])->effectively_empty);
    for (size_t i = 0; i < sizeof full / sizeof full[0]; i++)
        assert_false(list_of(full[i])->effectively_empty);
}

static void a_link_with_a_short_name_is_no_box(void **state)
{
    (void)state;
    const struct checklist_doc *d = list_of("- [x](http://a)\n- [](u)\n- [x] done\n- [x]glued\n- [ ] open\n");
    assert_int_equal(d->count, 5);
    assert_string_equal(d->item[0].text, "[x](http://a)");
    assert_false(d->item[0].done);
    assert_string_equal(d->item[1].text, "[](u)");
    assert_true(d->item[2].done);
    assert_string_equal(d->item[3].text, "[x]glued");
    assert_false(d->item[3].done);
    assert_string_equal(d->item[4].text, "open");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(seconds_and_the_float_of_jq_are_times, tidy),
        cmocka_unit_test_teardown(iso_times_are_exact_and_naive_ones_are_utc, tidy),
        cmocka_unit_test_teardown(milliseconds_are_read_and_marked, tidy),
        cmocka_unit_test_teardown(prose_is_a_note_and_no_time, tidy),
        cmocka_unit_test_teardown(an_empty_file_is_told_apart_from_one_without_checks, tidy),
        cmocka_unit_test_teardown(the_pattern_of_openclaw_is_judged_by_its_intervals, tidy),
        cmocka_unit_test_teardown(the_bittensor_check_follows_the_settings, tidy),
        cmocka_unit_test_teardown(a_time_in_the_future_is_due_and_never_fresh, tidy),
        cmocka_unit_test_teardown(never_is_due_only_where_an_interval_is_known, tidy),
        cmocka_unit_test_teardown(odd_values_get_a_verdict_of_their_own, tidy),
        cmocka_unit_test_teardown(a_checklist_is_its_bullets_under_their_headers, tidy),
        cmocka_unit_test_teardown(a_checklist_without_content_is_effectively_empty, tidy),
        cmocka_unit_test_teardown(a_link_with_a_short_name_is_no_box, tidy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
