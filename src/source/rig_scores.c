/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The scores go through the whole history: half of what a ticking second costs. What they are made of is the same from second
 * to second, and their windows (hours, days) move on by nothing that anybody sees: for ten seconds the last ones are good. */
#include "source/rig_private.h"

enum { GOOD_MS = 10000 };

static bool same(const struct scores_of *a, const struct scores_of *b)
{
    return a->history == b->history && a->fed == b->fed && a->metrics == b->metrics && a->settings == b->settings &&
           a->budgets == b->budgets && a->newest == b->newest && a->range == b->range && b->now_ms >= a->now_ms &&
           b->now_ms - a->now_ms < GOOD_MS;
}

/* Two arenas take turns: the model before this one may still be looked at. */
const struct scores *rig_scores(struct rig *r, int64_t now_ms)
{
    struct rig_scores *s = &r->scores;
    struct scores_of of = {
        .history = r->docs.history,
        .metrics = r->docs.metrics_doc,
        .settings = r->docs.settings,
        .newest = r->docs.newest,
        .budgets = r->docs.budgets_doc,
        .fed = r->source[DOC_HISTORY].fed,
        .range = r->docs.range,
        .now_ms = now_ms,
    };
    if (s->scores != NULL && same(&s->of, &of))
        return s->scores;
    s->live = !s->live;
    arena_reset(&s->arena[s->live]);
    s->scores = scores_at(&s->arena[s->live], &r->docs, r->docs.settings, now_ms);
    s->of = of;
    return s->scores;
}

void rig_look(struct rig *r, int64_t first, int64_t count)
{
    r->pages.first = first;
    r->pages.count = count;
}

/* A file that was cut or changed has other bytes where its pieces were. */
static void forget_changed(struct rig *r)
{
    uint64_t gaps = r->source[DOC_HISTORY].gaps;
    if (gaps == r->page_gaps)
        return;
    task_pages_forget(&r->pages);
    pieces_forget(&r->found);
    finder_restart(&r->finder);
    r->page_gaps = gaps;
}

const struct task_page *rig_page(struct rig *r)
{
    const struct source *h = &r->source[DOC_HISTORY];
    forget_changed(r);
    return h->caught_up ? task_pages_read(&r->pages, &h->marks, h->stream.fd, r->docs.history, rig_now(r)) : NULL;
}

int64_t rig_task_at(struct rig *r, int64_t t_ms)
{
    const struct source *h = &r->source[DOC_HISTORY];
    return task_pages_at(&r->pages, &h->marks, h->stream.fd, t_ms);
}

static struct finder_in finder_in(struct rig *r, const struct scores *s)
{
    const struct source *h = &r->source[DOC_HISTORY];
    forget_changed(r);
    return (struct finder_in){
        .pieces = &r->found,
        .marks = &h->marks,
        .fd = h->caught_up ? h->stream.fd : -1,
        .history = r->docs.history,
        .scores = s,
        .now_ms = rig_now(r),
    };
}

void rig_seek(struct rig *r, const char *text, int64_t first, int64_t count)
{
    finder_seek(&r->finder, text, first, count);
}

bool rig_seek_step(struct rig *r, const struct scores *s, int64_t until_ms)
{
    struct finder_in in = finder_in(r, s);
    return finder_step(&r->finder, &in, until_ms);
}

const struct task_find *rig_find(struct rig *r, const struct scores *s)
{
    struct finder_in in = finder_in(r, s);
    return finder_read(&r->finder, &in);
}

int64_t rig_found_before(struct rig *r, const struct scores *s, int64_t row)
{
    struct finder_in in = finder_in(r, s);
    return finder_before(&r->finder, &in, row);
}

void rig_open_task(struct rig *r, uint64_t line)
{
    task_pages_open(&r->pages, line);
}

const struct task_record *rig_record(struct rig *r)
{
    const struct source *h = &r->source[DOC_HISTORY];
    return h->caught_up ? task_pages_record(&r->pages, &h->marks, h->stream.fd) : NULL;
}

void rig_scores_release(struct rig *r)
{
    arena_release(&r->scores.arena[0]);
    arena_release(&r->scores.arena[1]);
}
