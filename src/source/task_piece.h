/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rows of the history's file, read where somebody looks: pieces between two marks, 128 KiB or a line more, the last few
 * kept. */
#ifndef DAVY_SOURCE_TASK_PIECE_H
#define DAVY_SOURCE_TASK_PIECE_H

#include "base/arena.h"
#include "model/task_page.h"
#include "source/marks.h"

enum {
    PIECES = 6,
    PIECE_MOST = 1 << 20 /* of a piece with a long line its first and its last so many bytes are read */
};

struct piece {
    int64_t from, end; /* offsets; end 0: empty */
    struct history *names;
    struct record *row; /* in the order of the file; their lines count from the piece's first, 0 */
    const char **id;    /* of each row, as safe text; "": it has none */
    size_t count, cap, id_count, id_cap;
    struct arena ids;
    uint64_t used;
};
struct pieces {
    struct piece piece[PIECES];
    uint64_t clock;
};

/* What stands between the mark of that index and the next; NULL: nothing. Valid until PIECES other ones were asked for. */
const struct piece *piece_at(struct pieces *p, const struct marks *m, size_t k, int fd);
/* What must be added to a row's line for its record.line. */
uint64_t piece_base(const struct piece *p, const struct marks *m, size_t k);
/* A row as the list shows it. */
struct task_line task_piece_line(struct arena *a, const struct piece *p, size_t i, uint64_t base, int64_t now_ms);
/* Has another line taken its place? Of lines so old that the history (NULL: none) keeps no records nobody knows, but for those
 * that their piece says. */
bool piece_replaced(const struct history *h, int64_t t_ms, uint64_t line);
/* The bytes of a piece: free() them. at NULL: they cannot be read. */
struct bytes piece_bytes(struct mark from, struct mark end, int fd);
void pieces_forget(struct pieces *p); /* the file is another one */

#endif
