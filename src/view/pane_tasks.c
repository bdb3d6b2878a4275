/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All tasks, newest first, one line each. */
#include "view/pane.h"

#include "base/numtext.h"
#include "base/timetext.h"
#include "view/scores_page.h"
#include "view/task_rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WITH_BARS = 72, LLM_WIDTH = 14, STRATEGY_WIDTH = 10 }; /* bars from this width on; "claude-sonnet" and a blank */
enum { EDGE = 4, PROGRESS = 4 }; /* cells before details; rows from which on there is one for the search */

/* Where the columns begin; 0: no such column at this width. */
struct columns {
    int score, llm, strategy, subnet, tokens;
};

static struct columns columns_of(int w)
{
    struct columns c = {.score = w >= WITH_BARS ? 14 : w >= 60 ? 11 : 8, .tokens = w - 6};
    c.subnet = w >= 40 ? c.tokens - 5 : 0;
    c.llm = c.score + (w >= WITH_BARS ? 15 : 6);
    int names = (c.subnet > 0 ? c.subnet : c.tokens) - c.llm,
        llm = names * 2 / 5 > LLM_WIDTH ? names * 2 / 5 : LLM_WIDTH;
    c.strategy = names - llm >= STRATEGY_WIDTH ? c.llm + llm : 0; /* which one it was matters more than how */
    return c;
}

/* For a column of five cells. */
static const char *kind_short(enum record_kind k)
{
    static const char *const words[] = {
        [RECORD_SCORED] = "ok",      [RECORD_PENDING] = "pend.", [RECORD_INVALID] = "inv.",
        [RECORD_SYNTHETIC] = "test", [RECORD_FUTURE] = "fut.",
    };
    return words[k];
}

static void draw_time(const struct model *m, const struct task_line *t, struct grid g, int y)
{
    char text[TIME_TEXT];
    bool today = day_start(t->t_ms) == day_start(m->now_ms);
    if (!today)
        grid_textf(g, 2, y, STYLE_DIM, "%.*s", g.w >= WITH_BARS ? 11 : 5, time_minute(text, t->t_ms) + 5);
    else
        grid_text(g, 2, y, STYLE_DIM, g.w >= 60 ? time_clock_s(text, t->t_ms) : time_clock(text, t->t_ms));
}

static void draw_score(const struct task_line *t, struct grid g, int y, int x)
{
    char text[NUM_TEXT];
    bool wide = g.w >= WITH_BARS;
    if (t->replaced) {
        grid_text(g, x, y, STYLE_STALE, wide ? "replaced" : "repl.");
        return;
    }
    if (isnan(t->score))
        grid_text(g, x, y, STYLE_STALE, wide ? record_kind_word(t->kind) : kind_short(t->kind));
    else
        grid_text(g, x, y, t->kind == RECORD_SCORED ? score_style(t->score) : STYLE_STALE,
                  num_fixed(text, t->score, 2));
    if (!wide || isnan(t->score))
        return;
    struct gauge v = {t->score, NAN, NAN, score_style(t->score)};
    if (t->kind == RECORD_SCORED)
        gauge_draw(g, x + 5, y, 8, &v);
    else
        grid_text(g, x + 5, y, STYLE_STALE, record_kind_word(t->kind));
}

/* "04:47 0.82 claude reasoning sn1 1.2K" */
static void draw_task(const struct model *m, const struct task_line *t, struct grid g, int y)
{
    struct columns c = columns_of(g.w);
    char text[NUM_TEXT];
    int end = c.subnet > 0 ? c.subnet : c.tokens;
    draw_time(m, t, g, y);
    draw_score(t, g, y, c.score);
    grid_text_cut(g, c.llm, y, (c.strategy > 0 ? c.strategy : end) - c.llm - 1, STYLE_NORMAL, t->llm[0] ? t->llm : "-");
    if (c.strategy > 0)
        grid_text_cut(g, c.strategy, y, end - c.strategy - 1, STYLE_DIM, t->strategy[0] ? t->strategy : "-");
    if (c.subnet > 0 && t->subnet >= 0)
        grid_textf(g, c.subnet, y, STYLE_DIM, "sn%d", t->subnet);
    grid_text_right(g, g.w, y, STYLE_DIM, num_short(text, t->tokens));
}

static const char *copy(struct arena *a, const struct model *m, const struct ui *ui)
{
    const struct task_line *t = task_selected(m, ui);
    const struct task_record *r = t ? task_record_of(m, t) : NULL;
    const char *text = t ? task_text(a, t) : NULL;
    for (size_t i = 0; r && i < r->count; i++)
        text = arena_text(a, "%s\n%s", text, r->text[i]);
    return text;
}

static void draw_heading(struct grid g)
{
    struct columns c = columns_of(g.w);
    grid_text(g, 2, 0, STYLE_DIM, "time");
    grid_text(g, c.score, 0, STYLE_DIM, "score");
    grid_text(g, c.llm, 0, STYLE_DIM, "LLM");
    if (c.strategy > 0)
        grid_text(g, c.strategy, 0, STYLE_DIM, "strategy");
    if (c.subnet > 0)
        grid_text(g, c.subnet, 0, STYLE_DIM, "net");
    grid_text_right(g, g.w, 0, STYLE_DIM, "tokens");
}

static void draw_no_task(const struct model *m, const struct ui *ui, struct grid g, const struct task_list *l)
{
    if (l->find && l->find->error)
        grid_wrap(g, 0, 0, g.w, g.h, STYLE_WARN, arena_text(g.frame->arena, "%s", l->find->error));
    else if (task_list_progress(g.frame->arena, m, l))
        grid_text_cut(g, 0, 0, g.w, STYLE_STALE, task_list_progress(g.frame->arena, m, l));
    else if (l->all > 0)
        draw_none(g, ui, &pane_tasks, "task");
    else
        grid_text_cut(g, 0, 0, g.w, STYLE_DIM, m->scores->task_count > 0 ? "no task in this time" : "no task yet");
}

/* In the last row, while a search goes on; returns what is left of g. */
static struct grid draw_progress(const struct model *m, struct grid g, const struct task_list *l)
{
    const char *text = g.h >= PROGRESS ? task_list_progress(g.frame->arena, m, l) : NULL;
    if (!text)
        return g;
    grid_text_cut(g, 2, g.h - 1, g.w - 2, STYLE_STALE, text);
    return grid_part(g, 0, 0, g.w, g.h - 1);
}

/* With details open the list ends earlier, so that the selected row and its details stay in sight. */
static void draw_rows(const struct model *m, const struct ui *ui, struct grid g, const struct task_list *tasks)
{
    int below = task_detail_rows(m, ui, g), rows = g.h - below;
    struct list l = list_view(ui, &pane_tasks, tasks->count, rows);
    for (int y = 0, i = l.first; y < g.h && i < tasks->count; i++) {
        list_mark(g, y, &l, i);
        const struct task_line *t = task_listed(tasks, m, i);
        if (t)
            draw_task(m, t, g, y++);
        else
            grid_put(g, 2, y++, STYLE_STALE, GLYPH_ELLIPSIS); /* not read yet */
        if (t && below > 0 && i == l.cursor)
            y += task_detail_draw(m, ui, t, grid_part(g, EDGE, y, g.w - EDGE, g.h - y < below ? g.h - y : below));
    }
    list_more(g, l.first > 0, l.first + rows < tasks->count);
}

static void draw(const struct model *m, const struct ui *ui, struct grid g)
{
    const struct scores *s = m->scores;
    if (!s->known && !s->early) {
        draw_waiting(g, m, DOC_HISTORY);
        return;
    }
    struct task_list tasks;
    task_list_of(&tasks, m, ui);
    if (tasks.count == 0) {
        draw_no_task(m, ui, g, &tasks);
        return;
    }
    if (g.w >= 34 && (pane_zoomed(ui, &pane_tasks) || g.h >= 5)) {
        draw_heading(g);
        g = grid_part(g, 0, 1, g.w, g.h - 1);
    }
    draw_rows(m, ui, draw_progress(m, g, &tasks), &tasks);
}

static struct pane_need need(const struct model *m, const struct ui *ui, int w)
{
    int count = (int)m->scores->task_count;
    (void)ui;
    (void)w;
    if ((!m->scores->known && !m->scores->early) || count == 0)
        return (struct pane_need){1, 1, 1};
    return (struct pane_need){count < 2 ? count : 2, count < 5 ? count : 5, count + (count >= 4 && w >= 34)};
}

static int rows(const struct model *m, const struct ui *ui)
{
    struct task_list tasks;
    task_list_of(&tasks, m, ui);
    return tasks.count;
}

/* All of them; or those of the newest that hold the needle, for whoever has nothing to search with. */
static int list(const struct model *m, const struct ui *ui, const struct needle *n, int16_t *row, int most)
{
    const struct scores *s = m->scores;
    int count = 0, rows = task_rows(m);
    rows = shown_filter(ui, &pane_tasks)[0] == '\0' || rows < (int)s->task_count ? rows : (int)s->task_count;
    if (n->len == 0)
        return rows;
    for (int i = 0; i < (int)s->task_count && i < rows; i++) {
        if (!task_holds(&s->task[i], NULL, n))
            continue;
        if (count < most)
            row[count] = (int16_t)i;
        count++;
    }
    return count;
}

static const char *line(struct arena *a, const struct model *m, enum style *s)
{
    const struct scores *x = m->scores;
    char count[NUM_TEXT], score[NUM_TEXT], age[TIME_TEXT];
    *s = STYLE_STALE;
    if (!x->known && !x->early)
        return waiting_line(a, m, DOC_HISTORY);
    *s = STYLE_NORMAL;
    if (x->task_count == 0)
        return "no task yet";
    const struct task_line *t = &x->task[0];
    return arena_text(a, "%s today, %s %s", num_group(count, x->tasks_today),
                      isnan(t->score) ? record_kind_word(t->kind) : num_fixed(score, t->score, 2),
                      grid_ago((struct grid){.frame = NULL}, age, m->now_ms, t->t_ms));
}

const struct pane pane_tasks = {
    .name = "tasks",
    .title = "Tasks",
    .help = "all tasks, newest first: time, score, LLM, strategy, subnet, tokens",
    .importance = 50,
    .doc = {DOC_HISTORY},
    .doc_count = 1,
    .details = task_detail_hidden,
    .ranged = true,
    .need = need,
    .draw = draw,
    .rows = rows,
    .list = list,
    .copy = copy,
    .line = line,
};
