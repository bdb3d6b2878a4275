/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two threads read a file: its bytes are handed on once and in order, and the fold is that of one thread. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "history/history.h"
#include "source/pair.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINES = 30000 };

struct yard {
    int fd;
    char *text;
    size_t len, heard;
    struct history *alone, *both;
    struct pair *pair;
};

static void open_yard(struct yard *y)
{
    char path[] = "/tmp/davy-pair-XXXXXX";
    *y = (struct yard){.fd = mkstemp(path), .alone = history_new(NULL), .both = history_new(NULL), .pair = pair_new()};
    assert_true(y->fd >= 0);
    unlink(path);
    y->text = malloc(LINES * 256);
    for (int i = 0; i < LINES; i++)
        y->len += (size_t)sprintf(y->text + y->len,
                                  "{\"timestamp\": \"2026-11-22T04:%02d:51.214860\", \"task_id\": \"task-%d\", "
                                  "\"validator_score\": 0.%d, \"tokens_spent\": %d, \"llm_used\": \"model-%d\"%s\n",
                                  i / 500, i % 20000, i % 97 + 1, i, i % 11, i % 777 ? "}" : ", \"torn");
    assert_int_equal(write(y->fd, y->text, y->len), (ssize_t)y->len);
    for (size_t at = 0; at < y->len; at += PAIR_BLOCK)
        history_feed(y->alone, (struct bytes){y->text + at, y->len - at < PAIR_BLOCK ? y->len - at : PAIR_BLOCK});
}

static void close_yard(struct yard *y)
{
    pair_free(y->pair);
    history_free(y->alone);
    history_free(y->both);
    free(y->text);
    close(y->fd);
}

static void take(void *ctx, struct glance *glance)
{
    struct yard *y = ctx;
    assert_true(y->heard + glance->block.len <= y->len);
    assert_memory_equal(glance->block.at, y->text + y->heard, glance->block.len);
    y->heard += glance->block.len;
    history_feed_glance(y->both, glance);
}

static int threads(void)
{
    DIR *d = opendir("/proc/self/task");
    int count = -2; /* . and .. */
    while (d != NULL && readdir(d) != NULL)
        count++;
    if (d != NULL)
        closedir(d);
    return count;
}

static void two_threads_fold_as_one_does(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y);
    if (y.pair == NULL) { /* one processor: nobody helps */
        close_yard(&y);
        skip();
    }
    int64_t half = (int64_t)y.len / 2 / PAIR_BLOCK * PAIR_BLOCK;
    assert_int_equal(pair_read(y.pair, y.fd, 0, half, take, &y), half);
    assert_int_equal(pair_read(y.pair, y.fd, half, (int64_t)y.len, take, &y), (int64_t)y.len - half);
    uint64_t offset;
    struct bytes a = history_save(y.alone, &offset), b = history_save(y.both, &offset);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.at, b.at, a.len);
    history_drop(a);
    history_drop(b);
    close_yard(&y);
}

static void the_helper_is_gone_when_reading_ends(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y);
    int before = threads();
    if (y.pair != NULL)
        pair_read(y.pair, y.fd, 0, (int64_t)y.len, take, &y);
    assert_int_equal(threads(), before);
    close_yard(&y);
}

static void a_file_that_ends_before_is_read_to_its_end(void **state)
{
    (void)state;
    struct yard y;
    open_yard(&y);
    if (y.pair != NULL) {
        assert_int_equal(pair_read(y.pair, y.fd, 0, (int64_t)y.len * 3, take, &y), (int64_t)y.len);
        assert_int_equal(pair_read(y.pair, y.fd, (int64_t)y.len, (int64_t)y.len * 3, take, &y), 0);
        assert_int_equal(pair_read(y.pair, -1, 0, (int64_t)y.len, take, &y), 0);
    }
    close_yard(&y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_threads_fold_as_one_does),
        cmocka_unit_test(the_helper_is_gone_when_reading_ends),
        cmocka_unit_test(a_file_that_ends_before_is_read_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
