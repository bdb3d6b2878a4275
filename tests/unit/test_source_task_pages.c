/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pages of a long history, row by row against what was written. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/rig.h"

enum { TASKS = 12000, PAGE = 100 };
#define FIRST_S INT64_C(1790000000)
static char folder[] = "/tmp/davy-pages-XXXXXX";
static char path[PATH_MAX];
static struct rig *rig;

/* Every third task has an executed line before it, and now and then there is rubbish. */
static void put_task(FILE *f, int i)
{
    if (i % 3 == 0)
        fprintf(f, "{\"task_id\":\"t%d\",\"llm\":\"m\",\"response\":\"%0*d\",\"status\":\"success\"}\n", i, i % 300 + 1,
                i);
    if (i % 97 == 0)
        fprintf(f, "rubbish\n\n");
    fprintf(
        f,
        "{\"timestamp\":%lld,\"task_id\":\"t%d\",\"validator_score\":0.5,\"tokens_spent\":%d,\"llm_used\":\"m%d\"}\n",
        (long long)FIRST_S + i, i, i, i % 7);
}

static void put_tasks(const char *mode, int from, int to)
{
    FILE *f = fopen(path, mode);
    assert_non_null(f);
    for (int i = from; i < to; i++)
        put_task(f, i);
    fclose(f);
}

static void open_rig(void)
{
    struct rig_options o = {.dir = folder, .now_ms = (FIRST_S + 2 * TASKS) * 1000, .keep = true};
    struct err e = {""};
    rig = rig_open(&o, &e);
    assert_non_null(rig);
}

static int setup(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    char state_dir[PATH_MAX];
    snprintf(state_dir, sizeof state_dir, "%.4000s/state", folder);
    assert_int_equal(mkdir(state_dir, 0755), 0);
    snprintf(path, sizeof path, "%.4000s/state/task-history.jsonl", folder);
    put_tasks("w", 0, TASKS);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    char command[PATH_MAX + 16];
    snprintf(command, sizeof command, "rm -r '%.4000s'", folder);
    return system(command);
}

/* Row r, from the newest, is task total - 1 - r. */
static void assert_page(int64_t first, int total)
{
    char llm[16];
    rig_look(rig, first, PAGE);
    const struct task_page *p = rig_page(rig);
    assert_non_null(p);
    assert_int_equal(p->total, total);
    assert_int_equal(p->first, first);
    assert_int_equal(p->count, total - first < PAGE ? total - first : PAGE);
    for (size_t i = 0; i < p->count; i++) {
        int task = total - 1 - (int)first - (int)i;
        snprintf(llm, sizeof llm, "m%d", task % 7);
        assert_int_equal(p->row[i].tokens, task);
        assert_int_equal(p->row[i].t_ms, (FIRST_S + task) * 1000);
        assert_string_equal(p->row[i].llm, llm);
    }
}

static void every_row_of_a_long_history_is_where_it_belongs(void **state)
{
    (void)state;
    open_rig();
    for (int first = 0; first < TASKS; first += PAGE - 1)
        assert_page(first, TASKS);
    for (int first = TASKS - 1; first >= 0; first -= 997) /* and back, with jumps */
        assert_page(first, TASKS);
    rig_close(rig);
}

static void what_is_appended_comes_first(void **state)
{
    (void)state;
    put_tasks("a", TASKS, TASKS + 10);
    open_rig();
    assert_page(0, TASKS + 10);
    assert_page(5000, TASKS + 10);
    rig_close(rig);
}

static void the_places_are_kept_with_the_index(void **state)
{
    (void)state;
    char index[PATH_MAX];
    snprintf(index, sizeof index, "%.4000s/state/davy/history.index", folder);
    assert_int_equal(access(index, R_OK), 0); /* of the test before */
    put_tasks("a", TASKS + 10, TASKS + 20);
    open_rig();
    assert_page(0, TASKS + 20);
    assert_page(TASKS - 50, TASKS + 20);
    assert_page(TASKS + 15, TASKS + 20);
    rig_close(rig);
}

static void assert_record(uint64_t line, int task)
{
    char id[32];
    rig_open_task(rig, line);
    const struct task_record *r = rig_record(rig);
    assert_non_null(r);
    assert_true(r->line == line);
    assert_ptr_equal(rig_record(rig), r); /* not read again */
    snprintf(id, sizeof id, "  \"task_id\":\"t%d\",", task);
    assert_true(r->count > 4);
    assert_string_equal(r->text[0], "{");
    assert_string_equal(r->text[2], id);
    size_t end = 3;
    while (strcmp(r->text[end], "}") != 0)
        end++;
    bool executed = r->count > end + 1;
    assert_int_equal(executed, task % 3 == 0);
    if (executed) {
        assert_string_equal(r->text[end + 1], "executed:");
        assert_string_equal(r->text[end + 3], id);
    }
}

static void a_task_that_is_opened_is_told_whole(void **state)
{
    (void)state;
    open_rig();
    for (int first = 0; first < TASKS; first += 1009) {
        rig_look(rig, first, 3);
        const struct task_page *p = rig_page(rig);
        for (size_t i = 0; i < p->count; i++)
            assert_record(p->row[i].line, (int)p->row[i].tokens);
    }
    rig_open_task(rig, UINT64_MAX);
    assert_int_equal(rig_record(rig)->count, 0);
    rig_close(rig);
}

static void a_moment_is_found_in_a_long_history(void **state)
{
    (void)state;
    open_rig();
    int total = (int)rig_page(rig)->total;
    for (int task = 0; task < total; task += 331) {
        assert_int_equal(rig_task_at(rig, (FIRST_S + task) * 1000), total - 1 - task);
        assert_int_equal(rig_task_at(rig, (FIRST_S + task) * 1000 + 999), total - 1 - task);
    }
    assert_int_equal(rig_task_at(rig, 0), total - 1);
    assert_int_equal(rig_task_at(rig, INT64_MAX), 0);
    rig_close(rig);
}

static void a_page_behind_the_end_is_empty(void **state)
{
    (void)state;
    open_rig();
    rig_look(rig, INT64_MAX / 2, PAGE);
    const struct task_page *p = rig_page(rig);
    assert_int_equal(p->count, 0);
    rig_look(rig, 0, 0);
    assert_int_equal(rig_page(rig)->count, 0);
    rig_close(rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_a_long_history_is_where_it_belongs),
        cmocka_unit_test(what_is_appended_comes_first),
        cmocka_unit_test(the_places_are_kept_with_the_index),
        cmocka_unit_test(a_task_that_is_opened_is_told_whole),
        cmocka_unit_test(a_moment_is_found_in_a_long_history),
        cmocka_unit_test(a_page_behind_the_end_is_empty),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
