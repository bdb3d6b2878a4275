/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/file.h"
#include "stage/stage.h"

struct wanted {
    int number;
    enum stage_status status;
    const char *name, *username, *message;
};

static void check(struct stage_text t, const struct wanted *w)
{
    assert_int_equal(t.number, w->number);
    assert_int_equal(t.status, w->status);
    assert_true(bytes_is(t.name, w->name));
    assert_true(bytes_is(t.username, w->username));
    assert_true(bytes_is(t.message, w->message));
}

/* The stage lines of stage_log_doc.txt and stage_log_bt.txt, in order. */
static const struct wanted story[] = {
    {0, STAGE_STATUS_RUNNING, "Initialization", "", "Starting watchdog mode"},
    {0, STAGE_STATUS_DONE, "Initialization", "", "Watchdog mode initialized successfully"},
    {1, STAGE_STATUS_RUNNING, "Data Scraping", "elonmusk", "Processing twitter account with fresh scraping"},
    {1, STAGE_STATUS_DONE, "Data Scraping", "elonmusk", "Successfully processed twitter account"},
    {2, STAGE_STATUS_RUNNING, "Data Retrieval", "elonmusk", "Processing and validating data"},
    {2, STAGE_STATUS_DONE, "Data Retrieval", "elonmusk", "Data validation successful"},
    {3, STAGE_STATUS_RUNNING, "Vector Database", "elonmusk", "Indexing 50 posts in vector database"},
    {3, STAGE_STATUS_DONE, "Vector Database", "elonmusk", "Successfully indexed posts in vector database"},
    {4, STAGE_STATUS_RUNNING, "Time Series Analysis", "elonmusk", "Analyzing engagement data and patterns"},
    {4, STAGE_STATUS_DONE, "Time Series Analysis", "elonmusk", "Successfully analyzed engagement data"},
    {5, STAGE_STATUS_RUNNING, "Content Generation", "elonmusk", "Generating content recommendations"},
    {5, STAGE_STATUS_DONE, "Content Generation", "elonmusk", "Successfully generated content recommendations"},
    {6, STAGE_STATUS_RUNNING, "Exportation", "elonmusk", "Exporting content plan and results"},
    {6, STAGE_STATUS_DONE, "Exportation", "elonmusk", "Successfully exported content plan"},
    {7, STAGE_STATUS_DONE, "Complete", "elonmusk", "Pipeline completed - 15 recommendations generated"},
    {1, STAGE_STATUS_RUNNING, "Data Scraping", "badusername", "Processing twitter account with fresh scraping"},
    {1, STAGE_STATUS_FAILED, "Data Scraping", "badusername", "Failed to scrape profile"},
    {0, STAGE_STATUS_RUNNING, "Initialization", "", "Waiting for accounts to process"},
    {0, STAGE_STATUS_RUNNING, "Initialization", "", "No accounts found - waiting 300 seconds for new accounts"},
    {0, STAGE_STATUS_DONE, "Initialization", "", "Wait cycle completed - checking for new accounts"},
};
enum { STORY = sizeof story / sizeof story[0] };

static void read_story(const char *path)
{
    struct arena a = {0};
    struct bytes rest, line;
    struct file_stat st;
    struct err e;
    struct stage_text t;
    size_t n = 0;
    assert_true(file_read(&a, path, 1 << 20, &rest, &st, &e));
    while (bytes_line(&rest, &line))
        if (stage_text_parse(line, &t)) {
            assert_true(n < STORY);
            check(t, &story[n++]);
        }
    assert_int_equal(n, STORY);
    arena_release(&a);
}

static void the_documented_log_is_read_line_by_line(void **state)
{
    (void)state;
    read_story(FIXTURES "/stage_log_doc.txt");
}

static void the_bittensor_log_tells_the_same_story(void **state)
{
    (void)state;
    read_story(FIXTURES "/stage_log_bt.txt");
}

static void awkward_lines_follow_the_grammar(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        struct wanted want;
    } rows[] = {
        {"Stage 3 - Vector Database: no glyph", {3, STAGE_STATUS_RUNNING, "Vector Database", "", "no glyph"}},
        {"âš™ï¸  Stage 1 - Data Scraping for a: x", {1, STAGE_STATUS_RUNNING, "Data Scraping", "a", "x"}},
        {"Stage 2 - Data Retrieval for for me: a: b", {2, STAGE_STATUS_RUNNING, "Data Retrieval", "for me", "a: b"}},
        {"Stage 2 - Data Retrieval: look for - it", {2, STAGE_STATUS_RUNNING, "Data Retrieval", "", "look for - it"}},
        {"Stage 1 Failed - Data Scraping for a - b - Error: no",
         {1, STAGE_STATUS_FAILED, "Data Scraping", "a - b", "no"}},
        {"Stage 1 Failed - Data Scraping - Error: ", {1, STAGE_STATUS_FAILED, "Data Scraping", "", ""}},
        {"Stage 9 - Brew Tea for u: hot", {9, STAGE_STATUS_RUNNING, "Brew Tea", "u", "hot"}},
        {"Stage 4 Complete - Time Series Analysis", {4, STAGE_STATUS_DONE, "Time Series Analysis", "", ""}},
        {"Stage Stage 5 - Content Generation: x  ", {5, STAGE_STATUS_RUNNING, "Content Generation", "", "x"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct stage_text t;
        assert_true(stage_text_parse(bytes_of(rows[i].line), &t));
        check(t, &rows[i].want);
    }
}

static void other_lines_are_no_stage_lines(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "",
        "Stage ",
        "Stage 1",
        "Stage one - Data Scraping: x",
        "Backstage 1 - Data Scraping: x",
        "MyStage 1 - Data Scraping: x",
        "Stage 99999999999999999999 - Data Scraping: x",
        "Stage 1 - ",
        "📊 Stage monitoring activated",
        "📈 Miner Status: Mode: watchdog | Module 1: Running | Stage: Vector Database - running (elonmusk)",
    };
    struct stage_text t;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        assert_false(stage_text_parse(bytes_of(lines[i]), &t));
}

static void names_and_numbers_agree(void **state)
{
    (void)state;
    for (int i = 0; i < STAGE_COUNT; i++)
        assert_int_equal(stage_by_name(bytes_of(stage_name(i))), i);
    assert_int_equal(stage_by_name(bytes_of(" vector database ")), 3);
    assert_int_equal(stage_by_name(bytes_of("Vector")), -1);
    assert_int_equal(stage_by_name(bytes_of("")), -1);
    assert_null(stage_name(-1));
    assert_null(stage_name(STAGE_COUNT));
}

static void every_synonym_of_a_status_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        enum stage_status status;
    } rows[] = {
        {"running", STAGE_STATUS_RUNNING},     {"Started", STAGE_STATUS_RUNNING}, {"start", STAGE_STATUS_RUNNING},
        {"in_progress", STAGE_STATUS_RUNNING}, {"ACTIVE", STAGE_STATUS_RUNNING},  {"completed", STAGE_STATUS_DONE},
        {"complete", STAGE_STATUS_DONE},       {"success", STAGE_STATUS_DONE},    {"done", STAGE_STATUS_DONE},
        {"failed", STAGE_STATUS_FAILED},       {"Error", STAGE_STATUS_FAILED},    {"failure", STAGE_STATUS_FAILED},
        {"waiting", STAGE_STATUS_WAITING},     {"idle", STAGE_STATUS_WAITING},    {"pending", STAGE_STATUS_WAITING},
        {"paused", STAGE_STATUS_OTHER},        {"", STAGE_STATUS_OTHER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(stage_status_of(bytes_of(rows[i].word)), rows[i].status);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_documented_log_is_read_line_by_line),
        cmocka_unit_test(the_bittensor_log_tells_the_same_story),
        cmocka_unit_test(awkward_lines_follow_the_grammar),
        cmocka_unit_test(other_lines_are_no_stage_lines),
        cmocka_unit_test(names_and_numbers_agree),
        cmocka_unit_test(every_synonym_of_a_status_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
