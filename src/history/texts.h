/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts of lines, from when a line is read to when its record is final. Lines come in the order of the file and leave in that
 * of time, so nearly the oldest leaves first; room of those that left is used again. */
#ifndef DAVY_HISTORY_TEXTS_H
#define DAVY_HISTORY_TEXTS_H

#include "base/bytes.h"

struct texts_row {
    uint64_t line;
    size_t at;
    uint32_t len;
    bool left;
};
struct texts {             /* all zero is empty */
    struct texts_row *row; /* by line; grow.h */
    size_t count, cap, left;
    char *text;
    size_t used, text_cap;
};

void texts_put(struct texts *t, uint64_t line,
               struct bytes text); /* line is greater than all before; cut at TEXTS_MOST */
/* Empty when there is none. Valid until the next texts_put(). */
struct bytes texts_take(struct texts *t, uint64_t line);
void texts_release(struct texts *t);

enum { TEXTS_MOST = 1024 };

#endif
