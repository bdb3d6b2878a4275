/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is shown, as text that one can hand on: without frames, colours and blanks at the ends. */
#include "base/timetext.h"
#include "base/utf8.h"
#include "view/pane.h"

enum { COPY_ROWS = 2000 };

const char *alert_text(struct arena *a, const struct alert *x)
{
    char time[TIME_TEXT];
    const char *text = arena_text(a, "%s %s\n", severity_mark(x->severity), x->what), *measure = alert_measure(a, x);
    if (x->since_ms != NOT_KNOWN)
        text = arena_text(a, "%ssince %s UTC\n", text, time_minute(time, x->since_ms));
    if (measure[0])
        text = arena_text(a, "%s%s\n", text, measure);
    if (x->why[0])
        text = arena_text(a, "%s%s\n", text, x->why);
    for (int i = 0; i < ALERT_DO && x->todo[i]; i++)
        text = arena_text(a, "%sdo: %s\n", text, x->todo[i]);
    return text;
}

static char *put_row(char *at, const struct cell *row, int w)
{
    while (w > 0 && (row[w - 1].ch == ' ' || row[w - 1].ch == 0))
        w--;
    for (int x = 0; x < w; x++)
        at += row[x].ch != 0 ? utf8_put(at, row[x].ch) : 0;
    *at++ = '\n';
    return at;
}

/* Of empty lines one is enough, and none at the end. */
static const char *frame_text(struct arena *a, const struct frame *f)
{
    char *text = arena_alloc(a, ((size_t)f->w * 4 + 1) * (size_t)f->h + 1), *at = text, *end = text;
    for (int y = 0; y < f->h; y++) {
        char *next = put_row(at, f->cell + (size_t)y * (size_t)f->w, f->w);
        bool empty = next == at + 1;
        if (!empty || at == end)
            at = next;
        end = empty ? end : at;
    }
    *end = '\0';
    return text;
}

/* The pane as if the screen were high enough for all of it. */
static const char *pane_text(struct arena *a, const struct model *m, const struct ui *ui)
{
    struct ui whole = *ui;
    const struct pane *p = panes[ui->focus];
    whole.zoom = true;
    whole.w = ui->w > 24 ? ui->w : 80;
    whole.h = ui->h;
    int rows = ui->h + (p->rows ? p->rows(m, &whole) : 0);
    struct frame *f = frame_new(a, whole.w, rows < COPY_ROWS ? rows : COPY_ROWS);
    whole.h = f->h;
    p->draw(m, &whole, frame_grid(f));
    return frame_text(a, f);
}

const char *view_copy(struct arena *a, const struct model *m, const struct ui *ui)
{
    const struct pane *p = panes[ui->focus];
    const char *row = p->copy ? p->copy(a, m, ui) : NULL;
    return row ? row : pane_text(a, m, ui);
}
