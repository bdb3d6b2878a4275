/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/timetext.h"
#include "model/model.h"

static struct arena arena;
static const int64_t now = INT64_C(1795322856000);

static int tidy(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct model *built(const struct docs *docs, const struct origin *origin)
{
    struct model_in in = {
        .now_ms = now, .rig_name = "rig", .rig_dir = "/rig", .host = "host", .docs = docs, .origin = origin};
    return model_build(&arena, &in);
}

static void an_empty_rig_has_every_part_and_knows_nothing(void **state)
{
    (void)state;
    struct docs docs = {0};
    struct origin origin[DOC_COUNT];
    for (size_t i = 0; i < DOC_COUNT; i++)
        origin[i] = (struct origin){.state = ORIGIN_MISSING, .read_ms = NOT_KNOWN, .mtime_ms = NOT_KNOWN};
    const struct model *m = built(&docs, origin);
    assert_non_null(m->settings);
    assert_int_equal(m->daemon->state, DAEMON_NEVER);
    assert_false(m->log->known || m->stages->known || m->scores->known || m->budgets->known);
    assert_false(m->auction->known || m->heartbeat->known);
    assert_int_equal(m->now_ms, now);
    assert_string_equal(m->rig_name, "rig");
    assert_int_equal(m->origin[DOC_LOG].state, ORIGIN_MISSING);
    assert_int_equal(model_data_age_ms(m), NOT_KNOWN);
    assert_int_equal(model_worst(m), SEVERITY_OK);
}

static void the_rigs_own_settings_are_used(void **state)
{
    (void)state;
    struct settings mine = *settings_default();
    mine.netuid = 5;
    struct docs docs = {.settings = &mine};
    struct origin origin[DOC_COUNT] = {0};
    const struct model *m = built(&docs, origin);
    assert_ptr_equal(m->settings, &mine);
    assert_int_equal(m->auction->netuid, 5);
}

static void the_file_written_last_gives_the_age_of_the_data(void **state)
{
    (void)state;
    struct docs docs = {0};
    struct origin origin[DOC_COUNT];
    for (size_t i = 0; i < DOC_COUNT; i++)
        origin[i] = (struct origin){.read_ms = NOT_KNOWN, .mtime_ms = NOT_KNOWN};
    origin[DOC_HISTORY] = (struct origin){.read_ms = now - 1000, .mtime_ms = now - 9000};
    origin[DOC_STATE] = (struct origin){.read_ms = now - 2000, .mtime_ms = now - 4000};
    origin[DOC_SETTINGS] = (struct origin){.read_ms = now, .mtime_ms = now};
    assert_int_equal(model_data_age_ms(built(&docs, origin)), 4000);
    origin[DOC_STATE].mtime_ms = now + 4000;
    assert_int_equal(model_data_age_ms(built(&docs, origin)), 0);
}

static void alerts_are_counted_by_severity(void **state)
{
    (void)state;
    const struct alert alerts[] = {
        {.severity = SEVERITY_CRITICAL}, {.severity = SEVERITY_WARNING}, {.severity = SEVERITY_WARNING}};
    struct model m = {.alert = alerts, .alert_count = 3};
    assert_int_equal(model_worst(&m), SEVERITY_CRITICAL);
    assert_int_equal(model_count(&m, SEVERITY_WARNING), 2);
    assert_int_equal(model_count(&m, SEVERITY_INFO), 0);
    m.alert_count = 0;
    assert_int_equal(model_worst(&m), SEVERITY_OK);
    assert_string_equal(severity_name(SEVERITY_CRITICAL), "critical");
    assert_string_equal(severity_mark(SEVERITY_WARNING), "WARN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(an_empty_rig_has_every_part_and_knows_nothing, tidy),
        cmocka_unit_test_teardown(the_rigs_own_settings_are_used, tidy),
        cmocka_unit_test_teardown(the_file_written_last_gives_the_age_of_the_data, tidy),
        cmocka_unit_test_teardown(alerts_are_counted_by_severity, tidy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
