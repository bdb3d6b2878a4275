/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The zoomed stages: a table of them, modules, runs and events; Enter opens what is behind the selected row. */
#include "view/stages_page.h"

#include "base/timetext.h"
#include "view/hits.h"
#include "view/modules_rows.h"

#include <string.h>

enum { TABLE = 76, EDGE = 2, INDENT = 4, LEFT = 3 /* rows of the list that stay in sight */ };

struct stage_mark stage_mark_of(enum stage_state s)
{
    static const struct stage_mark marks[] = {
        [STAGE_WAITING] = {GLYPH_DOT, STYLE_DIM},       [STAGE_RUNNING] = {GLYPH_POINT, STYLE_ACCENT},
        [STAGE_DONE] = {GLYPH_YES, STYLE_GOOD},         [STAGE_FAILED] = {GLYPH_NO, STYLE_BAD},
        [STAGE_STALLED] = {(enum glyph)'!', STYLE_BAD},
    };
    return marks[s];
}

const char *stage_name_for(const struct stage_line *s, int width)
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

enum style stages_run_style(enum run_state s)
{
    static const uint8_t styles[] = {
        [RUN_OPEN] = STYLE_ACCENT,
        [RUN_DONE] = STYLE_GOOD,
        [RUN_FAILED] = STYLE_BAD,
        [RUN_ABANDONED] = STYLE_WARN,
    };
    return styles[s];
}

char32_t stages_run_glyph(enum run_state s)
{
    static const enum glyph glyphs[] = {GLYPH_POINT, GLYPH_YES, GLYPH_NO, GLYPH_DOT};
    return glyphs[s];
}

void stages_run_row(const struct model *m, const struct stage_run *r, struct grid row)
{
    char text[TIME_TEXT];
    bool wide = row.w >= 64;
    int user = wide ? 24 : 12, x = user + 3;
    grid_put(row, 0, 0, stages_run_style(r->state), stages_run_glyph(r->state));
    grid_text_cut(row, 2, 0, user, STYLE_NORMAL, r->username[0] ? r->username : "no name");
    grid_text(row, x, 0, stages_run_style(r->state), r->state == RUN_OPEN ? "running" : run_state_name(r->state));
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

static void table_row(const struct stage_line *s, struct grid g)
{
    char took[TIME_TEXT], as_a_rule[TIME_TEXT], limit[TIME_TEXT];
    struct stage_mark mark = stage_mark_of(s->state);
    bool wide = g.w >= TABLE;
    int right = wide ? 52 : g.w;
    grid_put(g, 0, 0, mark.style, mark.glyph);
    grid_textf(g, 2, 0, STYLE_NORMAL, "%d %s", s->number, wide ? s->name : stage_name_for(s, 11));
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

static void event_time(const struct model *m, const struct stage_event *e, struct grid g)
{
    char time[TIME_TEXT];
    if (e->at_ms == NOT_KNOWN)
        grid_text(g, 3, 0, STYLE_DIM, "-");
    else if (day_start(e->at_ms) == day_start(m->now_ms))
        grid_text(g, 0, 0, STYLE_DIM, time_clock_s(time, e->at_ms));
    else
        grid_textf(g, 0, 0, STYLE_DIM, "%.11s", time_minute(time, e->at_ms) + 5);
}

static void event_row(const struct model *m, const struct stage_event *e, struct grid g)
{
    event_time(m, e, g);
    enum style style = e->status == STAGE_STATUS_FAILED ? STYLE_BAD
                       : e->status == STAGE_STATUS_DONE ? STYLE_GOOD
                                                        : STYLE_ACCENT;
    int x = grid_textf(g, 13, 0, style, "%d %-9s ", e->number, e->status_text ? e->status_text : "");
    x = grid_text(g, x, 0, STYLE_NORMAL, e->name);
    if (e->username[0])
        x = grid_textf(g, x, 0, STYLE_DIM, " ∙ %s", e->username);
    grid_textf(g, x, 0, STYLE_NORMAL, "  %s", e->message);
}

/* ---- the rows, and which of them is selected ---- */

struct page {
    const struct model *m;
    struct flow f;
    int item, cursor; /* of the rows that can be selected: the next one, the selected one */
    int detail;       /* rows that may be opened below it; 0: none */
    int above;        /* of what was opened, rows that are scrolled away */
    int opened;       /* rows of it so far, with those that are out of sight */
    int more;         /* rows of it that do not fit, as counted before */
    int line, last;   /* of the selected one, and of what was opened below it */
};

/* Its row, behind the mark; true: it is the selected one. */
static bool item_row(struct page *p, struct grid *row)
{
    bool selected = p->item == p->cursor;
    int line = p->f.line;
    *row = flow_row(&p->f);
    if (row->frame != NULL)
        hits_note(*row, HIT_ROW, p->item);
    if (selected) {
        grid_put(*row, 0, 0, STYLE_SELECT, GLYPH_POINT);
        p->line = p->last = line;
    }
    p->item++;
    *row = grid_part(*row, EDGE, 0, row->w - EDGE, 1);
    return selected && p->detail > 0;
}

/* Rows below the selected one that are still free. */
static int left(const struct page *p)
{
    return p->line + p->detail - p->last;
}

/* A mark at the right edge: there is more of it. */
static struct grid marked(const struct page *p, struct grid row)
{
    bool before = p->last == p->line + 1 && p->above > 0, behind = left(p) == 0 && p->above < p->more;
    if (!before && !behind)
        return row;
    grid_put(row, row.w - 1, 0, STYLE_SELECT, before ? GLYPH_UP : GLYPH_DOWN);
    return grid_part(row, 0, 0, row.w - EDGE, 1);
}

/* An empty grid for a row that is scrolled away or has no room. */
static struct grid detail_row(struct page *p)
{
    bool shown = p->opened++ >= p->above && left(p) > 0;
    if (!shown)
        return grid_part(p->f.g, 0, 0, 0, 0);
    p->last = p->f.line;
    struct grid row = flow_row(&p->f);
    return marked(p, grid_part(row, INDENT, 0, row.w - INDENT, 1));
}

/* Row after row of a text: each into a grid of one row that starts as much higher. */
static void detail_wrap(struct page *p, enum style s, const char *text)
{
    int w = p->f.w - INDENT - EDGE, rows = text_rows(text, w);
    for (int i = 0; i < rows && *text != '\0'; i++) {
        struct grid row = detail_row(p);
        if (row.h > 0)
            grid_wrap(row, 0, -i, w, rows, s, text);
    }
}

static void run_events(struct page *p, const struct stage_run *r)
{
    const struct stages *s = p->m->stages;
    for (size_t i = 0; i < s->event_count; i++) {
        const struct stage_event *e = &s->event[i];
        bool within = e->at_ms >= r->start_ms && (r->end_ms == NOT_KNOWN || e->at_ms <= r->end_ms);
        if (within && (strcmp(e->username, r->username) == 0 || !*e->username))
            event_row(p->m, e, detail_row(p));
    }
}

/* "11-22 13:32  v  2m 00s nasa  Successfully indexed posts" */
static void end_row(const struct model *m, const struct stage_event *e, struct grid g)
{
    char took[TIME_TEXT];
    struct stage_mark mark = stage_mark_of(e->status == STAGE_STATUS_FAILED ? STAGE_FAILED : STAGE_DONE);
    int64_t ms = e->started_ms != NOT_KNOWN && e->at_ms > e->started_ms ? e->at_ms - e->started_ms : NOT_KNOWN;
    event_time(m, e, g);
    grid_put(g, 13, 0, mark.style, mark.glyph);
    grid_text_right(g, 23, 0, STYLE_STRONG, ms == NOT_KNOWN ? "-" : duration_short(took, ms));
    int x = grid_text(g, 25, 0, STYLE_NORMAL, e->username);
    grid_text_cut(g, e->username[0] ? x + 2 : x, 0, g.w - x - 2, STYLE_DIM, e->message);
}

/* Each time that the stage ended, newest first. */
static void stage_ends(struct page *p, int number)
{
    const struct stages *s = p->m->stages;
    for (size_t i = 0; i < s->event_count; i++) {
        const struct stage_event *e = &s->event[i];
        if (e->number == number && (e->status == STAGE_STATUS_DONE || e->status == STAGE_STATUS_FAILED))
            end_row(p->m, e, detail_row(p));
    }
}

/* "typical 3m 10s of all . elonmusk 2m 40s (10) . nasa 5m 02s (3)" */
static void usual_row(struct page *p, const struct stage_line *l)
{
    char took[TIME_TEXT];
    if (l->account_count == 0)
        return;
    struct grid row = detail_row(p);
    int x = grid_text(row, 0, 0, STYLE_DIM, "typical of");
    for (size_t i = 0; i < l->account_count && x < row.w - 12; i++) {
        const struct stage_usual *u = &l->account[i];
        x = grid_textf(row, x, 0, STYLE_NORMAL, "%s %s", i > 0 ? " ∙" : "", u->username);
        x = grid_textf(row, x, 0, STYLE_STRONG, " %s", duration_short(took, u->typical_ms));
        x = grid_textf(row, x, 0, STYLE_DIM, " (%zu)", u->samples);
    }
}

static void stage_rows(struct page *p)
{
    const struct stages *s = p->m->stages;
    struct grid row;
    flow_head(&p->f, p->f.w - EDGE >= TABLE
                         ? "    stage                       state     took  typical    limit     done failed"
                         : "    stage, took, typical");
    for (int i = 0; i < STAGE_COUNT; i++) {
        bool open = item_row(p, &row);
        table_row(&s->stage[i], row);
        if (!open)
            continue;
        usual_row(p, &s->stage[i]);
        stage_ends(p, i);
        if (p->opened == 0)
            detail_wrap(p, STYLE_DIM, "no end of this stage is known");
    }
}

static void run_rows(struct page *p)
{
    const struct stages *s = p->m->stages;
    struct grid row;
    if (s->run_count > 0)
        flow_head(&p->f, "Runs, newest first");
    for (size_t i = 0; i < s->run_count; i++) {
        bool open = item_row(p, &row);
        stages_run_row(p->m, &s->run[i], row);
        if (!open)
            continue;
        detail_wrap(p, STYLE_NORMAL, s->run[i].message ? s->run[i].message : "");
        run_events(p, &s->run[i]);
    }
}

static void all_events(struct page *p)
{
    const struct stages *s = p->m->stages;
    struct grid row;
    if (s->event_count > 0)
        flow_head(&p->f, "Events, newest first");
    for (size_t i = 0; i < s->event_count; i++) {
        bool open = item_row(p, &row);
        event_row(p->m, &s->event[i], row);
        if (!open)
            continue;
        detail_wrap(p, STYLE_NORMAL, s->event[i].message);
        detail_wrap(p, STYLE_DIM, s->event[i].details);
    }
}

static void rows_of(struct page *p)
{
    const char *details = p->m->stages->current.details;
    if (p->m->stages->known)
        stage_rows(p);
    modules_rows(p->m, &p->f);
    if (p->m->stages->known && details[0]) {
        flow_head(&p->f, "Details of the current stage");
        flow_wrap(&p->f, 0, STYLE_NORMAL, details);
    }
    run_rows(p);
    all_events(p);
}

int stages_page_items(const struct model *m)
{
    const struct stages *s = m->stages;
    return (s->known ? STAGE_COUNT : 0) + (int)s->run_count + (int)s->event_count;
}

/* By half pages, as lists do; what was opened is in sight as far as there is room. */
static int first_line(const struct page *p, int h)
{
    int half = h / 2 > 1 ? h / 2 : 1, most = p->f.line > h ? p->f.line - h : 0;
    int first = p->line / half * half - (half + 1) / 2;
    if (first + h <= p->last)
        first = p->last - h + 1;
    first = first > p->line - 1 && p->line > 0 ? p->line - 1 : first;
    return first < 0 ? 0 : first > most ? most : first;
}

/* All rows gone through once, without drawing: where the selected one is, and how much of what it opens has no room. */
static struct page counted(const struct model *m, const struct ui *ui, struct zoom_size room)
{
    int items = stages_page_items(m), at = ui->cursor[ui->focus];
    at = at >= items ? items - 1 : at;
    struct page p = {.m = m, .f = {.w = room.w - EDGE}, .cursor = at < 0 ? 0 : at};
    p.detail = ui->detail ? (room.h > LEFT ? room.h - LEFT : 0) : 0;
    rows_of(&p);
    p.more = p.opened > p.detail ? p.opened - p.detail : 0;
    return p;
}

int stages_page_hidden(const struct model *m, const struct ui *ui, int w, int h)
{
    return counted(m, ui, (struct zoom_size){w, h}).more;
}

void stages_page(const struct model *m, const struct ui *ui, struct grid g)
{
    struct page p = counted(m, ui, (struct zoom_size){g.w, g.h});
    int total = p.f.line, first = first_line(&p, g.h);
    if (first > 0)
        grid_put(g, g.w - 1, 0, STYLE_SELECT, GLYPH_UP);
    if (first + g.h < total)
        grid_put(g, g.w - 1, g.h - 1, STYLE_SELECT, GLYPH_DOWN);
    p.f = (struct flow){grid_part(g, 0, 0, g.w - EDGE, g.h), g.w - EDGE, first, 0};
    p.item = p.opened = 0;
    p.above = ui->detail_above < p.more ? ui->detail_above : p.more;
    rows_of(&p);
}
