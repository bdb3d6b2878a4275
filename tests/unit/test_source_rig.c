/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rig on real files, with each way to watch: what a writer does is in the model soon after, and nothing takes a good
 * value away. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/timetext.h"
#include "source/rig.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE_MS = 4000 };

struct yard {
    char dir[64];
    struct loop *loop;
    struct rig *rig;
    struct arena arena;
    struct model *m;
    int changes;
    bool (*until)(struct yard *y);
};

static void path_of(const struct yard *y, const char *name, char out[256])
{
    snprintf(out, 256, "%s/%s", y->dir, name);
}

static void put_with(const struct yard *y, const char *name, const char *text, int flags)
{
    char path[256];
    path_of(y, name, path);
    int fd = open(path, O_WRONLY | O_CREAT | flags, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void put(const struct yard *y, const char *name, const char *text)
{
    put_with(y, name, text, O_TRUNC);
}

static void make_dir(const struct yard *y, const char *name)
{
    char path[256];
    path_of(y, name, path);
    assert_int_equal(mkdir(path, 0700), 0);
}

static void age(const struct yard *y, const char *name, int64_t seconds)
{
    char path[256];
    path_of(y, name, path);
    struct timespec t[2] = {{.tv_sec = wall_now() / 1000 - seconds}, {.tv_sec = wall_now() / 1000 - seconds}};
    assert_int_equal(utimensat(AT_FDCWD, path, t, 0), 0);
}

static void budgets(const struct yard *y, const char *name, int used)
{
    char text[256];
    snprintf(text, sizeof text,
             "{\"budgets\": {\"openai-gpt4\": {\"monthly_allowance\": 1000, \"used_this_month\": %d}}}\n", used);
    put(y, name, text);
}

static void model(struct yard *y)
{
    arena_reset(&y->arena);
    y->m = rig_model(y->rig, &y->arena);
}

static void on_changed(void *ctx)
{
    struct yard *y = ctx;
    y->changes++;
}

static void on_after(void *ctx)
{
    struct yard *y = ctx;
    model(y);
    if (y->until != NULL && y->until(y))
        loop_stop(y->loop, 0);
}

static void on_late(void *ctx)
{
    struct yard *y = ctx;
    loop_stop(y->loop, 1);
}

static void make_folder(struct yard *y)
{
    *y = (struct yard){.dir = "/tmp/davy-rig-XXXXXX"};
    assert_non_null(mkdtemp(y->dir));
}

static void look(struct yard *y, enum watch_backend backend)
{
    struct err e = {""};
    struct rig_options o = {.dir = y->dir, .now_ms = NOT_KNOWN, .backend = backend};
    y->rig = rig_open(&o, &e);
    if (y->rig == NULL)
        fail_msg("%s", e.text);
    model(y);
}

static void watch(struct yard *y, enum watch_backend backend)
{
    struct err e = {""};
    look(y, backend);
    y->loop = loop_open(&e);
    loop_after(y->loop, on_after, y);
    assert_true(rig_watch(y->rig, y->loop, on_changed, y, &e));
}

static void close_rig(struct yard *y)
{
    rig_close(y->rig);
    loop_close(y->loop);
    arena_release(&y->arena);
    y->rig = NULL;
    y->loop = NULL;
}

static int remove_one(const char *path, const struct stat *s, int type, struct FTW *walk)
{
    (void)s;
    (void)type;
    (void)walk;
    return remove(path);
}

static void close_yard(struct yard *y)
{
    close_rig(y);
    nftw(y->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* How long it took; fails when it never came. */
static int64_t wait_until(struct yard *y, bool (*until)(struct yard *))
{
    int64_t start = loop_now();
    model(y);
    if (until(y))
        return 0;
    y->until = until;
    loop_timer(y->loop, start + PATIENCE_MS, on_late, y);
    if (loop_run(y->loop) != 0)
        fail_msg("did not come within %d ms", PATIENCE_MS);
    loop_timer_stop(y->loop, on_late, y);
    y->until = NULL;
    return loop_now() - start;
}

static void run_for(struct yard *y, int64_t ms)
{
    loop_timer(y->loop, loop_now() + ms, on_late, y);
    loop_run(y->loop);
    model(y);
}

static int64_t used(const struct yard *y)
{
    return y->m->budgets->known && y->m->budgets->count > 0 ? y->m->budgets->row[0].used : -1;
}

static bool used_7(struct yard *y)
{
    return used(y) == 7;
}

static bool used_8(struct yard *y)
{
    return used(y) == 8;
}

static const struct origin *budgets_origin(const struct yard *y)
{
    return &y->m->origin[DOC_BUDGETS];
}

static bool budgets_invalid(struct yard *y)
{
    return budgets_origin(y)->state == ORIGIN_INVALID;
}

static bool budgets_ok(struct yard *y)
{
    return budgets_origin(y)->state == ORIGIN_OK;
}

static bool budgets_missing(struct yard *y)
{
    return budgets_origin(y)->state == ORIGIN_MISSING;
}

static bool budgets_waiting(struct yard *y)
{
    return budgets_origin(y)->state == ORIGIN_WAITING;
}

static void an_empty_folder_waits_for_folders_and_misses_files(void **state)
{
    (void)state;
    struct yard y;
    make_folder(&y);
    make_dir(&y, "state");
    look(&y, WATCH_POLL);
    assert_int_equal(y.m->origin[DOC_BUDGETS].state, ORIGIN_WAITING);
    assert_int_equal(y.m->origin[DOC_HISTORY].state, ORIGIN_MISSING);
    assert_int_equal(y.m->origin[DOC_LOG].state, ORIGIN_WAITING);
    assert_string_equal(y.m->origin[DOC_BUDGETS].path, "config/token-budgets.json");
    assert_string_equal(y.m->origin[DOC_BUDGETS].key, "budgets");
    assert_false(y.m->scores->known);
    close_yard(&y);
}

static void a_folder_that_is_none_is_refused_with_its_name(void **state)
{
    (void)state;
    struct err e = {""};
    struct rig_options o = {.dir = "/nonexistent/rig", .now_ms = NOT_KNOWN};
    assert_null(rig_open(&o, &e));
    assert_non_null(strstr(e.text, "/nonexistent/rig"));
    o.dir = "/dev/null";
    assert_null(rig_open(&o, &e));
    assert_non_null(strstr(e.text, "is not a folder"));
}

static void renaming_over_of(enum watch_backend b)
{
    struct yard y;
    char from[256], to[256];
    make_folder(&y);
    make_dir(&y, "config");
    budgets(&y, "config/token-budgets.json", 5);
    watch(&y, b);
    assert_int_equal(used(&y), 5);
    budgets(&y, "config/new.tmp", 7);
    path_of(&y, "config/new.tmp", from);
    path_of(&y, "config/token-budgets.json", to);
    rename(from, to);
    int64_t took = wait_until(&y, used_7);
    assert_true(b == WATCH_POLL ? took < 2500 : took < 500);
    budgets(&y, "config/token-budgets.json", 8); /* in place */
    wait_until(&y, used_8);
    close_yard(&y);
}

static void renamed_and_rewritten_documents_are_read_at_once(void **state)
{
    (void)state;
    renaming_over_of(WATCH_INOTIFYTOOLS);
    renaming_over_of(WATCH_RAW);
}

static void without_inotify_they_are_polled_and_it_is_said(void **state)
{
    (void)state;
    renaming_over_of(WATCH_POLL);
    struct yard y;
    make_folder(&y);
    watch(&y, WATCH_POLL);
    model(&y);
    assert_non_null(strstr(y.m->notice, "polling every 2 s"));
    assert_true(y.m->origin[DOC_BUDGETS].polling);
    close_yard(&y);
}

static void a_half_written_document_leaves_the_good_one_and_is_told_when_it_stays(void **state)
{
    (void)state;
    struct yard y;
    make_folder(&y);
    make_dir(&y, "config");
    budgets(&y, "config/token-budgets.json", 7);
    watch(&y, WATCH_AUTO);
    put(&y, "config/token-budgets.json", "{\"budgets\": {\"openai");
    run_for(&y, 60);
    assert_int_equal(budgets_origin(&y)->state, ORIGIN_OK); /* perhaps its writer is not done yet */
    int64_t took = wait_until(&y, budgets_invalid);
    assert_true(took < 600);
    assert_int_equal(used(&y), 7);
    assert_non_null(strstr(budgets_origin(&y)->error, "token-budgets.json line 1"));
    budgets(&y, "config/token-budgets.json", 8);
    wait_until(&y, used_8);
    assert_int_equal(budgets_origin(&y)->state, ORIGIN_OK);
    assert_null(budgets_origin(&y)->error);
    close_yard(&y);
}

static void a_look_between_truncating_and_writing_is_never_shown(void **state)
{
    (void)state;
    struct yard y;
    make_folder(&y);
    make_dir(&y, "config");
    budgets(&y, "config/token-budgets.json", 7);
    watch(&y, WATCH_AUTO);
    put(&y, "config/token-budgets.json", "");
    run_for(&y, 30);
    assert_int_equal(budgets_origin(&y)->state, ORIGIN_OK);
    assert_int_equal(used(&y), 7);
    budgets(&y, "config/token-budgets.json", 8);
    wait_until(&y, used_8);
    close_yard(&y);
}

static void a_document_that_is_being_written_is_read_when_it_is_closed(void **state)
{
    (void)state;
    struct yard y;
    char path[256];
    make_folder(&y);
    make_dir(&y, "config");
    budgets(&y, "config/token-budgets.json", 5);
    watch(&y, WATCH_AUTO);
    path_of(&y, "config/token-budgets.json", path);
    int fd = open(path, O_WRONLY | O_TRUNC);
    static const char early[] =
        "{\"budgets\": {\"openai-gpt4\": {\"monthly_allowance\": 1000, \"used_this_month\": 6}}}\n";
    static const char late[] =
        "{\"budgets\": {\"openai-gpt4\": {\"monthly_allowance\": 1000, \"used_this_month\": 7}}}\n";
    assert_true(pwrite(fd, early, sizeof early - 1, 0) > 0);
    put_with(&y, "other", "x", O_TRUNC); /* makes the rig look */
    run_for(&y, 300);
    assert_int_equal(used(&y), 5); /* it could be half of the truth */
    assert_int_equal(budgets_origin(&y)->state, ORIGIN_OK);
    assert_true(pwrite(fd, late, sizeof late - 1, 0) > 0);
    close(fd);
    assert_true(wait_until(&y, used_7) < 500);
    close_yard(&y);
}

static void of_a_writer_that_never_closes_each_document_is_read_soon(void **state)
{
    (void)state;
    struct yard y;
    char path[256], text[128];
    make_folder(&y);
    make_dir(&y, "config");
    budgets(&y, "config/token-budgets.json", 5);
    watch(&y, WATCH_AUTO);
    path_of(&y, "config/token-budgets.json", path);
    int fd = open(path, O_WRONLY);
    for (int i = 7; i <= 8; i++) {
        snprintf(text, sizeof text,
                 "{\"budgets\": {\"openai-gpt4\": {\"monthly_allowance\": 1000, \"used_this_month\": %d}}}\n", i);
        assert_true(pwrite(fd, text, strlen(text), 0) > 0);
        assert_true(wait_until(&y, i == 7 ? used_7 : used_8) < 2000);
    }
    close(fd);
    close_yard(&y);
}

/* Both numbers of the document are always the same. Each write is a page, so a reader can come between two of them. */
static void write_twins_for(const char *path, int64_t ms)
{
    enum { PAGE = 4096 };
    static char text[4 * PAGE + 256];
    int i = 100;
    for (int64_t end = loop_now() + ms; loop_now() < end; i = i < 900 ? i + 1 : 100) {
        int len = snprintf(text, sizeof text,
                           "{\"budgets\": {\"a\": {\"monthly_allowance\": 1000, \"used_this_month\": %d},%*s"
                           "\"b\": {\"monthly_allowance\": 1000, \"used_this_month\": %d}}}",
                           i, 4 * PAGE, "", i);
        int fd = open(path, O_WRONLY);
        for (int at = 0; at < len; at += PAGE)
            if (pwrite(fd, text + at, (size_t)(len - at < PAGE ? len - at : PAGE), at) < 0)
                _exit(1);
        close(fd);
        nanosleep(&(struct timespec){.tv_nsec = 200000}, NULL);
    }
    _exit(0);
}

static void check_twins(void *ctx)
{
    struct yard *y = ctx;
    model(y);
    y->changes++;
    if (y->m->budgets->known && y->m->budgets->count == 2)
        assert_true(y->m->budgets->row[0].used == y->m->budgets->row[1].used);
}

static void two_halves_of_two_documents_are_never_shown_as_one(void **state)
{
    (void)state;
    enum { FOR_MS = 1500 };
    struct yard y;
    struct err e;
    char path[256];
    make_folder(&y);
    make_dir(&y, "config");
    budgets(&y, "config/token-budgets.json", 5);
    look(&y, WATCH_AUTO);
    y.loop = loop_open(&e);
    assert_true(rig_watch(y.rig, y.loop, check_twins, &y, &e));
    path_of(&y, "config/token-budgets.json", path);
    pid_t writer = fork();
    if (writer == 0)
        write_twins_for(path, FOR_MS);
    run_for(&y, FOR_MS);
    assert_int_equal(waitpid(writer, NULL, 0), writer);
    assert_true(y.changes > 20);
    close_yard(&y);
}

static void once_looks_again_at_a_torn_document_but_not_at_an_old_one(void **state)
{
    (void)state;
    struct yard y;
    make_folder(&y);
    make_dir(&y, "config");
    put(&y, "config/token-budgets.json", "{");
    int64_t start = loop_now();
    look(&y, WATCH_POLL);
    assert_in_range(loop_now() - start, 200, 1500);
    assert_true(budgets_invalid(&y));
    close_rig(&y);
    age(&y, "config/token-budgets.json", 60);
    start = loop_now();
    look(&y, WATCH_POLL);
    assert_true(loop_now() - start < 150);
    assert_true(budgets_invalid(&y));
    close_yard(&y);
}

static void a_deleted_file_keeps_its_value_and_is_missing(void **state)
{
    (void)state;
    struct yard y;
    char path[256];
    make_folder(&y);
    make_dir(&y, "config");
    budgets(&y, "config/token-budgets.json", 7);
    watch(&y, WATCH_AUTO);
    path_of(&y, "config/token-budgets.json", path);
    unlink(path);
    wait_until(&y, budgets_missing);
    assert_int_equal(used(&y), 7);
    budgets(&y, "config/token-budgets.json", 8);
    wait_until(&y, used_8);
    close_yard(&y);
}

static void folders_of(enum watch_backend b)
{
    struct yard y;
    char path[256];
    make_folder(&y);
    put(&y, "davy.toml", "budgets = \"deep/er/still/b.json\"\n");
    watch(&y, b);
    assert_true(budgets_waiting(&y));
    make_dir(&y, "deep");
    run_for(&y, 30);
    make_dir(&y, "deep/er");
    make_dir(&y, "deep/er/still"); /* two at once: the second before the first is watched */
    budgets(&y, "deep/er/still/b.json", 7);
    wait_until(&y, used_7);
    path_of(&y, "deep", path);
    nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    wait_until(&y, budgets_waiting);
    assert_int_equal(used(&y), 7);
    make_dir(&y, "deep");
    make_dir(&y, "deep/er");
    make_dir(&y, "deep/er/still");
    budgets(&y, "deep/er/still/b.json", 8);
    wait_until(&y, used_8);
    close_yard(&y);
}

static void folders_that_come_and_go_are_followed(void **state)
{
    (void)state;
    folders_of(WATCH_INOTIFYTOOLS);
    folders_of(WATCH_RAW);
}

static void a_folder_moved_away_and_another_in_its_place_is_followed(void **state)
{
    (void)state;
    struct yard y;
    char from[256], to[256];
    make_folder(&y);
    make_dir(&y, "config");
    budgets(&y, "config/token-budgets.json", 5);
    watch(&y, WATCH_AUTO);
    path_of(&y, "config", from);
    path_of(&y, "config.old", to);
    rename(from, to);
    make_dir(&y, "config");
    budgets(&y, "config/token-budgets.json", 7);
    wait_until(&y, used_7);
    budgets(&y, "config/token-budgets.json", 8);
    wait_until(&y, used_8);
    close_yard(&y);
}

static void a_linked_file_is_read_and_looked_at_often(void **state)
{
    (void)state;
    struct yard y;
    char from[256], to[256];
    make_folder(&y);
    make_dir(&y, "config");
    make_dir(&y, "elsewhere");
    budgets(&y, "elsewhere/b.json", 5);
    path_of(&y, "elsewhere/b.json", from);
    path_of(&y, "config/token-budgets.json", to);
    assert_int_equal(symlink(from, to), 0);
    watch(&y, WATCH_AUTO);
    assert_int_equal(used(&y), 5);
    budgets(&y, "elsewhere/b.json", 7); /* no event in config/ */
    assert_true(wait_until(&y, used_7) < 3000);
    close_yard(&y);
}

static void a_link_that_appears_is_read_at_once(void **state)
{
    (void)state;
    struct yard y;
    char from[256], to[256];
    make_folder(&y);
    make_dir(&y, "config");
    budgets(&y, "b.json", 7);
    watch(&y, WATCH_AUTO);
    path_of(&y, "b.json", from);
    path_of(&y, "config/token-budgets.json", to);
    assert_int_equal(link(from, to), 0); /* neither closed after writing nor moved */
    assert_true(wait_until(&y, used_7) < 500);
    close_yard(&y);
}

static void a_linked_folder_that_is_swapped_is_followed(void **state)
{
    (void)state;
    struct yard y;
    char link_path[256], next[256];
    make_folder(&y);
    make_dir(&y, "a");
    make_dir(&y, "b");
    make_dir(&y, "config");
    budgets(&y, "config/token-budgets.json", 5);
    budgets(&y, "a/token-budgets.json", 7);
    budgets(&y, "b/token-budgets.json", 8);
    watch(&y, WATCH_AUTO);
    path_of(&y, "config", link_path);
    path_of(&y, "next", next);
    nftw(link_path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    assert_int_equal(symlink("a", link_path), 0);
    wait_until(&y, used_7);
    assert_null(y.m->notice); /* events do come from there */
    assert_int_equal(symlink("b", next), 0);
    assert_int_equal(rename(next, link_path), 0); /* no event in a/ nor b/ */
    assert_true(wait_until(&y, used_8) < 3000);
    budgets(&y, "b/token-budgets.json", 7);
    assert_true(wait_until(&y, used_7) < 500);
    close_yard(&y);
}

static void a_file_of_the_wrong_kind_is_one_sentence(void **state)
{
    (void)state;
    struct yard y;
    char path[256];
    make_folder(&y);
    make_dir(&y, "config");
    budgets(&y, "config/token-budgets.json", 7);
    watch(&y, WATCH_AUTO);
    path_of(&y, "config/token-budgets.json", path);
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    wait_until(&y, budgets_invalid);
    assert_non_null(strstr(budgets_origin(&y)->error, "FIFO"));
    assert_int_equal(used(&y), 7);
    unlink(path);
    budgets(&y, "config/token-budgets.json", 8);
    wait_until(&y, used_8);
    close_yard(&y);
}

static void without_a_descriptor_it_tries_again_by_itself(void **state)
{
    (void)state;
    struct yard y;
    struct rlimit before, none;
    make_folder(&y);
    make_dir(&y, "config");
    budgets(&y, "config/token-budgets.json", 5);
    watch(&y, WATCH_AUTO);
    budgets(&y, "config/token-budgets.json", 7);
    getrlimit(RLIMIT_NOFILE, &before);
    none = before;
    none.rlim_cur = 3;
    setrlimit(RLIMIT_NOFILE, &none);
    wait_until(&y, budgets_invalid);
    assert_int_equal(used(&y), 5);
    setrlimit(RLIMIT_NOFILE, &before);
    wait_until(&y, budgets_ok); /* nothing happens to the file any more */
    assert_int_equal(used(&y), 7);
    close_yard(&y);
}

static void add_records(const struct yard *y, int from, int count, int flags)
{
    char text[4096] = "", line[256];
    for (int i = from; i < from + count; i++) {
        snprintf(line, sizeof line,
                 "{\"timestamp\": \"2026-11-20T00:00:00\", \"task_id\": \"t%d\", \"validator_score\": 0.5}\n", i);
        strcat(text, line);
    }
    put_with(y, "state/task-history.jsonl", text, flags);
}

static bool ten_scored(struct yard *y)
{
    return y->m->scores->known && y->m->scores->counts.scored == 10;
}

static bool eleven_scored(struct yard *y)
{
    return y->m->scores->known && y->m->scores->counts.scored == 11;
}

static void history_of(enum watch_backend b)
{
    struct yard y;
    char from[256], to[256];
    make_folder(&y);
    make_dir(&y, "state");
    add_records(&y, 0, 4, O_TRUNC);
    watch(&y, b);
    assert_int_equal(y.m->scores->counts.scored, 4);
    add_records(&y, 4, 4, O_APPEND);
    path_of(&y, "state/task-history.jsonl", from);
    path_of(&y, "state/task-history.jsonl.1", to);
    rename(from, to);
    add_records(&y, 8, 2, O_TRUNC);
    wait_until(&y, ten_scored); /* rotated: what was counted stays, nothing is lost */
    int writer = open(from, O_WRONLY | O_APPEND);
    const char *half = "{\"timestamp\": \"2026-11-20T00:00:00\", \"task_id\": \"x\", ";
    assert_int_equal(write(writer, half, strlen(half)), (ssize_t)strlen(half));
    run_for(&y, 30);
    assert_true(ten_scored(&y)); /* half a line is none */
    half = "\"validator_score\": 1}\n";
    assert_int_equal(write(writer, half, strlen(half)), (ssize_t)strlen(half));
    wait_until(&y, eleven_scored); /* and the writer keeps the file open */
    close(writer);
    close_yard(&y);
}

static void the_history_is_followed_through_rotation_line_by_line(void **state)
{
    (void)state;
    history_of(WATCH_INOTIFYTOOLS);
    history_of(WATCH_RAW);
}

static bool paths_moved(struct yard *y)
{
    return used(y) == 7 && strcmp(budgets_origin(y)->path, "b.json") == 0;
}

static bool settings_invalid(struct yard *y)
{
    return y->m->origin[DOC_SETTINGS].state == ORIGIN_INVALID;
}

static bool is_named(struct yard *y)
{
    return strcmp(y->m->rig_name, "lamp") == 0;
}

static void settings_are_read_anew_and_a_mistake_changes_nothing(void **state)
{
    (void)state;
    struct yard y;
    make_folder(&y);
    make_dir(&y, "config");
    budgets(&y, "config/token-budgets.json", 5);
    budgets(&y, "b.json", 7);
    watch(&y, WATCH_AUTO);
    assert_int_equal(used(&y), 5);
    put(&y, "davy.toml", "budgets = \"b.json\"\n");
    wait_until(&y, paths_moved);
    put(&y, "davy.toml", "budgets = \n");
    wait_until(&y, settings_invalid);
    assert_int_equal(used(&y), 7);
    assert_non_null(strstr(y.m->origin[DOC_SETTINGS].error, "davy.toml line 1"));
    put(&y, "davy.toml", "budgets = \"b.json\"\n[rig]\nname = \"lamp\"\n");
    wait_until(&y, is_named);
    budgets(&y, "b.json", 8);
    wait_until(&y, used_8);
    close_yard(&y);
}

static void a_config_that_cannot_be_used_is_refused_when_it_was_asked_for(void **state)
{
    (void)state;
    struct yard y;
    struct err e = {""};
    char path[256];
    make_folder(&y);
    path_of(&y, "other.toml", path);
    struct rig_options o = {.dir = y.dir, .config = path, .now_ms = NOT_KNOWN};
    assert_null(rig_open(&o, &e));
    assert_non_null(strstr(e.text, "other.toml"));
    put(&y, "other.toml", "budgets = 5\n");
    assert_null(rig_open(&o, &e));
    assert_non_null(strstr(e.text, "other.toml"));
    put(&y, "davy.toml", "budgets = 5\n"); /* the rig's own is a fact, not an end */
    o.config = NULL;
    y.rig = rig_open(&o, &e);
    assert_non_null(y.rig);
    model(&y);
    assert_true(settings_invalid(&y));
    close_yard(&y);
}

static void of_two_status_files_the_newer_one_speaks(void **state)
{
    (void)state;
    struct yard y;
    make_folder(&y);
    make_dir(&y, "Miners");
    put(&y, "miner_status.json", "{}\n");
    put(&y, "Miners/miner_status.json", "{}\n");
    age(&y, "miner_status.json", 100);
    age(&y, "Miners/miner_status.json", 50);
    look(&y, WATCH_POLL);
    assert_string_equal(y.m->origin[DOC_STATUS].path, "Miners/miner_status.json");
    close_rig(&y);
    age(&y, "miner_status.json", 20);
    look(&y, WATCH_POLL);
    assert_string_equal(y.m->origin[DOC_STATUS].path, "miner_status.json");
    close_yard(&y);
}

static void a_document_that_is_rewritten_often_is_stale_when_it_is_not(void **state)
{
    (void)state;
    struct yard y;
    make_folder(&y);
    make_dir(&y, "state");
    put(&y, "state/miner-state.json", "{\"status\": \"running\"}");
    age(&y, "state/miner-state.json", 25);
    look(&y, WATCH_POLL);
    assert_int_equal(y.m->origin[DOC_STATE].state, ORIGIN_OK);
    close_rig(&y);
    age(&y, "state/miner-state.json", 40);
    look(&y, WATCH_POLL);
    assert_int_equal(y.m->origin[DOC_STATE].state, ORIGIN_STALE);
    close_yard(&y);
}

static void held_the_model_stays_and_changes_are_told(void **state)
{
    (void)state;
    struct yard y;
    make_folder(&y);
    make_dir(&y, "config");
    budgets(&y, "config/token-budgets.json", 5);
    watch(&y, WATCH_AUTO);
    run_for(&y, 30);
    rig_hold(y.rig, true);
    uint64_t before = rig_changes(y.rig);
    y.changes = 0;
    budgets(&y, "config/token-budgets.json", 7);
    run_for(&y, 60);
    assert_true(y.changes > 0);
    assert_true(rig_changes(y.rig) == before);
    assert_int_equal(used(&y), 5);
    rig_hold(y.rig, false);
    wait_until(&y, used_7);
    close_yard(&y);
}

static void a_steady_writer_is_seen_while_it_writes(void **state)
{
    (void)state;
    struct yard y;
    make_folder(&y);
    make_dir(&y, "config");
    budgets(&y, "config/token-budgets.json", 0);
    watch(&y, WATCH_AUTO);
    int seen = 0;
    for (int i = 1; i <= 60; i++) { /* an event every 5 ms: a debounce that starts anew would never end */
        budgets(&y, "config/token-budgets.json", i);
        run_for(&y, 5);
        seen += used(&y) > 0;
    }
    assert_true(seen > 30);
    assert_true(y.changes <= 40); /* and not one model an event */
    close_yard(&y);
}

static void a_quiet_rig_is_left_alone(void **state)
{
    (void)state;
    struct yard y;
    make_folder(&y);
    make_dir(&y, "config");
    budgets(&y, "config/token-budgets.json", 5);
    watch(&y, WATCH_AUTO);
    run_for(&y, 100);
    y.changes = 0;
    struct rusage before, behind;
    getrusage(RUSAGE_SELF, &before);
    run_for(&y, 1000);
    getrusage(RUSAGE_SELF, &behind);
    assert_int_equal(y.changes, 0);
    assert_true(behind.ru_nvcsw - before.ru_nvcsw <= 4);
    close_yard(&y);
}

static void a_huge_history_does_not_keep_the_first_picture_waiting(void **state)
{
    (void)state;
    struct yard y;
    make_folder(&y);
    make_dir(&y, "state");
    char path[256], line[] = "{\"timestamp\": \"2026-11-20T00:00:00\", \"task_id\": \"t\", \"validator_score\": 0.5}\n";
    path_of(&y, "state/task-history.jsonl", path);
    FILE *f = fopen(path, "w");
    for (int i = 0; i < 400000; i++)
        fputs(line, f);
    fclose(f);
    struct err e;
    struct rig_options o = {.dir = y.dir, .now_ms = NOT_KNOWN, .hurry = true};
    y.rig = rig_open(&o, &e);
    model(&y);
    assert_false(y.m->scores->known); /* half a history would be half a truth */
    assert_non_null(strstr(y.m->notice, "reading the history"));
    close_yard(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_folder_waits_for_folders_and_misses_files),
        cmocka_unit_test(a_folder_that_is_none_is_refused_with_its_name),
        cmocka_unit_test(renamed_and_rewritten_documents_are_read_at_once),
        cmocka_unit_test(without_inotify_they_are_polled_and_it_is_said),
        cmocka_unit_test(a_half_written_document_leaves_the_good_one_and_is_told_when_it_stays),
        cmocka_unit_test(a_look_between_truncating_and_writing_is_never_shown),
        cmocka_unit_test(a_document_that_is_being_written_is_read_when_it_is_closed),
        cmocka_unit_test(of_a_writer_that_never_closes_each_document_is_read_soon),
        cmocka_unit_test(two_halves_of_two_documents_are_never_shown_as_one),
        cmocka_unit_test(once_looks_again_at_a_torn_document_but_not_at_an_old_one),
        cmocka_unit_test(a_deleted_file_keeps_its_value_and_is_missing),
        cmocka_unit_test(folders_that_come_and_go_are_followed),
        cmocka_unit_test(a_folder_moved_away_and_another_in_its_place_is_followed),
        cmocka_unit_test(a_linked_file_is_read_and_looked_at_often),
        cmocka_unit_test(a_link_that_appears_is_read_at_once),
        cmocka_unit_test(a_linked_folder_that_is_swapped_is_followed),
        cmocka_unit_test(a_file_of_the_wrong_kind_is_one_sentence),
        cmocka_unit_test(without_a_descriptor_it_tries_again_by_itself),
        cmocka_unit_test(the_history_is_followed_through_rotation_line_by_line),
        cmocka_unit_test(settings_are_read_anew_and_a_mistake_changes_nothing),
        cmocka_unit_test(a_config_that_cannot_be_used_is_refused_when_it_was_asked_for),
        cmocka_unit_test(of_two_status_files_the_newer_one_speaks),
        cmocka_unit_test(a_document_that_is_rewritten_often_is_stale_when_it_is_not),
        cmocka_unit_test(held_the_model_stays_and_changes_are_told),
        cmocka_unit_test(a_steady_writer_is_seen_while_it_writes),
        cmocka_unit_test(a_quiet_rig_is_left_alone),
        cmocka_unit_test(a_huge_history_does_not_keep_the_first_picture_waiting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
