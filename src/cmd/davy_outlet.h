/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard output as lines that never block: what a reader does not take waits here, and beyond OUTLET_MOST it is counted
 * instead of kept. */
#ifndef DAVY_CMD_DAVY_OUTLET_H
#define DAVY_CMD_DAVY_OUTLET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OUTLET_MOST = 64 * 1024 };
struct outlet {
    int fd;
    bool own;   /* an open file description of ours, so O_NONBLOCK is nobody else's business */
    bool gone;  /* nothing can be written any more */
    int error;  /* why; 0: the reader went away */
    bool ascii; /* 7-bit characters only */
    char *text; /* what waits: from at to len */
    size_t at, len, room;
    uint64_t lost; /* lines */
};
void outlet_open(struct outlet *o, bool ascii);
void outlet_close(struct outlet *o);
void outlet_line(struct outlet *o, const char *text);
bool outlet_flush(struct outlet *o); /* true: nothing waits any more */

#endif
