/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A frame as text, for tests that look at the screen. */
#ifndef DAVY_TEST_VIEW_SCREEN_H
#define DAVY_TEST_VIEW_SCREEN_H

#include <stdlib.h>

#include "base/utf8.h"
#include "view/view.h"

struct screen {
    struct arena arena;
    struct frame *frame;
    char *text; /* rows joined by newlines */
};

static inline char *screen_text(struct arena *a, const struct frame *f)
{
    char *text = arena_alloc(a, (size_t)(f->w * 4 + 1) * (size_t)f->h + 1), *at = text;
    for (int y = 0; y < f->h; y++) {
        for (int x = 0; x < f->w; x++) {
            char32_t c = f->cell[y * f->w + x].ch;
            if (c != 0)
                at += utf8_put(at, c);
        }
        *at++ = '\n';
    }
    *at = '\0';
    return text;
}

static inline struct screen screen_draw(const struct model *m, const struct ui *ui, int w, int h)
{
    struct screen s = {.arena = {NULL}};
    s.frame = frame_new(&s.arena, w, h);
    view_draw(s.frame, m, ui);
    s.text = screen_text(&s.arena, s.frame);
    return s;
}

static inline bool screen_has(const struct screen *s, const char *text)
{
    return strstr(s->text, text) != NULL;
}

/* Row y as text, for layouts. */
static inline const char *screen_row(struct screen *s, int y)
{
    struct bytes rest = bytes_of(s->text), line = {0};
    for (int i = 0; i <= y; i++)
        bytes_line(&rest, &line);
    return arena_copy(&s->arena, line);
}

/* The first broken cell: a right half without its left half, or the other way round. -1: none. */
static inline int broken_cell(const struct frame *f)
{
    for (int i = 0; i < f->w * f->h; i++) {
        int x = i % f->w;
        bool wide = f->cell[i].ch != 0 && cell_width(f->cell[i].ch) == 2;
        bool has_right = x + 1 < f->w && f->cell[i + 1].ch == 0;
        bool has_left = x > 0 && f->cell[i - 1].ch != 0 && cell_width(f->cell[i - 1].ch) == 2;
        if (wide != has_right || (f->cell[i].ch == 0 && !has_left))
            return i;
    }
    return -1;
}

#endif
