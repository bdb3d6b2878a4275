/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/timetext.h"
#include "history/moment.h"
#include "history/texts.h"

#define NOW INT64_C(1795350645123) /* 2026-11-22T12:30:45.123Z */
#define TODAY INT64_C(1795305600000)
#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)

static void moments_are_read_as_people_type_them(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
        bool ago;
    } good[] = {
        {"2026-11-22", TODAY, false},
        {"2026-11-22T04:48", TODAY + 4 * HOUR + 48 * 60000, false},
        {"2026-11-22 04:48", TODAY + 4 * HOUR + 48 * 60000, false},
        {"2026-11-22T04:48Z", TODAY + 4 * HOUR + 48 * 60000, false},
        {"2026-11-22T04:48+10:00", TODAY - 6 * HOUR + 48 * 60000, false},
        {"2026-11-22T04:48:51.214860", TODAY + 4 * HOUR + 48 * 60000 + 51214, false},
        {"2026-11-22T04:48:51-0330", TODAY + 8 * HOUR + 18 * 60000 + 51000, false},
        {"1795305600", TODAY, false},
        {"1795305600.5", TODAY + 500, false},
        {"1795305600123", TODAY + 123, false},
        {"today", TODAY, false},
        {"yesterday", TODAY - DAY, false},
        {"now", NOW, true},
        {"90s", NOW - 90000, true},
        {"30m", NOW - 30 * 60000, true},
        {"24h", NOW - DAY, true},
        {"7d", NOW - 7 * DAY, true},
        {"2w", NOW - 14 * DAY, true},
        {"1d12h", NOW - 36 * HOUR, true},
        {" 7d ", NOW - 7 * DAY, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct moment m;
        struct err e;
        if (!moment_parse(good[i].text, NOW, &m, &e))
            fail_msg("%s: %s", good[i].text, e.text);
        if (m.ms != good[i].ms || m.ago != good[i].ago)
            fail_msg("%s: %lld", good[i].text, (long long)m.ms);
    }
}

static void what_is_no_moment_is_told_and_changes_nothing(void **state)
{
    static const char *const bad[] = {
        "",
        "foo",
        "24",
        "2026",
        "2026-13-01",
        "2026-11-22T",
        "2026-11-22T25:00",
        "2026-11-22Z",
        "h",
        "7",
        "7dd",
        "7d ago",
        "-7d",
        "1.5h",
        "9999999999d",
        "1e9",
        "0x10",
        "99999",
        "tomorrow?",
        "1795305600x",
        "2026-11-22T04:48:5",
        "7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d7d",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct moment m = {42, true};
        struct err e = {""};
        if (moment_parse(bad[i], NOW, &m, &e))
            fail_msg("\"%s\" was taken: %lld", bad[i], (long long)m.ms);
        assert_true(e.text[0] == '"' && m.ms == 42 && m.ago);
    }
    struct err e;
    struct moment m;
    moment_parse("30", NOW, &m, &e);
    assert_string_equal(e.text, "\"30\" has no unit: write 30h for hours or 30d for days ago");
    moment_parse("last \x1b[31mweek", NOW, &m, &e);
    assert_string_equal(e.text,
                        "\"last week\" is no time: write 2026-11-22, 2026-11-22T04:48, 24h, 7d, today or yesterday");
}

/* Lines come in order and leave in another one; what left is forgotten, what stays is whole. */
static void texts_of_lines_wait_until_they_are_taken(void **state)
{
    enum { LINES = 200000, BEHIND = 3000 };
    struct texts t = {0};
    char text[32];
    (void)state;
    for (int i = 0; i < LINES + BEHIND; i++) {
        if (i < LINES) {
            snprintf(text, sizeof text, "task-%d", i);
            texts_put(&t, (uint64_t)i * 3, bytes_of(text));
        }
        int out = (i - BEHIND) ^ 7; /* a little out of order */
        if (i < BEHIND || out == 500)
            continue; /* this one nobody ever takes */
        snprintf(text, sizeof text, "task-%d", out);
        assert_true(bytes_is(texts_take(&t, (uint64_t)out * 3), text));
        assert_true(bytes_is(texts_take(&t, (uint64_t)out * 3), ""));
        assert_true(bytes_is(texts_take(&t, (uint64_t)out * 3 + 1), ""));
    }
    assert_true(bytes_is(texts_take(&t, 1500), "task-500"));
    assert_true(t.cap < 4 * BEHIND && t.text_cap < 4 * BEHIND * sizeof text);
    texts_release(&t);
}

static void a_long_text_is_cut(void **state)
{
    static char text[TEXTS_MOST * 2];
    struct texts t = {0};
    (void)state;
    memset(text, 'x', sizeof text);
    texts_put(&t, 1, (struct bytes){text, sizeof text});
    texts_put(&t, 2, (struct bytes){NULL, 0});
    assert_int_equal(texts_take(&t, 1).len, TEXTS_MOST);
    assert_int_equal(texts_take(&t, 2).len, 0);
    texts_release(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moments_are_read_as_people_type_them),
        cmocka_unit_test(what_is_no_moment_is_told_and_changes_nothing),
        cmocka_unit_test(texts_of_lines_wait_until_they_are_taken),
        cmocka_unit_test(a_long_text_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
