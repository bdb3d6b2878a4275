/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/ask.h"

#include "base/timetext.h"
#include "base/utf8.h"
#include "view/pane.h"
#include "view/parts.h"

#include <string.h>

enum { WIDTH = 76, LABEL = 8, ROWS = 16, LEAST_WIDTH = 16, MUST = 90 };
const char ask_word[] = "force";

struct row {
    const char *label, *text; /* label NULL: the text takes the whole width; text "": a blank row */
    enum style style;
    int rank; /* higher stays longer; from MUST on: without it there is no Yes */
};
struct page {
    struct row row[ROWS];
    int count;
};

static void add(struct page *p, int rank, enum style s, const char *label, const char *text)
{
    if (text && p->count < ROWS)
        p->row[p->count++] = (struct row){label, text, s, rank};
}

/* ---- what it says ---- */

static int64_t window_left_ms(const struct model *m)
{
    return m->auction->has_window ? m->auction->window_end_ms - m->now_ms : NOT_KNOWN;
}

/* g: of the screen, which is told when the countdown turns over. */
static const char *window_text(const struct model *m, struct grid g)
{
    char left[TIME_TEXT];
    if (!m->auction->has_window)
        return "not known: no block was ever seen";
    grid_countdown(g, left, m->now_ms, m->auction->window_end_ms);
    return arena_text(g.frame->arena, "ends in %s%s", m->auction->estimated ? "~" : "", left);
}

static void add_window(struct page *p, const struct model *m, const struct ask *q, struct grid g)
{
    int64_t left = window_left_ms(m);
    bool late = left != NOT_KNOWN && left < ASK_LATE_MS;
    add(p, 85, late ? STYLE_BAD : STYLE_STRONG, "window", window_text(m, g));
    if (late)
        add(p, 84, STYLE_BAD, NULL, q->late);
}

static void add_commands(struct page *p, const struct ask *q)
{
    add(p, 60, STYLE_STRONG, "host", q->host);
    add(p, 70, STYLE_STRONG, "unit", q->unit);
    for (int i = 0; i < q->commands; i++)
        add(p, 100, STYLE_STRONG, i == 0 ? "runs" : "then", q->command[i]);
    add(p, 95, STYLE_NORMAL, "in", q->folder);
    add(p, 30, STYLE_DIM, "from", q->from);
    add(p, 40, STYLE_WARN, NULL, q->note);
}

static void add_refusal(struct page *p, const struct ask *q)
{
    add(p, 100, STYLE_WARN, NULL, q->why);
    add(p, 10, STYLE_NORMAL, NULL, "");
    add(p, 50, STYLE_DIM, NULL, "To set it, in davy.toml:");
    for (int i = 0; i < ASK_LINES; i++)
        add(p, 60, STYLE_STRONG, NULL, q->set[i]);
}

static struct page page_of(const struct model *m, const struct ask *q, struct grid g)
{
    struct page p = {.count = 0};
    if (q->commands == 0) {
        add_refusal(&p, q);
        return p;
    }
    add_commands(&p, q);
    add_window(&p, m, q, g);
    add(&p, 5, STYLE_NORMAL, NULL, "");
    add(&p, 80, STYLE_NORMAL, NULL, q->consequence);
    add(&p, 92, STYLE_WARN, NULL, q->limit);
    return p;
}

/* ---- how it fits ---- */

static int text_x(const struct row *r)
{
    return r->label ? LABEL : 0;
}

static int rows_of(const struct row *r, int w)
{
    int rows = text_rows(r->text, w - text_x(r));
    return rows < 1 ? 1 : rows;
}

static int height(const struct page *p, int w)
{
    int rows = 0;
    for (int i = 0; i < p->count; i++)
        rows += rows_of(&p->row[i], w);
    return rows;
}

/* Takes the least important row out; its rank. */
static int drop_least(struct page *p)
{
    int least = 0;
    for (int i = 1; i < p->count; i++)
        if (p->row[i].rank < p->row[least].rank)
            least = i;
    int rank = p->row[least].rank;
    memmove(&p->row[least], &p->row[least + 1], (size_t)(p->count - least - 1) * sizeof p->row[0]);
    p->count--;
    return rank;
}

/* false: something without which there must be no Yes does not fit. */
static bool squeeze(struct page *p, int w, int h)
{
    bool whole = w >= LEAST_WIDTH;
    while (p->count > 0 && height(p, w) > h)
        whole = drop_least(p) < MUST && whole;
    return whole;
}

/* Cells inside the box for rows of text, and rows below them: the answers, with a blank one above where there is room. */
struct room {
    int w, h, margin, below;
};

static struct room room_of(struct grid screen)
{
    struct room r = {.margin = screen.w >= 44 && screen.h >= 14 ? 2 : 0, .below = screen.h >= 14 ? 2 : 1};
    int w = screen.w - 2 * r.margin;
    r.w = (w > WIDTH + 4 ? WIDTH + 4 : w) - layout_side_cells(true);
    r.h = screen.h - r.margin - layout_frame_rows(true) - r.below;
    return r;
}

bool ask_fits(const struct model *m, const struct ui *ui)
{
    struct arena a = {0};
    struct frame *f = frame_new(&a, ui->w > 0 ? ui->w : 1, ui->h > 0 ? ui->h : 1);
    struct grid screen = frame_grid(f);
    struct page p = page_of(m, &ui->ask, screen);
    struct room r = room_of(screen);
    bool fits = squeeze(&p, r.w, r.h) && r.h > 0;
    arena_release(&a);
    return fits;
}

/* ---- drawing ---- */

static void draw_answers(const struct ask *q, struct grid row, bool fits)
{
    if (q->commands == 0 || !fits) {
        grid_text_cut(row, 0, 0, row.w, STYLE_DIM,
                      q->commands == 0 ? "nothing to run" : "too small to show what would run");
        return;
    }
    if (q->limit) {
        int x = grid_textf(row, 0, 0, STYLE_NORMAL, "type %s and Enter: ", ask_word);
        x = grid_text(row, x, 0, STYLE_STRONG, q->typed);
        grid_put(row, x, 0, STYLE_ACCENT, '_');
        return;
    }
    int x = grid_text(row, 0, 0, q->yes ? STYLE_NORMAL : STYLE_ACCENT, q->yes ? "  No  " : "[ No ]");
    x = grid_text(row, x + 2, 0, q->yes ? STYLE_ACCENT : STYLE_NORMAL, q->yes ? "[ Yes ]" : "  Yes  ");
    if (q->hint)
        grid_text_cut(row, x + 2, 0, row.w - x - 2, STYLE_WARN, q->hint);
}

/* What the keys say now. */
static const char *key_line(const struct ask *q, bool fits)
{
    if (q->commands == 0 || !fits)
        return " Esc back ";
    if (q->limit)
        return " Esc no ";
    return q->yes ? " Enter yes  Esc no " : " y yes  Enter, Esc no ";
}

static void draw_rows(const struct page *p, struct grid g)
{
    for (int i = 0, y = 0; i < p->count; i++) {
        const struct row *r = &p->row[i];
        int rows = rows_of(r, g.w);
        if (r->label)
            grid_text(g, 0, y, STYLE_DIM, r->label);
        grid_wrap(g, text_x(r), y, g.w - text_x(r), rows, r->style, r->text);
        y += rows;
    }
}

void ask_draw(const struct model *m, const struct ui *ui, struct grid screen)
{
    const struct ask *q = &ui->ask;
    struct room r = room_of(screen);
    struct page p = page_of(m, q, screen);
    bool fits = squeeze(&p, r.w, r.h);
    int w = r.w + layout_side_cells(true), h = height(&p, r.w) + r.below + layout_frame_rows(true);
    struct grid box = grid_part(screen, (screen.w - w) / 2, (screen.h - h) / 2, w, h);
    grid_fill(box, 0, 0, w, h, STYLE_NORMAL, ' ');
    view_hide_hints(ui, screen);
    struct grid inside = frame_box(box, STYLE_FRAME_FOCUS, q->title, STYLE_TITLE_FOCUS);
    draw_rows(&p, inside);
    draw_answers(q, grid_part(inside, 0, inside.h - 1, inside.w, 1), fits);
    if (h > 2)
        grid_text_cut(box, 2, h - 1, w - 4, STYLE_DIM, key_line(q, fits));
}
