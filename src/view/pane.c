/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/pane.h"

#include "base/timetext.h"
#include "base/utf8.h"
#include "view/hits.h"
#include "view/layout.h"
#include "view/parts.h"

#include <math.h>
#include <string.h>

enum { FLOW_EDGE = 2 }; /* cells at the right of a page: where the marks stand that say there is more */

static int pane_index(const struct pane *p)
{
    int i = 0;
    while (panes[i] != NULL && panes[i] != p)
        i++;
    return panes[i] != NULL ? i : -1;
}

bool pane_focused(const struct ui *ui, const struct pane *p)
{
    return ui->focus == pane_index(p);
}

bool pane_zoomed(const struct ui *ui, const struct pane *p)
{
    return ui->zoom && pane_focused(ui, p);
}

int footer_rows(const struct ui *ui)
{
    return ui->h >= 14 || ui->message || entry_shown(ui) ? 1 : 0;
}

struct zoom_size zoom_size(const struct ui *ui)
{
    bool boxed = layout_is_boxed(ui->w, ui->h);
    struct zoom_size size = {ui->w - layout_side_cells(boxed), ui->h - 1 - footer_rows(ui) - layout_frame_rows(boxed)};
    return (struct zoom_size){size.w < 1 ? 1 : size.w, size.h < 1 ? 1 : size.h};
}

/* Where a list begins that is too long: by half pages, which changes few cells. Of a few rows that would be every second move:
 * those turn whole pages, with a row in common. */
static int first_row(int cursor, int h)
{
    enum { FEW = 8 };
    int half = h / 2 > 1 ? h / 2 : 1, page = h > 1 ? h - 1 : 1;
    if (h < FEW)
        return cursor / page * page;
    int first = cursor / half * half - (half + 1) / 2;
    return first <= cursor - h ? cursor - h + 1 : first;
}

struct list list_view(const struct ui *ui, const struct pane *p, int count, int h)
{
    int cursor = ui->cursor[pane_index(p)];
    cursor = cursor >= count ? count - 1 : cursor;
    cursor = cursor < 0 ? 0 : cursor;
    int first = first_row(cursor, h);
    if (first + h > count)
        first = count - h;
    return (struct list){first < 0 ? 0 : first, pane_focused(ui, p) ? cursor : -1};
}

void list_more(struct grid g, bool above, bool below)
{
    if (above && g.h > 1 && grid_at(g, 0, 0) == ' ')
        grid_put(g, 0, 0, STYLE_DIM, GLYPH_UP);
    if (below && grid_at(g, 0, g.h - 1) == ' ')
        grid_put(g, 0, g.h - 1, STYLE_DIM, GLYPH_DOWN);
}

void list_mark(struct grid g, int y, const struct list *l, int item)
{
    hits_note(grid_part(g, 0, y, g.w, 1), HIT_ROW, item);
    if (item == l->cursor)
        grid_put(g, 0, y, STYLE_SELECT, GLYPH_POINT);
}

struct flow flow_of(struct grid g, const struct ui *ui, const struct pane *p, int total)
{
    int most = total > g.h ? total - g.h : 0, at = ui->cursor[pane_index(p)];
    at = at < 0 ? 0 : at > most ? most : at;
    if (at > 0)
        grid_put(g, g.w - 1, 0, STYLE_SELECT, GLYPH_UP);
    if (at < most)
        grid_put(g, g.w - 1, g.h - 1, STYLE_SELECT, GLYPH_DOWN);
    return (struct flow){grid_part(g, 0, 0, g.w - FLOW_EDGE, g.h), g.w - FLOW_EDGE, at, 0};
}

struct grid flow_row(struct flow *f)
{
    struct grid row = grid_part(f->g, 0, f->line - f->first, f->g.w, 1);
    f->line++;
    return row;
}

void flow_head(struct flow *f, const char *title)
{
    if (f->line > 0)
        flow_row(f);
    grid_text_cut(flow_row(f), 0, 0, f->w, STYLE_TITLE, title);
}

void flow_wrap(struct flow *f, int indent, enum style s, const char *text)
{
    int rows = text_rows(text, f->w - indent), y = f->line - f->first;
    struct grid below = grid_part(f->g, 0, y < 0 ? 0 : y, f->g.w, f->g.h);
    /* Rows above the top edge: draw them into a grid that starts higher and is clipped. */
    if (y >= 0)
        grid_wrap(below, indent, 0, f->w - indent, rows, s, text);
    else
        grid_wrap(f->g, indent, y, f->w - indent, rows, s, text);
    f->line += rows;
}

void flow_wrapf(struct flow *f, int indent, enum style s, const char *format, ...)
{
    char text[1024];
    va_list list;
    va_start(list, format);
    if (text_format(text, sizeof text, format, list))
        flow_wrap(f, indent, s, text);
    va_end(list);
}

int flow_count(const struct model *m, const struct ui *ui,
               void (*page)(const struct model *, const struct ui *, struct flow *))
{
    struct flow f = {.w = zoom_size(ui).w - FLOW_EDGE};
    page(m, ui, &f);
    return f.line;
}

int flow_stops(const struct ui *ui, int total, int above)
{
    int rows = zoom_size(ui).h - above;
    return total > rows ? total - rows + 1 : 1;
}

const char *origin_path(const struct model *m, const struct origin *o)
{
    size_t length = m->rig_dir ? strlen(m->rig_dir) : 0;
    if (!o->path)
        return o->key ? o->key : "";
    if (length > 0 && strncmp(o->path, m->rig_dir, length) == 0 && o->path[length] == '/')
        return o->path + length + 1;
    return o->path;
}

bool origin_read(const struct origin *o)
{
    return o->read_ms != NOT_KNOWN;
}

const char *waiting_line(struct arena *a, const struct model *m, enum doc_id d)
{
    const struct origin *o = &m->origin[d];
    if (o->state == ORIGIN_INVALID && o->error)
        return o->error;
    return arena_text(a, "waiting for %s", origin_path(m, o));
}

void draw_waiting(struct grid g, const struct model *m, enum doc_id d)
{
    const struct origin *o = &m->origin[d];
    if (!g.frame)
        return;
    if (o->state == ORIGIN_INVALID) /* the frame's last row says why */
        grid_wrap(g, 0, 0, g.w, 2, STYLE_STALE,
                  arena_text(g.frame->arena, "nothing usable in %s yet", origin_path(m, o)));
    else
        grid_wrap(g, 0, 0, g.w, 2, STYLE_STALE, waiting_line(g.frame->arena, m, d));
}

enum style severity_style(enum severity s)
{
    static const uint8_t styles[] = {
        [SEVERITY_OK] = STYLE_GOOD,
        [SEVERITY_INFO] = STYLE_INFO,
        [SEVERITY_WARNING] = STYLE_WARN,
        [SEVERITY_CRITICAL] = STYLE_BAD,
    };
    return styles[s];
}

enum style severity_badge(enum severity s)
{
    static const uint8_t styles[] = {
        [SEVERITY_OK] = STYLE_GOOD_BADGE,
        [SEVERITY_INFO] = STYLE_INFO,
        [SEVERITY_WARNING] = STYLE_WARN_BADGE,
        [SEVERITY_CRITICAL] = STYLE_BAD_BADGE,
    };
    return styles[s];
}

int draw_badge(struct grid g, int x, int y, enum severity s)
{
    return grid_textf(g, x, y, severity_badge(s), " %s ", severity_mark(s));
}

/* Below one percent nothing moved (rig-files 4.3). */
static int delta_sign(double fraction)
{
    return isnan(fraction) || fabs(fraction) < 0.01 ? 0 : fraction > 0 ? 1 : -1;
}

char32_t delta_glyph(double fraction)
{
    int sign = delta_sign(fraction);
    return sign > 0 ? GLYPH_UP : sign < 0 ? GLYPH_DOWN : GLYPH_POINT;
}

enum style delta_style(double fraction)
{
    int sign = delta_sign(fraction);
    return sign > 0 ? STYLE_GOOD : sign < 0 ? STYLE_WARN : STYLE_DIM;
}

const char *glyph_text(char out[8], char32_t c)
{
    char bytes[4];
    size_t length = utf8_put(bytes, c);
    memcpy(out, bytes, length);
    out[length] = '\0';
    return out;
}

enum graph_form graph_form(const struct ui *ui)
{
    return ui->ascii ? GRAPH_ASCII : ui->graph;
}
