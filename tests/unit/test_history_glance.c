/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Blocks that were looked at before their turn: the fold is the same as without, byte by byte, whatever stands in them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history/glance.h"
#include "history/history.h"
#include "history/split.h"

enum { TEXT = 3 << 20, LINE_MOST = 4096, GLANCES = 3 };

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

static const char *const odd[] = {
    "\n",
    "\r\n",
    "{}\n",
    "[1, 2]\n",
    "{\"torn\": 1",
    "\xef\xbb\xbf{\"task_id\": \"b\", \"response\": \"x\", \"llm\": \"y\"}\n",
    "{\"timestamp\": 1795305600, \"task_id\": \"test_7\", \"validator_score\": 0.5}\r\n",
    "{\"timestamp\": \"2026-11-22T04:48:51\", \"task_id\": \"t\\u00e4\\n\", \"validator_score\": 1.5, "
    "\"tokens_spent\": "
    "\"many\"}\n",
    "{\"timestamp\": \"2026-11-22T04:48:51Z\", \"task_id\": \"unknown\", \"validator_score\": NaN, \"subnet_id\": "
    "1e9}\n",
    "{\"timestamp\": null, \"task_id\": \"\", \"validator_score\": Infinity, \"llm_used\": \"a\\tb\"}\n",
    "{\"task_id\": \"t\", \"response\": \"\xff\", \"llm\": \"y\"}\n",
};

static size_t put_usual(char *at, uint64_t *seed)
{
    int id = (int)(next(seed) % 5000), which = (int)(next(seed) % 7);
    if (next(seed) % 2)
        return (size_t)sprintf(at,
                               "{\"task_id\": \"task-%04d\", \"response\": \"it is %s\", \"llm\": \"model-%d\", "
                               "\"status\": \"success\"}\n",
                               id, id % 9 ? "so" : "\\u00e9\\n", which);
    return (size_t)sprintf(at,
                           "{\"timestamp\": \"2026-11-%02dT04:%02d:51.214860\", \"task_id\": \"task-%04d\", "
                           "\"validator_score\": %s, \"tokens_spent\": %d, \"llm_used\": \"%s-%d\", "
                           "\"prompt_strategy\": \"way-%d\", \"subnet_id\": %d}\n",
                           1 + (int)(next(seed) % 28), (int)(next(seed) % 60), id, id % 50 ? "0.77" : "null", id,
                           id % 40 ? "model" : "mod\\u00e4l", which, which, which % 3);
}

/* One in odds is odd: 0 none. Two in a hundred of those are a hole or a very long line. */
static size_t put_line(char *at, uint64_t *seed, unsigned odds)
{
    if (odds == 0 || next(seed) % odds > 0)
        return put_usual(at, seed);
    unsigned which = (unsigned)(next(seed) % 100);
    if (which >= 2) {
        const char *line = odd[next(seed) % (sizeof odd / sizeof *odd)];
        memcpy(at, line, strlen(line));
        return strlen(line);
    }
    size_t len = next(seed) % LINE_MOST;
    memset(at, which ? 'x' : '\0', len);
    return len;
}

static size_t write_text(char *text, uint64_t *seed, unsigned odds)
{
    size_t len = 0;
    while (len + LINE_MOST < TEXT)
        len += put_line(text + len, seed, odds);
    for (size_t i = odds ? len / 5000 : 0; i > 0; i--)
        text[next(seed) % len] ^= (char)(1 << next(seed) % 8);
    return len;
}

static void same(const struct history *a, const struct history *b)
{
    uint64_t a_offset, b_offset;
    struct bytes x = history_save(a, &a_offset), y = history_save(b, &b_offset);
    assert_int_equal(a_offset, b_offset);
    assert_int_equal(x.len, y.len);
    assert_memory_equal(x.at, y.at, x.len);
    history_drop(x);
    history_drop(y);
}

/* Several blocks are looked at before the first of them is fed, as two threads do. */
static size_t glance_on(struct glance *g, struct bytes *rest, size_t most, uint64_t *seed)
{
    size_t count = 0;
    for (; count < GLANCES && rest->len > 0; count++) {
        size_t len = 1 + next(seed) % most;
        len = len < rest->len ? len : rest->len;
        glance_block(&g[count], (struct bytes){rest->at, len});
        *rest = bytes_from(*rest, len);
    }
    return count;
}

static void check(struct bytes text, size_t most, uint64_t *seed)
{
    struct history *plain = history_new(NULL), *looked = history_new(NULL);
    struct glance *g = calloc(GLANCES, sizeof *g);
    size_t lines = 0;
    while (text.len > 0) {
        size_t count = glance_on(g, &text, most, seed);
        for (size_t i = 0; i < count; i++) {
            lines += g[i].count;
            history_feed(plain, g[i].block);
            history_feed_glance(looked, &g[i]);
        }
    }
    same(plain, looked);
    assert_true(lines > history_counts_at(plain, INT64_MAX).lines / 4); /* or this tested nothing */
    for (size_t i = 0; i < GLANCES; i++)
        glance_release(&g[i]);
    free(g);
    history_free(plain);
    history_free(looked);
}

static void with_a_glance_and_without_the_fold_is_the_same(void **state)
{
    (void)state;
    static const size_t most[] = {128 << 10, 128 << 10, 4000, LINE_LIMIT, 20000};
    static const unsigned odds[] = {0, 20, 5, 20, 3};
    char *text = malloc(TEXT);
    for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
        uint64_t seed = 7 + i;
        size_t len = write_text(text, &seed, odds[i]);
        check((struct bytes){text, len}, most[i], &seed);
    }
    free(text);
}

static void the_rest_of_a_block_with_very_many_lines_is_read_in_its_turn(void **state)
{
    (void)state;
    static const char line[] = "{\"task_id\": \"t\"}\n";
    struct glance *g = calloc(1, sizeof *g);
    struct history *h = history_new(NULL);
    char *text = malloc(3 * GLANCE_LINES * (sizeof line - 1));
    for (size_t i = 0; i < 3 * GLANCE_LINES; i++)
        memcpy(text + i * (sizeof line - 1), line, sizeof line - 1);
    glance_block(g, (struct bytes){text, 3 * GLANCE_LINES * (sizeof line - 1)});
    assert_int_equal(g->count, GLANCE_LINES);
    history_feed_glance(h, g);
    assert_int_equal(history_counts_at(h, 0).executed, 3 * GLANCE_LINES);
    free(text);
    history_free(h);
    glance_release(g);
    free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_a_glance_and_without_the_fold_is_the_same),
        cmocka_unit_test(the_rest_of_a_block_with_very_many_lines_is_read_in_its_turn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
