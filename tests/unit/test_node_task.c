/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/task.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char list[] = "tasks:\n"
                           "  - name: resize\n"
                           "    params:\n"
                           "      properties:\n"
                           "        width: {type: integer, minimum: 1, maximum: 4096}\n"
                           "        mode: {type: string, maxLength: 4, enum: [\"fit\", \"fill\"]}\n"
                           "        ratio: {type: number, maximum: 2}\n"
                           "        fast: {type: boolean}\n"
                           "      required: [width]\n"
                           "      additionalProperties: false\n"
                           "    max_runtime_s: 5\n"
                           "    restartable: true\n";

static bool takes(const struct task *t, const char *params)
{
    struct err e = {""};
    json_t *o = json_read(bytes_of(params), "params", &e);
    bool good = task_takes(t, o, &e);
    json_decref(o);
    assert_true(good || *e.text);
    assert_null(strstr(e.text, "SECRET"));
    return good;
}

static void parameters_are_what_the_list_says(void **state)
{
    static const char *const good[] = {"{\"width\": 1}",
                                       "{\"width\": 4096, \"mode\": \"fill\", \"ratio\": 0.5, \"fast\": true}"};
    static const char *const bad[] = {"{}",
                                      "{\"width\": 0}",
                                      "{\"width\": 4097}",
                                      "{\"width\": 1.0}",
                                      "{\"width\": \"1\"}",
                                      "{\"width\": 1, \"mode\": \"SECRET\"}",
                                      "{\"width\": 1, \"SECRET\": 1}",
                                      "{\"width\": 1, \"ratio\": 2.5}",
                                      "{\"width\": 1, \"fast\": 1}",
                                      "{\"width\": null}"};
    struct arena a = {0};
    struct tasks tasks;
    struct err e;
    (void)state;
    assert_true(task_read(&a, bytes_of(list), "python-tasks.yaml", &tasks, &e));
    assert_int_equal(tasks.count, 1);
    assert_int_equal(tasks.at[0].runtime_s, 5);
    assert_true(tasks.at[0].restartable && !tasks.at[0].network);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(takes(tasks.at, good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(takes(tasks.at, bad[i]));
    arena_release(&a);
}

static void a_list_that_is_not_understood_allows_nothing(void **state)
{
    static const char *const bad[] = {"tasks: 1",
                                      "task: []",
                                      "tasks: [{name: Big}]",
                                      "tasks: [{name: ../x}]",
                                      "tasks: [{name: a, colour: 1}]",
                                      "tasks: [{name: a}, {name: a}]",
                                      "tasks: [{name: a, sha256: \"12\"}]",
                                      "tasks: [{name: a, network: proxy}]",
                                      "tasks: [{name: a, params: {required: [x]}}]",
                                      "tasks: [{name: a, params: {properties: {x: {type: object}}}}]",
                                      "tasks: [{name: a, params: {additionalProperties: true}}]"};
    struct arena a = {0};
    struct tasks tasks;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err e = {""};
        assert_false(task_read(&a, bytes_of(bad[i]), "python-tasks.yaml", &tasks, &e));
        assert_non_null(strstr(e.text, "python-tasks.yaml"));
    }
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_are_what_the_list_says),
        cmocka_unit_test(a_list_that_is_not_understood_allows_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
