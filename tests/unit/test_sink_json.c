/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "full_rig.h"

#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "sink/sink.h"

static const struct looks looks = {&theme_lamp, COLOR_256};

/* What the sink writes for m, parsed again by jansson; fails when it is not valid JSON with one newline at its end. */
static json_t *written(const struct model *m)
{
    struct arena arena = {0};
    struct ui ui = {.w = 80, .h = 24};
    struct err e = {""};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_true(sink_by_name("json")->write(out, m, &ui, &looks, &arena, &e));
    fclose(out);
    assert_true(size > 2 && text[size - 1] == '\n' && text[size - 2] == '}');
    json_error_t error;
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("line %d: %s", error.line, error.text);
    free(text);
    arena_release(&arena);
    return root;
}

/* "budgets.0.used": members by name, elements by number; NULL: not there. */
static const json_t *at(const json_t *v, const char *path)
{
    while (v && *path) {
        char key[64];
        size_t n = strcspn(path, ".");
        assert_true(n < sizeof key);
        memcpy(key, path, n);
        key[n] = 0;
        v = json_is_array(v) ? json_array_get(v, (size_t)atoi(key)) : json_object_get(v, key);
        path += n + (path[n] == '.');
    }
    return v;
}

static bool is_type(const json_t *v, char type)
{
    switch (type) {
    case 'i':
        return json_is_integer(v);
    case 'n':
        return json_is_number(v);
    case 's':
        return json_is_string(v);
    case 'b':
        return json_is_boolean(v);
    case 'a':
        return json_is_array(v);
    case 'o':
        return json_is_object(v);
    default:
        return false;
    }
}

/* The promise of the interface's description. A '?' may be null while nothing is known; "row" members exist only where a
 * list has rows or an object is there at all. */
struct promise {
    const char *path, *type;
    bool row;
};
static const struct promise promises[] = {
    {"version", "i", false},
    {"now", "i", false},
    {"rig", "o", false},
    {"rig.name", "s", false},
    {"rig.dir", "s", false},
    {"sources", "a", false},
    {"sources.3.name", "s", false},
    {"sources.3.path", "s", false},
    {"sources.3.state", "s", false},
    {"sources.3.error", "s?", false},
    {"sources.3.age_s", "i?", false},
    {"daemon.state", "s", false},
    {"daemon.pid", "i?", false},
    {"daemon.uptime_s", "i?", false},
    {"daemon.why", "s", false},
    {"daemon.beat_age_s", "i?", false},
    {"daemon.socket.state", "s", false},
    {"stages", "o", false},
    {"stages.current", "o?", false},
    {"stages.current.number", "i", true},
    {"stages.current.name", "s", true},
    {"stages.current.status", "s", true},
    {"stages.current.message", "s", true},
    {"stages.current.username", "s", true},
    {"stages.current.age_s", "i", true},
    {"stages.stages", "a", false},
    {"stages.stages.7.number", "i", false},
    {"stages.stages.7.name", "s", false},
    {"stages.stages.7.state", "s", false},
    {"stages.stages.7.duration_s", "i?", false},
    {"stages.stages.7.typical_s", "i?", false},
    {"stages.runs", "a", false},
    {"stages.runs.0.username", "s", true},
    {"stages.runs.0.state", "s", true},
    {"stages.runs.0.last_stage", "i", true},
    {"stages.runs.0.start", "i", true},
    {"stages.runs.0.end", "i", true},
    {"stages.runs.0.message", "s", true},
    {"scores.lines", "i", false},
    {"scores.scored", "i", false},
    {"scores.pending", "i", false},
    {"scores.invalid", "i", false},
    {"scores.malformed", "i", false},
    {"scores.synthetic", "i", false},
    {"scores.future", "i", false},
    {"scores.executed", "i", false},
    {"scores.awaiting", "i", false},
    {"scores.duplicates", "i", false},
    {"scores.windows.last10.count", "i", false},
    {"scores.windows.last10.mean", "n?", false},
    {"scores.windows.last10.success_rate", "n?", false},
    {"scores.windows.last10.tokens", "i", false},
    {"scores.windows.last20", "o", false},
    {"scores.windows.prev50", "o", false},
    {"scores.windows.today", "o", false},
    {"scores.windows.yesterday", "o", false},
    {"scores.windows.24h", "o", false},
    {"scores.windows.7d", "o", false},
    {"scores.windows.prev7d", "o", false},
    {"scores.by_llm", "a", false},
    {"scores.by_strategy", "a", false},
    {"scores.by_subnet", "a", false},
    {"scores.by_llm.0.name", "s", true},
    {"scores.by_llm.0.count", "i", true},
    {"scores.by_llm.0.mean", "n", true},
    {"scores.by_llm.0.success_rate", "n", true},
    {"scores.by_llm.0.tokens", "i", true},
    {"scores.by_llm.0.share", "n", true},
    {"scores.drop_last10", "n?", false},
    {"scores.trend_7d", "n?", false},
    {"scores.roi", "n?", false},
    {"scores.hours", "a", false},
    {"tasks.recent", "a", false},
    {"tasks.recent.0.score", "n", true},
    {"budgets", "a", false},
    {"budgets.0.api", "s", true},
    {"budgets.0.used", "i", true},
    {"budgets.0.allowance", "i", true},
    {"budgets.0.used_pct", "n", true},
    {"budgets.0.state", "s", true},
    {"budgets.0.days_left", "n", true},
    {"budgets.0.daily_used", "i", true},
    {"budgets.0.daily_limit", "i", true},
    {"budgets.0.projected_pct", "n", true},
    {"budgets.0.burn_per_day", "n", true},
    {"budgets.0.exhausted_at", "i", true},
    {"budget_cycle.not_reset", "b", false},
    {"auction", "o", false},
    {"auction.netuid", "i?", false},
    {"auction.block", "i?", false},
    {"auction.block_age_s", "i?", false},
    {"auction.window", "o?", false},
    {"auction.window.index", "i", true},
    {"auction.window.start", "i", true},
    {"auction.window.end", "i", true},
    {"auction.window.blocks_left", "i", true},
    {"auction.window.seconds_left", "i", true},
    {"auction.estimated", "b", false},
    {"auction.commitment", "o?", false},
    {"auction.commitment.text", "s", true},
    {"auction.last_result", "o?", false},
    {"auction.last_result.bids.0.won", "i", true},
    {"heartbeat", "o", false},
    {"heartbeat.checks", "a", false},
    {"heartbeat.checks.0.name", "s", true},
    {"heartbeat.checks.0.state", "s", true},
    {"heartbeat.checks.0.age_s", "i", true},
    {"heartbeat.checks.0.interval_s", "i", true},
    {"heartbeat.checks.0.at", "i", true},
    {"heartbeat.checks.0.note", "s", true},
    {"heartbeat.due", "i", false},
    {"heartbeat.overdue", "i", false},
    {"heartbeat.checklist", "o?", false},
    {"log", "o", false},
    {"log.levels.error.total", "i", false},
    {"log.errors", "a", false},
    {"alerts", "a", false},
    {"alerts.0.rule", "s", true},
    {"alerts.0.subject", "s", true},
    {"alerts.0.severity", "s", true},
    {"alerts.0.state", "s", true},
    {"alerts.0.since", "i", true},
    {"alerts.0.value", "n", true},
    {"alerts.0.limit", "n", true},
    {"alerts.0.why", "s", true},
    {"alerts.0.do", "a", true},
    {"alerts.0.do.0", "s", true},
};

static void check_promises(const json_t *root, bool full)
{
    for (size_t i = 0; i < sizeof promises / sizeof *promises; i++) {
        const struct promise *p = &promises[i];
        const json_t *v = at(root, p->path);
        bool empty_ok = !full && (p->row ? !v : p->type[1] == '?' && json_is_null(v));
        bool error_ok = strcmp(p->path, "sources.3.error") == 0 && is_type(v, 's');
        if (!empty_ok && !error_ok && !is_type(v, p->type[0]))
            fail_msg("%s: %s", p->path, v ? "of another type" : "not there");
    }
    assert_true(json_is_null(at(root, "node")));
}

static void a_full_model_keeps_every_promise_with_no_null(void **state)
{
    (void)state;
    static struct full_rig f;
    full_rig_init(&f);
    json_t *root = written(&f.rig.m);
    check_promises(root, true);
    json_decref(root);
    rig_release(&f.rig);
}

static void an_empty_model_keeps_every_promise_with_nulls(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    json_t *root = written(&r.m);
    check_promises(root, false);
    assert_int_equal(json_array_size(at(root, "alerts")), 0);
    assert_int_equal(json_array_size(at(root, "sources")), DOC_COUNT - 1); /* no davy-run was ever there */
    assert_string_equal(json_string_value(at(root, "worst")), "ok");
    assert_true(json_is_null(at(root, "data_age_s")));
    json_decref(root);
    rig_release(&r);
}

static void a_model_built_from_no_documents_keeps_every_promise(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    struct docs docs = {0};
    struct model_in in = {
        .now_ms = NOW, .rig_name = "one", .rig_dir = "/rigs/one", .host = "h", .docs = &docs, .origin = r.m.origin};
    json_t *root = written(model_build(&r.arena, &in));
    check_promises(root, false);
    assert_string_equal(json_string_value(at(root, "stages.stages.1.name")), "Data Scraping");
    json_decref(root);
    rig_release(&r);
}

struct number {
    const char *path;
    double want;
};
static const struct number numbers[] = {
    {"version", 1},
    {"now", 1795322856000},
    {"sources.2.age_s", 61},
    {"daemon.pid", 25217},
    {"daemon.uptime_s", 4242},
    {"daemon.beat_age_s", 7},
    {"stages.current.number", 3},
    {"stages.current.age_s", 5},
    {"stages.current.elapsed_s", 65},
    {"stages.stages.4.duration_s", 4},
    {"stages.stages.4.typical_s", 8},
    {"scores.lines", 100},
    {"scores.scored", 50},
    {"scores.pending", 11},
    {"scores.invalid", 2},
    {"scores.malformed", 3},
    {"scores.synthetic", 5},
    {"scores.future", 2},
    {"scores.executed", 20},
    {"scores.awaiting", 4},
    {"scores.windows.last10.count", 10},
    {"scores.windows.last20.count", 11},
    {"scores.windows.prev10.count", 12},
    {"scores.windows.prev50.count", 13},
    {"scores.windows.today.count", 14},
    {"scores.windows.yesterday.count", 15},
    {"scores.windows.24h.count", 16},
    {"scores.windows.7d.count", 17},
    {"scores.windows.prev7d.count", 18},
    {"scores.windows.1h.count", 19},
    {"scores.windows.7d.mean", 0.5 + 0.01 * 7},
    {"scores.windows.7d.success_rate", 0.6},
    {"scores.windows.7d.tokens", 7000},
    {"scores.by_llm.1.tokens", 12000},
    {"scores.drop_last10", 0.25},
    {"scores.trend_7d", -0.1},
    {"scores.roi", 0.0012},
    {"scores.hours.0.tokens", 1500},
    {"scores.oldest_pending_age_s", 5400},
    {"scores.bad_lines.0.line", 9},
    {"scores.metrics.tao_7d", 0.35},
    {"tasks.recent.0.tokens", 500},
    {"budgets.0.used", 820000},
    {"budgets.0.allowance", 1000000},
    {"budgets.0.used_pct", 82},
    {"budgets.0.days_left", 12},
    {"budgets.0.daily_used", 15000},
    {"budgets.0.daily_limit", 50000},
    {"budgets.0.projected_pct", 95.5},
    {"budget_cycle.overdue_s", 3600},
    {"auction.netuid", 89},
    {"auction.block", 7414264},
    {"auction.block_age_s", 48},
    {"auction.window.index", 3},
    {"auction.window.start", 7414247},
    {"auction.window.end", 7414306},
    {"auction.window.blocks_left", 43},
    {"auction.window.seconds_left", 516},
    {"auction.commitment.age_s", 3600},
    {"auction.commitment.block", 7414000},
    {"auction.last_result.budget_ph", 39.5},
    {"auction.last_result.bids.0.count", 4},
    {"auction.config.workers.0.count", 4},
    {"heartbeat.checks.0.age_s", 18000},
    {"heartbeat.checks.0.interval_s", 7200},
    {"heartbeat.due", 2},
    {"heartbeat.overdue", 1},
    {"heartbeat.thresholds.disk_percent", 85},
    {"log.lines", 4711},
    {"log.levels.error.total", 12},
    {"log.levels.error.hour", 2},
    {"log.levels.error.day", 7},
    {"log.errors.0.repeat", 2},
    {"log.marks.start.count", 1},
    {"alerts.0.value", 97.5},
    {"alerts.0.limit", 95},
    {"alerts.0.since", 1795319256000},
};

static void every_number_is_that_of_the_model(void **state)
{
    (void)state;
    static struct full_rig f;
    full_rig_init(&f);
    json_t *root = written(&f.rig.m);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const json_t *v = at(root, numbers[i].path);
        if (!json_is_number(v) || json_number_value(v) != numbers[i].want)
            fail_msg("%s is %.17g, not %.17g", numbers[i].path, json_number_value(v), numbers[i].want);
    }
    assert_int_equal(json_array_size(at(root, "scores.hours")), 1); /* empty hours are left out */
    json_decref(root);
    rig_release(&f.rig);
}

static const struct {
    const char *path, *want;
} words[] = {
    {"rig.name", "one"},
    {"rig.dir", "/rigs/one"},
    {"worst", "critical"},
    {"notice", "polling (inotify: no instances)"},
    {"sources.0.name", "stage.status"},
    {"sources.0.state", "ok"},
    {"sources.3.state", "invalid"},
    {"sources.3.error", "performance-metrics.json line 3: expected a number"},
    {"daemon.state", "UP"},
    {"daemon.socket.state", "listening"},
    {"stages.current.status", "running"},
    {"stages.stages.2.state", "done"},
    {"stages.stages.3.state", "running"},
    {"stages.stages.3.name", "Vector Database"},
    {"stages.runs.0.state", "open"},
    {"scores.by_llm.0.name", "claude-sonnet"},
    {"scores.roi_word", "profitable"},
    {"tasks.recent.0.kind", "scored"},
    {"tasks.waiting.0.task_id", "task-77"},
    {"budgets.0.state", "warning"},
    {"auction.commitment.text", "2;b;BTC,1=0.25:4"},
    {"auction.last_result.price", "0.99"},
    {"heartbeat.checks.0.state", "overdue"},
    {"heartbeat.checklist.items.0.section", "Checks"},
    {"log.status.module2", "Stopped"},
    {"log.errors.0.level", "error"},
    {"alerts.0.severity", "critical"},
    {"alerts.0.state", "firing"},
    {"alerts.0.subject", "openai-gpt4"},
    {"alerts.0.do.1", "or wait"},
    {"alerts.1.state", "unknown"},
};

static void every_word_is_that_of_the_interface(void **state)
{
    (void)state;
    static struct full_rig f;
    full_rig_init(&f);
    json_t *root = written(&f.rig.m);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const char *v = json_string_value(at(root, words[i].path));
        if (!v || strcmp(v, words[i].want) != 0)
            fail_msg("%s is \"%s\", not \"%s\"", words[i].path, v ? v : "(none)", words[i].want);
    }
    assert_int_equal(json_array_size(at(root, "alerts.0.do")), 2);
    assert_true(json_is_null(at(root, "alerts.1.value")) && json_is_null(at(root, "alerts.1.limit")));
    assert_true(json_is_null(at(root, "alerts.1.since")));
    json_decref(root);
    rig_release(&f.rig);
}

static void ages_are_never_negative_and_infinities_are_null(void **state)
{
    (void)state;
    static struct full_rig f;
    full_rig_init(&f);
    f.rig.m.origin[0].mtime_ms = NOW + HOUR;
    f.rig.daemon.beat_age_ms = -1;
    f.rig.budget[0].days_left = INFINITY;
    f.rig.scores.roi = -INFINITY;
    f.rig.scores.trend_7d = NAN;
    json_t *root = written(&f.rig.m);
    assert_int_equal(json_integer_value(at(root, "sources.0.age_s")), 0);
    assert_int_equal(json_integer_value(at(root, "daemon.beat_age_s")), 0);
    assert_true(json_is_null(at(root, "budgets.0.days_left")));
    assert_true(json_is_null(at(root, "scores.roi")));
    assert_true(json_is_null(at(root, "scores.trend_7d")));
    json_decref(root);
    rig_release(&f.rig);
}

static void paths_with_bad_bytes_stay_valid_json(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.m.rig_dir = "/rigs/\xff\xfe";
    r.m.origin[0].path = "/rigs/\xff\"\\\n/x";
    json_t *root = written(&r.m);
    assert_has(json_string_value(at(root, "rig.dir")), "/rigs/");
    assert_has(json_string_value(at(root, "sources.0.path")), "\"\\");
    json_decref(root);
    rig_release(&r);
}

static void a_full_disk_is_one_sentence(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    struct err e = {""};
    struct ui ui = {.w = 20, .h = 5};
    for (size_t i = 0; sinks[i]; i++) {
        FILE *full = fopen("/dev/full", "w");
        if (!full)
            skip();
        e.text[0] = 0;
        assert_false(sinks[i]->write(full, &r.m, &ui, &looks, &r.arena, &e));
        assert_has(e.text, "cannot write");
        fclose(full);
    }
    rig_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_model_keeps_every_promise_with_no_null),
        cmocka_unit_test(an_empty_model_keeps_every_promise_with_nulls),
        cmocka_unit_test(a_model_built_from_no_documents_keeps_every_promise),
        cmocka_unit_test(every_number_is_that_of_the_model),
        cmocka_unit_test(every_word_is_that_of_the_interface),
        cmocka_unit_test(ages_are_never_negative_and_infinities_are_null),
        cmocka_unit_test(paths_with_bad_bytes_stay_valid_json),
        cmocka_unit_test(a_full_disk_is_one_sentence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
