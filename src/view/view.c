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

static void draw_panes(const struct model *m, const struct ui *ui, struct grid g)
{
    struct layout l;
    layout_make(&l, m, ui, g.w, g.h);
    for (int i = 0; panes[i]; i++) {
        const struct slot *s = &l.slot[i];
        struct grid part = grid_part(g, s->x, s->y, s->w, s->h);
        if (s->form != SLOT_HIDDEN)
            hits_note(part, HIT_PANE, i);
        if (s->form == SLOT_LINE) /* its title stands under those of the boxes */
            pane_line(m, ui, i, l.boxed ? grid_part(part, 3, 0, part.w - 5, 1) : part);
        if (s->form == SLOT_OPEN)
            draw_pane(m, ui, i, pane_frame(m, ui, i, part, l.boxed));
    }
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
    int footer = footer_rows(ui);
    struct grid middle = grid_part(g, 0, 1, g.w, g.h - 1 - footer);
    header_draw(m, ui, grid_part(g, 0, 0, g.w, 1));
    if (ui->zoom)
        draw_zoomed(m, ui, middle);
    else if (empty_wanted(m))
        empty_draw(m, middle);
    else
        draw_panes(m, ui, middle);
    if (footer)
        footer_draw(m, ui, grid_part(g, 0, g.h - 1, g.w, 1));
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
