/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What davy check stands on: active hours, command lines, and the tables of its own checks. */
#include "base/timetext.h"
#include "model/cmdline.h"
#include "model/night.h"
#include "model/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct arena a;

static int clean(void **state)
{
    (void)state;
    arena_release(&a);
    return 0;
}

static bool active(const char *hours, int hour, int minute)
{
    struct night_hours h;
    assert_true(night_hours(hours, &h));
    return night_is_active(h, civil_ms(2026, 11, 22) + (hour * 60 + minute) * INT64_C(60000) + 59999);
}

static void the_first_minute_is_active_and_the_last_one_is_not(void **state)
{
    (void)state;
    assert_false(active("08:00-22:00", 7, 59));
    assert_true(active("08:00-22:00", 8, 0));
    assert_true(active("08:00-22:00", 21, 59));
    assert_false(active("08:00-22:00", 22, 0));
    assert_true(active("00:00-24:00", 23, 59));
}

static void hours_may_go_over_midnight_and_the_same_twice_is_never(void **state)
{
    (void)state;
    assert_true(active("22:00-06:00", 23, 0));
    assert_true(active("22:00-06:00", 0, 0));
    assert_false(active("22:00-06:00", 6, 0));
    for (int hour = 0; hour < 24; hour++)
        assert_false(active("09:00-09:00", hour, 0));
}

static void what_are_no_hours_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "8-22",
                                      "08:00",
                                      "08:00-25:00",
                                      "24:00-08:00",
                                      "08:60-09:00",
                                      "08:00 22:00",
                                      "08:00-22:00 ",
                                      "0a:00-22:00",
                                      "08:00-24:01"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(night_hours(bad[i], NULL));
}

static bool is(const char *words, size_t len, const char *match)
{
    return cmdline_is((struct bytes){words, len}, match);
}
#define LINE(text) text, sizeof text - 1

static void a_process_is_its_program_and_not_who_looks_at_it(void **state)
{
    (void)state;
    static const char bot[] = "bots/mm_1h.py";
    assert_true(is(LINE("python3\0-u\0bots/mm_1h.py\0"), bot));
    assert_true(is(LINE("/usr/bin/bash\0bots/mm_1h.py\0"), bot));
    assert_true(is(LINE("/srv/bots/mm_1h.py\0"), bot));
    assert_true(is(LINE("python3\0-u\0bots/mm_1h.py\0"), "-u bots")); /* words are joined by blanks */
    assert_false(is(LINE("/usr/bin/vim\0bots/mm_1h.py\0"), bot));
    assert_false(is(LINE("tail\0-f\0bots/mm_1h.py\0"), bot));
    assert_false(is(LINE("grep\0bots/mm_1h.py\0"), bot));
    assert_false(is(LINE("/bin/sh\0-c\0python3 bots/mm_1h.py\0"), bot));
    assert_false(is(LINE("-bash\0-ec\0python3 bots/mm_1h.py\0"), bot));
    assert_false(is(LINE("davy\0check\0bots/mm_1h.py\0"), bot));
    assert_false(is(LINE("davy-watch\0bots/mm_1h.py\0"), bot));
    assert_false(is(LINE("python3\0other.py\0"), bot));
    assert_false(is("", 0, bot)); /* a zombie, a kernel thread */
}

static const struct settings *settings(const char *text, struct err *e)
{
    struct decode_in in = {.name = "davy.toml", .bytes = bytes_of(text)};
    return settings_decode(&a, &in, e);
}

static void own_checks_and_processes_are_read(void **state)
{
    (void)state;
    struct err e = {""};
    const struct settings *s =
        settings("[check.load]\nargv = [\"bin/load\", \"-w\"]\n[check.dns]\nargv = [\"dns\"]\nevery_s = 60\n"
                 "limit_s = 7\n[process.bot]\nmatch = \"bot.py\"\nafter_s = 60\n[process.b]\npid_file = \"b\"\n",
                 &e);
    assert_string_equal(e.text, "");
    assert_int_equal(s->own.checks, 2);
    assert_string_equal(s->own.check[1].name, "load"); /* by name */
    assert_string_equal(s->own.check[1].argv[1], "-w");
    assert_null(s->own.check[1].argv[2]);
    assert_int_equal(s->own.check[1].every_s, CHECK_EVERY_S);
    assert_int_equal(s->own.check[1].limit_s, CHECK_LIMIT_S);
    assert_int_equal(s->own.check[0].every_s, 60);
    assert_int_equal(s->own.check[0].limit_s, 7);
    assert_int_equal(s->own.processes, 2);
    assert_string_equal(s->own.process[1].match, "bot.py");
    assert_int_equal(s->own.process[1].after_s, 60);
    assert_int_equal(s->own.process[0].after_s, 0);
}

static void faults_of_own_checks_name_line_and_key(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"[check.x]\nargv = \"df -h\"\n", "davy.toml line 2: check.x.argv must be a list of words, program first"},
        {"[check.x]\nargv = [\"a\"]\nlimit_s = 60\n",
         "davy.toml line 3: check.x.limit_s must be whole seconds from 1 to 7"},
        {"[check.x]\nargv = [\"a\"]\nevry_s = 60\n", "davy.toml line 3: unknown key check.x.evry_s"},
        {"[check.x]\nevery_s = 60\n", "check.x needs argv"},
        {"[check]\nx = 1\n", "check.x must be a table [check.NAME]"},
        {"[check.\"a b\"]\nargv = [\"a\"]\n", "must be a table [check.NAME], NAME of at most 40 letters"},
        {"[process.x]\nafter_s = 5\n", "process.x needs pid_file or match"},
        {"[process.x]\nmatch = \"\"\n", "process.x.match must be text in quotes"},
        {"[heartbeat]\nactive = \"8-22\"\n", "davy.toml line 2: heartbeat.active must be two times of the day"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e = {""};
        assert_null(settings(cases[i].text, &e));
        if (!strstr(e.text, cases[i].want))
            fail_msg("\"%s\" is not in: %s", cases[i].want, e.text);
    }
}

static void there_are_not_too_many_checks(void **state)
{
    (void)state;
    const char *text = "";
    struct err e = {""};
    for (int i = 0; i < CHECKS_MOST; i++)
        text = arena_text(&a, "%s[check.c%d]\nargv = [\"a\"]\n", text, i);
    assert_non_null(settings(text, &e));
    assert_null(settings(arena_text(&a, "%s[check.more]\nargv = [\"a\"]\n", text), &e));
    assert_non_null(strstr(e.text, "more than 16 tables"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_first_minute_is_active_and_the_last_one_is_not, clean),
        cmocka_unit_test_teardown(hours_may_go_over_midnight_and_the_same_twice_is_never, clean),
        cmocka_unit_test_teardown(what_are_no_hours_is_refused, clean),
        cmocka_unit_test_teardown(a_process_is_its_program_and_not_who_looks_at_it, clean),
        cmocka_unit_test_teardown(own_checks_and_processes_are_read, clean),
        cmocka_unit_test_teardown(faults_of_own_checks_name_line_and_key, clean),
        cmocka_unit_test_teardown(there_are_not_too_many_checks, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
