/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pipeline of eight stages: what is done, what runs and for how long against its typical time. */
#include "base/timetext.h"
#include "view/pane.h"
#include "view/pieces.h"

#include <math.h>
#include <stdio.h>

enum {
    TOP = 5,
    TIMED = 56,
    TABLE = 76
}; /* rows over the page of the zoomed pane; from this width on segments have times */

struct mark {
    enum glyph glyph;
    enum style style;
};

static struct mark mark_of(enum stage_state s)
{
    static const struct mark marks[] = {
        [STAGE_WAITING] = {GLYPH_DOT, STYLE_DIM},       [STAGE_RUNNING] = {GLYPH_POINT, STYLE_ACCENT},
        [STAGE_DONE] = {GLYPH_YES, STYLE_GOOD},         [STAGE_FAILED] = {GLYPH_NO, STYLE_BAD},
        [STAGE_STALLED] = {(enum glyph)'!', STYLE_BAD},
    };
    return marks[s];
}

/* A stage at the width of its segment: the whole name, a short one, or its number. */
static const char *name_for(const struct stage_line *s, int width)
{
    static const char *const middle[STAGE_COUNT] = {"Initialize",  "Scraping", "Retrieval",   "Vector DB",
                                                    "Time Series", "Content",  "Exportation", "Complete"};
    static const char *const brief[STAGE_COUNT] = {"Init",   "Scrape", "Fetch",  "Vector",
                                                   "Series", "Write",  "Export", "Done"};
    static const char *const number[STAGE_COUNT] = {"0", "1", "2", "3", "4", "5", "6", "7"};
    if (s->number < 0 || s->number >= STAGE_COUNT)
        return "?";
    if (width >= 20)
        return s->name;
    return width >= 11 ? middle[s->number] : width >= 6 ? brief[s->number] : number[s->number];
}

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
    struct gauge v = {.fill = NAN, .mark = NAN, .heading = NAN, .style = mark_of(s->state).style};
    if (s->state == STAGE_RUNNING)
        v.fill = progress(s);
    else if (s->state != STAGE_WAITING)
        v.fill = 1;
    gauge_draw(g, 0, 0, g.w, &v);
}

/* width: of the narrowest segment, so that all are named in the same way. */
static void draw_name(struct grid g, const struct stage_line *s, int width)
{
    struct mark mark = mark_of(s->state);
    grid_put(g, 0, 1, mark.style, mark.glyph);
    int space = width >= 8 ? 2 : 1;
    grid_text_cut(g, space, 1, g.w - space, s->state == STAGE_WAITING ? STYLE_DIM : mark.style,
                  name_for(s, width - space));
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

/* "3 Vector Database  running 2:05 of ~3:10 . elonmusk" */
static void draw_current(const struct model *m, struct grid g, int y)
{
    const struct stages *s = m->stages;
    const struct stage_line *l = current_line(s);
    struct pieces p = {.count = 0};
    if (l)
        pieces_add(&p, 70, 0, state_style(s), "%d", s->current.number);
    pieces_add(&p, 100, 1, STYLE_STRONG, "%s", l && g.w < 44 ? name_for(l, 11) : s->current.name);
    pieces_add(&p, 80, 2, state_style(s), "%s", state_word(s));
    add_elapsed(m, l, g, &p);
    if (s->current.username[0])
        pieces_add(&p, 50, 1, STYLE_DIM, "∙ %s", s->current.username);
    if (s->from_log)
        pieces_add(&p, 30, 1, STYLE_DIM, "∙ read from the log");
    if (s->mode)
        pieces_add(&p, 20, 1, STYLE_DIM, "∙ mode %s", s->mode);
    pieces_draw(&p, grid_part(g, 0, y, g.w, 1));
}

static enum style run_style(enum run_state s)
{
    static const uint8_t styles[] = {
        [RUN_OPEN] = STYLE_ACCENT,
        [RUN_DONE] = STYLE_GOOD,
        [RUN_FAILED] = STYLE_BAD,
        [RUN_ABANDONED] = STYLE_WARN,
    };
    return styles[s];
}

static char32_t run_glyph(enum run_state s)
{
    static const enum glyph glyphs[] = {GLYPH_POINT, GLYPH_YES, GLYPH_NO, GLYPH_DOT};
    return glyphs[s];
}

static void draw_run(const struct model *m, const struct stage_run *r, struct grid row)
{
    char text[TIME_TEXT];
    bool wide = row.w >= 64;
    int user = wide ? 24 : 12, x = user + 3;
    grid_put(row, 0, 0, run_style(r->state), run_glyph(r->state));
    grid_text_cut(row, 2, 0, user, STYLE_NORMAL, r->username[0] ? r->username : "no name");
    grid_text(row, x, 0, run_style(r->state), r->state == RUN_OPEN ? "running" : run_state_name(r->state));
    if (r->state != RUN_DONE && wide)
        grid_textf(row, x + 10, 0, STYLE_DIM, "at %d", r->last_stage);
    x += wide ? 25 : 18;
    if (r->start_ms != NOT_KNOWN && r->end_ms != NOT_KNOWN)
        grid_text_right(row, x, 0, STYLE_DIM, duration_short(text, r->end_ms - r->start_ms));
    if (r->end_ms != NOT_KNOWN && row.w >= x + 10)
        grid_text_right(row, x + 10, 0, STYLE_DIM, grid_ago(row, text, m->now_ms, r->end_ms));
    if (r->message && r->message[0])
        grid_text_cut(row, x + 12, 0, row.w - x - 12, STYLE_DIM, r->message);
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
    for (size_t i = s->run_count > 0 && s->run[0].state == RUN_OPEN; i < s->run_count && y < g.h; i++)
        draw_run(m, &s->run[i], grid_part(g, 0, y++, g.w, 1));
}

static void table_row(const struct stage_line *s, struct grid g)
{
    char took[TIME_TEXT], as_a_rule[TIME_TEXT], limit[TIME_TEXT];
    struct mark mark = mark_of(s->state);
    bool wide = g.w >= TABLE;
    int right = wide ? 52 : g.w;
    grid_put(g, 0, 0, mark.style, mark.glyph);
    grid_textf(g, 2, 0, STYLE_NORMAL, "%d %s", s->number, wide ? s->name : name_for(s, 11));
    grid_text_right(g, right - 9, 0, STYLE_STRONG,
                    s->duration_ms == NOT_KNOWN ? "-" : duration_short(took, s->duration_ms));
    grid_text_right(g, right, 0, STYLE_NORMAL,
                    s->typical_ms == NOT_KNOWN ? "-" : duration_short(as_a_rule, s->typical_ms));
    if (!wide)
        return;
    grid_text_right(g, 34, 0, mark.style, stage_state_name(s->state));
    grid_text_right(g, 61, 0, STYLE_DIM, s->limit_ms == NOT_KNOWN ? "-" : duration_short(limit, s->limit_ms));
    grid_textf(g, 64, 0, STYLE_DIM, "%6zu %6zu", s->completions, s->failures);
}

static void event_row(const struct model *m, const struct stage_event *e, struct grid g)
{
    char time[TIME_TEXT];
    if (e->at_ms == NOT_KNOWN)
        grid_text(g, 3, 0, STYLE_DIM, "-");
    else if (day_start(e->at_ms) == day_start(m->now_ms))
        grid_text(g, 0, 0, STYLE_DIM, time_clock_s(time, e->at_ms));
    else
        grid_textf(g, 0, 0, STYLE_DIM, "%.11s", time_minute(time, e->at_ms) + 5);
    enum style style = e->status == STAGE_STATUS_FAILED ? STYLE_BAD
                       : e->status == STAGE_STATUS_DONE ? STYLE_GOOD
                                                        : STYLE_ACCENT;
    int x = grid_textf(g, 13, 0, style, "%d %-9s ", e->number, e->status_text ? e->status_text : "");
    x = grid_text(g, x, 0, STYLE_NORMAL, e->name);
    if (e->username[0])
        x = grid_textf(g, x, 0, STYLE_DIM, " ∙ %s", e->username);
    grid_textf(g, x, 0, STYLE_NORMAL, "  %s", e->message);
}

static void page(const struct model *m, const struct ui *ui, struct flow *f)
{
    const struct stages *s = m->stages;
    (void)ui;
    flow_head(f, f->w >= TABLE ? "  stage                       state     took  typical    limit     done failed"
                               : "  stage, took, typical");
    for (int i = 0; i < STAGE_COUNT; i++)
        table_row(&s->stage[i], flow_row(f));
    if (s->current.details[0]) {
        flow_head(f, "Details of the current stage");
        flow_wrap(f, 0, STYLE_NORMAL, s->current.details);
    }
    if (s->run_count > 0)
        flow_head(f, "Runs, newest first");
    for (size_t i = 0; i < s->run_count; i++)
        draw_run(m, &s->run[i], flow_row(f));
    if (s->event_count > 0)
        flow_head(f, "Events, newest first");
    for (size_t i = 0; i < s->event_count; i++)
        event_row(m, &s->event[i], flow_row(f));
}

/* Stages are logged as INFO, which the miner's logging leaves out unless told otherwise (rig-files 3.5). */
static bool info_is_off(const struct log *log)
{
    uint64_t higher = log->count[LOG_WARNING] + log->count[LOG_ERROR] + log->count[LOG_CRITICAL];
    return log->known && higher > 0 && log->count[LOG_INFO] + log->count[LOG_SUCCESS] + log->count[LOG_DEBUG] == 0;
}

static void draw(const struct model *m, const struct ui *ui, struct grid g)
{
    if (!m->stages->known) {
        if (origin_read(&m->origin[DOC_STATUS]))
            grid_wrap(g, 0, 0, g.w, g.h, STYLE_DIM, "no stage yet: the miner has just started, or was reset");
        else if (info_is_off(m->log))
            grid_wrap(g, 0, 0, g.w, g.h, STYLE_DIM, "the log has no INFO line: is INFO logging off? (--logging.info)");
        else
            draw_waiting(g, m, DOC_STATUS);
    } else if (pane_zoomed(ui, &pane_stages) && g.h >= 10) {
        draw_open(m, grid_part(g, 0, 0, g.w, TOP));
        struct flow f =
            flow_of(grid_part(g, 0, TOP + 1, g.w, g.h - TOP - 1), ui, &pane_stages, flow_count(m, ui, page));
        page(m, ui, &f);
    } else {
        draw_open(m, g);
    }
}

static struct pane_need need(const struct model *m, const struct ui *ui, int w)
{
    const struct stages *s = m->stages;
    (void)ui;
    if (!s->known)
        return (struct pane_need){1, 1, 1};
    int said = 1 + (s->current.message[0] != 0) + s->two_writers, runs = s->run_count > 6   ? 5
                                                                         : s->run_count > 0 ? (int)s->run_count - 1
                                                                                            : 0;
    return (struct pane_need){w >= 56 ? 3 : 2, (w >= 60 ? 3 : 2) + said, 3 + said + runs};
}

static int rows(const struct model *m, const struct ui *ui)
{
    return m->stages->known && pane_zoomed(ui, &pane_stages) ? flow_stops(ui, flow_count(m, ui, page), TOP + 1) : 0;
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

const struct pane pane_stages = {
    .name = "stages",
    .title = "Stages",
    .help = "the pipeline of eight stages: done, running against its typical time, failed, stalled; zoomed: runs and "
            "events",
    .importance = 90,
    .doc = {DOC_STATUS},
    .doc_count = 1,
    .need = need,
    .draw = draw,
    .rows = rows,
    .line = line,
};
