/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/shown.h"

#include "base/needle.h"
#include "view/pane.h"

const char *shown_filter(const struct ui *ui, const struct pane *p)
{
    return p->list ? ui->filter[pane_by_name(p->name)] : "";
}

void shown_of(struct shown *s, const struct model *m, const struct ui *ui, const struct pane *p)
{
    struct needle none = {.len = 0}, n = needle_of(shown_filter(ui, p));
    s->every = n.len == 0;
    s->all = p->list(m, ui, &none, NULL, 0);
    s->count = s->every ? s->all : p->list(m, ui, &n, s->row, SHOWN_MOST);
    s->count = !s->every && s->count > SHOWN_MOST ? SHOWN_MOST : s->count;
}

int shown_row(const struct shown *s, int i)
{
    return s->every ? i : s->row[i];
}

static struct cell *cell_of(struct grid g, int x, int y)
{
    return g.frame->cell + (size_t)(g.y + y) * (size_t)g.frame->w + (size_t)(g.x + x);
}

/* How many cells from x on hold the needle; 0: they do not. */
static int found_cells(struct grid g, int x, int y, const struct needle *n)
{
    int at = x;
    for (int i = 0; i < n->len; i++) {
        char32_t c = at < g.w ? cell_of(g, at, y)->ch : 0;
        if (c == 0 || (c != n->ch[i] && (n->exact || needle_fold(c) != n->ch[i])))
            return 0;
        at += at + 1 < g.w && cell_of(g, at + 1, y)->ch == 0 ? 2 : 1;
    }
    return at - x;
}

void shown_mark(const struct ui *ui, const struct pane *p, struct grid g)
{
    struct needle n = needle_of(shown_filter(ui, p));
    for (int y = 0; n.len > 0 && y < g.h; y++) {
        for (int x = 0; x < g.w; x++) {
            int cells = found_cells(g, x, y, &n);
            for (int i = 0; i < cells; i++)
                cell_of(g, x + i, y)->style = STYLE_ACCENT;
            x += cells > 0 ? cells - 1 : 0;
        }
    }
}

void draw_none(struct grid g, const struct ui *ui, const struct pane *p, const char *what)
{
    if (g.frame)
        grid_text_cut(g, 0, 0, g.w, STYLE_STALE,
                      arena_text(g.frame->arena, "no %s with /%s; Esc shows all", what, shown_filter(ui, p)));
}
