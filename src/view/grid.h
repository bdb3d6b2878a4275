/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cells. A grid is a window onto a frame's cells, by value: a pane draws at (0,0) and cannot draw outside itself. All
 * text must be safe (text_safe); a wide character that would be cut in half is left out. */
#ifndef DAVY_VIEW_GRID_H
#define DAVY_VIEW_GRID_H

#include "base/arena.h"
#include "view/style.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uchar.h>

struct cell {
    char32_t ch;   /* 0: right half of a wide character */
    uint8_t style; /* enum style */
};
struct hits;
struct layout;
enum { FRAME_PARTS = 16 };
struct frame { /* the whole screen of one moment */
    int w, h;
    struct cell *cell;            /* h rows of w */
    int64_t next_ms;              /* earliest moment at which visible text changes by itself; INT64_MAX: never */
    const struct layout *layout;  /* of parts that can be drawn one by one later: view_tick(); NULL: they cannot */
    int64_t part_ms[FRAME_PARTS]; /* next_ms of each */
    struct hits *hits;            /* what stands where, see hits.h; NULL: nobody asks */
    struct arena *arena;          /* the frame's own; for text that is put together while drawing */
};
struct grid {
    struct frame *frame;
    int x, y, w, h;
};

struct frame *frame_new(struct arena *a, int w, int h); /* blanks; w and h at least 1 */
struct grid frame_grid(struct frame *f);
struct grid grid_part(struct grid g, int x, int y, int w, int h); /* clipped to g */

char32_t grid_at(struct grid g, int x, int y); /* what stands there; 0 outside */

/* All return the column behind what was written. */
int grid_put(struct grid g, int x, int y, enum style s, char32_t c);
int grid_text(struct grid g, int x, int y, enum style s, const char *text);
int grid_textf(struct grid g, int x, int y, enum style s, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
int grid_text_right(struct grid g, int right, int y, enum style s, const char *text); /* ends before column right */
int grid_text_cut(struct grid g, int x, int y, int width, enum style s, const char *text); /* ellipsis when too long */
/* The same for names, which differ at their ends: the ellipsis stands in the middle. */
int grid_text_mid(struct grid g, int x, int y, int width, enum style s, const char *text);
int grid_wrap(struct grid g, int x, int y, int width, int max_rows, enum style s,
              const char *text);            /* returns rows used */
int text_rows(const char *text, int width); /* how many rows grid_wrap would need */
/* As vsnprintf, but a text that is too long ends with a whole character. false: nothing came out. */
bool text_format(char *out, size_t size, const char *format, va_list list) __attribute__((format(printf, 3, 0)));
void grid_fill(struct grid g, int x, int y, int w, int h, enum style s, char32_t c);

/* Text that changes by itself: notes in frame.next_ms when. at_ms/to_ms: the moment the age or countdown refers to. */
const char *grid_age(struct grid g, char out[32], int64_t now_ms, int64_t at_ms);
const char *grid_ago(struct grid g, char out[32], int64_t now_ms, int64_t at_ms); /* "just now", "12s ago" */
const char *grid_countdown(struct grid g, char out[32], int64_t now_ms, int64_t to_ms);
void grid_wake(struct grid g, int64_t at_ms); /* something else changes at that moment */

#endif
