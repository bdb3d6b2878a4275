/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "stage/stage.h"

static struct stage_text event(int number, enum stage_status status, const char *username, const char *message)
{
    const char *name = stage_name(number);
    return (struct stage_text){number, status, bytes_of(name != NULL ? name : "Stage"), bytes_of(username),
                               bytes_of(message)};
}

static void lines_are_those_of_the_miner_byte_by_byte(void **state)
{
    static const char *const want[] = {
        "\xE2\x9A\x99\xEF\xB8\x8F  Stage 3 - Vector Database for elonmusk: Indexing 50 posts",
        "\xE2\x9C\x85 Stage 3 Complete - Vector Database for elonmusk - Indexing 50 posts",
        "\xE2\x9D\x8C Stage 3 Failed - Vector Database for elonmusk - Error: Indexing 50 posts",
    };
    static const enum stage_status status[] = {STAGE_STATUS_RUNNING, STAGE_STATUS_DONE, STAGE_STATUS_FAILED};
    struct arena a = {0};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct stage_text t = event(3, status[i], "elonmusk", "Indexing 50 posts");
        assert_string_equal(stage_text_line(&a, &t), want[i]);
    }
    struct stage_text nobody = event(0, STAGE_STATUS_RUNNING, "", "Starting");
    assert_string_equal(stage_text_line(&a, &nobody), "\xE2\x9A\x99\xEF\xB8\x8F  Stage 0 - Initialization: Starting");
    arena_release(&a);
}

static void what_is_printed_is_read_back(void **state)
{
    static const char *const users[] = {"", "elonmusk", "a.b_c", "J. R. R."};
    static const char *const messages[] = {"",
                                           "plain",
                                           "50 posts - of 60 - done",
                                           "waiting for x: 300 s",
                                           "a | b",
                                           "Stage 2 Complete - Data Retrieval - quoted",
                                           "Error in line 3"};
    static const enum stage_status statuses[] = {STAGE_STATUS_RUNNING, STAGE_STATUS_DONE, STAGE_STATUS_FAILED};
    struct arena a = {0};
    size_t count = 0;
    (void)state;
    for (int number = 0; number < STAGE_COUNT; number++)
        for (size_t s = 0; s < 3; s++)
            for (size_t u = 0; u < sizeof users / sizeof users[0]; u++)
                for (size_t m = 0; m < sizeof messages / sizeof messages[0]; m++) {
                    struct stage_text t = event(number, statuses[s], users[u], messages[m]), back = {0};
                    assert_true(stage_text_parse(bytes_of(stage_text_line(&a, &t)), &back));
                    assert_int_equal(back.number, number);
                    assert_int_equal(back.status, statuses[s]);
                    assert_true(bytes_is(back.name, stage_name(number)));
                    assert_true(bytes_is(back.username, users[u]));
                    assert_true(bytes_is(back.message, messages[m]));
                    count++;
                }
    assert_int_equal(count, 8 * 3 * 4 * 7);
    arena_release(&a);
}

/* The lines of the miner's own document: read and printed, they are the same bytes. */
static void the_documents_lines_come_out_as_they_went_in(void **state)
{
    struct arena a = {0};
    struct bytes rest, line;
    struct file_stat st;
    struct err e;
    size_t count = 0;
    (void)state;
    assert_true(file_read(&a, FIXTURES "/stage_log_doc.txt", 1 << 20, &rest, &st, &e));
    while (bytes_line(&rest, &line)) {
        struct stage_text t;
        if (!stage_text_parse(line, &t))
            continue;
        const char *made = stage_text_line(&a, &t);
        size_t at = bytes_find(line, made);
        if (at == line.len)
            fail_msg("%s\nis not in\n%.*s", made, (int)line.len, line.at);
        assert_int_equal(bytes_trim(bytes_from(line, at)).len, strlen(made));
        count++;
    }
    assert_true(count >= 15);
    arena_release(&a);
}

static void the_status_line_has_the_parts_that_are_known(void **state)
{
    struct arena a = {0};
    struct stage_text t = event(3, STAGE_STATUS_RUNNING, "elonmusk", "x"), nobody = event(0, STAGE_STATUS_DONE, "", "");
    (void)state;
    assert_string_equal(
        stage_status_line(&a, "watchdog", "Module 1: Running | Module 2: Stopped", &t, "running"),
        "\xF0\x9F\x93\x88 Miner Status: Mode: watchdog | Module 1: Running | Module 2: Stopped | Stage: "
        "Vector Database - running (elonmusk)");
    assert_string_equal(stage_status_line(&a, NULL, "", &nobody, "completed"),
                        "\xF0\x9F\x93\x88 Miner Status: Stage: Initialization - completed");
    assert_string_equal(stage_status_line(&a, NULL, "", NULL, ""), "\xF0\x9F\x93\x88 Miner Status: no stage yet");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_those_of_the_miner_byte_by_byte),
        cmocka_unit_test(what_is_printed_is_read_back),
        cmocka_unit_test(the_documents_lines_come_out_as_they_went_in),
        cmocka_unit_test(the_status_line_has_the_parts_that_are_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
