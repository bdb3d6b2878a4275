/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "source/rig.h"
#include "source/source.h"

enum { MANY = 3000 };

struct yard {
    char dir[64], cache[80], history[96], index[112];
    int lines;
};

static void open_yard(struct yard *y)
{
    char state[96];
    strcpy(y->dir, "/tmp/davy-index-XXXXXX");
    assert_non_null(mkdtemp(y->dir));
    snprintf(y->cache, sizeof y->cache, "%s/cache", y->dir);
    snprintf(state, sizeof state, "%s/state", y->dir);
    snprintf(y->history, sizeof y->history, "%s/state/task-history.jsonl", y->dir);
    snprintf(y->index, sizeof y->index, "%s/state/davy/history.index", y->dir);
    assert_int_equal(mkdir(state, 0755) | mkdir(y->cache, 0755), 0);
    y->lines = 0;
}

static void close_yard(struct yard *y)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", y->dir);
    assert_int_equal(system(command), 0);
}

static void append(struct yard *y, int count)
{
    FILE *f = fopen(y->history, "a");
    assert_non_null(f);
    for (; count > 0; count--, y->lines++)
        fprintf(f, "{\"timestamp\": %d, \"task_id\": \"t%d\", \"validator_score\": 0.%03d, \"llm_used\": \"l%d\"}\n",
                1795305600 + y->lines, y->lines, y->lines % 1000, y->lines % 7);
    fclose(f);
}

static struct rig *open_rig(const struct yard *y, bool keep)
{
    struct err e = {""};
    struct rig_options o = {.dir = y->dir, .now_ms = INT64_C(1795400000000), .backend = WATCH_POLL, .keep = keep};
    snprintf(o.cache, sizeof o.cache, "%s", keep ? y->cache : "");
    struct rig *r = rig_open(&o, &e);
    assert_non_null(r);
    return r;
}

/* What is known of the history: lines, scored, mean of the last ten. */
struct known {
    uint64_t lines, scored;
    double mean;
};

static struct known look(const struct yard *y, bool keep)
{
    struct arena a = {0};
    struct rig *r = open_rig(y, keep);
    const struct scores *s = rig_model(r, &a)->scores;
    struct known k = {s->counts.lines, s->counts.scored, s->last10.mean};
    arena_release(&a);
    rig_close(r);
    return k;
}

/* As if there had never been an index: it is put aside, and back. */
static struct known look_without(const struct yard *y)
{
    char aside[128];
    snprintf(aside, sizeof aside, "%s.aside", y->index);
    rename(y->index, aside);
    struct known k = look(y, false);
    assert_int_equal(access(y->index, F_OK), -1);
    rename(aside, y->index);
    return k;
}

static void expect(const struct yard *y, uint64_t lines)
{
    struct known with = look(y, true), again = look(y, true);
    assert_int_equal(with.lines, lines);
    assert_int_equal(again.lines, lines);
    assert_true(with.scored == again.scored && memcmp(&with.mean, &again.mean, sizeof with.mean) == 0);
}

static bool there(const char *path)
{
    struct stat s;
    return lstat(path, &s) == 0;
}

static void a_long_history_is_indexed_and_read_on_from_there(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y);
    append(&y, 20);
    expect(&y, 20);
    assert_false(there(y.index)); /* nothing to gain yet */
    append(&y, MANY);
    expect(&y, MANY + 20);
    assert_true(there(y.index));
    append(&y, 5);
    expect(&y, MANY + 25);
    close_yard(&y);
}

/* Bytes that the index vouches for are not read again: a line changed in the middle of them is not noticed once something was
 * appended. This is what makes a start cheap, and what a history that is only ever appended to allows. */
static void only_what_was_appended_is_read(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y);
    append(&y, MANY);
    expect(&y, MANY);
    int fd = open(y.history, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, "\1\1\1\1\1\1\1", 7, 100000), 7);
    close(fd);
    append(&y, 1);
    struct known without = look_without(&y), with = look(&y, true);
    assert_true(without.scored < with.scored);
    close_yard(&y);
}

static void another_file_is_read_from_its_start(void **state)
{
    (void)state;
    struct yard y;
    char moved[112];
    open_yard(&y);
    append(&y, MANY);
    expect(&y, MANY);
    snprintf(moved, sizeof moved, "%s.1", y.history);
    assert_int_equal(rename(y.history, moved), 0);
    append(&y, 10);
    expect(&y, 10);
    assert_int_equal(truncate(y.history, 0), 0);
    expect(&y, 0);
    append(&y, 2 * MANY);
    expect(&y, 2 * MANY);
    assert_int_equal(truncate(y.history, 1000), 0);
    expect(&y, look_without(&y).lines);
    close_yard(&y);
}

static void a_copy_of_the_history_is_the_history(void **state)
{
    (void)state;
    struct yard y;
    char command[512];
    open_yard(&y);
    append(&y, MANY);
    expect(&y, MANY);
    snprintf(command, sizeof command, "cp %s %s.new && mv %s.new %s", y.history, y.history, y.history, y.history);
    assert_int_equal(system(command), 0);
    append(&y, 3);
    expect(&y, MANY + 3);
    close_yard(&y);
}

/* In a hurry a start leaves the rest to the loop; leaving then, it is kept as far as it came. */
static void a_first_reading_broken_off_is_gone_on_with(void **state)
{
    (void)state;
    struct yard y;
    struct err e = {""};
    open_yard(&y);
    append(&y, 6 * MANY);
    struct rig_options o = {
        .dir = y.dir, .now_ms = INT64_C(1795400000000), .backend = WATCH_POLL, .keep = true, .hurry = true};
    struct arena a = {0};
    bool part = false;
    for (int i = 0; i < 1000; i++) {
        struct rig *r = rig_open(&o, &e);
        bool whole = rig_model(r, &a)->scores->known;
        rig_close(r);
        part = part || (!whole && there(y.index));
        if (whole)
            break;
    }
    arena_release(&a);
    expect(&y, 6 * MANY);
    struct known without = look_without(&y), with = look(&y, true);
    assert_true(with.scored == without.scored && with.mean == without.mean);
    if (!part)
        print_message("it was read within one start\n");
    close_yard(&y);
}

static void a_damaged_index_is_no_index(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y);
    append(&y, MANY);
    expect(&y, MANY);
    struct known good = look_without(&y);
    for (int i = 0; i < 40; i++) {
        struct stat s;
        assert_int_equal(stat(y.index, &s), 0);
        int fd = open(y.index, O_WRONLY | O_CLOEXEC);
        off_t at = s.st_size * i / 40;
        assert_true(i % 2 ? pwrite(fd, "\xa5\x5a", 2, at) == 2 : ftruncate(fd, at) == 0);
        close(fd);
        struct known k = look(&y, true); /* and writes it anew */
        assert_true(k.lines == good.lines && k.scored == good.scored && k.mean == good.mean);
    }
    close_yard(&y);
}

static void where_the_rig_cannot_be_written_the_users_cache_keeps_it(void **state)
{
    (void)state;
    struct yard y;
    char davy[112], command[160];
    open_yard(&y);
    append(&y, MANY);
    snprintf(davy, sizeof davy, "%s/state/davy", y.dir);
    FILE *f = fopen(davy, "w"); /* not a folder: as good as read-only, also for root */
    fclose(f);
    expect(&y, MANY);
    snprintf(command, sizeof command, "ls %s/davy/history-*.index > /dev/null", y.cache);
    assert_int_equal(system(command), 0);
    append(&y, 3);
    expect(&y, MANY + 3);
    close_yard(&y);
}

static void a_link_in_place_of_our_folder_is_not_followed(void **state)
{
    (void)state;
    struct yard y;
    char davy[112], victim[96], index[120];
    open_yard(&y);
    append(&y, MANY);
    snprintf(davy, sizeof davy, "%s/state/davy", y.dir);
    snprintf(victim, sizeof victim, "%s/victim", y.dir);
    snprintf(index, sizeof index, "%s/history.index", victim);
    assert_int_equal(mkdir(victim, 0755) | symlink(victim, davy), 0);
    expect(&y, MANY);
    assert_false(there(index));
    close_yard(&y);
}

static void who_may_not_keep_writes_nothing(void **state)
{
    (void)state;
    struct yard y;
    char davy[112];
    open_yard(&y);
    append(&y, MANY);
    look(&y, false);
    snprintf(davy, sizeof davy, "%s/state/davy", y.dir);
    assert_false(there(davy));
    close_yard(&y);
}

/* A writer that never rests would else have the index, which grows too, written again and again. */
static void while_davy_runs_no_more_is_written_than_was_read(void **state)
{
    (void)state;
    static const struct history_rules rules = {.threshold = 0.6};
    struct yard y;
    struct source s;
    struct stat before = {0}, now = {0};
    struct index x = {.write = true};
    int written = 0;
    open_yard(&y);
    snprintf(x.rig, sizeof x.rig, "%s", y.dir);
    source_init(&s, DOC_HISTORY, y.dir, "state/task-history.jsonl", NULL, 0);
    folded_rules(&s, &x, &rules);
    for (int i = 0; i < 5; i++, before = now) {
        append(&y, 100 * 1000);
        s.dirty = true;
        source_fetch(&s, &(struct fetch_in){.wall_ms = 1, .loop_ms = 1, .budget = 1 << 30});
        stat(y.index, &now);
        written += now.st_ino != before.st_ino;
    }
    assert_in_range(written, 1, 3);
    source_release(&s);
    close_yard(&y);
}

/* The index is a cache: after any of these, with it and without it the same is known. */
static void with_it_and_without_it_the_same_is_known(void **state)
{
    (void)state;
    struct yard y;
    unsigned seed = 4;
    open_yard(&y);
    append(&y, MANY);
    for (int i = 0; i < 120; i++) {
        int what = rand_r(&seed) % 8;
        char moved[112];
        snprintf(moved, sizeof moved, "%s.1", y.history);
        if (what < 4)
            append(&y, rand_r(&seed) % (what == 0 ? MANY : 50));
        else if (what == 4)
            assert_int_equal(truncate(y.history, rand_r(&seed) % 400000), 0);
        else if (what == 5)
            rename(y.history, moved), append(&y, rand_r(&seed) % MANY);
        struct known with = look(&y, true), without = look_without(&y);
        assert_true(with.lines == without.lines && with.scored == without.scored);
        assert_true(memcmp(&with.mean, &without.mean, sizeof with.mean) == 0);
    }
    close_yard(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_history_is_indexed_and_read_on_from_there),
        cmocka_unit_test(only_what_was_appended_is_read),
        cmocka_unit_test(another_file_is_read_from_its_start),
        cmocka_unit_test(a_copy_of_the_history_is_the_history),
        cmocka_unit_test(a_first_reading_broken_off_is_gone_on_with),
        cmocka_unit_test(a_damaged_index_is_no_index),
        cmocka_unit_test(where_the_rig_cannot_be_written_the_users_cache_keeps_it),
        cmocka_unit_test(a_link_in_place_of_our_folder_is_not_followed),
        cmocka_unit_test(who_may_not_keep_writes_nothing),
        cmocka_unit_test(while_davy_runs_no_more_is_written_than_was_read),
        cmocka_unit_test(with_it_and_without_it_the_same_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
