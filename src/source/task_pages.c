/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/task_pages.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Without memory for it the row cannot be shown: llm NULL. */
static void take(void *ctx, const struct history *h, const struct record *r)
{
    struct piece *p = ctx;
    (void)h;
    if (p->count == p->cap) {
        size_t cap = p->cap ? p->cap * 2 : 256;
        struct record *grown = realloc(p->row, cap * sizeof *grown);
        if (grown == NULL)
            return;
        p->row = grown;
        p->cap = cap;
    }
    p->row[p->count++] = *r;
}

static int by_line(const void *left, const void *right)
{
    const struct record *a = left, *b = right;
    return a->line < b->line ? -1 : a->line > b->line;
}

static void clear(struct piece *p)
{
    history_free(p->names);
    free(p->row);
    *p = (struct piece){0};
}

static void fill(struct piece *p, int fd)
{
    size_t len = p->end - p->from < PIECE_MOST ? (size_t)(p->end - p->from) : PIECE_MOST;
    char *block = malloc(len);
    ssize_t n = block != NULL ? pread(fd, block, len, (off_t)p->from) : 0;
    p->names = history_new(NULL);
    history_visit(p->names, take, p);
    if (n > 0)
        history_feed(p->names, (struct bytes){block, (size_t)n});
    history_finish(p->names);
    free(block);
    if (p->count > 0)
        qsort(p->row, p->count, sizeof *p->row, by_line);
}

static struct piece *piece_of(struct task_pages *t, int64_t from, int64_t end, int fd)
{
    struct piece *oldest = &t->piece[0];
    for (int i = 0; i < PIECES; i++) {
        struct piece *p = &t->piece[i];
        if (p->end == end && p->from == from && end > 0) {
            p->used = ++t->clock;
            return p;
        }
        oldest = p->used < oldest->used ? p : oldest;
    }
    clear(oldest);
    oldest->from = from;
    oldest->end = end;
    oldest->used = ++t->clock;
    fill(oldest, fd);
    return oldest;
}

bool task_pages_last(struct task_pages *t, struct mark from, struct mark end, int fd, uint64_t *line)
{
    const struct piece *p = piece_of(t, from.offset, end.offset, fd);
    *line = p->count > 0 ? p->row[p->count - 1].line : 0;
    return p->count > 0;
}

static struct task_line line_of(struct arena *a, const struct piece *p, size_t i, uint64_t base, int64_t now_ms)
{
    const struct record *r = &p->row[i];
    bool future = r->kind != RECORD_SYNTHETIC && r->t_ms > now_ms + HISTORY_SKEW_MS;
    return (struct task_line){.t_ms = r->t_ms,
                              .score = r->score,
                              .tokens = r->tokens,
                              .llm = arena_copy(a, bytes_of(history_name(p->names, r->llm))),
                              .strategy = arena_copy(a, bytes_of(history_name(p->names, r->strategy))),
                              .subnet = r->subnet,
                              .kind = future ? RECORD_FUTURE : (enum record_kind)r->kind,
                              .line = base + r->line};
}

static struct task_line read_row(struct task_pages *t, struct arena *a, const struct marks *m, int fd, int64_t place,
                                 int64_t now_ms)
{
    size_t k = marks_of_row(m, place);
    struct mark from = marks_at(m, k), end = marks_next(m, k);
    struct piece *p = fd >= 0 && end.offset > from.offset ? piece_of(t, from.offset, end.offset, fd) : NULL;
    size_t i = (size_t)(place - from.rows);
    if (p == NULL || i >= p->count)
        return (struct task_line){.score = NAN};
    return line_of(a, p, i, end.line - 1 - p->row[p->count - 1].line, now_ms);
}

const struct task_page *task_pages_read(struct task_pages *t, const struct marks *m, int fd, int64_t now_ms)
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
    return total > 0 ? page : NULL;
}

static struct piece *piece_at(struct task_pages *t, const struct marks *m, size_t k, int fd)
{
    struct mark from = marks_at(m, k), end = marks_next(m, k);
    return fd >= 0 && end.offset > from.offset ? piece_of(t, from.offset, end.offset, fd) : NULL;
}

/* The last piece that begins no later: a dozen looks in a gigabyte. */
static size_t piece_before(struct task_pages *t, const struct marks *m, int fd, int64_t t_ms)
{
    size_t low = 0, high = m->count + 1;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        const struct piece *p = piece_at(t, m, middle, fd);
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
    const struct piece *p = piece_at(t, m, k, fd);
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
    for (int i = 0; i < PIECES; i++)
        clear(&t->piece[i]);
}

void task_pages_release(struct task_pages *t)
{
    task_pages_forget(t);
    arena_release(&t->record_arena[0]);
    arena_release(&t->record_arena[1]);
    arena_release(&t->arena[0]);
    arena_release(&t->arena[1]);
}
