/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history/fit.h"

enum { SLACK = 256, MOST = 1024 };

static const char *const good[] = {
    "{\"timestamp\": \"2026-11-22T04:48:51.214860\", \"task_id\": \"t-1\", \"validator_score\": 0.7799999999999999, "
    "\"tokens_spent\": 500, \"llm_used\": \"openai-gpt4\", \"prompt_strategy\": \"direct\", \"subnet_id\": 1}",
    "{\"task_id\": \"t-1\", \"response\": \"a \\\"b\\\" \\u00e4 \\ud83e\\udd16\\n\", \"llm\": \"x\", "
    "\"classification\": "
    "{\"task_type\": \"r\", \"confidence\": 0.5, \"tags\": [\"a\", 1, true]}, \"status\": \"success\"}",
    "{\"timestamp\":1795305600,\"task_id\":\"t-2\",\"validator_score\":null,\"tokens_spent\":NaN,\"ok\":false}\r",
    "{\"validator_score\": [0.5], \"task_id\": \"t\", \"x\": {}}",
    "{\"validator_score\": 0.5, \"task_id\": \"t\", \"validator_score\": [0.5]}",
    "{\"task_id\": \"t\", \"task_id\": \"u\", \"llm\": {\"llm\": \"v\"}}",
    "{}",
    "{\"task_id\": \"t-3\", \"response\": \"It is \\u00e9\\u00e8 and \\\"42\\\", C:\\\\\\\\tmp\\\\n, "
    "\\ud83e\\udd16\\n\\n- \\/ \\t \\b\\f\\r a "
    "line that goes on for longer than a block of sixty-four bytes, \\u0041\\u0042\\u0043\\u0044 and \\\\\\\"\\\\ "
    "on\", \"llm\": \"y\", \"status\": \"success\"}",
};
enum { GOOD = sizeof good / sizeof *good };

/* One line in a block that goes on behind it, as in a file. */
struct desk {
    struct guess guess, plain; /* plain: by the portable loop */
    struct line fast, portable, strict;
    char block[MOST + SLACK];
    size_t len;
};

static void lay(struct desk *d, const char *text, size_t len)
{
    memset(d->block, 'x', sizeof d->block);
    memcpy(d->block, text, len);
    d->block[len] = '\n';
    d->len = len;
}

static size_t guessed(struct desk *d)
{
    return guess_line(&d->guess, (struct bytes){d->block, sizeof d->block}, &d->fast);
}

static bool parsed(struct desk *d)
{
    const char *end = memchr(d->block, '\n', sizeof d->block);
    struct bytes text = {d->block, (size_t)(end - d->block)};
    bool took = line_parse(text, &d->strict);
    d->plain.fit = fit_plain;
    if (took) {
        guess_learn(&d->guess, text, &d->strict);
        guess_learn(&d->plain, text, &d->strict);
    }
    return took;
}

static void same_value(const struct line_value *a, const struct line_value *b)
{
    assert_int_equal(a->kind, b->kind);
    if (a->kind == LINE_TEXT)
        assert_true(bytes_equal(a->text, b->text));
    if (a->kind == LINE_NUMBER) {
        assert_memory_equal(&a->number.real, &b->number.real, sizeof a->number.real);
        assert_true(a->number.is_whole == b->number.is_whole && a->number.whole == b->number.whole);
    }
}

/* true: the fast path took it. Whatever it takes, the strict parser takes too, and gives the same. */
static bool agree(struct desk *d)
{
    size_t len = guessed(d);
    assert_int_equal(guess_line(&d->plain, (struct bytes){d->block, sizeof d->block}, &d->portable), len);
    bool took = parsed(d);
    if (len == 0)
        return false;
    assert_true(took);
    assert_int_equal(len, (const char *)memchr(d->block, '\n', sizeof d->block) - d->block + 1);
    for (int k = 0; k < LINE_KEYS; k++)
        same_value(&d->fast.value[k], &d->strict.value[k]), same_value(&d->portable.value[k], &d->strict.value[k]);
    return true;
}

static void release(struct desk *d)
{
    line_release(&d->fast);
    line_release(&d->portable);
    line_release(&d->strict);
    free(d);
}

static void a_shape_is_known_from_its_second_line_on(void **state)
{
    (void)state;
    static const bool simple[GOOD] = {true, true, true, false, false, false, false, true};
    struct desk *d = calloc(1, sizeof *d);
    for (size_t i = 0; i < GOOD; i++) {
        lay(d, good[i], strlen(good[i]));
        assert_false(agree(d));
        assert_true(agree(d) == simple[i]); /* a key that holds a list, or stands twice, is left to the strict parser */
    }
    release(d);
}

static void a_line_that_reaches_the_end_of_its_block_is_left_alone(void **state)
{
    (void)state;
    struct desk *d = calloc(1, sizeof *d);
    lay(d, good[0], strlen(good[0]));
    assert_false(agree(d));
    for (size_t len = 0; len <= d->len + 1; len++) {
        char *exact = malloc(len + 1); /* so that a read past the block is seen */
        memcpy(exact, d->block, len);
        assert_int_equal(guess_line(&d->guess, (struct bytes){exact, len}, &d->fast), 0);
        free(exact);
    }
    release(d);
}

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

/* Bytes that matter to the grammar, put where they do not belong. */
static void spoil(struct desk *d, uint64_t *seed)
{
    static const char odd[] = "\"\\{}[]:,0.eE+-tfnNuI \t\n\r\x01\x7f\x80\xc3\xed\xf4"
                              "5a";
    for (uint64_t n = next(seed) % 3; n > 0; n--)
        d->block[next(seed) % (d->len + 1)] = odd[next(seed) % (sizeof odd - 1)];
    if (next(seed) % 8 == 0) { /* a piece is missing */
        size_t from = next(seed) % d->len, len = next(seed) % 6;
        memmove(d->block + from, d->block + from + len, sizeof d->block - from - len);
    }
    d->block[d->len] = '\n';
}

static void whatever_the_fast_path_takes_the_strict_parser_takes_and_gives_the_same(void **state)
{
    (void)state;
    struct desk *d = calloc(1, sizeof *d);
    uint64_t seed = 11;
    size_t fast = 0, spoilt = 0;
    for (int i = 0; i < 200000; i++) {
        const char *text = good[next(&seed) % GOOD];
        lay(d, text, strlen(text));
        spoil(d, &seed);
        bool took = agree(d);
        fast += took;
        spoilt += took && memcmp(d->block, text, strlen(text)) != 0;
    }
    assert_true(fast > 20000 && spoilt > 2000);
    release(d);
}

/* As many digits as there are, next to the middle between two doubles above all: strtod() knows. */
static void numbers_are_rounded_once(void **state)
{
    (void)state;
    uint64_t seed = 5;
    for (int i = 0; i < 300000; i++) {
        char text[48];
        double x = (double)(next(&seed) << 22 ^ next(&seed)) / 9007199254740992.0;
        int digits = 1 + (int)(next(&seed) % 19);
        if (i % 4 == 0) /* the middle itself, as far as 19 digits say it */
            snprintf(text, sizeof text, "%.19Lf", (long double)x + 0x1p-54L);
        else
            snprintf(text, sizeof text, "%.*f", digits, x);
        struct scan s = {.at = text, .end = text + strlen(text)};
        struct scan_number n;
        double want = strtod(text, NULL);
        assert_true(scan_number(&s, &n) && s.at == s.end);
        assert_memory_equal(&n.real, &want, sizeof want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_rounded_once),
        cmocka_unit_test(a_shape_is_known_from_its_second_line_on),
        cmocka_unit_test(a_line_that_reaches_the_end_of_its_block_is_left_alone),
        cmocka_unit_test(whatever_the_fast_path_takes_the_strict_parser_takes_and_gives_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
