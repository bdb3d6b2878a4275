/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The one impure corner of base/: whole files, read and written with care. Called from source, action and cmd only. */
#ifndef DAVY_BASE_FILE_H
#define DAVY_BASE_FILE_H

#include "base/arena.h"
#include "base/err.h"

struct file_stat {
    bool exists;            /* something of that name is there, of any kind; also when the folder keeps it a secret */
    uint64_t dev, ino;
    int64_t size;
    int64_t mtime_ms, mtime_ns_part;
    int64_t btime_ms;       /* 0 where the file system does not tell */
};

/* Opens a regular file for reading: never blocks on a FIFO, never opens a device, a directory or a socket, follows a
 * symbolic link only when root or we own it. Descriptor, or -1 with the sentence; s (never NULL) says what was there. */
int file_open(const char *path, struct file_stat *s, struct err *e);
/* Reads all of it (at most limit bytes, more is an error). out points into the arena and is NUL-terminated behind len. */
bool file_read(struct arena *a, const char *path, size_t limit, struct bytes *out, struct file_stat *s, struct err *e);
/* Replaces path: temporary file of a random name in the same folder, fsync, rename, fsync of the folder. */
bool file_replace(const char *path, struct bytes content, unsigned mode, struct err *e);
/* The same without waiting for the disk, for what can be made anew: after a power cut half of it may be there. */
bool file_keep(const char *path, struct bytes content, unsigned mode, struct err *e);
/* As file_replace() for a file that must not be there yet: whatever is of that name, be it a link, stays what it is. */
bool file_create(const char *path, struct bytes content, unsigned mode, struct err *e);

#endif
