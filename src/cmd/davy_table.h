/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table for people, to standard output: columns as wide as what is in them; when that is too wide for a line, columns leave,
 * those of least worth first, and then texts are cut. */
#ifndef DAVY_CMD_DAVY_TABLE_H
#define DAVY_CMD_DAVY_TABLE_H

#include "base/arena.h"

enum { TABLE_COLUMNS = 16 };
struct table_column {
    const char *title;
    bool right, cut; /* aligned to the right; may be cut */
    int leaves;      /* the highest leaves first; 0: it stays */
};
struct table { /* column, count, most, ascii by the caller, the rest zero */
    const struct table_column *column;
    int count, most; /* cells of a line; 0: any */
    bool ascii;
    int width[TABLE_COLUMNS];
    bool known[TABLE_COLUMNS], hidden[TABLE_COLUMNS];
};

/* Cells are safe text; NULL is not known, and a column of which nothing is known is not shown. */
void table_see(struct table *t, const char *const *cell); /* each row that widths are to be made for */
void table_fit(struct table *t);                          /* behind the last of them */
void table_head(const struct table *t);
void table_row(const struct table *t, struct arena *scratch, const char *const *cell);
void table_rule(const struct table *t);

#endif
