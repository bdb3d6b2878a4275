/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "source/ahead.h"

static struct arena arena;
static int64_t size;
static struct stream stream;

static void write_lines(int lines)
{
    char path[] = "/tmp/davy-ahead-XXXXXX";
    stream = (struct stream){.fd = mkstemp(path)};
    FILE *f = fdopen(dup(stream.fd), "w");
    unlink(path);
    for (int i = 0; i < lines; i++)
        fprintf(f, "{\"timestamp\":%d,\"task_id\":\"t%d\",\"validator_score\":0.5,\"llm_used\":\"m\"}\n",
                1790000000 + i, i);
    size = ftell(f);
    fclose(f);
}

static int close_file(void **state)
{
    (void)state;
    arena_release(&arena);
    return stream.fd >= 0 ? close(stream.fd) : 0;
}

static void the_end_of_a_long_history_is_known_before_its_beginning(void **state)
{
    (void)state;
    struct ahead a = {0};
    write_lines(100000);
    ahead_look(&a, &stream, size, 0);
    assert_non_null(a.newest);
    size_t count = history_record_count(a.newest);
    assert_true(count > 10000 && count < 20000);
    assert_int_equal(history_records(a.newest)[count - 1].t_ms, INT64_C(1790099999000));
    assert_int_equal(history_counts_at(a.newest, INT64_MAX).malformed, 0); /* begins with a whole line */
    assert_int_equal(stream.offset, 0);                                    /* reading goes on where it was */
    ahead_release(&a);
    assert_null(a.newest);
}

static void a_short_rest_is_not_worth_it(void **state)
{
    (void)state;
    struct ahead a = {0};
    write_lines(100000);
    stream.offset = size - 100000;
    ahead_look(&a, &stream, size, 0);
    assert_null(a.newest);
    assert_true(a.looked);
}

static void the_progress_says_rate_and_time(void **state)
{
    (void)state;
    struct ahead a = {.looked = true, .begun_ms = 1000, .begun = 0};
    assert_string_equal(ahead_text(&a, &arena, 250000000, 1000000000, 2000),
                        "reading the history: 25 %, 250 MB/s, 3 s left");
    assert_string_equal(ahead_text(&a, &arena, 1000000, 1000000000, 2000),
                        "reading the history: 0 %, 1 MB/s, 17 min left");
    assert_string_equal(ahead_text(&a, &arena, 1000, 1000000000, 1001), "reading the history: 0 %");
    arena_reset(&arena);
    a.begun = 500000000; /* of an index: what it saved was not read */
    assert_string_equal(ahead_text(&a, &arena, 750000000, 1000000000, 2000),
                        "reading the history: 75 %, 250 MB/s, 1 s left");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_end_of_a_long_history_is_known_before_its_beginning, close_file),
        cmocka_unit_test_teardown(a_short_rest_is_not_worth_it, close_file),
        cmocka_unit_test(the_progress_says_rate_and_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
