/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule_rig.h"

#include "rule/remember.h"

static struct arena arena;

static struct incident incident(const char *rule, enum incident_state state, enum severity s)
{
    return (struct incident){.rule = rule,
                             .subject = "",
                             .state = state,
                             .severity = s,
                             .number = 7,
                             .since_ms = NOW - HOUR,
                             .what = "as it was",
                             .value_text = "",
                             .limit_text = ""};
}

static struct alert finding(const char *rule, enum severity s, const char *state)
{
    return (struct alert){.rule = rule,
                          .subject = "",
                          .severity = s,
                          .state = state,
                          .since_ms = NOW - MINUTE,
                          .what = "seen",
                          .why = ""};
}

static struct model joined(const struct alert *seen, size_t count, const struct incident *row, size_t rows)
{
    struct model m = {.now_ms = NOW, .alert = seen, .alert_count = count};
    struct incidents *s = arena_alloc(&arena, sizeof *s);
    *s = incidents_none;
    s->row = row;
    s->count = rows;
    alerts_remember(&arena, &m, s);
    return m;
}

static void what_fires_without_being_seen_is_in_the_list(void **state)
{
    (void)state;
    struct incident row[] = {incident("budget_high", INCIDENT_FIRING, SEVERITY_CRITICAL),
                             incident("ipc_error", INCIDENT_RECOVERING, SEVERITY_WARNING),
                             incident("score_avg", INCIDENT_PENDING, SEVERITY_WARNING)};
    row[0].unknown = true;
    struct model m = joined(NULL, 0, row, 3);
    assert_int_equal(m.alert_count, 2);
    assert_string_equal(m.alert[0].rule, "budget_high");
    assert_string_equal(m.alert[0].state, "firing");
    assert_string_equal(m.alert[0].what, "as it was");
    assert_string_equal(m.alert[1].state, "recovering");
}

static void the_engine_knows_since_when_and_how_bad(void **state)
{
    (void)state;
    struct incident row[] = {incident("budget_high", INCIDENT_FIRING, SEVERITY_CRITICAL)};
    struct alert seen[] = {finding("budget_high", SEVERITY_WARNING, "firing")};
    struct model m = joined(seen, 1, row, 1);
    assert_int_equal(m.alert_count, 1);
    assert_int_equal(m.alert[0].severity, SEVERITY_CRITICAL);
    assert_int_equal(m.alert[0].since_ms, NOW - HOUR);
    assert_string_equal(m.alert[0].what, "seen");
    assert_int_equal(m.alert[0].incident->number, 7);
}

static void a_cause_takes_what_follows_out_and_says_so(void **state)
{
    (void)state;
    struct incident row[] = {incident("daemon_down", INCIDENT_FIRING, SEVERITY_CRITICAL),
                             incident("ipc_error", INCIDENT_FIRING, SEVERITY_WARNING)};
    row[1].hidden = true;
    struct alert seen[] = {finding("daemon_down", SEVERITY_CRITICAL, "firing"),
                           finding("ipc_error", SEVERITY_WARNING, "firing")};
    struct model m = joined(seen, 2, row, 2);
    assert_int_equal(m.alert_count, 1);
    assert_non_null(strstr(m.alert[0].why, "hides 1 that follows from it: ipc_error"));
}

static void who_cannot_tell_is_unknown_unless_worse_was_seen(void **state)
{
    (void)state;
    struct incident row[] = {incident("daemon_down", INCIDENT_FIRING, SEVERITY_WARNING)};
    struct alert seen[] = {finding("daemon_down", SEVERITY_WARNING, "unknown")};
    struct model m = joined(seen, 1, row, 1);
    assert_string_equal(m.alert[0].state, "unknown");
    row[0].severity = SEVERITY_CRITICAL;
    m = joined(seen, 1, row, 1);
    assert_string_equal(m.alert[0].state, "firing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_fires_without_being_seen_is_in_the_list),
        cmocka_unit_test(the_engine_knows_since_when_and_how_bad),
        cmocka_unit_test(a_cause_takes_what_follows_out_and_says_so),
        cmocka_unit_test(who_cannot_tell_is_unknown_unless_worse_was_seen),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}
