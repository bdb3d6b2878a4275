/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows a file that grows (the task history, the log) and hands its bytes on, each exactly once, in order, whatever is
 * done to the file: appended, renamed away, deleted, truncated, rewritten in place, recreated with the same inode number.
 * What it holds on to is an open descriptor (so an inode number cannot come back behind its back) and what the file said:
 * its first 1 KiB and the last 64 bytes before the place where reading stopped. A file that still says the same goes on
 * there; one that lost its end goes on at its new end; any other is a new generation, read from its start after the sink
 * was told. What was rotated away between two looks is read first where it stands now (kin.h).
 * Blocks of bytes are read, never mapped: copytruncate would raise SIGBUS.
 * What nobody can know: bytes that were written and destroyed between two looks; files that came and went, or were rotated
 * away, while the one that was read last is gone from its folder; what a writer adds to a file that has lost its name, once
 * the next one was seen. */
#ifndef DAVY_SOURCE_STREAM_H
#define DAVY_SOURCE_STREAM_H

#include "base/bytes.h"
#include "base/err.h"
#include "source/pair.h"

#include <sys/stat.h>

enum { STREAM_HEAD = 1024, STREAM_TAIL = 64, STREAM_BLOCK = 128 * 1024 };

struct stream_sink {
    void *ctx;
    void (*feed)(void *ctx, struct bytes block);
    void (*glanced)(void *ctx, struct glance *glance); /* as feed: glance->block. NULL: feed gets all; else long ones come by this */
    void (*gap)(void *ctx, const char *why);    /* a torn last line is lost; what follows stands at stream.offset of another one */
};
struct stream_rules {
    int64_t start_tail;     /* of a file longer than this only the end is read (from a line's start); 0: all of it */
    int64_t skip_over;      /* further behind than this: skip ahead to the last start_tail bytes; 0: never */
};
struct stream {
    const char *path;       /* the caller's */
    struct stream_rules rules;
    struct stream_sink sink;
    int fd;                 /* -1: none */
    int64_t offset;         /* next byte to read */
    char head[STREAM_HEAD], tail[STREAM_TAIL];
    size_t head_len, tail_len;
    bool started;           /* some generation was begun */
    bool aligning;          /* bytes are dropped up to the next newline */
    int64_t doubt_ms, doubt_end_ms, doubt_size; /* since when a shorter file with the same beginning is waited for */
    int64_t cut;            /* the shortest that it was seen */
    char *block;
    struct pair *pair;      /* while there is much to read */
};
enum stream_state {
    STREAM_IDLE,            /* at the end of the file */
    STREAM_MORE,            /* the budget is used up: call again soon */
    STREAM_WAIT,            /* looks like a rewrite under way: call again at doubt_ms */
    STREAM_MISSING,
    STREAM_FAILED,          /* sentence in e; what was read stays */
};

void stream_init(struct stream *s, const char *path, struct stream_rules rules, struct stream_sink sink);
void stream_release(struct stream *s);
/* Reads at most about budget bytes. now_ms: any clock that only goes forward. */
enum stream_state stream_step(struct stream *s, int64_t now_ms, int64_t budget, struct err *e);
/* For a gap: how many lines of the file stand before offset, where reading goes on. Reads all of that. */
uint64_t stream_lines_before(const struct stream *s);

#endif
