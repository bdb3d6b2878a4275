/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A new line of a log moves all the others: the terminal moves them itself, for 20 bytes. Only rows of the whole width can be
 * moved, and need not match in every cell: what differs afterwards is painted. */
#include "sink/paint.h"

#include <string.h>

enum { FARTHEST = 3, OVERHEAD = 24, WORTH_A_LOOK = 60 };

struct move { /* the rows from..to take what stood step rows above (or below, step < 0) */
    int from, to, step;
    int gain; /* cells that need not be painted */
};

static const struct cell *row_of(const struct painter *p, const struct cell *cells, int y)
{
    return cells + (size_t)y * (size_t)p->w;
}

static int differences(const struct painter *p, int y, int shown)
{
    const struct cell *a = row_of(p, p->next, y), *b = row_of(p, p->shown, shown);
    int n = 0;
    for (int x = 0; x < p->w; x++)
        n += a[x].ch != b[x].ch || a[x].style != b[x].style;
    return n;
}

static int filled(const struct painter *p, int y)
{
    const struct cell *row = row_of(p, p->next, y);
    int n = 0;
    for (int x = 0; x < p->w; x++)
        n += row[x].ch != ' ' || row[x].style != 0;
    return n;
}

/* Of the rows that come in blank: what it costs to paint them, instead of what they lack now. */
static int price(const struct painter *p, const struct move *m)
{
    int cells = OVERHEAD, distance = m->step < 0 ? -m->step : m->step;
    int first = m->step > 0 ? m->from - distance : m->to + 1;
    for (int y = first; y < first + distance; y++)
        cells += filled(p, y) - differences(p, y, y);
    return cells;
}

/* The best run of rows for one step: the largest sum of neighbours. */
static struct move best_run(const struct painter *p, int step)
{
    int begin = step > 0 ? step : 0, end = step > 0 ? p->h : p->h + step;
    struct move best = {.step = step}, run = {.from = begin, .step = step};
    for (int y = begin; y < end; y++) {
        run.gain += differences(p, y, y) - differences(p, y, y - step);
        run.to = y;
        if (run.gain <= 0)
            run = (struct move){.from = y + 1, .step = step};
        else if (run.gain > best.gain)
            best = run;
    }
    if (best.gain > 0)
        best.gain -= price(p, &best);
    return best;
}

static void blank(struct painter *p, int y)
{
    struct cell *row = p->shown + (size_t)y * (size_t)p->w;
    for (int x = 0; x < p->w; x++)
        row[x] = (struct cell){' ', 0};
}

static void carry(struct painter *p, const struct move *m)
{
    size_t bytes = (size_t)p->w * sizeof *p->shown, count = (size_t)(m->to - m->from + 1);
    int distance = m->step < 0 ? -m->step : m->step;
    memmove(p->shown + (size_t)m->from * (size_t)p->w, p->shown + (size_t)(m->from - m->step) * (size_t)p->w,
            count * bytes);
    for (int i = 0; i < distance; i++)
        blank(p, m->step > 0 ? m->from - 1 - i : m->to + 1 + i);
}

static void move(struct painter *p, const struct move *m)
{
    int top = m->step > 0 ? m->from - m->step : m->from, bottom = m->step > 0 ? m->to : m->to - m->step;
    if (p->now < 0 || p->pen[p->now].bg >= 0)
        pen_take(p, 0); /* what comes in has the ground of the pen */
    paint_text(p, "\033[%d;%dr\033[%d%c\033[r", top + 1, bottom + 1, m->step > 0 ? m->step : -m->step,
               m->step > 0 ? 'T' : 'S');
    p->x = p->y = 0; /* setting the region sends the cursor home */
    carry(p, m);
    memset(p->same + top, 0, (size_t)(bottom - top + 1));
}

void paint_scroll(struct painter *p)
{
    struct move best = {.gain = 0};
    int differ = 0;
    for (int y = 0; y < p->h; y++)
        differ += p->same[y] ? 0 : differences(p, y, y);
    for (int step = -FARTHEST; step <= FARTHEST && differ >= WORTH_A_LOOK; step++) {
        struct move m = step != 0 && step < p->h && -step < p->h ? best_run(p, step) : best;
        if (m.gain > best.gain)
            best = m;
    }
    if (best.gain > 0)
        move(p, &best);
}
