/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the values of a TOML text stand, for who changes one and keeps every other byte. The text must be one that toml_read()
 * has accepted: this reader follows it, it does not check it.
 *
 * A path is keys and, in arrays and arrays of tables, numbers, each followed by the byte TOML_SEP:
 * "pools\x1fmain\x1f0\x1fname\x1f". Keys are as decoded, not as quoted. */
#ifndef DAVY_BASE_TOML_MAP_H
#define DAVY_BASE_TOML_MAP_H

#include "base/arena.h"
#include "base/err.h"

#define TOML_SEP "\x1f"

struct toml_place { /* one key = value; offsets into the text */
    const char *path;
    size_t table;           /* number of the table that it stands in */
    size_t key, value, end; /* the first byte of key and of value, and the one behind the value */
    size_t comma_before;    /* inside { }: the comma before it; 0: it is the first */
    size_t comma_after;     /* inside { }: the comma behind it; 0: it is the last */
};
struct toml_table {
    const char *path;
    size_t begin;   /* behind the header's line; inline: behind the { */
    bool is_inline; /* { } */
};
struct toml_map {
    struct toml_place *place;
    size_t places;
    struct toml_table *table; /* number 0 is the text's beginning, without a header */
    size_t tables;
};
/* false with the sentence for what it cannot follow: more than 1 MiB, more than 64 deep. */
bool toml_map_make(struct arena *a, struct bytes text, struct toml_map *out, struct err *e);

/* The text with one change: value (TOML, as it shall stand there) for key in the table at path; value NULL: the entry goes
 * away, with its line. An entry that is not there comes behind the last one of its table. {NULL, 0} with the sentence when
 * there is no such table. key is a bare key. The result lives in the arena. */
struct bytes toml_edit(struct arena *a, struct bytes text, const char *path, const char *key, const char *value,
                       struct err *e);

#endif
