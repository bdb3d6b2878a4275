/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/timetext.h"
#include "model/log.h"
#include "model/stages.h"

static struct arena arena;
static struct err error;
static const struct origin origin[DOC_COUNT]; /* all well */
static const int64_t t0 = INT64_C(1795322856000);
enum { SECOND = 1000, MINUTE = 60 * SECOND };

static int tidy(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const struct status_doc *decode_at(const char *text, int32_t offset_s)
{
    struct decode_in in = {
        .bytes = bytes_of(text), .name = "miner_status.json", .mtime_ms = t0, .local_offset_s = offset_s};
    error.text[0] = 0;
    return status_decode(&arena, &in, &error);
}

static const struct status_doc *decode(const char *text)
{
    return decode_at(text, 0);
}

/* ---- the file ----------------------------------------------------------------------------------------------------- */

static const char canonical[] =
    "{\"version\":1,\"mode\":\"watchdog\",\"pid\":77,\"current_stage\":{\"stage_number\":3,\"stage_name\":\"Vector "
    "Database\","
    "\"status\":\"running\",\"message\":\"Indexing 50 posts in vector database\",\"username\":\"elonmusk\","
    "\"details\":{\"posts\":50,\"src\":\"x\",\"n\":[1,2]},\"started_at\":1795322800,\"updated_at\":1795322850},"
    "\"stage_history\":[{\"stage_number\":2,\"stage_name\":\"Data "
    "Retrieval\",\"status\":\"completed\",\"username\":\"elonmusk\","
    "\"started_at\":1795322700,\"updated_at\":1795322790}],\"updated_at\":1795322850}";

static void the_canonical_shape_is_read_whole(void **state)
{
    (void)state;
    const struct status_doc *d = decode(canonical);
    assert_true(d->has_current);
    assert_int_equal(d->current.number, 3);
    assert_string_equal(d->current.name, "Vector Database");
    assert_int_equal(d->current.status, STAGE_STATUS_RUNNING);
    assert_string_equal(d->current.message, "Indexing 50 posts in vector database");
    assert_string_equal(d->current.username, "elonmusk");
    assert_string_equal(d->current.details, "posts=50, src=x, n=[1,2]");
    assert_int_equal(d->current.at_ms, INT64_C(1795322850000));
    assert_int_equal(d->current.started_ms, INT64_C(1795322800000));
    assert_int_equal(d->current.pid, 77);
    assert_int_equal(d->history_count, 1);
    assert_int_equal(d->history[0].status, STAGE_STATUS_DONE);
    assert_string_equal(d->mode, "watchdog");
    assert_int_equal(d->updated_ms, INT64_C(1795322850000));
}

static void other_dialects_are_read_too(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int number;
        const char *name;
        enum stage_status status;
        const char *status_text;
    } rows[] = {
        {"{\"stage_name\":\"Exportation\",\"status\":\"RUNNING\"}", 6, "Exportation", STAGE_STATUS_RUNNING, "running"},
        {"{\"current\":{\"stage\":\"5\",\"status\":\"error\"}}", 5, "Content Generation", STAGE_STATUS_FAILED, "error"},
        {"{\"current_stage\":4,\"status\":\"success\"}", 4, "Time Series Analysis", STAGE_STATUS_DONE, "success"},
        {"{\"current_stage\":\"Data Scraping\",\"status\":\"idle\"}", 1, "Data Scraping", STAGE_STATUS_WAITING, "idle"},
        {"{\"current_stage\":{\"name\":\"Data Retrieval\"}}", 2, "Data Retrieval", STAGE_STATUS_OTHER, "unknown"},
        {"{\"stage\":9,\"status\":\"paused\"}", -1, "Stage 9 (unknown)", STAGE_STATUS_OTHER, "paused"},
        {"{\"stage\":\"Brewing\",\"status\":\"active\"}", -1, "Brewing", STAGE_STATUS_RUNNING, "active"},
        {"{\"stage_number\":2.0,\"stage_name\":\"My name\"}", 2, "My name", STAGE_STATUS_OTHER, "unknown"},
        {"{\"stage_number\":-1}", -1, "Stage -1 (unknown)", STAGE_STATUS_OTHER, "unknown"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct status_doc *d = decode(rows[i].text);
        assert_non_null(d);
        assert_true(d->has_current);
        assert_int_equal(d->current.number, rows[i].number);
        assert_string_equal(d->current.name, rows[i].name);
        assert_int_equal(d->current.status, rows[i].status);
        assert_string_equal(d->current.status_text, rows[i].status_text);
        assert_int_equal(d->current.at_ms, t0);
        assert_string_equal(d->current.username, "");
        assert_string_equal(d->current.details, "");
    }
}

static void a_naive_time_is_the_rigs_local_time(void **state)
{
    (void)state;
    const struct status_doc *d = decode_at("{\"stage\":1,\"timestamp\":\"2026-11-22T15:47:36\"}", 11 * 3600);
    assert_int_equal(d->current.at_ms, INT64_C(1795322856000));
}

static void a_reset_file_has_no_stage_yet(void **state)
{
    (void)state;
    static const char *const resets[] = {"{}",
                                         "null",
                                         " 0\n",
                                         "{\"current_stage\":null,\"stage_history\":[]}",
                                         "{\"current_stage\":{}}",
                                         "{\"stage_history\":[]}"};
    for (size_t i = 0; i < sizeof resets / sizeof resets[0]; i++) {
        const struct status_doc *d = decode(resets[i]);
        assert_non_null(d);
        assert_false(d->has_current);
    }
}

static void files_of_other_programs_are_refused_with_their_keys(void **state)
{
    (void)state;
    assert_null(decode("{\"hashrate\":\"42.5 H/s\",\"pool\":\"p\",\"timestamp\":1.5}"));
    assert_string_equal(error.text, "miner_status.json is not a stage status file (keys: hashrate, pool, timestamp)");
    static const char *const others[] = {
        "{\"backend\":\"x\",\"hash_rate_mhs\":1,\"difficulty\":2}",
        "{\"shares\":1,\"earnings\":\"0.1\",\"accepted\":1,\"counter\":5,\"status\":\"online\",\"current\":3.2}",
        "{\"is_running\":true,\"pid\":1}",
        "[]",
        "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1}",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_null(decode(others[i]));
        assert_non_null(strstr(error.text, "is not a stage status file"));
    }
    assert_non_null(strstr(error.text, "f, ...)"));
}

static void half_written_files_are_errors(void **state)
{
    (void)state;
    static const char *const torn[] = {"", "{\"current_stage\":{\"stage_nu", "{\"stage\":1} x"};
    for (size_t i = 0; i < sizeof torn / sizeof torn[0]; i++) {
        assert_null(decode(torn[i]));
        assert_non_null(strstr(error.text, "miner_status.json"));
    }
}

static void histories_may_be_objects_and_details_long_or_hostile(void **state)
{
    (void)state;
    const struct status_doc *d =
        decode("{\"stage\":2,\"details\":\"a\\u001b[31mb\",\"stages\":{\"1\":{\"status\":\"done\"},"
               "\"2\":{\"status\":\"running\"},\"x\":7}}");
    assert_int_equal(d->history_count, 2);
    assert_int_equal(d->history[0].number, 1);
    assert_int_equal(d->history[1].status, STAGE_STATUS_RUNNING);
    assert_null(strchr(d->current.details, '\x1b'));
    char *text = arena_text(&arena, "{\"stage\":2,\"details\":{\"k\":\"%0999d\"}}", 1);
    assert_true(strlen(decode(text)->current.details) < 210);
}

/* ---- the part ----------------------------------------------------------------------------------------------------- */

static struct stage_event event(int number, enum stage_status status, const char *user, int64_t at_s)
{
    return (struct stage_event){number, stage_name(number), status,    "x", "m", user,
                                "",     t0 + at_s * SECOND, NOT_KNOWN, 0};
}

/* The last event is the current one. */
static const struct stages *told(const struct stage_event *e, size_t n, int64_t now_ms)
{
    struct status_doc *d = arena_alloc(&arena, sizeof *d);
    struct docs docs = {.status_doc = d};
    *d = (struct status_doc){
        .has_current = true, .current = e[n - 1], .history = e, .history_count = n, .updated_ms = t0};
    return stages_at(&arena, &docs, origin, NULL, now_ms);
}

static void a_whole_run_gives_durations_states_and_a_closed_run(void **state)
{
    (void)state;
    struct stage_event e[20];
    size_t n = 0;
    e[n++] = event(0, STAGE_STATUS_RUNNING, "", 0);
    e[n++] = event(0, STAGE_STATUS_DONE, "", 1);
    for (int i = 1; i < 7; i++) {
        e[n++] = event(i, STAGE_STATUS_RUNNING, "ann", i * 10);
        e[n++] = event(i, STAGE_STATUS_DONE, "ann", i * 10 + i);
    }
    e[n++] = event(7, STAGE_STATUS_DONE, "ann", 70);
    const struct stages *s = told(e, n, t0 + 100 * SECOND);
    assert_true(s->known);
    assert_false(s->from_log);
    for (int i = 0; i < 7; i++) {
        assert_int_equal(s->stage[i].state, STAGE_DONE);
        assert_int_equal(s->stage[i].duration_ms, (i == 0 ? 1 : i) * SECOND);
        assert_int_equal(s->stage[i].typical_ms, s->stage[i].duration_ms);
        assert_int_equal(s->stage[i].completions, 1);
    }
    assert_int_equal(s->stage[7].state, STAGE_DONE);
    assert_int_equal(s->stage[7].duration_ms, NOT_KNOWN);
    assert_int_equal(s->run_count, 1);
    assert_int_equal(s->run[0].state, RUN_DONE);
    assert_string_equal(s->run[0].username, "ann");
    assert_int_equal(s->run[0].start_ms, t0 + 10 * SECOND);
    assert_int_equal(s->run[0].end_ms, t0 + 70 * SECOND);
    assert_int_equal(s->run[0].last_stage, 7);
    assert_int_equal(s->event_count, n);
    assert_int_equal(s->event[0].number, 7);
    assert_int_equal(s->age_ms, 30 * SECOND);
}

static void the_first_failure_closes_the_run_and_the_next_one_is_clean(void **state)
{
    (void)state;
    const struct stage_event e[] = {
        event(1, STAGE_STATUS_RUNNING, "ann", 0),  event(1, STAGE_STATUS_DONE, "ann", 5),
        event(2, STAGE_STATUS_RUNNING, "ann", 6),  event(2, STAGE_STATUS_FAILED, "ann", 9),
        event(0, STAGE_STATUS_RUNNING, "", 10),    event(0, STAGE_STATUS_DONE, "", 11),
        event(1, STAGE_STATUS_RUNNING, "bob", 20),
    };
    const struct stages *failed = told(e, 4, t0 + 12 * SECOND), *next = told(e, 7, t0 + 30 * SECOND);
    assert_int_equal(failed->stage[2].state, STAGE_FAILED);
    assert_int_equal(failed->stage[2].duration_ms, 3 * SECOND);
    assert_int_equal(failed->stage[2].failures, 1);
    assert_int_equal(failed->run[0].state, RUN_FAILED);
    assert_string_equal(failed->run[0].message, "m");
    assert_int_equal(next->run_count, 2);
    assert_int_equal(next->run[0].state, RUN_OPEN);
    assert_string_equal(next->run[0].username, "bob");
    assert_int_equal(next->run[1].state, RUN_FAILED);
    assert_int_equal(next->stage[0].state, STAGE_DONE);
    assert_int_equal(next->stage[1].state, STAGE_RUNNING);
    assert_int_equal(next->stage[1].duration_ms, 10 * SECOND);
    assert_int_equal(next->elapsed_ms, 10 * SECOND);
    assert_int_equal(next->stage[2].state, STAGE_WAITING);
    assert_int_equal(next->stage[2].failures, 1);
}

static void stage_zero_or_another_user_abandons_a_run(void **state)
{
    (void)state;
    const struct stage_event zero[] = {event(1, STAGE_STATUS_RUNNING, "ann", 0), event(0, STAGE_STATUS_RUNNING, "", 5)};
    const struct stage_event other[] = {event(1, STAGE_STATUS_RUNNING, "ann", 0),
                                        event(2, STAGE_STATUS_RUNNING, "bob", 5)};
    const struct stages *z = told(zero, 2, t0), *o = told(other, 2, t0);
    assert_int_equal(z->run[0].state, RUN_ABANDONED);
    assert_int_equal(z->run[0].end_ms, t0 + 5 * SECOND);
    assert_int_equal(z->stage[1].state, STAGE_WAITING);
    assert_int_equal(o->run_count, 2);
    assert_int_equal(o->run[1].state, RUN_ABANDONED);
    assert_string_equal(o->run[0].username, "bob");
}

static void skips_repeats_and_missing_starts_are_shown_as_they_are(void **state)
{
    (void)state;
    const struct stage_event e[] = {
        event(1, STAGE_STATUS_RUNNING, "ann", 0),  event(1, STAGE_STATUS_DONE, "ann", 4),
        event(3, STAGE_STATUS_DONE, "ann", 9),     event(4, STAGE_STATUS_RUNNING, "ann", 9),
        event(4, STAGE_STATUS_RUNNING, "ann", 12), event(4, STAGE_STATUS_DONE, "ann", 15),
    };
    const struct stages *s = told(e, 6, t0 + 20 * SECOND);
    assert_int_equal(s->stage[2].state, STAGE_WAITING);
    assert_int_equal(s->stage[3].state, STAGE_DONE);
    assert_int_equal(s->stage[3].duration_ms, NOT_KNOWN);
    assert_int_equal(s->stage[4].duration_ms, 6 * SECOND);
    assert_int_equal(s->run_count, 1);
    const struct stages *late = told(&e[2], 1, t0);
    assert_int_equal(late->stage[1].state, STAGE_DONE);
    assert_int_equal(late->stage[1].duration_ms, NOT_KNOWN);
    assert_int_equal(late->stage[4].state, STAGE_WAITING);
}

static void an_account_that_is_known_has_a_typical_duration_and_a_limit_of_its_own(void **state)
{
    (void)state;
    struct stage_event e[40];
    size_t n = 0;
    for (int i = 0; i < 15; i++) { /* bob needs an hour for what takes ann a minute */
        const char *who = i % 3 == 0 ? "bob" : "ann";
        e[n++] = event(1, STAGE_STATUS_RUNNING, who, i * 9000);
        e[n++] = event(1, STAGE_STATUS_DONE, who, i * 9000 + (i % 3 == 0 ? 3600 : 60));
    }
    e[n++] = event(1, STAGE_STATUS_RUNNING, "bob", 200000);
    const struct stages *s = told(e, n, t0 + 203000 * SECOND);
    assert_int_equal(s->stage[1].typical_ms, 3600 * SECOND);
    assert_string_equal(s->stage[1].typical_of, "bob");
    assert_int_equal(s->stage[1].limit_ms, 3 * 3600 * SECOND);
    assert_int_equal(s->stage[1].state, STAGE_RUNNING);
    assert_int_equal(s->stage[1].account_count, 2);
    assert_string_equal(s->stage[1].account[0].username, "ann");
    assert_int_equal(s->stage[1].account[0].samples, 10);
    e[n - 1] = event(1, STAGE_STATUS_RUNNING, "ann", 200000);
    assert_int_equal(told(e, n, t0 + 203000 * SECOND)->stage[1].state, STAGE_STALLED);
    e[n - 1] = event(1, STAGE_STATUS_RUNNING, "new", 200000);
    assert_null(told(e, n, t0)->stage[1].typical_of);
    assert_int_equal(told(e, n, t0)->stage[1].typical_ms, 60 * SECOND);
}

static void what_the_file_keeps_over_runs_counts_more_than_its_history(void **state)
{
    (void)state;
    const char *text =
        "{\"current_stage\": {\"stage_number\": 2, \"status\": \"running\", \"username\": \"bob\", \"started_at\": "
        "1795320000},"
        " \"stage_history\": [], \"stage_totals\": {\"2\": {\"completed\": 700, \"failed\": 3, \"durations\":"
        " [1, 2, 3, \"x\", -1, null], \"accounts\": {\"ann\": [2], \"bob\": [100.5, 99, 2000], \"eve\": 7, \"\": [1]}},"
        " \"9\": {}, \"1\": [], \"0\": {\"completed\": -4}}}";
    const struct status_doc *d = decode(text);
    struct docs docs = {.status_doc = d};
    assert_non_null(d);
    const struct stages *s = stages_at(&arena, &docs, origin, NULL, t0);
    assert_int_equal(s->stage[2].typical_ms, 100500);
    assert_string_equal(s->stage[2].typical_of, "bob");
    assert_int_equal(s->stage[2].completions, 700);
    assert_int_equal(s->stage[2].failures, 3);
    assert_int_equal(s->stage[2].account_count, 3);
    assert_string_equal(s->stage[2].account[1].username, "bob");
    assert_int_equal(d->total[2].of_all.typical_ms, 2000);
    assert_int_equal(s->stage[0].completions, 0);
    assert_int_equal(s->stage[1].typical_ms, NOT_KNOWN);
}

static void the_typical_duration_is_the_median_of_the_last_twenty(void **state)
{
    (void)state;
    struct stage_event e[100];
    size_t n = 0;
    for (int i = 0; i < 30; i++) { /* 1000 s each, then 20 of 1..20 s */
        int64_t length = i < 10 ? 1000 : i - 9;
        e[n++] = event(1, STAGE_STATUS_RUNNING, "ann", i * 2000);
        e[n++] = event(1, STAGE_STATUS_DONE, "ann", i * 2000 + length);
    }
    assert_int_equal(told(e, n, t0)->stage[1].typical_ms, 10 * SECOND + 500);
    assert_int_equal(told(e, n, t0)->stage[1].completions, 30);
    assert_int_equal(told(e, 2, t0)->stage[1].typical_ms, 1000 * SECOND);
    assert_int_equal(told(e, 2, t0)->stage[1].limit_ms, 3000 * SECOND);
    assert_int_equal(told(e, 1, t0)->stage[1].typical_ms, NOT_KNOWN);
    assert_int_equal(told(e, 1, t0)->stage[1].limit_ms, 10 * MINUTE);
}

static void a_stage_is_stalled_only_beyond_its_limit(void **state)
{
    (void)state;
    const struct stage_event e[] = {event(3, STAGE_STATUS_RUNNING, "ann", 0)};
    assert_false(told(e, 1, t0 + 10 * MINUTE)->stalled);
    const struct stages *s = told(e, 1, t0 + 10 * MINUTE + 1);
    assert_true(s->stalled);
    assert_int_equal(s->stage[3].state, STAGE_STALLED);
    assert_int_equal(s->elapsed_ms, 10 * MINUTE + 1);
    const struct stage_event done[] = {event(3, STAGE_STATUS_DONE, "ann", 0)};
    assert_false(told(done, 1, t0 + 60 * MINUTE)->stalled);
}

static void an_announced_wait_has_twice_its_time(void **state)
{
    (void)state;
    struct stage_event e = event(0, STAGE_STATUS_RUNNING, "", 0);
    e.message = "No accounts found - waiting 900 seconds for new accounts";
    assert_false(told(&e, 1, t0 + 30 * MINUTE)->stalled);
    assert_true(told(&e, 1, t0 + 30 * MINUTE + 1)->stalled);
    assert_int_equal(told(&e, 1, t0)->stage[0].limit_ms, 30 * MINUTE);
    e.message = "waiting x seconds";
    assert_int_equal(told(&e, 1, t0)->stage[0].limit_ms, 10 * MINUTE);
}

static void a_status_file_without_history_takes_the_past_from_the_log(void **state)
{
    (void)state;
    const struct stage_event past[] = {event(1, STAGE_STATUS_RUNNING, "ann", 0), event(1, STAGE_STATUS_DONE, "ann", 7),
                                       event(2, STAGE_STATUS_RUNNING, "ann", 8)};
    struct log log = {.known = true, .stage = past, .stage_count = 3};
    struct status_doc doc = {.has_current = true, .current = past[2], .updated_ms = t0};
    struct docs docs = {.status_doc = &doc};
    const struct stages *s = stages_at(&arena, &docs, origin, &log, t0 + 9 * SECOND);
    assert_false(s->from_log);
    assert_int_equal(s->stage[1].duration_ms, 7 * SECOND);
    assert_int_equal(s->elapsed_ms, SECOND);
    assert_int_equal(s->event_count, 3);
}

static void without_a_status_file_the_log_tells_the_stage(void **state)
{
    (void)state;
    const struct stage_event past[] = {event(4, STAGE_STATUS_RUNNING, "ann", 0)};
    struct log log = {
        .known = true, .stage = past, .stage_count = 1, .status_line = "Mode: watchdog | Module 1: Running"};
    struct docs docs = {0};
    const struct stages *s = stages_at(&arena, &docs, origin, &log, t0 + 5 * SECOND);
    assert_true(s->known);
    assert_true(s->from_log);
    assert_int_equal(s->current.number, 4);
    assert_string_equal(s->mode, "watchdog");
}

static void nothing_read_or_a_reset_file_is_not_known(void **state)
{
    (void)state;
    struct docs none = {0};
    struct status_doc reset = {.updated_ms = t0};
    struct docs docs = {.status_doc = &reset};
    const struct stage_event old[] = {event(4, STAGE_STATUS_RUNNING, "ann", -60)},
                             newer[] = {event(0, STAGE_STATUS_RUNNING, "", 3)};
    struct log before = {.known = true, .stage = old, .stage_count = 1},
               after = {.known = true, .stage = newer, .stage_count = 1};
    assert_false(stages_at(&arena, &none, origin, NULL, t0)->known);
    assert_int_equal(stages_at(&arena, &none, origin, NULL, t0)->current.number, -1);
    assert_int_equal(stages_at(&arena, &none, origin, NULL, t0)->age_ms, NOT_KNOWN);
    assert_false(stages_at(&arena, &docs, origin, NULL, t0)->known);
    assert_false(stages_at(&arena, &docs, origin, &before, t0)->known);
    assert_true(stages_at(&arena, &docs, origin, &after, t0)->from_log);
}

static void a_status_file_that_vanished_was_reset_but_its_past_stays(void **state)
{
    (void)state;
    const struct stage_event past[] = {event(1, STAGE_STATUS_RUNNING, "ann", 0), event(1, STAGE_STATUS_DONE, "ann", 7),
                                       event(2, STAGE_STATUS_RUNNING, "ann", 8)};
    struct status_doc doc = {
        .has_current = true, .current = past[2], .history = past, .history_count = 3, .updated_ms = t0};
    struct docs docs = {.status_doc = &doc};
    struct origin gone[DOC_COUNT] = {[DOC_STATUS] = {.state = ORIGIN_MISSING}};
    struct log log = {.known = true, .stage = past, .stage_count = 1};
    const struct stages *s = stages_at(&arena, &docs, gone, NULL, t0 + 60 * MINUTE);
    assert_false(s->known || s->stalled);
    assert_int_equal(s->stage[2].state, STAGE_WAITING);
    assert_int_equal(s->stage[1].typical_ms, 7 * SECOND);
    assert_int_equal(s->run_count, 1);
    s = stages_at(&arena, &docs, gone, &log, t0);
    assert_true(s->known && s->from_log);
    assert_int_equal(s->current.number, 1);
}

static void two_writers_are_flagged_when_they_alternate(void **state)
{
    (void)state;
    const struct stage_event fast[] = {event(1, STAGE_STATUS_RUNNING, "ann", 0),
                                       event(3, STAGE_STATUS_RUNNING, "bob", 1),
                                       event(2, STAGE_STATUS_RUNNING, "ann", 2)};
    const struct stage_event slow[] = {event(1, STAGE_STATUS_RUNNING, "ann", 0),
                                       event(3, STAGE_STATUS_RUNNING, "bob", 1),
                                       event(2, STAGE_STATUS_RUNNING, "ann", 3)};
    assert_true(told(fast, 3, t0)->two_writers);
    assert_false(told(slow, 3, t0)->two_writers);
    assert_false(told(fast, 2, t0)->two_writers);
}

static void an_unknown_stage_is_shown_and_breaks_nothing(void **state)
{
    (void)state;
    const struct status_doc *d = decode("{\"stage\":99,\"status\":\"running\",\"started_at\":1795322850}");
    struct docs docs = {.status_doc = d};
    const struct stages *s = stages_at(&arena, &docs, origin, NULL, t0);
    assert_true(s->known);
    assert_string_equal(s->current.name, "Stage 99 (unknown)");
    assert_int_equal(s->elapsed_ms, 6 * SECOND);
    assert_int_equal(s->run_count, 0);
}

static void entries_kept_by_stage_number_are_told_in_the_order_of_their_times(void **state)
{
    (void)state;
    const struct status_doc *d =
        decode("{\"current_stage\":0,\"history\":{\"0\":{\"status\":\"running\",\"timestamp\":1795322850},"
               "\"1\":{\"status\":\"completed\",\"timestamp\":1795322700},"
               "\"2\":{\"status\":\"failed\",\"timestamp\":1795322800}}}");
    assert_int_equal(d->history_count, 3);
    assert_int_equal(d->history[0].number, 1);
    assert_int_equal(d->history[1].number, 2);
    assert_int_equal(d->history[2].number, 0);
    d = decode("{\"current_stage\":0,\"history\":{\"2\":{\"status\":\"failed\"},"
               "\"1\":{\"status\":\"completed\",\"timestamp\":1795322700}}}");
    assert_int_equal(d->history[0].number, 2); /* a time is missing: as written */
}

static void two_miners_that_write_in_turn_show_in_the_files_versions(void **state)
{
    (void)state;
    static const struct {
        const char *user;
        int64_t at_ms;
        bool two;
    } rows[] = {{"a", 0, false},     {"b", 500, false},   {"a", 2000, true},  {"", 2100, true},   {"a", 9000, false},
                {"b", 20000, false}, {"a", 21000, false}, {"b", 21900, true}, {"c", 60000, false}};
    const struct status_doc *doc = NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[128];
        snprintf(text, sizeof text, "{\"stage_name\":\"Data Scraping\",\"status\":\"running\",\"username\":\"%s\"}",
                 rows[i].user);
        struct decode_in in = {
            .bytes = bytes_of(text), .name = "miner_status.json", .before = doc, .mtime_ms = t0 + rows[i].at_ms};
        doc = status_decode(&arena, &in, &error);
        struct docs docs = {.status_doc = doc};
        struct origin origins[DOC_COUNT] = {0};
        if (stages_at(&arena, &docs, origins, NULL, t0 + rows[i].at_ms)->two_writers != rows[i].two)
            fail_msg("version %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_canonical_shape_is_read_whole, tidy),
        cmocka_unit_test_teardown(other_dialects_are_read_too, tidy),
        cmocka_unit_test_teardown(a_naive_time_is_the_rigs_local_time, tidy),
        cmocka_unit_test_teardown(a_reset_file_has_no_stage_yet, tidy),
        cmocka_unit_test_teardown(files_of_other_programs_are_refused_with_their_keys, tidy),
        cmocka_unit_test_teardown(half_written_files_are_errors, tidy),
        cmocka_unit_test_teardown(histories_may_be_objects_and_details_long_or_hostile, tidy),
        cmocka_unit_test_teardown(a_whole_run_gives_durations_states_and_a_closed_run, tidy),
        cmocka_unit_test_teardown(the_first_failure_closes_the_run_and_the_next_one_is_clean, tidy),
        cmocka_unit_test_teardown(stage_zero_or_another_user_abandons_a_run, tidy),
        cmocka_unit_test_teardown(skips_repeats_and_missing_starts_are_shown_as_they_are, tidy),
        cmocka_unit_test_teardown(an_account_that_is_known_has_a_typical_duration_and_a_limit_of_its_own, tidy),
        cmocka_unit_test_teardown(what_the_file_keeps_over_runs_counts_more_than_its_history, tidy),
        cmocka_unit_test_teardown(the_typical_duration_is_the_median_of_the_last_twenty, tidy),
        cmocka_unit_test_teardown(a_stage_is_stalled_only_beyond_its_limit, tidy),
        cmocka_unit_test_teardown(an_announced_wait_has_twice_its_time, tidy),
        cmocka_unit_test_teardown(a_status_file_without_history_takes_the_past_from_the_log, tidy),
        cmocka_unit_test_teardown(without_a_status_file_the_log_tells_the_stage, tidy),
        cmocka_unit_test_teardown(nothing_read_or_a_reset_file_is_not_known, tidy),
        cmocka_unit_test_teardown(a_status_file_that_vanished_was_reset_but_its_past_stays, tidy),
        cmocka_unit_test_teardown(two_writers_are_flagged_when_they_alternate, tidy),
        cmocka_unit_test_teardown(an_unknown_stage_is_shown_and_breaks_nothing, tidy),
        cmocka_unit_test_teardown(entries_kept_by_stage_number_are_told_in_the_order_of_their_times, tidy),
        cmocka_unit_test_teardown(two_miners_that_write_in_turn_show_in_the_files_versions, tidy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
