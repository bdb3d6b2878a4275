/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/scores.h"

#include "model/scores_part.h"

#include <math.h>

/* Token ROI, TAO per 1,000 tokens (rig-files.md 4.1). Comparisons are strict by ROI_EDGE. */
#define ROI_GOOD 0.001
#define ROI_BAD 0.0005
#define ROI_EDGE 1e-9

struct span {
    int64_t after_ms, until_ms; /* after < t <= until */
    struct tally tally;
};

/* What is summed up counts by its LLMs, so its cost is known. Between two spans that meet lies one edge. */
static void fill_span(struct span *s, const struct score_view *v)
{
    s->after_ms = score_days_edge(v, s->after_ms);
    s->until_ms = s->until_ms < v->now_ms ? score_days_edge(v, s->until_ms) : s->until_ms;
    struct score_days days = score_days_between(v, s->after_ms, s->until_ms);
    for (size_t i = 0; i < days.cells; i++)
        if (days.cell[i].dim == HISTORY_LLM)
            tally_cell(&s->tally, v, &days.cell[i]);
    size_t end = score_after(v, s->until_ms);
    if (end > v->past)
        end = v->past;
    for (size_t i = score_after(v, s->after_ms); i < end; i++)
        if (score_counts(v, &v->rec[i]))
            tally_add(&s->tally, v, &v->rec[i]);
}

/* Says so where it is not exactly what was asked for. */
static struct score_window window_of(const struct span *s, int64_t after_ms, int64_t until_ms)
{
    struct score_window w = tally_window(&s->tally);
    w.from_ms = s->after_ms != after_ms || s->until_ms != until_ms ? s->after_ms + 1 : 0;
    return w;
}

static struct score_window window(const struct score_view *v, int64_t after_ms, int64_t until_ms)
{
    struct span s = {.after_ms = after_ms, .until_ms = until_ms};
    fill_span(&s, v);
    return window_of(&s, after_ms, until_ms);
}

static enum roi_word roi_word(double roi)
{
    if (isnan(roi))
        return ROI_UNKNOWN;
    if (roi < ROI_BAD - ROI_EDGE)
        return ROI_UNPROFITABLE;
    return roi < ROI_GOOD - ROI_EDGE ? ROI_MARGINAL : ROI_PROFITABLE;
}

/* The first source that exists: tao_earned in the week's lines, or what the metrics file says, TAO and tokens from the
 * same object. The zeros that setup.sh leaves (never updated) are a placeholder, not a loss. */
static void scores_roi(const struct tally *week, const struct metrics_doc *metrics, struct scores *out)
{
    out->tao_7d = out->roi = NAN;
    out->roi_ms = NOT_KNOWN;
    if (week->has_tao) {
        out->tao_7d = or_not_known(week->tao);
        out->roi = ratio(week->tao, (double)week->tokens / 1000);
        out->roi_source = "history";
    } else if (metrics && !isnan(metrics->tao_7d)) {
        bool known = metrics->tokens_7d != NOT_KNOWN && metrics->tokens_7d > 0;
        out->tao_7d = metrics->tao_7d;
        out->roi = known ? or_not_known(metrics->tao_7d / ((double)metrics->tokens_7d / 1000)) : (double)NAN;
        out->roi_source = "metrics file";
        out->roi_ms = metrics->tao_ms;
        out->roi_placeholder = metrics->tao_7d == 0 && metrics->tao_ms == NOT_KNOWN;
    }
    out->roi_word = roi_word(out->roi);
}

/* Of so many tasks that those of two weeks are no records any more, windows begin and end with a whole hour where only hours
 * are known. Windows of time are half-open, (now - W, now]; days are calendar days, [00:00, 24:00) UTC. */
static void time_windows(const struct score_view *v, struct scores *out)
{
    int64_t now = v->now_ms, today = day_start(now);
    struct span week = {.after_ms = now - 7 * DAY_MS, .until_ms = now};
    fill_span(&week, v);
    out->d7 = window_of(&week, now - 7 * DAY_MS, now);
    scores_roi(&week.tally, out->metrics, out);
    out->prev7d = window(v, now - 14 * DAY_MS, now - 7 * DAY_MS);
    out->h24 = window(v, now - DAY_MS, now);
    out->h1 = window(v, now - HOUR_MS, now);
    out->today = window(v, today - 1, now);
    out->yesterday = window(v, today - DAY_MS - 1, today - 1);
    out->tasks_today = out->today.records;
    out->week_count = ratio((double)(out->d7.count - out->prev7d.count), (double)out->prev7d.count);
}

static void week_groups(struct arena *a, const struct score_view *v, struct scores *out)
{
    struct score_groups g = score_groups_after(a, v, score_days_edge(v, v->now_ms - 7 * DAY_MS));
    out->llm = g.llm;
    out->llm_count = g.llm_count;
    out->strategy = g.strategy;
    out->strategy_count = g.strategy_count;
    out->subnet = g.subnet;
    out->subnet_count = g.subnet_count;
    out->best_subnet = g.best_subnet;
}

static const char *copied(struct arena *a, const char *text)
{
    return arena_copy(a, bytes_of(text));
}

static void copy_waiting(struct arena *a, const struct history *h, struct scores *out)
{
    const struct history_wait *list;
    out->waiting_count = history_awaiting(h, &list, &out->awaiting);
    struct history_wait *to = arena_array(a, out->waiting_count, sizeof *to);
    for (size_t i = 0; i < out->waiting_count; i++)
        to[i] = (struct history_wait){copied(a, list[i].task_id), copied(a, list[i].llm), list[i].line};
    out->waiting = to;
}

static void copy_notes(struct arena *a, const struct history *h, struct scores *out)
{
    const struct history_note *list;
    out->note_count = history_notes(h, &list);
    struct history_note *to = arena_array(a, out->note_count, sizeof *to);
    for (size_t i = 0; i < out->note_count; i++)
        to[i] = list[i]; /* why is a constant phrase */
    out->note = to;
}

/* The history is being read for the first time, and its end was looked at before: what stands there is shown, and nothing is
 * said that the rest could change. */
static void early(struct arena *a, const struct docs *docs, const struct settings *s, int64_t now_ms,
                  struct scores *out)
{
    struct score_view v = score_view_at(docs->newest, s, now_ms);
    out->early = true;
    scores_recent(a, &v, out);
    out->oldest_pending_ms = out->tasks_today = out->h24.tokens = NOT_KNOWN;
    out->tao_7d = out->roi = NAN;
    out->roi_word = ROI_UNKNOWN;
    out->roi_source = NULL;
}

const struct scores *scores_at(struct arena *a, const struct docs *docs, const struct settings *s, int64_t now_ms)
{
    struct scores *out = arena_alloc(a, sizeof *out);
    const struct history *h = docs->history;
    struct score_view v = score_view_at(h, s, now_ms);
    v.price = score_prices(a, docs);
    out->known = h != NULL;
    out->metrics = docs->metrics_doc;
    time_windows(&v, out);
    scores_recent(a, &v, out);
    out->hour = score_points(a, &v, HOUR_MS, SCORE_HOURS);
    week_groups(a, &v, out);
    out->span = score_span_at(a, &v, (enum score_range)docs->range);
    if (!h && docs->newest)
        early(a, docs, s, now_ms, out);
    if (h) {
        out->counts = history_counts_at(h, now_ms);
        copy_waiting(a, h, out);
        copy_notes(a, h, out);
    }
    return out;
}
