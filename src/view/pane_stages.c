/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pipeline of eight stages: what is done, what runs and for how long against its typical time. */
#include "base/timetext.h"
#include "view/pane.h"
#include "view/modules_rows.h"
#include "view/pieces.h"
#include "view/stages_page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    TOP = 5,    /* rows over the page of the zoomed pane */
    TIMED = 56, /* from this width on segments have times */
    RUNS = 72,  /* from this width on the last runs are shown */
    WIDE = 100, /* from this width on more of them, and how often they failed */
    RUNS_SHORT = 10,
    RUNS_WIDE = 24
};

/* 0..1 of the typical time; a stage that was never timed shows half a bar. */
static double progress(const struct stage_line *s)
{
    if (s->duration_ms == NOT_KNOWN || s->typical_ms == NOT_KNOWN || s->typical_ms <= 0)
        return 0.5;
    double part = (double)s->duration_ms / (double)s->typical_ms;
    return part > 1 ? 1 : part;
}

static void draw_bar(struct grid g, const struct stage_line *s)
{
    struct gauge v = {.fill = NAN, .mark = NAN, .heading = NAN, .style = stage_mark_of(s->state).style};
    if (s->state == STAGE_RUNNING)
        v.fill = progress(s);
    else if (s->state != STAGE_WAITING)
        v.fill = 1;
    gauge_draw(g, 0, 0, g.w, &v);
}

/* width: of the narrowest segment, so that all are named in the same way. */
static void draw_name(struct grid g, const struct stage_line *s, int width)
{
    struct stage_mark mark = stage_mark_of(s->state);
    grid_put(g, 0, 1, mark.style, mark.glyph);
    int space = width >= 8 ? 2 : 1;
    grid_text_cut(g, space, 1, g.w - space, s->state == STAGE_WAITING ? STYLE_DIM : mark.style,
                  stage_name_for(s, width - space));
}

/* "2:05", and in a wide segment what it takes as a rule: "2:05 ~3:10". */
static void draw_time(struct grid g, const struct stage_line *s)
{
    char took[TIME_TEXT], as_a_rule[TIME_TEXT];
    int x = g.w >= 8 ? 2 : 1;
    if (s->state != STAGE_WAITING && s->duration_ms != NOT_KNOWN)
        x = grid_text(g, x, 2, STYLE_NORMAL, countdown(took, s->duration_ms / 1000 * 1000)) + 1;
    if (s->typical_ms != NOT_KNOWN && s->state != STAGE_DONE && (x <= 2 || g.w >= 13))
        grid_textf(g, x, 2, STYLE_DIM, "~%s", countdown(as_a_rule, s->typical_ms / 1000 * 1000));
}

static void draw_pipeline(const struct stages *s, struct grid g)
{
    for (int i = 0; i < STAGE_COUNT; i++) {
        int left = i * (g.w + 1) / STAGE_COUNT, right = (i + 1) * (g.w + 1) / STAGE_COUNT - 1;
        struct grid part = grid_part(g, left, 0, right - left, g.h);
        draw_bar(part, &s->stage[i]);
        draw_name(part, &s->stage[i], (g.w + 1) / STAGE_COUNT - 1);
        draw_time(part, &s->stage[i]);
    }
}

static const char *state_word(const struct stages *s)
{
    static const char *const words[] = {
        [STAGE_STATUS_OTHER] = NULL,      [STAGE_STATUS_RUNNING] = "running", [STAGE_STATUS_DONE] = "done",
        [STAGE_STATUS_FAILED] = "failed", [STAGE_STATUS_WAITING] = "waiting",
    };
    const char *word = words[s->current.status];
    if (s->stalled)
        return "stalled";
    return word ? word : s->current.status_text ? s->current.status_text : "";
}

static enum style state_style(const struct stages *s)
{
    if (s->stalled || s->current.status == STAGE_STATUS_FAILED)
        return STYLE_BAD;
    return s->current.status == STAGE_STATUS_DONE ? STYLE_GOOD : STYLE_ACCENT;
}

static const struct stage_line *current_line(const struct stages *s)
{
    return s->current.number >= 0 && s->current.number < STAGE_COUNT ? &s->stage[s->current.number] : NULL;
}

static void add_elapsed(const struct model *m, const struct stage_line *l, struct grid g, struct pieces *p)
{
    const struct stages *s = m->stages;
    char text[TIME_TEXT];
    if (s->elapsed_ms != NOT_KNOWN && s->current.status == STAGE_STATUS_RUNNING) {
        pieces_add(p, 90, 1, STYLE_STRONG, "%s", countdown(text, s->elapsed_ms / 1000 * 1000));
        grid_wake(g, m->now_ms + 1000 - s->elapsed_ms % 1000);
        if (l && l->typical_ms != NOT_KNOWN)
            pieces_add(p, 60, 1, STYLE_DIM, "of ~%s", countdown(text, l->typical_ms / 1000 * 1000));
    } else if (s->current.at_ms != NOT_KNOWN) {
        pieces_add(p, 60, 1, STYLE_DIM, "%s", grid_ago(g, text, m->now_ms, s->current.at_ms));
    }
}

/* How the last runs ended, the newest at the right: "runs vvxv.v", and where there is room "16 done, 2 failed, 1 abandoned"
 * of all that are known. */
struct timeline {
    size_t shown, open, count[RUN_ABANDONED + 1];
    char words[48];
    int width; /* 0: no run has ended, or there is no room */
};

static void say_ends(struct timeline *t)
{
    int n = snprintf(t->words, sizeof t->words, " %zu done", t->count[RUN_DONE]);
    if (t->count[RUN_FAILED] > 0)
        n += snprintf(t->words + n, sizeof t->words - (size_t)n, ", %zu failed", t->count[RUN_FAILED]);
    if (t->count[RUN_ABANDONED] > 0)
        snprintf(t->words + n, sizeof t->words - (size_t)n, ", %zu abandoned", t->count[RUN_ABANDONED]);
}

static struct timeline timeline_of(const struct stages *s, int w)
{
    struct timeline t = {.open = s->run_count > 0 && s->run[0].state == RUN_OPEN};
    size_t ended = s->run_count - t.open, most = w >= WIDE ? RUNS_WIDE : RUNS_SHORT;
    for (size_t i = t.open; i < s->run_count; i++)
        t.count[s->run[i].state]++;
    t.shown = ended < most ? ended : most;
    if (w >= WIDE && t.count[RUN_FAILED] + t.count[RUN_ABANDONED] > 0)
        say_ends(&t);
    t.width = ended > 0 && w >= RUNS ? (int)(strlen("runs ") + t.shown + strlen(t.words)) : 0;
    return t;
}

static void draw_timeline(const struct stages *s, const struct timeline *t, struct grid row)
{
    int x = grid_text(row, row.w - t->width, 0, STYLE_DIM, "runs ");
    for (size_t i = t->shown; i > 0; i--, x++) {
        enum run_state state = s->run[t->open + i - 1].state;
        grid_put(row, x, 0, stages_run_style(state), stages_run_glyph(state));
    }
    grid_text(row, x, 0, STYLE_DIM, t->words);
}

/* "3 Vector Database  running 2:05 of ~3:10 . elonmusk" */
static void draw_current(const struct model *m, struct grid g, int y)
{
    const struct stages *s = m->stages;
    const struct stage_line *l = current_line(s);
    struct pieces p = {.count = 0};
    if (l)
        pieces_add(&p, 70, 0, state_style(s), "%d", s->current.number);
    pieces_add(&p, 100, 1, STYLE_STRONG, "%s", l && g.w < 44 ? stage_name_for(l, 11) : s->current.name);
    pieces_add(&p, 80, 2, state_style(s), "%s", state_word(s));
    add_elapsed(m, l, g, &p);
    if (s->current.username[0])
        pieces_add(&p, 50, 1, STYLE_DIM, "∙ %s", s->current.username);
    if (s->from_log)
        pieces_add(&p, 30, 1, STYLE_DIM, "∙ read from the log");
    if (s->mode)
        pieces_add(&p, 20, 1, STYLE_DIM, "∙ mode %s", s->mode);
    struct timeline t = timeline_of(s, g.w);
    pieces_draw(&p, grid_part(g, 0, y, g.w - t.width - (t.width > 0 ? 2 : 0), 1));
    if (t.width > 0)
        draw_timeline(s, &t, grid_part(g, 0, y, g.w, 1));
}

static void draw_open(const struct model *m, struct grid g)
{
    const struct stages *s = m->stages;
    int bars = g.h < 2 ? 0 : g.h < 3 ? 1 : g.h < 5 || g.w < TIMED ? 2 : 3, y = bars;
    draw_pipeline(s, grid_part(g, 0, 0, g.w, bars));
    draw_current(m, g, y++);
    if (s->current.message[0])
        y += grid_wrap(g, 2, y, g.w - 2, g.h - y > 2 ? 2 : g.h - y, STYLE_NORMAL, s->current.message);
    if (s->two_writers)
        grid_text_cut(g, 2, y++, g.w - 2, STYLE_WARN, "two miners write this file: kill one of them");
    if (y < g.h && m->modules->known)
        modules_line(m, grid_part(g, 0, y++, g.w, 1));
    for (size_t i = s->run_count > 0 && s->run[0].state == RUN_OPEN; i < s->run_count && y < g.h; i++)
        stages_run_row(m, &s->run[i], grid_part(g, 0, y++, g.w, 1));
}

/* Stages are logged as INFO, which the miner's logging leaves out unless told otherwise (rig-files 3.5). */
static bool info_is_off(const struct log *log)
{
    uint64_t higher = log->count[LOG_WARNING] + log->count[LOG_ERROR] + log->count[LOG_CRITICAL];
    return log->known && higher > 0 && log->count[LOG_INFO] + log->count[LOG_SUCCESS] + log->count[LOG_DEBUG] == 0;
}

static void draw_unknown(const struct model *m, struct grid g)
{
    if (origin_read(&m->origin[DOC_STATUS]))
        grid_wrap(g, 0, 0, g.w, g.h, STYLE_DIM, "no stage yet: the miner has just started, or was reset");
    else if (info_is_off(m->log))
        grid_wrap(g, 0, 0, g.w, g.h, STYLE_DIM, "the log has no INFO line: is INFO logging off? (--logging.info)");
    else
        draw_waiting(g, m, DOC_STATUS);
}

static void draw(const struct model *m, const struct ui *ui, struct grid g)
{
    bool page = pane_zoomed(ui, &pane_stages) && g.h >= 10;
    int top = m->stages->known ? TOP : 1, line = m->modules->known && !page && !m->stages->known && g.h > 1;
    struct grid above = grid_part(g, 0, 0, g.w, page ? top : g.h - line);
    if (m->stages->known)
        draw_open(m, above);
    else
        draw_unknown(m, above);
    if (page)
        stages_page(m, ui, grid_part(g, 0, top + 1, g.w, g.h - top - 1));
    else if (line)
        modules_line(m, grid_part(g, 0, g.h - 1, g.w, 1));
}

static struct pane_need need(const struct model *m, const struct ui *ui, int w)
{
    const struct stages *s = m->stages;
    (void)ui;
    if (!s->known)
        return (struct pane_need){1, 1 + m->modules->known, 1 + m->modules->known};
    int runs = s->run_count > 6 ? 5 : s->run_count > 0 ? (int)s->run_count - 1 : 0;
    int said = 1 + (s->current.message[0] != 0) + s->two_writers + m->modules->known;
    return (struct pane_need){w >= 56 ? 3 : 2, (w >= 60 ? 3 : 2) + said, 3 + said + runs};
}

static int rows(const struct model *m, const struct ui *ui)
{
    return pane_zoomed(ui, &pane_stages) ? stages_page_items(m) : 0;
}

static const char *line(struct arena *a, const struct model *m, enum style *s)
{
    const struct stages *x = m->stages;
    char text[TIME_TEXT];
    *s = STYLE_STALE;
    if (!x->known)
        return origin_read(&m->origin[DOC_STATUS]) ? "no stage yet" : waiting_line(a, m, DOC_STATUS);
    *s = x->stalled || x->current.status == STAGE_STATUS_FAILED ? STYLE_BAD : STYLE_NORMAL;
    int64_t took = x->elapsed_ms != NOT_KNOWN ? x->elapsed_ms : x->age_ms;
    return arena_text(a, "%d %s %s %s", x->current.number, x->current.name, state_word(x),
                      took == NOT_KNOWN ? "" : age_text(text, took));
}

/* Below the rows that draw() keeps for the current stage. */
static int hidden(const struct model *m, const struct ui *ui)
{
    struct zoom_size zoom = zoom_size(ui);
    int top = (m->stages->known ? TOP : 1) + 1;
    return zoom.h >= 10 ? stages_page_hidden(m, ui, zoom.w, zoom.h - top) : 0;
}

const struct pane pane_stages = {
    .name = "stages",
    .title = "Stages",
    .help = "the pipeline of eight stages: done, running against its typical time, failed, stalled; how the last runs "
            "ended; the modules of davy-run; zoomed: each stage's history on Enter, runs, events",
    .importance = 90,
    .doc = {DOC_STATUS},
    .doc_count = 1,
    .details = hidden,
    .need = need,
    .draw = draw,
    .rows = rows,
    .line = line,
};
