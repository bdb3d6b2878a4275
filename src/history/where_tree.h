/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A parsed filter. Private to where.c, which answers, and where_parse.c, which reads. */
#ifndef DAVY_HISTORY_WHERE_TREE_H
#define DAVY_HISTORY_WHERE_TREE_H

#include "base/needle.h"
#include "base/utf8.h"
#include "history/where.h"

enum where_sort { WHERE_CATEGORY, WHERE_ID, WHERE_KIND, WHERE_NAME, WHERE_NUMBER };
enum where_op {
    WHERE_EQUAL,
    WHERE_OTHER,
    WHERE_LESS,
    WHERE_UP_TO,
    WHERE_GREATER,
    WHERE_FROM,
    WHERE_HAS,
    WHERE_LACKS,
    WHERE_OPS
};
struct where_field {
    const char *name;
    enum where_sort sort;
    double (*number)(const struct record *r);         /* WHERE_NUMBER: NAN, WHERE_CATEGORY: -1 when not known */
    const char *(*text)(const struct where_row *row); /* WHERE_NAME, WHERE_ID */
    enum record_kind kind;                            /* WHERE_KIND */
    double most;                                      /* that a number can be */
};
extern const struct where_field where_fields[]; /* alphabetical; .name NULL ends */

enum where_join { WHERE_TEST, WHERE_AND, WHERE_OR, WHERE_NOT };
struct where {
    enum where_join join;
    const struct where *left, *right; /* right: NULL of WHERE_NOT */
    /* of WHERE_TEST: */
    const struct where_field *field;
    enum where_op op;
    double number;
    uint64_t id_hash;
    struct needle text; /* small letters; empty: not known */
};

#endif
