/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The miner's metrics, as node_exporter's textfile collector and /metrics readers want them. What is not known has no sample. */
#include "cmd/mine_service.h"

#include "base/timetext.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

struct number {
    const char *name, *type, *help;
    const char *of;  /* an object of the status; NULL: the status itself */
    const char *key; /* a number, or true and false */
};
static const struct number numbers[] = {
    {"davy_mine_connected", "gauge", "1: the chain answers.", NULL, "connected"},
    {"davy_mine_head_block", "gauge", "The newest block that is known.", NULL, "block"},
    {"davy_mine_head_timestamp_seconds", "gauge", "When that block was made.", NULL, "block_time"},
    {"davy_mine_finalized_block", "gauge", "The newest finalized block.", NULL, "finalized"},
    {"davy_mine_block_interval_seconds", "gauge", "How long the chain takes for a block.", NULL, "block_interval_s"},
    {"davy_mine_missed_windows", "gauge", "Windows since the last result that nobody processed.", NULL,
     "missed_windows"},
    {"davy_mine_config_good", "gauge", "1: config.toml can be read.", "config", "ok"},
    {"davy_mine_commitment_block", "gauge", "The block of the commitment on the chain.", "commitment", "block"},
    {"davy_mine_commitment_timestamp_seconds", "gauge", "When it was made.", "commitment", "at"},
    {"davy_mine_window_start_block", "gauge", "The first block of the window of the last result.", "last_result",
     "start"},
    {"davy_mine_window_budget_petahash", "gauge", "What the subnet could pay for in it.", "last_result", "budget_ph"},
    {"davy_mine_window_won", "gauge", "Bids of ours that won in it.", "last_result", "won"},
    {"davy_mine_window_lost", "gauge", "Bids of ours that lost.", "last_result", "lost"},
    {"davy_mine_window_won_petahash", "gauge", "Their hashrate.", "last_result", "won_ph"},
    {"davy_mine_window_commitments", "gauge", "Hotkeys that took part.", "last_result", "commitments"},
};

static double number_of(const json_t *value)
{
    if (json_is_boolean(value))
        return json_is_true(value);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static const char *head_of(struct arena *a, const char *name, const char *type, const char *help)
{
    return arena_text(a, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static const char *numbers_text(struct arena *a, const struct service *s, const char *text)
{
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const struct number *n = &numbers[i];
        const json_t *of = n->of ? json_object_get(s->status, n->of) : s->status;
        double v = number_of(json_object_get(of, n->key));
        if (isfinite(v))
            text = arena_text(a, "%s%s%s %.17g\n", text, head_of(a, n->name, n->type, n->help), n->name, v);
    }
    return text;
}

static const char *jobs_text(struct arena *a, const struct service *s, const char *text)
{
    const struct {
        const char *name, *help;
        const int64_t *of;
    } rows[] = {{"davy_mine_job_runs_total", "Runs of a job.", s->runs},
                {"davy_mine_job_failures_total", "Runs that failed.", s->failures},
                {"davy_mine_job_skipped_total", "Runs left out, since the one before still lived.", s->skipped}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        text = arena_text(a, "%s%s", text, head_of(a, rows[i].name, "counter", rows[i].help));
        for (int job = 0; job < JOB_COUNT; job++)
            text = arena_text(a, "%s%s{job=\"%s\"} %" PRId64 "\n", text, rows[i].name, mine_job_names[job],
                              rows[i].of[job]);
    }
    return text;
}

static const char *escaped(struct arena *a, const char *word)
{
    char *out = arena_alloc(a, strlen(word) * 2 + 1), *to = out;
    for (; *word; word++) {
        if (*word == '"' || *word == '\\')
            *to++ = '\\';
        *to++ = *word == '\n' ? ' ' : *word;
    }
    return out;
}

static const char *endpoints_text(struct arena *a, const struct service *s, const char *text)
{
    static const struct {
        const char *name, *type, *help, *key;
        double unit;
    } rows[] = {{"davy_mine_endpoint_good", "gauge", "1: its last answer was one.", "ok", 1},
                {"davy_mine_endpoint_latency_seconds", "gauge", "Of its last answer.", "latency_ms", 1000},
                {"davy_mine_endpoint_failures_total", "counter", "Questions that failed.", "failed", 1}};
    const json_t *list = json_object_get(s->status, "endpoints"), *one;
    size_t place;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        text = arena_text(a, "%s%s", text, head_of(a, rows[i].name, rows[i].type, rows[i].help));
        json_array_foreach(list, place, one)
        {
            const char *host = json_string_value(json_object_get(one, "host"));
            double v = number_of(json_object_get(one, rows[i].key)) / rows[i].unit;
            if (host && isfinite(v))
                text = arena_text(a, "%s%s{endpoint=\"%s\",place=\"%zu\"} %.17g\n", text, rows[i].name,
                                  escaped(a, host), place + 1, v);
        }
    }
    return text;
}

const char *metrics_text(struct arena *a, const struct service *s)
{
    return endpoints_text(a, s, jobs_text(a, s, numbers_text(a, s, "")));
}
