/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/task_finder.h"

#include "base/timetext.h"
#include "loop/loop.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- one task ---- */

static bool fits(const struct task_finder *f, const struct task_line *t, const struct record *r, const char *id)
{
    struct where_row row = {.record = r, .llm = t->llm, .strategy = t->strategy, .id = id};
    return f->where != NULL ? where_holds(f->where, &row) : task_holds(t, id, &f->needle);
}

static bool piece_fits(const struct task_finder *f, const struct finder_in *in, const struct piece *p, size_t i,
                       uint64_t base)
{
    struct record r = p->row[i];
    if (r.kind != RECORD_SYNTHETIC && r.t_ms > in->now_ms + HISTORY_SKEW_MS)
        r.kind = RECORD_FUTURE;
    struct task_line t = {.llm = history_name(p->names, r.llm),
                          .strategy = history_name(p->names, r.strategy),
                          .subnet = r.subnet,
                          .kind = (enum record_kind)r.kind};
    return !r.replaced && fits(f, &t, &r, p->id[i]) && !piece_replaced(in->history, r.t_ms, base + r.line);
}

/* ---- the newest ---- */

/* The row of piece k that a task of the model was; NULL: in this file there is none. */
static const struct piece *find_line(const struct finder_in *in, uint64_t line, size_t k, size_t *row)
{
    bool inside = line < marks_next(in->marks, k).line;
    const struct piece *p = inside ? piece_at(in->pieces, in->marks, k, in->fd) : NULL;
    uint64_t base = p != NULL ? piece_base(p, in->marks, k) : 0;
    for (*row = 0; p != NULL && *row < p->count; ++*row)
        if (p->row[*row].line + base == line)
            return p;
    return NULL;
}

/* true: it fits; *k: the piece that it is in. */
static bool newest_fits(const struct task_finder *f, const struct finder_in *in, const struct task_line *t, size_t *k)
{
    size_t i;
    *k = marks_of_line(in->marks, t->line);
    const struct piece *p = find_line(in, t->line, *k, &i);
    struct record r = {.t_ms = t->t_ms,
                       .score = t->score,
                       .tokens = t->tokens,
                       .tao = p != NULL ? p->row[i].tao : (double)NAN,
                       .id_hash = p != NULL ? p->row[i].id_hash : 0,
                       .subnet = t->subnet,
                       .kind = (uint8_t)t->kind};
    *k = p != NULL ? *k : SIZE_MAX;
    return fits(f, t, &r, p != NULL ? p->id[i] : NULL);
}

static void read_newest(struct task_finder *f, const struct finder_in *in, struct arena *a, struct task_find *out)
{
    int rows = task_newest_rows(in->scores);
    int16_t *row = arena_array(a, (size_t)rows + 1, sizeof *row);
    f->newest_piece = SIZE_MAX;
    for (int i = 0; i < rows && i < TASK_LINES; i++) {
        const struct task_line *t = &in->scores->task[i];
        size_t k;
        if (!newest_fits(f, in, t, &k))
            continue;
        f->newest[out->newest_count] = (struct finder_newest){t->line, k};
        row[out->newest_count++] = (int16_t)i;
        f->newest_piece = k < f->newest_piece ? k : f->newest_piece;
    }
    out->newest = row;
    f->newest_count = out->newest_count;
}

static uint32_t newest_in(const struct task_finder *f, size_t k)
{
    uint32_t count = 0;
    for (size_t i = 0; k >= f->newest_piece && i < f->newest_count; i++)
        count += f->newest[i].piece == k;
    return count;
}

static bool is_newest(const struct task_finder *f, size_t k, uint64_t line)
{
    for (size_t i = 0; k >= f->newest_piece && i < f->newest_count; i++)
        if (f->newest[i].line == line)
            return true;
    return false;
}

/* ---- the file behind them ---- */

/* Places count from the file's first row, 0. */
struct span {
    int64_t from, end;
};

static struct span span_of(const struct finder_in *in)
{
    const struct scores *s = in->scores;
    int64_t total = in->marks->end.rows, from = total - task_file_rows(s, total);
    bool all = task_newest_rows(s) == (int)s->task_count;
    return in->fd < 0 || !all ? (struct span){0, 0} : (struct span){from, total};
}

static uint32_t count_in(const struct task_finder *f, const struct finder_in *in, size_t k, struct span span)
{
    const struct piece *p = piece_at(in->pieces, in->marks, k, in->fd);
    int64_t rows = marks_at(in->marks, k).rows;
    uint32_t count = 0;
    uint64_t base = p != NULL ? piece_base(p, in->marks, k) : 0;
    for (size_t i = 0; p != NULL && i < p->count; i++)
        if (rows + (int64_t)i >= span.from && rows + (int64_t)i < span.end)
            count += piece_fits(f, in, p, i, base);
    return count;
}

/* Of the piece, as far as it was searched, without the newest. At the edges of the span it is counted anew. */
static uint32_t hits_of(const struct task_finder *f, const struct finder_in *in, size_t k, struct span span)
{
    struct span mine = {marks_at(in->marks, k).rows, marks_next(in->marks, k).rows};
    if (mine.end <= span.from || mine.from >= span.end)
        return 0;
    if (k < f->low || (k >= f->high && k < in->marks->count))
        return 0;
    bool whole = k < in->marks->count && mine.from >= span.from && mine.end <= span.end;
    uint32_t count = whole ? f->hits[k] : count_in(f, in, k, span), newest = newest_in(f, k);
    return count > newest ? count - newest : 0;
}

static bool room_for(struct task_finder *f, size_t k)
{
    if (k < f->cap)
        return true;
    size_t cap = k < 1024 ? 1024 : k * 2;
    uint32_t *grown = realloc(f->hits, cap * sizeof *grown);
    if (grown == NULL)
        return false;
    f->hits = grown;
    f->cap = cap;
    return true;
}

static void search_piece(struct task_finder *f, const struct finder_in *in, size_t k)
{
    const struct span all = {0, INT64_MAX};
    const struct piece *p = piece_at(in->pieces, in->marks, k, in->fd);
    f->hits[k] = count_in(f, in, k, all);
    if (p != NULL && p->count > 0 && (f->back_ms == NOT_KNOWN || p->row[0].t_ms < f->back_ms))
        f->back_ms = p->row[0].t_ms;
}

static bool is_done(const struct task_finder *f, const struct finder_in *in)
{
    struct span span = span_of(in);
    return span.end <= span.from || (f->high == in->marks->count && f->low <= marks_of_row(in->marks, span.from));
}

bool finder_step(struct task_finder *f, const struct finder_in *in, int64_t until_ms)
{
    if (f->low == SIZE_MAX || f->high > in->marks->count)
        f->low = f->high = in->marks->count;
    bool more = f->text[0] != '\0' && f->error == NULL && !is_done(f, in);
    for (bool once = true; more && room_for(f, in->marks->count) && (once || loop_now() < until_ms); once = false) {
        search_piece(f, in, f->high < in->marks->count ? f->high++ : --f->low);
        more = !is_done(f, in);
    }
    return more;
}

/* ---- what was found ---- */

static int64_t older(const struct task_finder *f, const struct finder_in *in, struct span span)
{
    int64_t count = 0;
    for (size_t k = f->low; k <= in->marks->count && f->low != SIZE_MAX; k++)
        count += hits_of(f, in, k, span);
    return count;
}

/* The piece's, newest first, but for those that are skipped. */
static void read_piece(const struct task_finder *f, const struct finder_in *in, size_t k, struct span span,
                       int64_t skip, struct task_find *out, struct arena *a, struct task_line *row)
{
    const struct piece *p = piece_at(in->pieces, in->marks, k, in->fd);
    int64_t rows = marks_at(in->marks, k).rows;
    uint64_t base = p != NULL ? piece_base(p, in->marks, k) : 0;
    for (size_t i = p != NULL ? p->count : 0; i-- > 0 && out->count < (size_t)f->count;) {
        int64_t place = rows + (int64_t)i;
        if (place < span.from || place >= span.end || !piece_fits(f, in, p, i, base))
            continue;
        if (is_newest(f, k, base + p->row[i].line) || skip-- > 0)
            continue;
        row[out->count++] = task_piece_line(a, p, i, base, in->now_ms);
    }
}

/* What is looked at is counted once more: a task may have been replaced since. */
static void read_rows(struct task_finder *f, const struct finder_in *in, struct span span, struct arena *a,
                      struct task_find *out)
{
    const struct span all = {0, INT64_MAX};
    int64_t at = 0;
    struct task_line *row = arena_array(a, (size_t)f->count + 1, sizeof *row);
    for (size_t k = in->marks->count + 1; k-- > f->low && out->count < (size_t)f->count;) {
        int64_t hits = hits_of(f, in, k, span);
        if (hits == 0 || at + hits <= f->first) {
            at += hits;
            continue;
        }
        if (k < in->marks->count)
            f->hits[k] = count_in(f, in, k, all);
        read_piece(f, in, k, span, f->first > at ? f->first - at : 0, out, a, row);
        at += hits_of(f, in, k, span);
    }
    out->row = row;
}

static int64_t searched(const struct task_finder *f, const struct finder_in *in)
{
    if (f->low == SIZE_MAX || f->low > in->marks->count)
        return 0;
    return in->marks->end.rows - marks_at(in->marks, f->low).rows;
}

const struct task_find *finder_read(struct task_finder *f, const struct finder_in *in)
{
    if (f->text[0] == '\0')
        return NULL;
    struct span span = span_of(in);
    f->live = !f->live;
    struct arena *a = &f->arena[f->live];
    arena_reset(a);
    struct task_find *out = arena_alloc(a, sizeof *out);
    *out = (struct task_find){.text = arena_copy(a, bytes_of(f->text)), .first = f->first, .back_ms = f->back_ms};
    out->done = f->error != NULL || is_done(f, in);
    out->searched = searched(f, in);
    out->total = task_file_rows(in->scores, in->marks->end.rows);
    out->searched = out->searched > out->total ? out->total : out->searched;
    if (f->error != NULL) {
        out->error = arena_copy(a, bytes_of(f->error));
        return out;
    }
    read_newest(f, in, a, out);
    read_rows(f, in, span, a, out);
    out->older = older(f, in, span);
    return out;
}

int64_t finder_before(struct task_finder *f, const struct finder_in *in, int64_t row)
{
    struct span span = span_of(in);
    int64_t place = in->marks->end.rows - row - (int64_t)in->scores->task_skipped;
    span.from = place > span.from ? place : span.from;
    return span.from < span.end ? older(f, in, span) : 0;
}

/* ---- what is searched for ---- */

void finder_restart(struct task_finder *f)
{
    f->low = f->high = SIZE_MAX;
    f->back_ms = NOT_KNOWN;
}

/* A word is searched for as it is; what compares something has to be understood. */
static void understand(struct task_finder *f)
{
    struct err e = {""};
    arena_reset(&f->life);
    f->where = where_parse(&f->life, f->text, &e);
    f->needle = needle_of(f->text);
    f->error = f->where == NULL && strpbrk(f->text, "=<>~") != NULL ? arena_copy(&f->life, bytes_of(e.text)) : NULL;
}

void finder_seek(struct task_finder *f, const char *text, int64_t first, int64_t count)
{
    f->first = first;
    f->count = count;
    if (strcmp(f->text, text) == 0)
        return;
    snprintf(f->text, sizeof f->text, "%s", text);
    understand(f);
    finder_restart(f);
}

void finder_release(struct task_finder *f)
{
    free(f->hits);
    arena_release(&f->life);
    arena_release(&f->arena[0]);
    arena_release(&f->arena[1]);
}
