/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/timetext.h"
#include "model/daemon.h"
#include "model/modules.h"

static struct arena arena;
static struct err err;

static int tidy(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const struct run_doc *decode(const char *text)
{
    struct decode_in in = {.bytes = bytes_of(text), .name = "run.json", .mtime_ms = 5};
    return run_decode(&arena, &in, &err);
}

/* As davy-run writes it. */
static const char written[] =
    "{\"version\": 1, \"pid\": 900, \"mode\": \"direct\", \"updated_at_ms\": 50000, \"modules\": {"
    "\"z\": {\"state\": \"running\", \"pid\": 901, \"born_ticks\": 7, \"since_ms\": 40000, \"restarts\": 1, "
    "\"last_exit\": \"exit status 3\", \"next_ms\": null, \"log\": \"/r/logs/z.log\"},"
    "\"a\": {\"state\": \"crash loop\", \"pid\": null, \"born_ticks\": 0, \"since_ms\": 45000, \"restarts\": 2, "
    "\"last_exit\": null, \"next_ms\": 90000, \"log\": \"/r/logs/a.log\"}}}";

static const struct modules *at(const struct run_doc *doc, enum origin_state state, const struct process *run)
{
    static struct origin origin[DOC_COUNT];
    struct process_doc *p = arena_alloc(&arena, sizeof *p);
    struct docs docs = {.run_doc = doc, .process_doc = run ? p : NULL};
    p->proc_readable = true;
    if (run)
        p->by_run = *run;
    origin[DOC_RUN].state = state;
    return modules_at(&arena, &docs, origin, 60000);
}

static void what_davy_run_wrote_is_read(void **state)
{
    (void)state;
    struct process up = {.pid = 900, .state = PROBE_ALIVE, .is_daemon = true};
    const struct modules *m = at(decode(written), ORIGIN_OK, &up);
    assert_true(m->known);
    assert_int_equal(m->supervisor, SUPERVISOR_UP);
    assert_string_equal(m->mode, "direct");
    assert_int_equal(m->count, 2);
    assert_string_equal(m->one[1].name, "a");
    assert_int_equal(m->one[1].life, MODULE_LOOPS);
    assert_int_equal(m->one[1].pid, NOT_KNOWN);
    assert_int_equal(m->one[1].uptime_ms, NOT_KNOWN);
    assert_int_equal(m->one[1].next_ms, 90000);
    assert_null(m->one[1].last_exit);
    assert_string_equal(m->one[0].name, "z"); /* in the order of the file */
    assert_int_equal(m->one[0].life, MODULE_UP);
    assert_int_equal(m->one[0].uptime_ms, 20000);
    assert_int_equal(m->one[0].restarts, 1);
    assert_string_equal(m->one[0].last_exit, "exit status 3");
}

static void a_davy_run_whose_process_is_another_one_is_gone(void **state)
{
    (void)state;
    const struct run_doc *doc = decode(written);
    struct process gone = {.pid = 900, .state = PROBE_GONE}, other = {.pid = 900, .state = PROBE_ALIVE},
                   zombie = {.pid = 900, .state = PROBE_ZOMBIE, .is_daemon = true},
                   hidden = {.pid = 900, .state = PROBE_HIDDEN}, old = {.pid = 899, .state = PROBE_GONE};
    assert_int_equal(at(doc, ORIGIN_OK, &gone)->supervisor, SUPERVISOR_GONE);
    assert_int_equal(at(doc, ORIGIN_OK, &gone)->one[1].uptime_ms, NOT_KNOWN);
    assert_int_equal(at(doc, ORIGIN_OK, &other)->supervisor, SUPERVISOR_GONE);
    assert_int_equal(at(doc, ORIGIN_OK, &zombie)->supervisor, SUPERVISOR_GONE);
    assert_int_equal(at(doc, ORIGIN_OK, &hidden)->supervisor, SUPERVISOR_UNKNOWN);
    assert_int_equal(at(doc, ORIGIN_OK, &old)->supervisor, SUPERVISOR_UNKNOWN);
    assert_int_equal(at(doc, ORIGIN_OK, NULL)->supervisor, SUPERVISOR_UNKNOWN);
}

static void one_that_ended_as_told_has_nothing_to_show(void **state)
{
    (void)state;
    assert_false(at(decode("{\"pid\": 900, \"modules\": {}}"), ORIGIN_OK, NULL)->known);
    assert_false(at(decode(written), ORIGIN_MISSING, NULL)->known);
    assert_false(at(NULL, ORIGIN_MISSING, NULL)->known);
}

static void what_no_davy_run_wrote_is_refused_or_not_known(void **state)
{
    (void)state;
    assert_null(decode("{\"pid\": 5}"));
    assert_string_equal(err.text, "run.json is not the state of a davy-run: it has no \"modules\"");
    assert_null(decode("{\"modules\": 7"));
    const struct run_doc *doc =
        decode("{\"modules\": {\"\\u001b[31mx\": 3, \"y\": {\"state\": 5, \"pid\": -1, \"restarts\": -2}}}");
    assert_int_equal(doc->count, 2);
    assert_string_equal(doc->module[0].name, "x");
    assert_string_equal(doc->module[1].name, "y");
    assert_int_equal(doc->module[1].life, MODULE_OTHER);
    assert_int_equal(doc->module[1].pid, NOT_KNOWN);
    assert_int_equal(doc->module[1].restarts, NOT_KNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_davy_run_wrote_is_read, tidy),
        cmocka_unit_test_teardown(a_davy_run_whose_process_is_another_one_is_gone, tidy),
        cmocka_unit_test_teardown(one_that_ended_as_told_has_nothing_to_show, tidy),
        cmocka_unit_test_teardown(what_no_davy_run_wrote_is_refused_or_not_known, tidy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
