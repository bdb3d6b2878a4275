/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All tasks, newest first, one line each. */
#include "view/pane.h"

#include "base/numtext.h"
#include "base/timetext.h"
#include "view/scores_page.h"
#include "view/shown.h"
#include "view/task_rows.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WITH_BARS = 72, LLM_WIDTH = 14, STRATEGY_WIDTH = 10 }; /* bars from this width on; "claude-sonnet" and a blank */

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

static const char *kind_word(enum record_kind k)
{
    static const char *const words[] = {
        [RECORD_SCORED] = "scored",  [RECORD_PENDING] = "pending", [RECORD_INVALID] = "invalid",
        [RECORD_SYNTHETIC] = "test", [RECORD_FUTURE] = "future",
    };
    return words[k];
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
    if (isnan(t->score))
        grid_text(g, x, y, STYLE_STALE, wide ? kind_word(t->kind) : kind_short(t->kind));
    else
        grid_text(g, x, y, t->kind == RECORD_SCORED ? score_style(t->score) : STYLE_STALE,
                  num_fixed(text, t->score, 2));
    if (!wide || isnan(t->score))
        return;
    struct gauge v = {t->score, NAN, NAN, score_style(t->score)};
    if (t->kind == RECORD_SCORED)
        gauge_draw(g, x + 5, y, 8, &v);
    else
        grid_text(g, x + 5, y, STYLE_STALE, kind_word(t->kind));
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

/* Everything about one task, nothing cut. */
static const char *task_text(struct arena *a, const struct task_line *t)
{
    char time[TIME_TEXT], score[NUM_TEXT], tokens[NUM_TEXT];
    return arena_text(a, "%s ∙ score %s (%s) ∙ LLM %s ∙ strategy %s ∙ subnet %d ∙ %s tokens",
                      time_minute(time, t->t_ms), num_fixed(score, t->score, 4), kind_word(t->kind),
                      t->llm[0] ? t->llm : "n/a", t->strategy[0] ? t->strategy : "n/a", t->subnet,
                      num_group(tokens, t->tokens));
}

/* NULL: not read yet, or it cannot be. */
static const struct task_record *record_of(const struct model *m, const struct task_line *t)
{
    return m->record && m->record->line == t->line && m->record->count > 0 ? m->record : NULL;
}

static const char *copy(struct arena *a, const struct model *m, const struct ui *ui)
{
    const struct task_line *t = task_selected(m, ui);
    const struct task_record *r = t ? record_of(m, t) : NULL;
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

enum { DETAIL = 5, LIST = 4, EDGE = 4 };

static int indent_of(const char *text)
{
    return (int)strspn(text, " ");
}

/* Rows under the selected one: a few, or as many as its lines need while some of the list stays in sight. */
static int detail_rows(const struct model *m, const struct ui *ui, struct grid g)
{
    const struct task_line *t = ui->detail && pane_zoomed(ui, &pane_tasks) ? task_selected(m, ui) : NULL;
    const struct task_record *r = t ? record_of(m, t) : NULL;
    if (!t || g.h <= DETAIL + 1)
        return 0;
    int rows = text_rows(task_text(g.frame->arena, t), g.w - EDGE), most = g.h - LIST;
    for (size_t i = 0; r && i < r->count && rows < most; i++)
        rows += text_rows(r->text[i] + indent_of(r->text[i]), g.w - EDGE - indent_of(r->text[i]));
    rows = rows < DETAIL ? DETAIL : rows;
    return rows < most || most < DETAIL ? rows : most;
}

static int draw_member(struct grid g, int y, const char *text)
{
    int in = indent_of(text);
    return in < g.w ? grid_wrap(g, in, y, g.w - in, g.h - y, STYLE_DIM, text + in) : 0;
}

/* For the selected one, on Enter. What does not fit is not lost: it can be copied. */
static int draw_detail(const struct model *m, const struct task_line *t, struct grid g)
{
    const struct task_record *r = record_of(m, t);
    int y = grid_wrap(g, 0, 0, g.w, g.h, STYLE_NORMAL, task_text(g.frame->arena, t));
    for (size_t i = 0; r && i < r->count && y < g.h; i++)
        y += draw_member(g, y, r->text[i]);
    return y;
}

static void draw_no_task(const struct model *m, const struct ui *ui, struct grid g, const struct shown *s)
{
    if (s->all > 0)
        draw_none(g, ui, &pane_tasks, "task");
    else
        grid_text_cut(g, 0, 0, g.w, STYLE_DIM, m->scores->task_count > 0 ? "no task in this time" : "no task yet");
}

static void draw(const struct model *m, const struct ui *ui, struct grid g)
{
    const struct scores *s = m->scores;
    if (!s->known && !s->early) {
        draw_waiting(g, m, DOC_HISTORY);
        return;
    }
    struct shown shown;
    shown_of(&shown, m, ui, &pane_tasks);
    if (shown.count == 0) {
        draw_no_task(m, ui, g, &shown);
        return;
    }
    if (g.w >= 34 && (pane_zoomed(ui, &pane_tasks) || g.h >= 5)) {
        draw_heading(g);
        g = grid_part(g, 0, 1, g.w, g.h - 1);
    }
    /* With details open the list ends earlier, so that the selected row and its details stay in sight. */
    int below = detail_rows(m, ui, g), rows = g.h - below;
    struct list l = list_view(ui, &pane_tasks, shown.count, rows);
    for (int y = 0, i = l.first; y < g.h && i < shown.count; i++) {
        list_mark(g, y, &l, i);
        const struct task_line *t = task_row(m, shown_row(&shown, i));
        if (t)
            draw_task(m, t, g, y++);
        else
            grid_put(g, 2, y++, STYLE_STALE, GLYPH_ELLIPSIS); /* not read yet */
        if (t && below > 0 && i == l.cursor)
            y += draw_detail(m, t, grid_part(g, EDGE, y, g.w - EDGE, g.h - y < below ? g.h - y : below));
    }
    list_more(g, l.first > 0, l.first + rows < shown.count);
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
    struct shown shown;
    shown_of(&shown, m, ui, &pane_tasks);
    return shown.count;
}

static bool holds(const struct task_line *t, const struct needle *n)
{
    char net[16];
    if (needle_in(n, t->llm) || needle_in(n, t->strategy) || needle_in(n, kind_word(t->kind)))
        return true;
    snprintf(net, sizeof net, "sn%d", t->subnet);
    return needle_fold(n->ch[0]) == 's' && needle_in(n, net);
}

/* All of them; or those of the newest that hold the needle. */
static int list(const struct model *m, const struct ui *ui, const struct needle *n, int16_t *row, int most)
{
    const struct scores *s = m->scores;
    int count = 0, rows = task_rows(m);
    rows = shown_filter(ui, &pane_tasks)[0] == '\0' || rows < (int)s->task_count ? rows : (int)s->task_count;
    if (n->len == 0)
        return rows;
    for (int i = 0; i < (int)s->task_count && i < rows; i++) {
        if (!holds(&s->task[i], n))
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
                      isnan(t->score) ? kind_word(t->kind) : num_fixed(score, t->score, 2),
                      grid_ago((struct grid){.frame = NULL}, age, m->now_ms, t->t_ms));
}

const struct pane pane_tasks = {
    .name = "tasks",
    .title = "Tasks",
    .help = "all tasks, newest first: time, score, LLM, strategy, subnet, tokens",
    .importance = 50,
    .doc = {DOC_HISTORY},
    .doc_count = 1,
    .details = true,
    .ranged = true,
    .need = need,
    .draw = draw,
    .rows = rows,
    .list = list,
    .copy = copy,
    .line = line,
};
