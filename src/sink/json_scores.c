/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/json_members.h"

#include "base/timetext.h"

static json_t *window(const struct score_window *w)
{
    json_t *o = json_object();
    put_int(o, "count", w->count);
    put_num(o, "mean", w->mean);
    put_num(o, "success_rate", w->success);
    put_int(o, "tokens", w->tokens);
    put_int(o, "records", w->records);
    put_num(o, "tao", w->tao);
    put_num(o, "roi", w->roi);
    put_num(o, "cost_usd", w->cost_usd);
    put_int(o, "from", w->from_ms != 0 ? w->from_ms : NOT_KNOWN);
    return o;
}

static const struct {
    const char *key;
    size_t offset;
} windows[] = {
    {"last10", offsetof(struct scores, last10)}, {"last20", offsetof(struct scores, last20)},
    {"prev10", offsetof(struct scores, prev10)}, {"prev50", offsetof(struct scores, prev50)},
    {"today", offsetof(struct scores, today)},   {"yesterday", offsetof(struct scores, yesterday)},
    {"1h", offsetof(struct scores, h1)},         {"24h", offsetof(struct scores, h24)},
    {"7d", offsetof(struct scores, d7)},         {"prev7d", offsetof(struct scores, prev7d)},
};

static json_t *window_list(const struct scores *s)
{
    json_t *o = json_object();
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++)
        put(o, windows[i].key, window((const struct score_window *)((const char *)s + windows[i].offset)));
    return o;
}

static json_t *groups(const struct score_group *g, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++, g++) {
        json_t *o = json_object();
        put_text(o, "name", g->name ? g->name : "");
        put_int(o, "count", g->count);
        put_num(o, "mean", g->mean);
        put_num(o, "success_rate", g->success);
        put_int(o, "tokens", g->tokens);
        put_num(o, "share", g->share);
        put_num(o, "tao", g->tao);
        put_num(o, "roi", g->roi);
        put_num(o, "cost_usd", g->cost_usd);
        put_bool(o, "best", g->best);
        json_array_append_new(list, o);
    }
    return list;
}

static void put_counts(json_t *o, const struct scores *s)
{
    const struct history_counts *c = &s->counts;
    put_count(o, "lines", c->lines);
    put_count(o, "scored", c->scored);
    put_count(o, "pending", c->pending);
    put_count(o, "invalid", c->invalid);
    put_count(o, "malformed", c->malformed);
    put_count(o, "synthetic", c->synthetic);
    put_count(o, "future", c->future);
    put_count(o, "executed", c->executed);
    put_count(o, "blank", c->blank);
    put_count(o, "duplicates", c->duplicates);
    put_count(o, "oversize", c->oversize);
    put_count(o, "awaiting", s->awaiting);
}

static json_t *points(const struct score_hour *h, int n)
{
    json_t *list = json_array();
    for (int i = 0; h && i < n; i++, h++) {
        if (!h->count && !h->tokens)
            continue;
        json_t *o = json_object();
        put_int(o, "start", h->start_ms);
        put_int(o, "count", h->count);
        put_num(o, "mean", h->mean);
        put_num(o, "low", h->low);
        put_num(o, "high", h->high);
        put_num(o, "p10", h->p10);
        put_num(o, "p90", h->p90);
        put_int(o, "tokens", h->tokens);
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *notes(const struct scores *s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->note_count; i++) {
        json_t *o = json_object();
        put_count(o, "line", s->note[i].line);
        put_count(o, "offset", s->note[i].offset);
        put_text(o, "why", s->note[i].why);
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *metrics(const struct metrics_doc *d)
{
    if (!d)
        return json_null();
    json_t *o = json_object();
    put_num(o, "average", d->average);
    put_num(o, "success_rate", d->success);
    put_int(o, "tasks", d->tasks);
    put_int(o, "period_days", d->period_days);
    put_num(o, "tao_7d", d->tao_7d);
    put_int(o, "tokens_7d", d->tokens_7d);
    put_int(o, "updated", d->updated_ms);
    put_int(o, "tao_at", d->tao_ms);
    return o;
}

static const char *const roi_words[] = {
    [ROI_MARGINAL] = "marginal",
    [ROI_PROFITABLE] = "profitable",
    [ROI_UNKNOWN] = NULL,
    [ROI_UNPROFITABLE] = "unprofitable",
};

/* These 7 days against the 7 before. */
static json_t *week(const struct scores *s)
{
    json_t *o = json_object();
    put_num(o, "mean", s->trend_7d * -1);
    put_num(o, "count", s->week_count);
    return o;
}

/* What was asked for with the keys of a range; null: nothing. */
static json_t *range(const struct score_span *p)
{
    if (p->range == RANGE_FIT)
        return json_null();
    json_t *o = window(&p->all);
    put_text(o, "name", score_range_word(p->range));
    put_int(o, "after", p->after_ms);
    put_num(o, "p10", p->p10);
    put_num(o, "p90", p->p90);
    put_int(o, "step_ms", p->step_ms);
    put(o, "points", points(p->point, p->points));
    put(o, "by_llm", groups(p->groups.llm, p->groups.llm_count));
    put(o, "by_strategy", groups(p->groups.strategy, p->groups.strategy_count));
    put(o, "by_subnet", groups(p->groups.subnet, p->groups.subnet_count));
    return o;
}

json_t *json_of_scores(const struct model *m, struct arena *a)
{
    (void)a;
    const struct scores *s = m->scores;
    json_t *o = json_object();
    put_bool(o, "known", s->known);
    put_counts(o, s);
    put(o, "windows", window_list(s));
    put(o, "by_llm", groups(s->llm, s->llm_count));
    put(o, "by_strategy", groups(s->strategy, s->strategy_count));
    put(o, "by_subnet", groups(s->subnet, s->subnet_count));
    put_num(o, "drop_last10", s->drop_last10);
    put_num(o, "trend_7d", s->trend_7d);
    put_num(o, "label", s->label);
    put_num(o, "roi", s->roi);
    put_text(o, "roi_word", roi_words[s->roi_word]);
    put_text(o, "roi_source", s->roi_source);
    put_int(o, "roi_at", s->roi_ms);
    put_bool(o, "roi_placeholder", s->roi_placeholder);
    put_num(o, "tao_7d", s->tao_7d);
    put_int(o, "tasks_today", s->tasks_today);
    put_int(o, "last", s->last_ms);
    put_age(o, "oldest_pending_age_s",
            s->oldest_pending_ms == NOT_KNOWN ? NOT_KNOWN : m->now_ms - s->oldest_pending_ms);
    put(o, "hours", points(s->hour, SCORE_HOURS));
    put(o, "week_over_week", week(s));
    put(o, "range", range(&s->span));
    put(o, "bad_lines", notes(s));
    put(o, "metrics", metrics(s->metrics));
    return o;
}
