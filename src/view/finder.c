/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/finder.h"

#include "base/utf8.h"
#include "view/hits.h"
#include "view/pane.h"

#include <string.h>

enum { WIDTH = 96, ROWS = 14, NAME_CELLS = 17, IN_HELP = 1, HELP_LETTERS = 3 };

const char *finder_argument(const char *typed)
{
    const char *space = strchr(typed, ' ');
    return space != NULL ? space + strspn(space, " ") : "";
}

static void insert(struct finds *f, struct find x)
{
    int at = f->count < FINDS ? f->count++ : FINDS - 1;
    for (; at > 0 && f->row[at - 1].score < x.score; at--)
        f->row[at] = f->row[at - 1];
    f->row[at] = x;
}

/* A name that the letters fit beats a help line with that word in it, however badly they fit. */
void finder_look(struct finds *out, const struct ui *ui)
{
    size_t len = strcspn(ui->entry.text, " ");
    char word[ENTRY_MOST];
    memcpy(word, ui->entry.text, len);
    word[len] = '\0';
    struct needle needle = needle_of(word);
    out->count = 0;
    for (int i = 0; i < ui->hint_count; i++) {
        struct find x = {.hint = i};
        const struct key_hint *h = &ui->hint[i];
        const char *name = h->id != NULL ? h->id : h->name;
        int score = fuzzy_score(name, word, len, &x.mark);
        x.score = score <= 0 ? IN_HELP : 100 + 4 * score - (int)strlen(name); /* of two that fit: the shorter one */
        if (score >= 0 || (len >= HELP_LETTERS && needle_in(&needle, h->help)))
            insert(out, x);
    }
}

static void draw_name(struct grid g, int y, const char *name, uint32_t mark, bool picked)
{
    for (int i = 0; name[i] != '\0' && i < NAME_CELLS; i++) {
        enum style plain = picked ? STYLE_STRONG : STYLE_NORMAL;
        grid_put(g, 2 + i, y, mark >> i & 1 ? STYLE_KEY : plain, (char32_t)name[i]);
    }
}

/* "> range-shorter   a shorter time in charts, ...            [" */
static void draw_row(struct grid g, int y, const struct key_hint *h, const struct find *x, int place, bool picked)
{
    int keys = text_width(h->key), at = 2 + NAME_CELLS + 1, right = g.w - keys - 2;
    hits_note(grid_part(g, 0, y, g.w, 1), HIT_FIND, place);
    if (picked)
        grid_put(g, 0, y, STYLE_SELECT, GLYPH_POINT);
    draw_name(g, y, h->id != NULL ? h->id : h->name, x->mark, picked);
    if (keys > 0 && right > at)
        grid_text_right(g, g.w, y, STYLE_KEY, h->key);
    if (h->takes != NULL && right - at > 30)
        at = grid_text(g, at, y, STYLE_ACCENT, h->takes) + 1;
    if (right - at > 8)
        grid_text_cut(g, at, y, right - at, STYLE_DIM, h->help);
}

void finder_draw(const struct ui *ui, struct grid screen)
{
    struct finds f;
    finder_look(&f, ui);
    int w = screen.w > WIDTH + 4 ? WIDTH : screen.w, most = screen.h - 3 < ROWS ? screen.h - 3 : ROWS;
    int rows = f.count < most ? f.count : most, pick = ui->entry.pick < f.count ? ui->entry.pick : f.count - 1;
    int first = pick >= rows ? pick - rows + 1 : 0;
    rows = rows < 1 ? 1 : rows;
    struct grid box = grid_part(screen, (screen.w - w) / 2, screen.h - 3 - rows, w, rows + 2);
    grid_fill(box, 0, 0, box.w, box.h, STYLE_NORMAL, ' ');
    const char *title = arena_text(screen.frame->arena, "Commands %d of %d", f.count, ui->hint_count);
    struct grid g = frame_box(box, STYLE_FRAME_FOCUS, title, STYLE_TITLE_FOCUS);
    if (f.count == 0)
        grid_text_cut(g, 0, 0, g.w, STYLE_STALE, "no action is called so");
    for (int y = 0; y < rows && first + y < f.count; y++)
        draw_row(g, y, &ui->hint[f.row[first + y].hint], &f.row[first + y], first + y, first + y == pick);
}
