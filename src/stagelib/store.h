/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file: its lock, its reading, its replacement. One thread at a time uses a store. */
#ifndef DAVY_STAGELIB_STORE_H
#define DAVY_STAGELIB_STORE_H

#include "stagelib/document.h"

#include <limits.h>
#include <sys/types.h>
#include <time.h>

enum { STORE_WHY = 256 };
struct stage_store {
    char file[PATH_MAX]; /* absolute: miners change their folder */
    struct stage_writer writer;
    json_t *root; /* of the file as this store wrote it last; NULL */
    dev_t dev;    /* which file that was */
    ino_t ino;
    struct timespec mtime;
    bool swept; /* what killed writers left was cleaned away */
    int torn;   /* reads in a row that found no JSON */
};
/* file: NULL means where everybody expects it. false: its folder does not exist, or the name is too long. */
bool davystage_store_open(struct stage_store *s, const char *file, char why[STORE_WHY]);
void davystage_store_close(struct stage_store *s);
/* Waits for the lock, adds q to whatever is in the file by now, replaces it. */
enum stage_wrote { STAGE_WROTE, STAGE_AGAIN /* somebody may be in the middle of writing it in place */, STAGE_TROUBLE };
enum stage_wrote davystage_store_write(struct stage_store *s, const struct stage_queue *q, char why[STORE_WHY]);
/* The document in the file, without its lock; NULL: there is none. */
json_t *davystage_store_read(const struct stage_store *s);

#endif
