/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every backend must tell the same story of the same events in a real folder. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "loop/watch.h"
#include "loop/watch_backend.h"

#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

struct yard {
    char dir[64];
    struct watch *w;
    int id;
};

static int remove_one(const char *path, const struct stat *s, int type, struct FTW *walk)
{
    (void)s;
    (void)type;
    (void)walk;
    return remove(path);
}

static struct yard yard_of(enum watch_backend b)
{
    struct yard y = {.dir = "/tmp/davy-watch-XXXXXX"};
    struct err e = {""};
    assert_non_null(mkdtemp(y.dir));
    y.w = watch_open(b);
    y.id = watch_add(y.w, y.dir, &e);
    return y;
}

static void yard_close(struct yard *y)
{
    watch_close(y->w);
    nftw(y->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static const char *path(const struct yard *y, const char *name)
{
    static char out[2][256];
    static int which;
    which = !which;
    snprintf(out[which], sizeof out[which], "%s/%s", y->dir, name);
    return out[which];
}

static void put(const struct yard *y, const char *name, const char *text, int flags)
{
    int fd = open(path(y, name), O_WRONLY | O_CREAT | flags, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

/* The story as text: "W name;" written, "M" modified, "C" created, "R" rights, "-" gone, "D" folder gone, "O" overflow;
 * repeats once. */
static const char *story(const struct yard *y)
{
    static const char letter[] = {
        [WATCH_WRITTEN] = 'W', [WATCH_MODIFIED] = 'M', [WATCH_CREATED] = 'C', [WATCH_RIGHTS] = 'R',
        [WATCH_GONE] = '-',    [WATCH_DIR_GONE] = 'D', [WATCH_OVERFLOW] = 'O'};
    static char out[1024];
    char last[300] = "", now[300];
    struct watch_event ev;
    out[0] = '\0';
    while (watch_next(y->w, &ev)) {
        snprintf(now, sizeof now, "%c%s;", letter[ev.what], ev.name);
        if (strcmp(now, last) != 0)
            strncat(out, now, sizeof out - strlen(out) - 1);
        strcpy(last, now);
    }
    return out;
}

static void each_backend(void (*test)(enum watch_backend b))
{
    test(WATCH_INOTIFYTOOLS);
    test(WATCH_RAW);
}

static void writes_of_one(enum watch_backend b)
{
    struct yard y = yard_of(b);
    assert_true(y.id >= 0);
    assert_null(watch_notice(y.w));
    put(&y, "a", "1", O_TRUNC);
    assert_string_equal(story(&y), "Ca;Ma;Wa;");
    put(&y, "a", "2", O_APPEND);
    assert_string_equal(story(&y), "Ma;Wa;");
    put(&y, "b.tmp", "3", O_TRUNC);
    story(&y);
    assert_int_equal(rename(path(&y, "b.tmp"), path(&y, "a")), 0);
    assert_string_equal(story(&y), "-b.tmp;Wa;");
    assert_int_equal(unlink(path(&y, "a")), 0);
    assert_string_equal(story(&y), "-a;");
    assert_int_equal(symlink("/dev/null", path(&y, "link")), 0);
    assert_string_equal(story(&y), "Clink;");
    assert_int_equal(mkdir(path(&y, "sub"), 0700), 0);
    assert_string_equal(story(&y), "Wsub;");
    put(&y, "b", "4", O_TRUNC);
    story(&y);
    assert_int_equal(chmod(path(&y, "b"), 0640), 0);
    assert_string_equal(story(&y), "Rb;");
    assert_int_equal(chmod(y.dir, 0750), 0);
    assert_string_equal(story(&y), "R;");
    yard_close(&y);
}

static void writing_renaming_deleting_linking_and_folders_are_told(void **state)
{
    (void)state;
    each_backend(writes_of_one);
}

static void kept_open_of_one(enum watch_backend b)
{
    struct yard y = yard_of(b);
    int fd = open(path(&y, "log"), O_WRONLY | O_CREAT | O_APPEND, 0600);
    assert_int_equal(write(fd, "line\n", 5), 5);
    assert_string_equal(story(&y), "Clog;Mlog;");
    assert_int_equal(write(fd, "line\n", 5), 5);
    assert_string_equal(story(&y), "Mlog;");
    close(fd);
    assert_string_equal(story(&y), "Wlog;");
    yard_close(&y);
}

static void a_writer_that_keeps_its_file_open_is_seen_as_modifying(void **state)
{
    (void)state;
    each_backend(kept_open_of_one);
}

static void recreate_of_one(enum watch_backend b)
{
    struct yard y = yard_of(b);
    char sub[256];
    snprintf(sub, sizeof sub, "%s/state", y.dir);
    for (int i = 0; i < 600; i++) { /* more than the spellings that were tried before */
        struct err e = {""};
        assert_int_equal(mkdir(sub, 0700), 0);
        int id = watch_add(y.w, sub, &e);
        assert_true(id >= 0);
        assert_int_equal(watch_add(y.w, sub, &e), id); /* same folder, same id */
        story(&y);
        put(&y, "state/f", "x", O_TRUNC);
        assert_string_equal(story(&y), "Cf;Mf;Wf;"); /* the library would give the first watch's number for ever */
        unlink(path(&y, "state/f"));
        story(&y);
        assert_int_equal(rmdir(sub), 0);
        assert_string_equal(story(&y), "D;-state;");
    }
    yard_close(&y);
}

static void a_folder_that_is_removed_and_made_again_can_be_watched_again(void **state)
{
    (void)state;
    each_backend(recreate_of_one);
}

static void moved_of_one(enum watch_backend b)
{
    struct yard y = yard_of(b);
    char sub[256], other[256];
    snprintf(sub, sizeof sub, "%s/sub", y.dir);
    snprintf(other, sizeof other, "%s/other", y.dir);
    mkdir(sub, 0700);
    assert_true(watch_add(y.w, sub, NULL) >= 0);
    story(&y);
    assert_int_equal(rename(sub, other), 0);
    assert_non_null(strstr(story(&y), "D;"));
    put(&y, "other/f", "x", O_TRUNC);
    assert_string_equal(story(&y), ""); /* its watch went with it */
    yard_close(&y);
}

static void a_folder_that_is_moved_away_is_lost(void **state)
{
    (void)state;
    each_backend(moved_of_one);
}

static void removed_of_one(enum watch_backend b)
{
    struct yard y = yard_of(b);
    watch_remove(y.w, y.id);
    put(&y, "a", "1", O_TRUNC);
    assert_string_equal(story(&y), "");
    assert_true(watch_add(y.w, y.dir, NULL) >= 0);
    put(&y, "a", "1", O_TRUNC);
    assert_string_equal(story(&y), "Ma;Wa;"); /* it was there already */
    yard_close(&y);
}

static void a_watch_that_was_removed_is_silent_until_it_is_added_again(void **state)
{
    (void)state;
    each_backend(removed_of_one);
}

static void wakes_of_one(enum watch_backend b)
{
    struct yard y = yard_of(b);
    struct pollfd p = {.fd = watch_fd(y.w), .events = POLLIN};
    assert_int_equal(fcntl(p.fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    assert_int_equal(fcntl(p.fd, F_GETFL) & O_NONBLOCK, O_NONBLOCK);
    assert_int_equal(poll(&p, 1, 0), 0);
    for (int i = 0; i < 50; i++)
        put(&y, "a", "1", O_TRUNC);
    assert_int_equal(poll(&p, 1, 1000), 1);
    story(&y);
    assert_int_equal(poll(&p, 1, 0), 0); /* drained: what a library still held would never be announced */
    yard_close(&y);
}

static void its_descriptor_wakes_up_is_drained_and_not_inherited(void **state)
{
    (void)state;
    each_backend(wakes_of_one);
}

/* modify and close, never twice alike: more than 16,384 events */
static void fill_queue(const struct yard *y)
{
    for (int i = 0; i < 9000; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%d", i % 3);
        put(y, name, "x", O_TRUNC);
    }
}

static bool overflowed(const struct yard *y)
{
    struct watch_event ev;
    bool overflow = false;
    while (watch_next(y->w, &ev))
        overflow = overflow || (ev.what == WATCH_OVERFLOW && ev.id == -1 && ev.name[0] == '\0');
    return overflow;
}

static void overflow_of_one(enum watch_backend b)
{
    struct yard y = yard_of(b);
    fill_queue(&y);
    assert_true(overflowed(&y));
    yard_close(&y);
}

static void a_full_queue_is_told_as_overflow(void **state)
{
    (void)state;
    each_backend(overflow_of_one);
}

static void lost_end_of_one(enum watch_backend b)
{
    struct yard y = yard_of(b);
    char sub[256];
    snprintf(sub, sizeof sub, "%s/sub", y.dir);
    assert_int_equal(mkdir(sub, 0700), 0);
    assert_true(watch_add(y.w, sub, NULL) >= 0);
    fill_queue(&y);
    assert_int_equal(rmdir(sub), 0); /* nobody is told, and the inode number is often given to the next one */
    assert_int_equal(mkdir(sub, 0700), 0);
    assert_true(overflowed(&y));
    assert_int_equal(watch_add(y.w, y.dir, NULL), y.id); /* this one lives */
    assert_true(watch_add(y.w, sub, NULL) >= 0);
    put(&y, "sub/f", "x", O_TRUNC);
    put(&y, "g", "x", O_TRUNC);
    assert_string_equal(story(&y), "Cf;Mf;Wf;Cg;Mg;Wg;");
    yard_close(&y);
}

static void after_an_overflow_a_folder_that_was_made_anew_is_watched_anew(void **state)
{
    (void)state;
    each_backend(lost_end_of_one);
}

static void polling_refuses_every_folder_and_says_so(void **state)
{
    (void)state;
    struct yard y = yard_of(WATCH_POLL);
    assert_true(watch_polling(y.w));
    assert_int_equal(watch_fd(y.w), -1);
    assert_int_equal(y.id, -1);
    assert_string_equal(watch_notice(y.w), "polling every 2 s (inotify: asked for)");
    yard_close(&y);
}

static void a_second_watch_of_the_process_goes_round_the_librarys_globals(void **state)
{
    (void)state;
    struct yard a = yard_of(WATCH_AUTO), b = yard_of(WATCH_AUTO);
    assert_false(watch_polling(b.w));
    put(&a, "a", "1", O_TRUNC);
    put(&b, "b", "1", O_TRUNC);
    assert_string_equal(story(&a), "Ca;Ma;Wa;");
    assert_string_equal(story(&b), "Cb;Mb;Wb;");
    yard_close(&a);
    yard_close(&b);
}

/* libinotifytools selects on its descriptor: one of 1024 or more would abort the process. */
static void a_descriptor_too_high_for_select_is_not_given_to_the_library(void **state)
{
    (void)state;
    struct rlimit before, more;
    getrlimit(RLIMIT_NOFILE, &before);
    more = before;
    more.rlim_cur = 1200;
    if (setrlimit(RLIMIT_NOFILE, &more) != 0)
        skip();
    static int fd[1100];
    int n = 0;
    while (n < 1100 && (fd[n] = open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0)
        n++;
    struct yard y = yard_of(WATCH_AUTO);
    assert_false(watch_polling(y.w));
    assert_true(watch_fd(y.w) >= 1024);
    put(&y, "a", "1", O_TRUNC);
    assert_string_equal(story(&y), "Ca;Ma;Wa;");
    yard_close(&y);
    while (n > 0)
        close(fd[--n]);
    setrlimit(RLIMIT_NOFILE, &before);
}

static void without_any_descriptor_left_it_polls_and_says_why(void **state)
{
    (void)state;
    struct rlimit before, none;
    getrlimit(RLIMIT_NOFILE, &before);
    none = before;
    none.rlim_cur = 3;
    setrlimit(RLIMIT_NOFILE, &none);
    struct watch *w = watch_open(WATCH_AUTO);
    setrlimit(RLIMIT_NOFILE, &before);
    assert_true(watch_polling(w));
    assert_non_null(strstr(watch_notice(w), "polling every 2 s (inotify: no instances or descriptors left)"));
    watch_close(w);
}

/* A backend that tells what a test wants to hear. */
static struct watch_raw_event fake_queue[8];
static int fake_at;

static void *fake_open(int *fd, struct err *e)
{
    (void)e;
    *fd = 99;
    return fake_queue;
}

static void fake_close(void *state)
{
    (void)state;
}

static int fake_add(void *state, const char *dir, struct err *e)
{
    (void)state;
    (void)dir;
    (void)e;
    return 5;
}

static void fake_remove(void *state, int wd)
{
    (void)state;
    (void)wd;
}

static bool fake_next(void *state, struct watch_raw_event *ev)
{
    (void)state;
    *ev = fake_queue[fake_at++];
    return ev->mask != 0;
}

static void events_of_unknown_watches_are_skipped_and_overflow_is_not(void **state)
{
    (void)state;
    static const struct watch_backend_ops fake = {"fake", fake_open, fake_close, fake_add, fake_remove, fake_next};
    struct watch *w = watch_open_with(&fake);
    struct watch_event ev;
    int id = watch_add(w, "/tmp", NULL);
    fake_queue[0] = (struct watch_raw_event){17, IN_CLOSE_WRITE, "other"};
    fake_queue[1] = (struct watch_raw_event){-1, IN_Q_OVERFLOW, ""};
    fake_queue[2] = (struct watch_raw_event){5, IN_OPEN, "noise"};
    fake_queue[3] = (struct watch_raw_event){5, IN_CLOSE_WRITE, "mine"};
    fake_queue[4] = (struct watch_raw_event){5, IN_UNMOUNT, ""};
    fake_queue[5] = (struct watch_raw_event){5, IN_IGNORED, ""};
    assert_true(watch_next(w, &ev));
    assert_int_equal(ev.what, WATCH_OVERFLOW);
    assert_true(watch_next(w, &ev));
    assert_int_equal(ev.id, id);
    assert_string_equal(ev.name, "mine");
    assert_true(watch_next(w, &ev));
    assert_int_equal(ev.what, WATCH_DIR_GONE);
    assert_false(watch_next(w, &ev));
    watch_close(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writing_renaming_deleting_linking_and_folders_are_told),
        cmocka_unit_test(a_writer_that_keeps_its_file_open_is_seen_as_modifying),
        cmocka_unit_test(a_folder_that_is_removed_and_made_again_can_be_watched_again),
        cmocka_unit_test(a_folder_that_is_moved_away_is_lost),
        cmocka_unit_test(a_watch_that_was_removed_is_silent_until_it_is_added_again),
        cmocka_unit_test(its_descriptor_wakes_up_is_drained_and_not_inherited),
        cmocka_unit_test(a_full_queue_is_told_as_overflow),
        cmocka_unit_test(after_an_overflow_a_folder_that_was_made_anew_is_watched_anew),
        cmocka_unit_test(polling_refuses_every_folder_and_says_so),
        cmocka_unit_test(a_second_watch_of_the_process_goes_round_the_librarys_globals),
        cmocka_unit_test(a_descriptor_too_high_for_select_is_not_given_to_the_library),
        cmocka_unit_test(without_any_descriptor_left_it_polls_and_says_why),
        cmocka_unit_test(events_of_unknown_watches_are_skipped_and_overflow_is_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
