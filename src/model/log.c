/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fold as the model shows it. */
#include "model/logfold.h"

#include "base/timetext.h"

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS, DAY_MS = 24 * HOUR_MS };

static const char *or_null(const char *text)
{
    return *text ? text : NULL;
}

static struct log_line line_of(const struct log_slot *s)
{
    return (struct log_line){s->level, s->at_ms, s->source, s->text, s->repeat, s->continuation};
}

static size_t held(uint64_t total, size_t room)
{
    return total < room ? (size_t)total : room;
}

static void fill_lines(struct arena *a, struct log *out, const struct logfold *f)
{
    out->line_count = held(f->line_total, LOG_LINES);
    struct log_line *line = arena_array(a, out->line_count, sizeof *line);
    for (size_t i = 0; i < out->line_count; i++)
        line[i] = line_of(&f->line[(f->line_total - out->line_count + i) % LOG_LINES]);
    out->line = line;
}

static void fill_errors(struct arena *a, struct log *out, const struct logfold *f)
{
    out->error_count = held(f->error_total, LOG_ERRORS);
    struct log_line *error = arena_array(a, out->error_count, sizeof *error);
    for (size_t i = 0; i < out->error_count; i++)
        error[i] = line_of(&f->error[(f->error_total - 1 - i) % LOG_ERRORS]);
    out->error = error;
}

static struct stage_event stage_of(const struct stage_slot *s)
{
    static const char *const words[] = {
        [STAGE_STATUS_OTHER] = "unknown", [STAGE_STATUS_RUNNING] = "running", [STAGE_STATUS_DONE] = "completed",
        [STAGE_STATUS_FAILED] = "failed", [STAGE_STATUS_WAITING] = "waiting",
    };
    return (struct stage_event){
        .number = s->number,
        .name = s->name,
        .status = s->status,
        .status_text = words[s->status],
        .message = s->message,
        .username = s->username,
        .details = "",
        .at_ms = s->at_ms,
        .started_ms = NOT_KNOWN,
    };
}

static void fill_stages(struct arena *a, struct log *out, const struct logfold *f)
{
    out->stage_count = held(f->stage_total, FOLD_STAGES);
    struct stage_event *stage = arena_array(a, out->stage_count, sizeof *stage);
    for (size_t i = 0; i < out->stage_count; i++)
        stage[i] = stage_of(&f->stage[(f->stage_total - out->stage_count + i) % FOLD_STAGES]);
    out->stage = stage;
}

static void add(int64_t sum[LOG_LEVELS], const struct minute_slot *slot)
{
    for (size_t i = 0; i < LOG_LEVELS; i++)
        sum[i] += slot->count[i];
}

static void fill_counts(struct log *out, const struct logfold *f, int64_t now_ms)
{
    for (size_t i = 0; i < FOLD_MINUTES; i++) {
        int64_t begins = f->minute[i].minute * MINUTE_MS, ends = begins + MINUTE_MS;
        if (begins > now_ms + MINUTE_MS)
            continue;
        if (ends > now_ms - HOUR_MS)
            add(out->last_hour, &f->minute[i]);
        if (ends > now_ms - DAY_MS)
            add(out->last_day, &f->minute[i]);
    }
    for (size_t i = 0; i < held(f->ipc_total, FOLD_IPC); i++)
        out->ipc_errors_hour +=
            f->ipc[i] != NOT_KNOWN && f->ipc[i] > now_ms - HOUR_MS && f->ipc[i] <= now_ms + MINUTE_MS;
}

const struct log *log_at(struct arena *a, const struct docs *docs, int64_t now_ms)
{
    const struct logfold *f = docs->logfold;
    struct log *out = arena_alloc(a, sizeof *out);
    out->last_ms = out->status_ms = NOT_KNOWN;
    for (size_t i = 0; i < LOG_MARKS; i++)
        out->mark[i].last_ms = NOT_KNOWN;
    if (!f || !f->fed)
        return out;
    out->known = true;
    out->lines = f->lines;
    out->nul_runs = f->nul_runs;
    out->restarts = f->restarts;
    out->last_ms = f->last_ms;
    out->status_ms = f->status_ms;
    for (size_t i = 0; i < LOG_LEVELS; i++)
        out->count[i] = f->count[i];
    for (size_t i = 0; i < LOG_MARKS; i++)
        out->mark[i] = f->mark[i];
    out->wallet_broken = f->wallet_broken;
    out->wallet_text = or_null(f->wallet_text);
    out->status_line = or_null(f->status_line);
    out->module1 = or_null(f->module1);
    out->module2 = or_null(f->module2);
    out->bittensor = or_null(f->bittensor);
    fill_lines(a, out, f);
    fill_errors(a, out, f);
    fill_stages(a, out, f);
    fill_counts(out, f, now_ms);
    return out;
}
