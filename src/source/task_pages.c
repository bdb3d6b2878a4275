/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/task_pages.h"

#include <math.h>

static struct task_line read_row(struct task_pages *t, struct arena *a, const struct marks *m, int fd, int64_t place,
                                 int64_t now_ms)
{
    size_t k = marks_of_row(m, place);
    const struct piece *p = piece_at(&t->pieces, m, k, fd);
    size_t i = (size_t)(place - marks_at(m, k).rows);
    if (p == NULL || i >= p->count)
        return (struct task_line){.score = NAN};
    return task_piece_line(a, p, i, piece_base(p, m, k), now_ms);
}

const struct task_page *task_pages_read(struct task_pages *t, const struct marks *m, int fd, const struct history *h,
                                        int64_t now_ms)
{
    int64_t total = m->end.rows, first = t->first < total ? t->first : total;
    t->live = !t->live;
    struct arena *a = &t->arena[t->live];
    arena_reset(a);
    struct task_page *page = arena_alloc(a, sizeof *page);
    struct task_line *row = arena_array(a, (size_t)t->count, sizeof *row);
    *page = (struct task_page){.total = total, .first = first, .row = row};
    for (int64_t r = first; r < total && r - first < t->count; r++)
        row[page->count++] = read_row(t, a, m, fd, total - 1 - r, now_ms);
    for (size_t i = 0; i < page->count; i++)
        row[i].replaced = row[i].replaced || (row[i].llm != NULL && piece_replaced(h, row[i].t_ms, row[i].line));
    return total > 0 ? page : NULL;
}

/* The last piece that begins no later: a dozen looks in a gigabyte. */
static size_t piece_before(struct task_pages *t, const struct marks *m, int fd, int64_t t_ms)
{
    size_t low = 0, high = m->count + 1;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        const struct piece *p = piece_at(&t->pieces, m, middle, fd);
        if (p != NULL && p->count > 0 && p->row[0].t_ms <= t_ms)
            low = middle;
        else
            high = middle;
    }
    return low;
}

int64_t task_pages_at(struct task_pages *t, const struct marks *m, int fd, int64_t t_ms)
{
    size_t k = piece_before(t, m, fd, t_ms);
    const struct piece *p = piece_at(&t->pieces, m, k, fd);
    int64_t place = marks_at(m, k).rows;
    for (size_t i = p != NULL ? p->count : 0; i-- > 0;)
        if (p->row[i].t_ms <= t_ms) {
            place += (int64_t)i;
            break;
        }
    return m->end.rows > place ? m->end.rows - 1 - place : 0;
}

void task_pages_forget(struct task_pages *t)
{
    pieces_forget(&t->pieces);
}

void task_pages_release(struct task_pages *t)
{
    task_pages_forget(t);
    arena_release(&t->record_arena[0]);
    arena_release(&t->record_arena[1]);
    arena_release(&t->arena[0]);
    arena_release(&t->arena[1]);
}
