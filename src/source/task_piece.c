/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/task_piece.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <unistd.h>

/* Room for one more; false: without memory for it the row cannot be shown. */
static bool room(void **array, size_t count, size_t *cap, size_t size)
{
    if (count < *cap)
        return true;
    size_t more = *cap ? *cap * 2 : 1024;
    void *grown = realloc(*array, more * size);
    if (grown == NULL)
        return false;
    *array = grown;
    *cap = more;
    return true;
}

static void take(void *ctx, const struct history *h, const struct record *r)
{
    struct piece *p = ctx;
    void *row = p->row;
    (void)h;
    if (room(&row, p->count, &p->cap, sizeof *p->row))
        (p->row = row)[p->count++] = *r;
}

/* In the order of the file, one for each row. */
static void take_id(void *ctx, uint64_t line, struct bytes task_id)
{
    struct piece *p = ctx;
    void *id = (void *)p->id;
    (void)line;
    if (room(&id, p->id_count, &p->id_cap, sizeof *p->id))
        (p->id = id)[p->id_count++] = text_safe(&p->ids, task_id, 0);
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
    free((void *)p->id);
    arena_release(&p->ids);
    *p = (struct piece){0};
}

struct bytes piece_bytes(struct mark from, struct mark end, int fd)
{
    size_t len = (size_t)(end.offset - from.offset), most = len > 2 * PIECE_MOST ? PIECE_MOST : len;
    char *block = malloc(len > most ? 2 * most : len);
    ssize_t n = block != NULL ? pread(fd, block, most, (off_t)from.offset) : 0;
    /* What is left out lies within one line, of which so much is left that it still is too long to be one. */
    ssize_t more = n > 0 && len > most ? pread(fd, block + n, most, (off_t)(end.offset - (int64_t)most)) : 0;
    if (n > 0)
        return (struct bytes){block, (size_t)(n + (more > 0 ? more : 0))};
    free(block);
    return (struct bytes){NULL, 0};
}

static void fill(struct piece *p, struct mark from, struct mark end, int fd)
{
    struct bytes block = piece_bytes(from, end, fd);
    p->names = history_new(NULL);
    history_visit(p->names, take, p);
    history_texts(p->names, take_id, p);
    if (block.len > 0)
        history_feed(p->names, block);
    history_finish(p->names);
    free((void *)(uintptr_t)block.at);
    if (p->count > 0)
        qsort(p->row, p->count, sizeof *p->row, by_line);
    if (p->id_count < p->count)
        p->count = p->id_count;
}

static struct piece *piece_of(struct pieces *t, struct mark from, struct mark end, int fd)
{
    struct piece *oldest = &t->piece[0];
    for (int i = 0; i < PIECES; i++) {
        struct piece *p = &t->piece[i];
        if (p->end == end.offset && p->from == from.offset) {
            p->used = ++t->clock;
            return p;
        }
        oldest = p->used < oldest->used ? p : oldest;
    }
    clear(oldest);
    oldest->from = from.offset;
    oldest->end = end.offset;
    oldest->used = ++t->clock;
    fill(oldest, from, end, fd);
    return oldest;
}

const struct piece *piece_at(struct pieces *p, const struct marks *m, size_t k, int fd)
{
    struct mark from = marks_at(m, k), end = marks_next(m, k);
    return fd >= 0 && end.offset > from.offset ? piece_of(p, from, end, fd) : NULL;
}

uint64_t piece_base(const struct piece *p, const struct marks *m, size_t k)
{
    return marks_next(m, k).line - 1 - (p->count > 0 ? p->row[p->count - 1].line : 0);
}

struct task_line task_piece_line(struct arena *a, const struct piece *p, size_t i, uint64_t base, int64_t now_ms)
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
                              .replaced = r->replaced != 0,
                              .line = base + r->line};
}

static int by_time(const struct record *r, int64_t t_ms, uint64_t line)
{
    if (r->t_ms != t_ms)
        return r->t_ms < t_ms ? -1 : 1;
    return r->line < line ? -1 : r->line > line;
}

bool piece_replaced(const struct history *h, int64_t t_ms, uint64_t line)
{
    const struct record *r = h != NULL ? history_records(h) : NULL;
    size_t low = 0, high = h != NULL ? history_record_count(h) : 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = by_time(&r[middle], t_ms, line);
        if (order == 0)
            return r[middle].replaced != 0;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

void pieces_forget(struct pieces *p)
{
    for (int i = 0; i < PIECES; i++)
        clear(&p->piece[i]);
}
