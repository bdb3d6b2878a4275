/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Output of a command, made safe and kept as lines; the oldest are forgotten. Pure. */
#ifndef DAVY_ACTION_LINES_H
#define DAVY_ACTION_LINES_H

#include "base/bytes.h"
#include "view/output.h"

enum { LINES_PART = 4096 };
struct lines {
    struct output_lines kept;
    char part[LINES_PART]; /* raw, of the line that is not complete */
    size_t len;
    bool back; /* a carriage return came: what follows stands in place of it */
};
void lines_add(struct lines *l, struct bytes raw);
void lines_end(struct lines *l); /* what is there counts as a line */
void lines_say(struct lines *l, const char *format, ...) __attribute__((format(printf, 2, 3))); /* davy's own words */

#endif
