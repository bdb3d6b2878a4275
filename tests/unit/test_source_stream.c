/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file that grows, and everything that is done to such files: no byte is lost or handed on twice. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "source/stream.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOTS = 1 << 30, HEARD = 1 << 20 };

struct yard {
    char dir[64], path[128], other[128];
    struct stream s;
    char *heard; /* what was fed; a gap is noted as '!' */
    size_t len;
    char why[128];
    int64_t now_ms;
};

static void on_feed(void *ctx, struct bytes block)
{
    struct yard *y = ctx;
    assert_true(y->len + block.len < HEARD);
    memcpy(y->heard + y->len, block.at, block.len);
    y->len += block.len;
    y->heard[y->len] = '\0';
}

static void on_gap(void *ctx, const char *why)
{
    struct yard *y = ctx;
    on_feed(y, bytes_of("!"));
    snprintf(y->why, sizeof y->why, "%s", why);
}

static void open_yard(struct yard *y, struct stream_rules rules)
{
    *y = (struct yard){.dir = "/tmp/davy-stream-XXXXXX", .heard = calloc(1, HEARD), .now_ms = 1000};
    assert_non_null(mkdtemp(y->dir));
    snprintf(y->path, sizeof y->path, "%s/f", y->dir);
    snprintf(y->other, sizeof y->other, "%s/other", y->dir);
    stream_init(&y->s, y->path, rules, (struct stream_sink){y, on_feed, NULL, on_gap});
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
    stream_release(&y->s);
    nftw(y->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(y->heard);
}

static void put(const char *path, const char *text, int flags)
{
    int fd = open(path, O_WRONLY | O_CREAT | flags, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static enum stream_state step(struct yard *y)
{
    struct err e = {""};
    return stream_step(&y->s, y->now_ms, LOTS, &e);
}

static void hears(struct yard *y, const char *want)
{
    assert_int_equal(step(y), STREAM_IDLE);
    assert_string_equal(y->heard, want);
}

static const struct stream_rules plain = {0, 0};

static void appended_bytes_are_handed_on_once(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, plain);
    put(y.path, "one\n", O_TRUNC);
    hears(&y, "one\n");
    hears(&y, "one\n");
    put(y.path, "tw", O_APPEND);
    hears(&y, "one\ntw");
    put(y.path, "o\n", O_APPEND);
    hears(&y, "one\ntwo\n");
    close_yard(&y);
}

static void a_file_that_is_not_there_is_missing_until_it_comes(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, plain);
    assert_int_equal(step(&y), STREAM_MISSING);
    put(y.path, "x\n", O_TRUNC);
    hears(&y, "x\n");
    close_yard(&y);
}

static void rotation_by_rename_reads_the_old_file_to_its_end_first(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, plain);
    put(y.path, "a\n", O_TRUNC);
    hears(&y, "a\n");
    int old = open(y.path, O_WRONLY | O_APPEND);
    assert_int_equal(rename(y.path, y.other), 0);
    assert_int_equal(write(old, "late\n", 5), 5); /* its writer has not noticed yet */
    assert_int_equal(step(&y), STREAM_MISSING);
    assert_int_equal(write(old, "later\n", 6), 6);
    close(old);
    put(y.path, "new\n", O_TRUNC);
    hears(&y, "a\nlate\nlater\n!new\n");
    close_yard(&y);
}

static void a_deleted_file_is_not_held_once_it_is_read(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, plain);
    put(y.path, "a\n", O_TRUNC);
    hears(&y, "a\n");
    unlink(y.path);
    assert_int_equal(step(&y), STREAM_MISSING);
    assert_int_equal(y.s.fd, -1);
    close_yard(&y);
}

static void another_file_with_the_same_inode_number_starts_anew(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, plain);
    put(y.path, "first\n", O_TRUNC);
    hears(&y, "first\n");
    unlink(y.path);
    step(&y); /* lets go of it, so that ext4 gives the number again */
    put(y.path, "second and longer\n", O_TRUNC);
    hears(&y, "first\n!second and longer\n");
    close_yard(&y);
}

static void truncation_starts_at_the_beginning_and_is_told(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, plain);
    put(y.path, "one\ntwo\n", O_TRUNC);
    hears(&y, "one\ntwo\n");
    put(y.path, "x\n", O_TRUNC);
    hears(&y, "one\ntwo\n!x\n");
    assert_non_null(strstr(y.why, "truncated"));
    close_yard(&y);
}

static void truncated_and_grown_past_the_old_place_is_noticed_by_its_content(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, plain);
    put(y.path, "one\ntwo\n", O_TRUNC);
    hears(&y, "one\ntwo\n");
    put(y.path, "ONE\nTWO\nTHREE\n", O_TRUNC); /* size and inode say nothing; GNU tail loses the first lines */
    hears(&y, "one\ntwo\n!ONE\nTWO\nTHREE\n");
    close_yard(&y);
}

static void the_marker_before_the_place_tells_when_the_head_is_the_same(void **state)
{
    (void)state;
    struct yard y;
    char head[2001], text[2200], want[6000];
    memset(head, 'h', 2000);
    head[1999] = '\n';
    head[2000] = '\0';
    open_yard(&y, plain);
    snprintf(text, sizeof text, "%sold\n", head);
    put(y.path, text, O_TRUNC);
    hears(&y, text);
    snprintf(want, sizeof want, "%s!%snew and more\n", text, head);
    snprintf(text, sizeof text, "%snew and more\n", head);
    put(y.path, text, O_TRUNC);
    hears(&y, want);
    close_yard(&y);
}

static void an_emptied_file_is_told_after_a_moment(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, plain);
    put(y.path, "one\n", O_TRUNC);
    hears(&y, "one\n");
    put(y.path, "", O_TRUNC);
    assert_int_equal(step(&y), STREAM_WAIT);
    assert_string_equal(y.heard, "one\n");
    y.now_ms = y.s.doubt_ms;
    hears(&y, "one\n!");
    put(y.path, "two\n", O_APPEND);
    hears(&y, "one\n!two\n");
    close_yard(&y);
}

static void a_rewrite_with_the_same_content_counts_nothing_twice(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, plain);
    put(y.path, "one\ntwo\nthree\n", O_TRUNC);
    hears(&y, "one\ntwo\nthree\n");
    put(y.path, "one\n", O_TRUNC); /* a look into the middle of it */
    assert_int_equal(step(&y), STREAM_WAIT);
    y.now_ms += 90;
    put(y.path, "two\n", O_APPEND);
    assert_int_equal(step(&y), STREAM_WAIT);
    y.now_ms += 90; /* it grew: more patience */
    assert_int_equal(step(&y), STREAM_WAIT);
    put(y.path, "three\nfour\n", O_APPEND);
    hears(&y, "one\ntwo\nthree\nfour\n");
    close_yard(&y);
}

static void a_copy_renamed_over_it_goes_on_where_it_stopped(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, plain);
    put(y.path, "one\ntwo\n", O_TRUNC);
    hears(&y, "one\ntwo\n");
    put(y.other, "one\ntwo\nthree\n", O_TRUNC); /* as sed -i and editors do */
    assert_int_equal(rename(y.other, y.path), 0);
    hears(&y, "one\ntwo\nthree\n");
    close_yard(&y);
}

static void a_rewrite_that_takes_for_ever_is_another_file_in_the_end(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, plain);
    put(y.path, "0123456789\n", O_TRUNC);
    hears(&y, "0123456789\n");
    put(y.path, "0", O_TRUNC);
    int turns = 0;
    while (step(&y) == STREAM_WAIT && turns < 100) {
        y.now_ms = y.s.doubt_ms;
        turns++;
    }
    assert_true(turns >= 1 && turns < 100);
    assert_string_equal(y.heard, "0123456789\n!0");
    close_yard(&y);
}

static void copytruncate_keeps_what_was_read_and_takes_what_comes(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, plain);
    int writer = open(y.path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    assert_int_equal(write(writer, "a\nb\n", 4), 4);
    hears(&y, "a\nb\n");
    put(y.other, "a\nb\n", O_TRUNC);
    assert_int_equal(truncate(y.path, 0), 0);
    assert_int_equal(write(writer, "c\n", 2), 2);
    hears(&y, "a\nb\n!c\n");
    close(writer);
    close_yard(&y);
}

static void a_writer_without_append_leaves_a_hole_of_nul_that_is_handed_on(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, plain);
    int writer = open(y.path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(writer, "a\nb\n", 4), 4);
    hears(&y, "a\nb\n");
    assert_int_equal(truncate(y.path, 0), 0);
    assert_int_equal(write(writer, "c\n", 2), 2); /* at its old offset: 4 NULs, then the line */
    close(writer);
    assert_int_equal(step(&y), STREAM_IDLE);
    assert_int_equal(y.len, 4 + 1 + 6);
    assert_memory_equal(y.heard, "a\nb\n!\0\0\0\0c\n", 11);
    close_yard(&y);
}

static void of_a_huge_log_only_the_end_is_read_from_a_lines_start(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, (struct stream_rules){.start_tail = 12, .skip_over = 0});
    put(y.path, "a very long beginning\nline 1\nline 2\n", O_TRUNC);
    hears(&y, "line 2\n"); /* the last 12 bytes start in the middle of line 1 */
    put(y.path, "line 3\n", O_APPEND);
    hears(&y, "line 2\nline 3\n");
    close_yard(&y);
}

static void a_sparse_log_of_ten_gigabytes_is_opened_at_once(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, (struct stream_rules){.start_tail = 1 << 20, .skip_over = 16 << 20});
    put(y.path, "", O_TRUNC);
    if (truncate(y.path, (off_t)10 << 30) != 0) {
        close_yard(&y);
        skip();
    }
    put(y.path, "\nlast line\n", O_APPEND);
    assert_int_equal(step(&y), STREAM_IDLE);
    assert_int_equal(y.len, strlen("last line\n"));
    assert_string_equal(y.heard, "last line\n");
    close_yard(&y);
}

static void further_behind_than_allowed_skips_ahead_and_says_so(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, (struct stream_rules){.start_tail = 8, .skip_over = 64});
    put(y.path, "start\n", O_TRUNC);
    hears(&y, "start\n");
    for (int i = 0; i < 20; i++)
        put(y.path, "flood\n", O_APPEND);
    put(y.path, "last\n", O_APPEND);
    hears(&y, "start\n!last\n");
    assert_non_null(strstr(y.why, "skipped"));
    close_yard(&y);
}

static void a_long_file_is_read_in_slices(void **state)
{
    (void)state;
    struct yard y;
    struct err e;
    char *text = malloc(600001);
    open_yard(&y, plain);
    for (int i = 0; i < 600000; i++)
        text[i] = (char)(i % 100 == 99 ? '\n' : 'a' + i % 26);
    text[600000] = '\0';
    put(y.path, text, O_TRUNC);
    int slices = 0;
    while (stream_step(&y.s, y.now_ms, 100000, &e) == STREAM_MORE)
        slices++;
    assert_true(slices >= 4);
    assert_int_equal(y.len, 600000);
    assert_memory_equal(y.heard, text, 600000);
    free(text);
    close_yard(&y);
}

/* A line that is long enough to know a file by. */
static const char *long_line(char out[128], const char *name)
{
    snprintf(out, 128, "%s: %080d\n", name, 7);
    return out;
}

static void goes_to_rest(struct yard *y, const char *want)
{
    enum stream_state s;
    for (int i = 0; i < 20 && (s = step(y)) != STREAM_IDLE && s != STREAM_MISSING; i++)
        y->now_ms += 200;
    assert_string_equal(y->heard, want);
}

static void shift(struct yard *y, int last)
{
    char from[160], to[160];
    for (int k = last; k >= 0; k--) {
        snprintf(from, sizeof from, k > 0 ? "%s.%d" : "%s", y->path, k);
        snprintf(to, sizeof to, "%s.%d", y->path, k + 1);
        rename(from, to);
    }
}

static void several_rotations_between_two_looks_lose_nothing(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y, plain);
    put(y.path, "a\n", O_TRUNC);
    hears(&y, "a\n");
    put(y.path, "late\n", O_APPEND);
    shift(&y, 2);
    put(y.path, "b\n", O_TRUNC);
    shift(&y, 2);
    put(y.path, "c\n", O_TRUNC);
    shift(&y, 2);
    goes_to_rest(&y, "a\nlate\n!b\n!c\n"); /* also while there is no new one yet */
    put(y.path, "d\n", O_TRUNC);
    goes_to_rest(&y, "a\nlate\n!b\n!c\n!d\n");
    close_yard(&y);
}

static void an_older_rotated_file_is_not_read_again(void **state)
{
    (void)state;
    struct yard y;
    char old[160];
    open_yard(&y, plain);
    snprintf(old, sizeof old, "%s.1", y.path);
    put(old, "before\n", O_TRUNC);
    snprintf(old, sizeof old, "%s-20261101", y.path);
    put(old, "long before\n", O_TRUNC);
    put(y.path, "a\n", O_TRUNC);
    hears(&y, "a\n");
    put(y.path, "b\n", O_APPEND);
    shift(&y, 2);
    put(y.path, "c\n", O_TRUNC);
    goes_to_rest(&y, "a\nb\n!c\n");
    close_yard(&y);
}

static void what_only_the_copy_of_copytruncate_has_is_read_there(void **state)
{
    (void)state;
    struct yard y;
    char a[128], b[128], c[128], copy[160], text[300], want[600];
    open_yard(&y, plain);
    put(y.path, long_line(a, "a"), O_TRUNC);
    hears(&y, a);
    snprintf(copy, sizeof copy, "%s.1", y.path);
    snprintf(text, sizeof text, "%s%s", a, long_line(b, "b"));
    put(copy, text, O_TRUNC); /* b was written, copied and truncated away between two looks */
    put(y.path, long_line(c, "c"), O_TRUNC);
    snprintf(want, sizeof want, "%s%s!%s", a, b, c);
    goes_to_rest(&y, want);
    close_yard(&y);
}

static void of_a_file_that_lost_its_end_the_rest_is_not_read_again(void **state)
{
    (void)state;
    struct yard y;
    char a[128], b[128], c[128], text[300], want[600];
    open_yard(&y, plain);
    snprintf(text, sizeof text, "%s%s", long_line(a, "a"), long_line(b, "b"));
    put(y.path, text, O_TRUNC);
    hears(&y, text);
    assert_int_equal(truncate(y.path, (off_t)strlen(a) + 5), 0); /* within b, which is another line from now on */
    assert_int_equal(step(&y), STREAM_WAIT);
    put(y.path, long_line(c, "c"), O_APPEND);
    snprintf(want, sizeof want, "%s!%.5s%s", text, b, c);
    goes_to_rest(&y, want);
    close_yard(&y);
}

static void a_slice_cut_by_a_rotation_loses_nothing(void **state)
{
    (void)state;
    struct yard y;
    struct err e;
    char *text = malloc(400001);
    open_yard(&y, plain);
    memset(text, 'x', 400000);
    text[400000] = '\0';
    put(y.path, text, O_TRUNC);
    assert_int_equal(stream_step(&y.s, y.now_ms, 1, &e), STREAM_MORE);
    rename(y.path, y.other);
    put(y.path, "new\n", O_TRUNC);
    while (stream_step(&y.s, y.now_ms, 1, &e) == STREAM_MORE)
        ;
    assert_int_equal(y.len, 400000 + 1 + 4);
    assert_string_equal(y.heard + 400000, "!new\n");
    free(text);
    close_yard(&y);
}

static void a_fifo_is_refused_without_blocking(void **state)
{
    (void)state;
    struct yard y;
    struct err e = {""};
    open_yard(&y, plain);
    assert_int_equal(mkfifo(y.path, 0600), 0);
    assert_int_equal(stream_step(&y.s, 0, LOTS, &e), STREAM_FAILED);
    assert_non_null(strstr(e.text, "FIFO"));
    close_yard(&y);
}

static void a_disk_that_fails_is_no_end_of_the_file(void **state)
{
    (void)state;
    struct yard y;
    struct err e = {""};
    open_yard(&y, (struct stream_rules){0});
    assert_int_equal(symlink("/proc/self/mem", y.path), 0); /* reading at 0 gives EIO */
    assert_int_equal(stream_step(&y.s, 0, 1 << 20, &e), STREAM_FAILED);
    assert_non_null(strstr(e.text, "cannot be read"));
    close_yard(&y);
}

static void without_a_descriptor_what_was_read_stays_and_it_goes_on_later(void **state)
{
    (void)state;
    struct yard y;
    struct err e = {""};
    struct rlimit before, none;
    open_yard(&y, plain);
    put(y.path, "one\n", O_TRUNC);
    hears(&y, "one\n");
    rename(y.path, y.other);
    put(y.path, "two\n", O_TRUNC);
    getrlimit(RLIMIT_NOFILE, &before);
    none = before;
    none.rlim_cur = 3;
    setrlimit(RLIMIT_NOFILE, &none);
    enum stream_state s = stream_step(&y.s, 0, LOTS, &e);
    setrlimit(RLIMIT_NOFILE, &before);
    assert_int_equal(s, STREAM_FAILED);
    assert_string_equal(y.heard, "one\n");
    hears(&y, "one\n!two\n");
    close_yard(&y);
}

/* Random scripts against an oracle: every line that was written and could be read is handed on once, in order. Files are
 * looked at after each act that would destroy what was not read yet, as the kernel's events let davy do. */
struct script {
    struct yard y;
    unsigned seed, line;
    char *want;
    size_t want_len;
};

static unsigned chance(struct script *s, unsigned n)
{
    s->seed = s->seed * 1103515245u + 12345u;
    return (s->seed >> 16) % n;
}

static void look(struct script *s)
{
    for (int i = 0; i < 50; i++) {
        enum stream_state st = step(&s->y);
        if (st == STREAM_IDLE || st == STREAM_MISSING)
            return;
        s->y.now_ms = s->y.s.doubt_ms > s->y.now_ms ? s->y.s.doubt_ms : s->y.now_ms + 1;
    }
    fail_msg("never comes to rest");
}

static void act_append(struct script *s)
{
    char text[64];
    struct stat st;
    bool fresh = stat(s->y.path, &st) != 0;
    int n = snprintf(text, sizeof text, "line %u of seed\n", s->line++);
    put(s->y.path, text, O_APPEND);
    memcpy(s->want + s->want_len, text, (size_t)n);
    s->want_len += (size_t)n;
    if (fresh)
        look(s); /* a new name is an event of its folder */
}

/* A file that came and went between two looks is out of reach; one that is held is not. */
static void act_rotate(struct script *s)
{
    struct stat held, named;
    if (s->y.s.fd < 0 || fstat(s->y.s.fd, &held) < 0 || stat(s->y.path, &named) < 0 || held.st_ino != named.st_ino)
        look(s);
    rename(s->y.path, s->y.other);
}

static void act_truncate(struct script *s)
{
    look(s);
    if (truncate(s->y.path, 0) == 0 && chance(s, 2) == 0)
        look(s);
}

static void act_delete(struct script *s)
{
    look(s);
    unlink(s->y.path);
    if (chance(s, 2) == 0)
        look(s);
}

static void act_copy_over(struct script *s)
{
    char cmd[32768];
    int in = open(s->y.path, O_RDONLY);
    if (in < 0)
        return;
    ssize_t n = read(in, cmd, sizeof cmd - 1);
    close(in);
    cmd[n > 0 ? n : 0] = '\0';
    put(s->y.other, cmd, O_TRUNC);
    rename(s->y.other, s->y.path);
}

static void random_scripts_lose_nothing_and_double_nothing(void **state)
{
    (void)state;
    static void (*const acts[])(struct script *) = {act_append, act_append,   act_append, act_append,   look,
                                                    act_rotate, act_truncate, act_delete, act_copy_over};
    for (unsigned seed = 1; seed <= 1000; seed++) {
        struct script s = {.seed = seed, .want = malloc(HEARD)};
        open_yard(&s.y, plain);
        for (int i = 0; i < 60; i++) {
            void (*act)(struct script *) = acts[chance(&s, 9)];
            act(&s);
            if (act == act_rotate) {
                act_append(&s); /* a rotated file has a successor, */
                look(&s);       /* and is seen before the next rotation */
            }
        }
        look(&s);
        size_t n = 0;
        for (size_t i = 0; i < s.y.len; i++) /* gaps are no bytes of the file */
            if (s.y.heard[i] != '!')
                s.y.heard[n++] = s.y.heard[i];
        if (n != s.want_len || memcmp(s.y.heard, s.want, n) != 0)
            fail_msg("seed %u: %zu bytes handed on, %zu written", seed, n, s.want_len);
        free(s.want);
        close_yard(&s.y);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appended_bytes_are_handed_on_once),
        cmocka_unit_test(a_file_that_is_not_there_is_missing_until_it_comes),
        cmocka_unit_test(rotation_by_rename_reads_the_old_file_to_its_end_first),
        cmocka_unit_test(a_deleted_file_is_not_held_once_it_is_read),
        cmocka_unit_test(another_file_with_the_same_inode_number_starts_anew),
        cmocka_unit_test(truncation_starts_at_the_beginning_and_is_told),
        cmocka_unit_test(truncated_and_grown_past_the_old_place_is_noticed_by_its_content),
        cmocka_unit_test(the_marker_before_the_place_tells_when_the_head_is_the_same),
        cmocka_unit_test(an_emptied_file_is_told_after_a_moment),
        cmocka_unit_test(a_rewrite_with_the_same_content_counts_nothing_twice),
        cmocka_unit_test(a_copy_renamed_over_it_goes_on_where_it_stopped),
        cmocka_unit_test(a_rewrite_that_takes_for_ever_is_another_file_in_the_end),
        cmocka_unit_test(copytruncate_keeps_what_was_read_and_takes_what_comes),
        cmocka_unit_test(a_writer_without_append_leaves_a_hole_of_nul_that_is_handed_on),
        cmocka_unit_test(of_a_huge_log_only_the_end_is_read_from_a_lines_start),
        cmocka_unit_test(a_sparse_log_of_ten_gigabytes_is_opened_at_once),
        cmocka_unit_test(further_behind_than_allowed_skips_ahead_and_says_so),
        cmocka_unit_test(a_long_file_is_read_in_slices),
        cmocka_unit_test(several_rotations_between_two_looks_lose_nothing),
        cmocka_unit_test(an_older_rotated_file_is_not_read_again),
        cmocka_unit_test(what_only_the_copy_of_copytruncate_has_is_read_there),
        cmocka_unit_test(of_a_file_that_lost_its_end_the_rest_is_not_read_again),
        cmocka_unit_test(a_slice_cut_by_a_rotation_loses_nothing),
        cmocka_unit_test(a_fifo_is_refused_without_blocking),
        cmocka_unit_test(a_disk_that_fails_is_no_end_of_the_file),
        cmocka_unit_test(without_a_descriptor_what_was_read_stays_and_it_goes_on_later),
        cmocka_unit_test(random_scripts_lose_nothing_and_double_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
