/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From blocks of bytes to lines: the fold's own memory, NUL holes (a log truncated under a writer without O_APPEND), cut
 * lines, adjacent duplicates. */
#include "model/logfold.h"

#include "base/timetext.h"

#include <stdlib.h>
#include <string.h>

struct logfold *logfold_new(int32_t local_offset_s)
{
    struct logfold *f = calloc(1, sizeof *f);
    if (!f)
        abort();
    f->local_offset_s = local_offset_s;
    f->last_ms = f->status_ms = NOT_KNOWN;
    for (size_t i = 0; i < LOG_MARKS; i++)
        f->mark[i].last_ms = NOT_KNOWN;
    return f;
}

void logfold_free(struct logfold *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < LOG_LINES; i++)
        free(f->line[i].text);
    for (size_t i = 0; i < LOG_ERRORS; i++)
        free(f->error[i].text);
    arena_release(&f->scratch);
    free(f);
}

void logfold_text(struct log_slot *slot, const char *text)
{
    size_t len = strnlen(text, FOLD_TEXT - 1);
    char *room = realloc(slot->text, len + 1);
    if (!room)
        abort();
    memcpy(room, text, len);
    room[len] = 0;
    slot->text = room;
}

void logfold_copy(struct log_slot *to, const struct log_slot *from)
{
    char *room = to->text;
    *to = *from;
    to->text = room;
    logfold_text(to, from->text);
}

static void keep(struct logfold *f, struct bytes piece)
{
    size_t room = FOLD_LINE - f->pending, n = piece.len < room ? piece.len : room;
    if (n > 0)
        memcpy(f->buffer + f->pending, piece.at, n);
    f->pending += n;
}

static size_t run_of(struct bytes piece, bool nul)
{
    size_t n = 0;
    while (n < piece.len && (piece.at[n] == 0) == nul)
        n++;
    return n;
}

/* Keeps the bytes of a line but not the NULs, whose runs are counted, also across blocks. */
static void take(struct logfold *f, struct bytes piece)
{
    if (piece.len > 0 && !f->in_nul && !memchr(piece.at, 0, piece.len)) {
        keep(f, piece);
        return;
    }
    while (piece.len > 0) {
        bool nul = piece.at[0] == 0;
        size_t n = run_of(piece, nul);
        f->nul_runs += nul && !f->in_nul;
        f->in_nul = nul;
        if (!nul)
            keep(f, (struct bytes){piece.at, n});
        piece = bytes_from(piece, n);
    }
}

static void repeat(struct log_slot *slot)
{
    slot->repeat += slot->repeat < UINT32_MAX;
}

static void end_line(struct logfold *f)
{
    struct bytes line = {f->buffer, f->pending};
    f->pending = 0;
    f->lines++;
    if (bytes_trim(line).len == 0)
        return;
    if (f->has_previous && bytes_equal(line, (struct bytes){f->previous, f->previous_length})) {
        repeat(&f->line[(f->line_total - 1) % LOG_LINES]);
        if (f->error_is_last)
            repeat(&f->error[(f->error_total - 1) % LOG_ERRORS]);
        return;
    }
    memcpy(f->previous, line.at, line.len);
    f->previous_length = line.len;
    f->has_previous = true;
    logfold_line(f, line);
}

void logfold_feed(struct logfold *f, struct bytes block)
{
    struct bytes line;
    f->fed = f->fed || block.len > 0;
    while (bytes_line(&block, &line)) {
        take(f, line);
        end_line(f);
        f->in_nul = false;
    }
    take(f, block);
    logfold_settle(f);
}

void logfold_break(struct logfold *f, const char *why)
{
    f->fed = true;
    f->restarts++;
    f->pending = 0;
    f->in_nul = f->has_previous = f->error_is_last = false;
    struct log_slot *slot = &f->line[f->line_total++ % LOG_LINES];
    *slot = (struct log_slot){.level = LOG_NONE, .at_ms = NOT_KNOWN, .repeat = 1, .text = slot->text};
    logfold_text(slot, why);
}
