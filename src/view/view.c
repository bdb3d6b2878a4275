/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/view.h"

#include "base/utf8.h"
#include "view/finder.h"
#include "view/hits.h"
#include "view/pane.h"
#include "view/parts.h"
#include "view/output.h"
#include "view/shown.h"

#include <string.h>

const struct pane *const panes[] = {
    &pane_alerts, &pane_stages, &pane_scores,    &pane_budgets, &pane_auction,
    &pane_tasks,  &pane_log,    &pane_heartbeat, NULL,
};

int pane_count(void)
{
    return (int)(sizeof panes / sizeof *panes) - 1;
}

int pane_by_name(const char *name)
{
    for (int i = 0; panes[i]; i++) {
        if (strcmp(panes[i]->name, name) == 0)
            return i;
    }
    return -1;
}

static void draw_pane(const struct model *m, const struct ui *ui, int pane, struct grid inside)
{
    panes[pane]->draw(m, ui, inside);
    shown_mark(ui, panes[pane], inside);
}

/* ---- parts: each notes by itself when it changes next ---- */

enum { PART_HEADER, PART_FOOTER, PART_PANES };
_Static_assert(PART_PANES + PANE_MAX <= FRAME_PARTS, "a part for each pane");

static int64_t part_begin(struct frame *f)
{
    int64_t before = f->next_ms;
    f->next_ms = INT64_MAX;
    return before;
}

static void part_end(struct frame *f, int part, int64_t before)
{
    f->part_ms[part] = f->next_ms;
    f->next_ms = before < f->next_ms ? before : f->next_ms;
}

static void draw_slot(const struct model *m, const struct ui *ui, struct grid g, int i)
{
    const struct slot *s = &g.frame->layout->slot[i];
    struct grid part = grid_part(g, s->x, s->y, s->w, s->h);
    bool boxed = g.frame->layout->boxed;
    int64_t before = part_begin(g.frame);
    if (s->form != SLOT_HIDDEN)
        hits_note(part, HIT_PANE, i);
    if (s->form == SLOT_LINE) /* its title stands under those of the boxes */
        pane_line(m, ui, i, boxed ? grid_part(part, 3, 0, part.w - 5, 1) : part);
    if (s->form == SLOT_OPEN)
        draw_pane(m, ui, i, pane_frame(m, ui, i, part, boxed));
    part_end(g.frame, PART_PANES + i, before);
}

static void draw_panes(const struct model *m, const struct ui *ui, struct grid g)
{
    struct layout *l = arena_alloc(g.frame->arena, sizeof *l);
    layout_make(l, m, ui, g.w, g.h);
    g.frame->layout = l;
    for (int i = 0; panes[i]; i++)
        draw_slot(m, ui, g, i);
}

static void draw_header(const struct model *m, const struct ui *ui, struct grid screen)
{
    int64_t before = part_begin(screen.frame);
    header_draw(m, ui, grid_part(screen, 0, 0, screen.w, 1));
    part_end(screen.frame, PART_HEADER, before);
}

static void draw_footer(const struct model *m, const struct ui *ui, struct grid screen)
{
    int64_t before = part_begin(screen.frame);
    footer_draw(m, ui, grid_part(screen, 0, screen.h - 1, screen.w, 1));
    part_end(screen.frame, PART_FOOTER, before);
}

static struct grid middle_of(const struct ui *ui, struct grid screen)
{
    return grid_part(screen, 0, 1, screen.w, screen.h - 1 - footer_rows(ui));
}

static void draw_zoomed(const struct model *m, const struct ui *ui, struct grid g)
{
    int pane = ui->focus >= 0 && ui->focus < pane_count() ? ui->focus : 0;
    hits_note(g, HIT_PANE, pane);
    draw_pane(m, ui, pane, pane_frame(m, ui, pane, g, layout_is_boxed(ui->w, ui->h)));
}

static void draw_screen(const struct model *m, const struct ui *ui, struct grid g)
{
    if (tiny_wanted(ui, g.w, g.h)) {
        tiny_draw(m, g);
        return;
    }
    struct grid middle = middle_of(ui, g);
    draw_header(m, ui, g);
    if (ui->zoom)
        draw_zoomed(m, ui, middle);
    else if (empty_wanted(m))
        empty_draw(m, middle);
    else
        draw_panes(m, ui, middle);
    if (footer_rows(ui))
        draw_footer(m, ui, g);
}

/* One pass at the end: whatever drew it, not one byte beyond 7 bits leaves. */
static void make_ascii(struct frame *f)
{
    size_t count = (size_t)f->w * (size_t)f->h;
    for (size_t i = 0; i < count; i++)
        f->cell[i].ch = f->cell[i].ch == 0 ? '?' : glyph_ascii(f->cell[i].ch);
}

void view_draw(struct frame *f, const struct model *m, const struct ui *ui)
{
    struct ui own = *ui; /* the frame's size counts, also when the caller forgot to set it */
    own.w = f->w;
    own.h = f->h;
    struct grid screen = frame_grid(f);
    draw_screen(m, &own, screen);
    if (ui->help)
        help_draw(m, &own, screen);
    if (ui->mode == UI_ASK)
        ask_draw(m, &own, screen);
    if (ui->mode == UI_OUTPUT && ui->output != NULL)
        output_draw(m, &own, screen);
    if (ui->mode == UI_PALETTE)
        finder_draw(&own, screen);
    if (entry_shown(ui))
        entry_draw(&own, grid_part(screen, 0, f->h - 1, f->w, 1));
    message_draw(&own, screen);
    if (ui->ascii)
        make_ascii(f);
}

static void clear(struct grid g)
{
    for (int y = 0; y < g.h; y++) {
        struct cell *row = g.frame->cell + (size_t)(g.y + y) * (size_t)g.frame->w + g.x;
        for (int x = 0; x < g.w; x++)
            row[x] = (struct cell){' ', STYLE_NORMAL};
    }
}

static bool is_due(const struct frame *f, int part, const struct model *m)
{
    return f->part_ms[part] <= m->now_ms;
}

static void tick_panes(const struct model *m, const struct ui *ui, struct grid g)
{
    for (int i = 0; panes[i]; i++) {
        const struct slot *s = &g.frame->layout->slot[i];
        if (s->form == SLOT_HIDDEN || !is_due(g.frame, PART_PANES + i, m))
            continue;
        clear(grid_part(g, s->x, s->y, s->w, s->h));
        draw_slot(m, ui, g, i);
    }
}

bool view_tick(struct frame *f, const struct model *m, const struct ui *ui)
{
    struct ui own = *ui;
    own.w = f->w;
    own.h = f->h;
    struct grid screen = frame_grid(f);
    if (f->layout == NULL || ui->help || ui->mode != UI_KEYS || ui->message || f->hits || entry_shown(ui))
        return false;
    if (is_due(f, PART_HEADER, m)) {
        clear(grid_part(screen, 0, 0, f->w, 1));
        draw_header(m, &own, screen);
    }
    if (footer_rows(&own) && is_due(f, PART_FOOTER, m)) {
        clear(grid_part(screen, 0, f->h - 1, f->w, 1));
        draw_footer(m, &own, screen);
    }
    tick_panes(m, &own, middle_of(&own, screen));
    f->next_ms = INT64_MAX;
    for (int i = 0; i < PART_PANES + pane_count(); i++)
        f->next_ms = f->part_ms[i] < f->next_ms ? f->part_ms[i] : f->next_ms;
    if (ui->ascii)
        make_ascii(f);
    return true;
}
