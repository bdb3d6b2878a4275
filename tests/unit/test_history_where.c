/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "history/hash.h"
#include "history/where.h"

/* A scored task as a filter sees it; tests change what they are about. */
static struct record record(void)
{
    return (struct record){.score = 0.5,
                           .tokens = 1000,
                           .tao = 0.25,
                           .subnet = 19,
                           .id_hash = hash_bytes(bytes_of("task-0815")),
                           .kind = RECORD_SCORED};
}

static struct where_row row_of(const struct record *r)
{
    return (struct where_row){r, "gemini-pro", "Größe A", "task-0815"};
}

static bool finds(const char *text, const struct where_row *row)
{
    struct arena a = {0};
    struct err e = {""};
    const struct where *w = where_parse(&a, text, &e);
    if (w == NULL)
        fail_msg("%s: %s", text, e.text);
    bool holds = where_holds(w, row);
    arena_release(&a);
    return holds;
}

struct expectation {
    const char *text;
    bool holds;
};

static void expect(const struct expectation *x, size_t count, const struct where_row *row)
{
    for (size_t i = 0; i < count; i++)
        if (finds(x[i].text, row) != x[i].holds)
            fail_msg("%s: should %s", x[i].text, x[i].holds ? "hold" : "not hold");
}

static void numbers_are_compared(void **state)
{
    static const struct expectation x[] = {
        {"score=0.5", true},   {"score==0.5", true},      {"score!=0.5", false},  {"score<>0.5", false},
        {"score<0.5", false},  {"score<=0.5", true},      {"score>0.5", false},   {"score>=0.5", true},
        {"score<0.51", true},  {"score>4e-1", true},      {"tokens>=1000", true}, {"tokens>1000", false},
        {"tokens<1e4", true},  {"tao=0.25", true},        {"tao>-1", true},       {"subnet=19", true},
        {"subnet!=19", false}, {"subnet=unknown", false}, {"subnet>18", true},
    };
    (void)state;
    struct record r = record();
    struct where_row row = row_of(&r);
    expect(x, sizeof x / sizeof x[0], &row);
}

static void what_a_record_does_not_know_fits_no_comparison(void **state)
{
    static const struct expectation x[] = {
        {"score<1", false},       {"score>=0", false},        {"score!=0.5", false}, {"tao=0", false},
        {"tao!=0", false},        {"subnet<5", false},        {"subnet>=0", false},  {"subnet!=19", true},
        {"subnet=unknown", true}, {"subnet!=unknown", false}, {"llm=unknown", true}, {"llm=''", true},
        {"llm!=unknown", false},  {"llm!=gemini-pro", true},  {"llm~gem", false},    {"id=''", true},
        {"id!=task-0815", true},  {"id~task", false},         {"id!~task", true},    {"pending", true},
    };
    (void)state;
    struct record r = record();
    r.score = r.tao = (double)NAN;
    r.subnet = -1;
    r.id_hash = 0;
    r.kind = RECORD_PENDING;
    struct where_row row = {&r, "", "", NULL};
    expect(x, sizeof x / sizeof x[0], &row);
}

static void texts_are_compared_without_capitals_but_ids_with(void **state)
{
    static const struct expectation x[] = {
        {"llm=gemini-pro", true},   {"llm=GEMINI-Pro", true},     {"llm=gemini", false},
        {"llm~mini", true},         {"llm~MINI", true},           {"llm!~mini", false},
        {"llm!=gemini-pro", false}, {"strategy='größe a'", true}, {"strategy=\"GRÖßE A\"", true},
        {"strategy~'e a'", true},   {"strategy~größe", true},     {"id=task-0815", true},
        {"id=Task-0815", false},    {"id=task-081", false},       {"id~0815", true},
        {"id~TASK", true},          {"id!=task-0815", false},     {"LLM=gemini-pro AND Score<1", true},
        {"llm=gemini=pro", false},
    };
    (void)state;
    struct record r = record();
    struct where_row row = row_of(&r);
    expect(x, sizeof x / sizeof x[0], &row);
}

static void kinds_are_words(void **state)
{
    static const char *const words[] = {[RECORD_SCORED] = "scored",
                                        [RECORD_PENDING] = "pending",
                                        [RECORD_INVALID] = "invalid",
                                        [RECORD_SYNTHETIC] = "synthetic"};
    (void)state;
    struct record r = record();
    struct where_row row = row_of(&r);
    for (int kind = RECORD_SCORED; kind <= RECORD_SYNTHETIC; kind++)
        for (int word = RECORD_SCORED; word <= RECORD_SYNTHETIC; word++) {
            r.kind = (uint8_t)kind;
            assert_int_equal(finds(words[word], &row), kind == word);
        }
}

/* Against the truth table, with T and F for what holds and what does not. */
static void not_binds_closer_than_and_and_that_closer_than_or(void **state)
{
    static const struct expectation x[] = {
        {"scored or pending and invalid", true},
        {"(scored or pending) and invalid", false},
        {"pending and invalid or scored", true},
        {"not pending and scored", true},
        {"not (pending or scored)", false},
        {"not not scored", true},
        {"not scored or scored", true},
        {"not(pending)and(scored)", true},
        {"((((scored))))", true},
        {"not pending or pending and pending", true},
        {"scored and not pending and score<1", true},
        {"  scored\tand\nscored  ", true},
    };
    (void)state;
    struct record r = record();
    struct where_row row = row_of(&r);
    expect(x, sizeof x / sizeof x[0], &row);
}

static void a_wrong_one_is_told_with_its_column(void **state)
{
    static const struct {
        const char *text, *sentence;
    } wrong[] = {
        {"", "column 1: a condition, such as score<0.5, is missing at the end"},
        {"scor<1", "column 1: \"scor\" is not known; did you mean score?"},
        {"scored and foobar=1", "column 12: \"foobar\" is not known; there are score, tokens, tao, subnet, llm, "
                                "strategy, id, pending, scored, "
                                "invalid and synthetic"},
        {"llm~ö and öl=1", "column 11: \"öl\" is not known; there are score, tokens, tao, subnet, llm, strategy, id, "
                           "pending, scored, invalid "
                           "and synthetic"},
        {"score", "column 6: what score is compared with, such as = or <, is missing at the end"},
        {"llm gemini", "column 5: what llm is compared with, such as = or ~, is missing before \"gemini\""},
        {"score<", "column 7: a value is missing at the end"},
        {"score<)", "column 7: a value is missing before \")\""},
        {"score<abc", "column 7: score wants a number, not \"abc\""},
        {"score<0x1", "column 7: score wants a number, not \"0x1\""},
        {"score<50", "column 7: score lies between 0 and 1, so \"50\" finds all or nothing"},
        {"subnet=65536", "column 8: subnet lies between 0 and 65535, so \"65536\" finds all or nothing"},
        {"tokens<1e999", "column 8: tokens wants a number, not \"1e999\""},
        {"subnet<unknown", "column 8: subnet wants a number, not \"unknown\""},
        {"score~5", "column 7: score is a number: it takes = != < <= > >="},
        {"llm<a", "column 5: llm is a text: it takes = != ~ !~"},
        {"llm~''", "column 6: a text to look for is missing"},
        {"llm='abc", "column 5: this quote is never closed"},
        {"(scored", "column 1: this parenthesis is never closed"},
        {"scored)", "column 7: \"and\" or \"or\" is missing before \")\""},
        {"scored pending", "column 8: \"and\" or \"or\" is missing before \"pending\""},
        {"(scored pending)", "column 9: \"and\", \"or\" or \")\" is missing before \"pending)\""},
        {"scored and", "column 11: a condition, such as score<0.5, is missing at the end"},
        {"not", "column 4: a condition, such as score<0.5, is missing at the end"},
        {"=5", "column 1: a condition, such as score<0.5, is missing before \"=5\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct arena a = {0};
        struct err e = {""};
        assert_null(where_parse(&a, wrong[i].text, &e));
        assert_string_equal(e.text, wrong[i].sentence);
        arena_release(&a);
    }
}

static void it_may_be_deep_and_long_but_not_without_end(void **state)
{
    char deep[WHERE_DEPTH * 2 + 16], chain[WHERE_MOST + 16] = "scored";
    struct arena a = {0};
    struct err e = {""};
    struct record r = record();
    struct where_row row = row_of(&r);
    (void)state;
    for (int levels = WHERE_DEPTH; levels <= WHERE_DEPTH + 1; levels++) {
        memset(deep, '(', (size_t)levels);
        strcpy(deep + levels, "scored");
        memset(deep + levels + 6, ')', (size_t)levels);
        deep[2 * levels + 6] = '\0';
        const struct where *w = where_parse(&a, deep, &e);
        assert_true((w != NULL) == (levels == WHERE_DEPTH));
    }
    assert_string_equal(e.text, "column 65: too many parentheses");
    while (strlen(chain) + 10 < WHERE_MOST)
        strcat(chain, " and scored");
    assert_true(finds(chain, &row));
    strcat(chain, " and scored and scored");
    assert_null(where_parse(&a, chain, &e));
    arena_release(&a);
}

static void who_serves_it_can_ask_what_it_looks_at(void **state)
{
    struct arena a = {0};
    struct err e;
    (void)state;
    const struct where *w = where_parse(&a, "score<1 and not (id=x or (id!=y and synthetic))", &e);
    assert_true(where_asks(w, "id", '\0'));
    assert_false(where_asks(w, "id", '~'));
    assert_true(where_asks(w, "synthetic", '\0'));
    assert_false(where_asks(w, "llm", '\0'));
    assert_true(where_asks(where_parse(&a, "scored or id!~x", &e), "id", '~'));
    assert_false(where_asks(NULL, "id", '\0'));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_compared),
        cmocka_unit_test(what_a_record_does_not_know_fits_no_comparison),
        cmocka_unit_test(texts_are_compared_without_capitals_but_ids_with),
        cmocka_unit_test(kinds_are_words),
        cmocka_unit_test(not_binds_closer_than_and_and_that_closer_than_or),
        cmocka_unit_test(a_wrong_one_is_told_with_its_column),
        cmocka_unit_test(it_may_be_deep_and_long_but_not_without_end),
        cmocka_unit_test(who_serves_it_can_ask_what_it_looks_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
