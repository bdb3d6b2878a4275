/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filters over a long history: what they find, against what was written. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/timetext.h"
#include "source/rig.h"

enum { TASKS = 9000, PAGE = 70, LONG = 5 << 20 };
#define FIRST_S INT64_C(1790000000)
static char folder[] = "/tmp/davy-finder-XXXXXX";
static char path[PATH_MAX];
static struct rig *rig;
static struct arena arena;
static const struct model *model;

static double score_of(int i)
{
    return i % 11 == 0 ? -1 : (i * 7 % 100) / 100.0;
}

/* Each task stands twice: pending first, and much later with its score, unless it never gets one. */
static void put_line(FILE *f, int i, double score)
{
    char text[16] = "null";
    if (score >= 0)
        snprintf(text, sizeof text, "%.2f", score);
    fprintf(f,
            "{\"timestamp\":%lld,\"task_id\":\"task-%05d\",\"validator_score\":%s,\"tokens_spent\":%d,\"llm_used\":"
            "\"llm-%d\",\"prompt_strategy\":\"way-%d\",\"subnet_id\":%d,\"pad\":\"%0*d\"}\n",
            (long long)FIRST_S + i, i, text, i, i % 7, i % 3, i % 5, i % 90 + 1, 0);
}

static void put_tasks(const char *mode, int from, int to)
{
    FILE *f = fopen(path, mode);
    assert_non_null(f);
    for (int i = from; i < to; i++) {
        if (i % 13 == 0)
            put_line(f, i, -1);
        if (i % 2 == 0)
            fprintf(f, "{\"task_id\":\"task-%05d\",\"llm\":\"x\",\"response\":\"%0*d\"}\n", i, i % 50 + 1, 0);
        if (i >= 1500 && (i - 1500) % 13 == 0)
            put_line(f, i - 1500, score_of(i - 1500));
        if (i % 13 != 0)
            put_line(f, i, score_of(i));
    }
    fclose(f);
}

static void open_rig(void)
{
    struct rig_options o = {.dir = folder, .now_ms = (FIRST_S + 2 * TASKS) * 1000, .keep = true};
    struct err e = {""};
    rig = rig_open(&o, &e);
    assert_non_null(rig);
    model = rig_model(rig, &arena);
}

static void close_rig(void)
{
    rig_close(rig);
    arena_release(&arena);
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

static void search_all(const char *text)
{
    rig_seek(rig, text, 0, PAGE);
    while (rig_seek_step(rig, model->scores, 0))
        ;
}

/* The tokens, which are the numbers of the tasks, of all that was found, page by page. */
static int found_tasks(const char *text, int *out)
{
    const struct task_find *f = rig_find(rig, model->scores);
    int count = 0;
    for (size_t i = 0; i < f->newest_count; i++)
        out[count++] = (int)model->scores->task[f->newest[i]].tokens;
    int64_t older = f->older;
    for (int64_t first = 0; first < older; first += PAGE) {
        rig_seek(rig, text, first, PAGE);
        f = rig_find(rig, model->scores);
        assert_int_equal(f->older, older);
        assert_int_equal(f->count, older - first < PAGE ? older - first : PAGE);
        for (size_t i = 0; i < f->count; i++)
            out[count++] = (int)f->row[i].tokens;
    }
    return count;
}

/* Has task i, in a history of so many, its score already? */
static double score_in(int i, int tasks)
{
    return i % 13 == 0 && i + 1500 >= tasks ? -1 : score_of(i);
}

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void expect_found(const char *text, int tasks, bool (*fits)(int i, double score))
{
    static int found[4 * TASKS];
    search_all(text);
    assert_true(rig_find(rig, model->scores)->done);
    assert_string_equal(rig_find(rig, model->scores)->text, text);
    int count = found_tasks(text, found), want = 0;
    qsort(found, (size_t)count, sizeof *found, by_number);
    for (int i = 0; i < tasks; i++) {
        if (!fits(i, score_in(i, tasks)))
            continue;
        assert_true(want < count);
        assert_int_equal(found[want++], i);
    }
    assert_int_equal(count, want);
}

static bool is_low(int i, double score)
{
    (void)i;
    return score >= 0 && score < 0.05;
}

static bool is_pending(int i, double score)
{
    (void)i;
    return score < 0;
}

static bool is_mixed(int i, double score)
{
    return (i % 7 == 3 && i % 5 == 1 && score >= 0.5) || i == 42;
}

static bool has_id(int i, double score)
{
    char id[32];
    (void)score;
    snprintf(id, sizeof id, "task-%05d", i);
    return strstr(id, "123") != NULL;
}

static bool is_exact(int i, double score)
{
    (void)score;
    return i == 77;
}

static bool is_every(int i, double score)
{
    (void)i;
    (void)score;
    return true;
}

static bool is_none(int i, double score)
{
    (void)i;
    (void)score;
    return false;
}

static bool is_way_two(int i, double score)
{
    (void)score;
    return i % 3 == 2;
}

static bool is_net_four(int i, double score)
{
    (void)score;
    return i % 5 == 4;
}

static const struct {
    const char *text;
    bool (*fits)(int i, double score);
} cases[] = {
    {"score<0.05", is_low},
    {"pending", is_pending},
    {"(llm=llm-3 and subnet=1 and score>=0.5) or id=task-00042", is_mixed},
    {"id~123", has_id},
    {"123", has_id},
    {"id=task-00077", is_exact},
    {"TASK-00077", is_none},
    {"task-00077", is_exact},
    {"tokens>=0", is_every},
    {"task-", is_every},
    {"nothing like this", is_none},
    {"Way-2", is_none},
    {"way-2", is_way_two},
    {"sn4", is_net_four},
};

static void conditions_and_words_find_every_task_once(void **state)
{
    (void)state;
    open_rig();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_found(cases[i].text, TASKS, cases[i].fits);
    close_rig();
}

/* The list without a filter shows every line; those that do not count say so. */
static void lines_of_older_tasks_say_that_they_were_replaced(void **state)
{
    (void)state;
    open_rig();
    int64_t total = rig_page(rig)->total;
    int replaced = 0, want = 0;
    for (int64_t first = 0; first < total; first += PAGE) {
        rig_look(rig, first, PAGE);
        const struct task_page *p = rig_page(rig);
        for (size_t i = 0; i < p->count; i++) {
            replaced += p->row[i].replaced;
            assert_true(!p->row[i].replaced || (p->row[i].kind == RECORD_PENDING && p->row[i].tokens % 13 == 0));
        }
    }
    for (int i = 0; i + 1500 < TASKS; i += 13)
        want += score_of(i) >= 0 || score_in(i, TASKS) < 0;
    assert_int_equal(replaced, want);
    close_rig();
}

static void it_goes_from_the_newest_to_the_oldest_step_by_step(void **state)
{
    (void)state;
    open_rig();
    rig_seek(rig, "score<0.05", 0, PAGE);
    const struct task_find *f = rig_find(rig, model->scores);
    assert_true(f->newest_count > 0);
    assert_int_equal(f->older, 0);
    assert_false(f->done);
    int steps = 0;
    int64_t back = INT64_MAX, found = 0, searched = 0;
    for (bool more = true; more; steps++) {
        more = rig_seek_step(rig, model->scores, 0);
        f = rig_find(rig, model->scores);
        assert_int_equal(f->done, !more);
        assert_true(f->back_ms <= back && f->older >= found && f->searched > searched);
        back = f->back_ms;
        found = f->older;
        searched = f->searched;
        for (size_t i = 1; i < f->count; i++)
            assert_true(f->row[i].t_ms <= f->row[i - 1].t_ms || f->row[i].tokens % 13 == 0 ||
                        f->row[i - 1].tokens % 13 == 0);
    }
    assert_true(steps > 8);
    assert_int_equal(searched, f->total);
    assert_int_equal(back, FIRST_S * 1000);
    close_rig();
}

static void a_condition_that_is_none_is_told(void **state)
{
    (void)state;
    open_rig();
    rig_seek(rig, "score<", 0, PAGE);
    assert_false(rig_seek_step(rig, model->scores, 0));
    const struct task_find *f = rig_find(rig, model->scores);
    assert_string_equal(f->error, "column 7: a value is missing at the end");
    assert_true(f->done && f->newest_count == 0 && f->older == 0);
    rig_seek(rig, "", 0, 0);
    assert_null(rig_find(rig, model->scores));
    close_rig();
}

static void what_comes_while_it_searches_is_found_too(void **state)
{
    (void)state;
    open_rig();
    rig_seek(rig, "score<0.05", 0, PAGE);
    for (int i = 0; i < 4; i++)
        assert_true(rig_seek_step(rig, model->scores, 0));
    close_rig();
    put_tasks("a", TASKS, 2 * TASKS);
    open_rig(); /* with its index, whose marks go on */
    expect_found("score<0.05", 2 * TASKS, is_low);
    expect_found("pending", 2 * TASKS, is_pending);
    close_rig();
}

/* In the middle of a piece, whose other tasks are read all the same. */
static void a_line_of_five_megabytes_hides_nothing(void **state)
{
    (void)state;
    FILE *f = fopen(path, "a");
    assert_non_null(f);
    char *pad = malloc(LONG + 1);
    memset(pad, 'x', LONG);
    pad[LONG] = '\0';
    fprintf(f, "{\"timestamp\":1,\"task_id\":\"long\",\"validator_score\":0.5,\"tokens_spent\":1,\"pad\":\"%s\"}\n",
            pad);
    free(pad);
    fclose(f);
    put_tasks("a", 2 * TASKS, 3 * TASKS);
    open_rig();
    expect_found("score<0.05", 3 * TASKS, is_low);
    expect_found("tokens>=0", 3 * TASKS, is_every);
    int64_t total = rig_page(rig)->total;
    for (int64_t first = 0; first < total; first += PAGE) {
        rig_look(rig, first, PAGE);
        const struct task_page *p = rig_page(rig);
        for (size_t i = 0; i < p->count; i++)
            assert_non_null(p->row[i].llm);
    }
    close_rig();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions_and_words_find_every_task_once),
        cmocka_unit_test(lines_of_older_tasks_say_that_they_were_replaced),
        cmocka_unit_test(it_goes_from_the_newest_to_the_oldest_step_by_step),
        cmocka_unit_test(a_condition_that_is_none_is_told),
        cmocka_unit_test(what_comes_while_it_searches_is_found_too),
        cmocka_unit_test(a_line_of_five_megabytes_hides_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
