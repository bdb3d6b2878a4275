/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A run of bytes that somebody else owns. Not terminated, may hold NUL, may be invalid UTF-8. A function that takes
 * `struct bytes` never writes to it and never keeps it longer than it says. */
#ifndef DAVY_BASE_BYTES_H
#define DAVY_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
    const char *at;
    size_t len;
};

struct bytes bytes_of(const char *text);                        /* borrows a C string; NULL gives the empty run */
bool bytes_equal(struct bytes a, struct bytes b);
bool bytes_is(struct bytes a, const char *text);                /* equal to a C string */
bool bytes_starts(struct bytes a, const char *prefix);
bool bytes_cut(struct bytes *rest, const char *prefix);         /* drops the prefix when it is there */
struct bytes bytes_trim(struct bytes a);                        /* ASCII blanks, CR and NUL off both ends */
size_t bytes_find(struct bytes a, const char *needle);          /* offset, or a.len when not there */
struct bytes bytes_from(struct bytes a, size_t offset);         /* the rest behind offset; empty past the end */
bool bytes_line(struct bytes *rest, struct bytes *line);        /* next complete line without its \n; false: none left */
bool bytes_i64(struct bytes a, int64_t *value);                 /* the whole run is one decimal integer */
bool bytes_has_ci(struct bytes a, const char *needle);          /* ASCII case-insensitive search */

#endif
