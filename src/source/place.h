/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a file is, or will be: its folder is watched, and while that is not there the nearest folder above it that is,
 * for the next name on the way down. */
#ifndef DAVY_SOURCE_PLACE_H
#define DAVY_SOURCE_PLACE_H

#include "loop/watch.h"

#include <limits.h>

/* A document is not read while its writer has it open, but for no longer than this: some writers never close. */
enum { PLACE_OPEN_MS = 1000 };

struct place_look {             /* what stat() says, to notice changes without events */
    bool exists;
    uint64_t dev, ino;
    int64_t size, mtime_ns;
};
struct place {
    char path[PATH_MAX];
    int id;                     /* watch id; -1: polled */
    uint64_t dev, ino;          /* of the folder that id watches */
    bool whole;                 /* that folder is the file's own */
    bool link;                  /* the file is a symbolic link: its target's folder is not watched, so it is polled too */
    bool link_above;            /* a folder on the way is one: it may be swapped without an event, so it is looked at too */
    bool writing;               /* somebody changed the file and has not closed it yet */
    int64_t writing_ms;         /* loop clock: since when */
    uint64_t changes;           /* how often an event said that the file was being changed */
    char why_polled[64];
    char waits_for[NAME_MAX + 1];   /* the name of interest in the watched folder: the file's, or the next folder's */
    struct place_look seen;     /* when it was last read */
};

void place_init(struct place *p, const char *path);
/* Watches the right folder again; call when it may have changed. true: another folder than before. */
bool place_settle(struct place *p, struct watch *w);
bool place_moved(const struct place *p);        /* the watched folder is no longer what its path names, or more is there */
bool place_polled(const struct place *p);       /* no event will tell of each change */
struct place_look place_look(const struct place *p);
bool place_same(const struct place_look *a, const struct place_look *b);
bool place_changed(const struct place *p);      /* since it was last read, by size, time, inode */
void place_note(struct place *p, enum watch_what what, int64_t loop_ms);    /* an event of the file */

#endif
