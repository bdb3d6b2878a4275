/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Screens too small for panes, and the status line: the worst alert and the countdown survive down to a few cells. */
#include "base/numtext.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "view/pane.h"
#include "view/parts.h"

#include <math.h>
#include <stdio.h>

bool tiny_wanted(const struct ui *ui, int w, int h)
{
    return (h < 7 || w < 26) && !(ui->zoom && h >= 4 && w >= 12);
}

static void add_score(const struct model *m, struct pieces *p)
{
    const struct scores *s = m->scores;
    char mean[NUM_TEXT], arrow[8] = "";
    if (!s->known || isnan(s->h24.mean))
        return;
    double delta = s->yesterday.mean > 0 ? (s->today.mean - s->yesterday.mean) / s->yesterday.mean : NAN;
    if (!isnan(delta))
        glyph_text(arrow, delta_glyph(delta));
    pieces_add(p, 60, 2, s->h24.mean < 0.5 ? STYLE_BAD : STYLE_NORMAL, "%s%s%s", num_fixed(mean, s->h24.mean, 2),
               arrow[0] ? " " : "", arrow);
}

/* The first word of the stage's name: "Vector", "Data" tells nothing, so its second one. */
static const char *stage_word(int number)
{
    static const char *const words[STAGE_COUNT] = {"Init",   "Scraping", "Retrieval",   "Vector",
                                                   "Series", "Content",  "Exportation", "Complete"};
    return number >= 0 && number < STAGE_COUNT ? words[number] : "?";
}

static void add_stage(const struct model *m, struct pieces *p, struct grid g)
{
    const struct stages *s = m->stages;
    char age[TIME_TEXT];
    if (!s->known)
        return;
    int64_t took = s->elapsed_ms != NOT_KNOWN ? s->elapsed_ms : s->age_ms;
    bool bad = s->stalled || s->current.status == STAGE_STATUS_FAILED;
    pieces_add(p, 50, 2, bad ? STYLE_BAD : STYLE_NORMAL, "%d %s%s %s", s->current.number, stage_word(s->current.number),
               s->stalled ? " stalled"
               : bad      ? " failed"
                          : "",
               took == NOT_KNOWN ? "" : grid_age(g, age, m->now_ms, m->now_ms - took));
}

static void add_countdown(const struct model *m, struct pieces *p, struct grid g)
{
    char left[TIME_TEXT];
    if (m->auction->known && m->auction->has_window)
        pieces_add(p, 80, 2, STYLE_ACCENT, "win %s%s", m->auction->estimated ? "~" : "",
                   grid_countdown(g, left, m->now_ms, m->auction->window_end_ms));
}

static void status_pieces(const struct model *m, struct pieces *p, struct grid g)
{
    enum severity worst = model_worst(m);
    if (m->alert_count == 0 && empty_wanted(m)) {
        pieces_add(p, 100, 0, STYLE_STALE, "no data");
        return;
    }
    pieces_add(p, 100, 0, severity_badge(worst), g.frame ? " %s " : "%s", severity_mark(worst));
    if (m->alert_count > 0)
        pieces_add(p, 70, 1, severity_style(worst), "%s", g.frame ? m->alert[0].what : m->alert[0].rule);
    add_score(m, p);
    add_stage(m, p, g);
    add_countdown(m, p, g);
}

const char *view_line(struct arena *a, const struct model *m)
{
    struct pieces p = {.count = 0};
    status_pieces(m, &p, (struct grid){.frame = NULL});
    if (m->alert_count > 0 && p.count > 1) { /* "CRIT daemon_down" is one field */
        char *both = arena_text(a, "%s %s", p.piece[0].text, p.piece[1].text);
        snprintf(p.piece[1].text, sizeof p.piece[1].text, "%s", text_safe(a, bytes_of(both), 40));
        p.piece[1].rank = 100;
        for (int i = 1; i < p.count; i++)
            p.piece[i - 1] = p.piece[i];
        p.count--;
    }
    return pieces_text(a, &p, " | ", 80);
}

static void draw_window(const struct model *m, struct grid g, int y)
{
    const struct auction *a = m->auction;
    char left[TIME_TEXT];
    if (!a->known || !a->has_window)
        return;
    int x = grid_text(g, 0, y, STYLE_ACCENT, a->estimated ? "win ~" : "win ");
    x = grid_text(g, x, y, STYLE_ACCENT, grid_countdown(g, left, m->now_ms, a->window_end_ms)) + 1;
    struct gauge v = {a->window_fraction_left, NAN, NAN, STYLE_ACCENT};
    if (g.w - x >= 4)
        gauge_draw(g, x, y, g.w - x, &v);
}

static void draw_top(const struct model *m, struct grid g)
{
    struct pieces p = {.count = 0};
    char clock[TIME_TEXT];
    enum severity worst = model_worst(m);
    if (m->alert_count == 0 && empty_wanted(m))
        pieces_add(&p, 100, 0, STYLE_STALE, "no data");
    else
        pieces_add(&p, 100, 0, severity_badge(worst), " %s ", severity_mark(worst));
    if (m->alert_count > 1)
        pieces_add(&p, 50, 1, STYLE_DIM, "+%zu", m->alert_count - 1);
    if (m->alert_count == 0)
        add_score(m, &p);
    pieces_add_right(&p, 20, 1, STYLE_DIM, "%s", time_clock(clock, m->now_ms));
    grid_wake(g, m->now_ms - m->now_ms % 60000 + 60000);
    pieces_draw(&p, g);
}

static void draw_worst(const struct model *m, struct grid g)
{
    if (m->alert_count > 0) {
        const struct alert *x = &m->alert[0];
        int y = grid_wrap(g, 0, 0, g.w, g.h, severity_style(x->severity), x->what);
        if (y < g.h && x->value_text[0])
            grid_text_cut(g, 0, y++, g.w, STYLE_NORMAL, alert_measure(g.frame->arena, x));
        if (y < g.h && x->todo[0])
            grid_wrap(g, 0, y, g.w, g.h - y, STYLE_STRONG, x->todo[0]);
        return;
    }
    if (empty_wanted(m)) {
        grid_wrap(g, 0, 0, g.w, g.h, STYLE_STALE, "waiting for the files of a rig; another folder: davy -C DIR");
        return;
    }
    struct pieces p = {.count = 0};
    add_stage(m, &p, g);
    pieces_draw(&p, grid_part(g, 0, 0, g.w, 1));
    if (g.h > 1)
        grid_text_cut(g, 0, 1, g.w, STYLE_DIM, arena_text(g.frame->arena, "daemon %s", daemon_word(m->daemon)));
}

void tiny_draw(const struct model *m, struct grid screen)
{
    if (screen.h == 1) {
        struct pieces p = {.count = 0};
        status_pieces(m, &p, screen);
        pieces_draw(&p, screen);
        return;
    }
    bool window = m->auction->known && m->auction->has_window;
    draw_top(m, grid_part(screen, 0, 0, screen.w, 1));
    draw_worst(m, grid_part(screen, 0, 1, screen.w, screen.h - 1 - (window && screen.h > 2)));
    if (window && screen.h > 2)
        draw_window(m, screen, screen.h - 1);
}
