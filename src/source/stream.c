/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/stream.h"

#include "base/file.h"
#include "base/file_name.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A rewrite in place shows as a shorter file for a moment. While it has the old beginning and grows, wait: a little
 * after each growth, but not for ever. */
enum { DOUBT_STEP_MS = 100, DOUBT_MOST_MS = 5000 };

enum verdict { SAME_FILE, OTHER_FILE, IN_DOUBT };

void stream_init(struct stream *s, const char *path, struct stream_rules rules, struct stream_sink sink)
{
    *s = (struct stream){.path = path, .rules = rules, .sink = sink, .fd = -1};
}

void stream_release(struct stream *s)
{
    if (s->fd >= 0)
        close(s->fd);
    free(s->block);
    s->fd = -1;
    s->block = NULL;
}

static bool says(int fd, int64_t at, const char *want, size_t len)
{
    char have[STREAM_HEAD];
    return len == 0 || (pread(fd, have, len, (off_t)at) == (ssize_t)len && memcmp(have, want, len) == 0);
}

static enum verdict judge(const struct stream *s, int fd, int64_t size)
{
    size_t head = s->head_len;
    if (size < (int64_t)head)
        head = (size_t)size;
    if (!says(fd, 0, s->head, head))
        return OTHER_FILE;
    if (size < s->offset)
        return IN_DOUBT;
    return says(fd, s->offset - (int64_t)s->tail_len, s->tail, s->tail_len) ? SAME_FILE : OTHER_FILE;
}

/* Turns a doubt that lasted too long into "another file". */
static enum verdict judge_in_time(struct stream *s, int fd, int64_t size, int64_t now_ms)
{
    enum verdict v = judge(s, fd, size);
    if (v != IN_DOUBT) {
        s->doubt_ms = 0;
        return v;
    }
    if (s->doubt_ms == 0) {
        s->doubt_ms = now_ms + DOUBT_STEP_MS;
        s->doubt_end_ms = now_ms + DOUBT_MOST_MS;
    } else if (now_ms >= s->doubt_end_ms || (now_ms >= s->doubt_ms && size <= s->doubt_size)) {
        s->doubt_ms = 0;
        return OTHER_FILE;
    } else if (size > s->doubt_size) {
        s->doubt_ms = now_ms + DOUBT_STEP_MS;
    }
    s->doubt_size = size;
    return IN_DOUBT;
}

static size_t read_at(int fd, char *out, int64_t at, size_t len)
{
    ssize_t n = pread(fd, out, len, (off_t)at);
    return n > 0 ? (size_t)n : 0;
}

static bool read_failed(const struct stream *s, int error, struct err *e)
{
    char name[FILE_NAME];
    return err_set(e, "%s cannot be read: %s", file_name(name, s->path), strerror(error));
}

/* What the file says at its head and before the offset, for the next judgement. */
static void take_marks(struct stream *s)
{
    size_t head = s->offset < STREAM_HEAD ? (size_t)s->offset : STREAM_HEAD;
    size_t tail = s->offset < STREAM_TAIL ? (size_t)s->offset : STREAM_TAIL;
    if (head > s->head_len)
        s->head_len += read_at(s->fd, s->head + s->head_len, (int64_t)s->head_len, head - s->head_len);
    s->tail_len = read_at(s->fd, s->tail, s->offset - (int64_t)tail, tail);
    if (s->tail_len < tail) /* truncated under our hands: the next look will see it */
        s->tail_len = 0;
}

static void skip_to_tail(struct stream *s, int64_t size)
{
    s->offset = size - s->rules.start_tail;
    s->aligning = true;
}

static void begin(struct stream *s, int64_t size, const char *why)
{
    if (s->started)
        s->sink.gap(s->sink.ctx, why);
    s->started = true;
    s->offset = 0;
    s->head_len = s->tail_len = 0;
    s->aligning = false;
    if (s->rules.start_tail > 0 && size > s->rules.start_tail)
        skip_to_tail(s, size);
}

static void skip_backlog(struct stream *s, int64_t size)
{
    if (s->rules.skip_over == 0 || size - s->offset <= s->rules.skip_over)
        return;
    char why[96];
    int64_t skipped = size - s->rules.start_tail - s->offset;
    snprintf(why, sizeof why, "skipped %lld KiB: it grows faster than it can be read", (long long)(skipped / 1024));
    s->sink.gap(s->sink.ctx, why);
    skip_to_tail(s, size);
}

static void hand_on(struct stream *s, struct bytes block)
{
    if (s->aligning) {
        size_t newline = bytes_find(block, "\n");
        if (newline == block.len)
            return;
        block = bytes_from(block, newline + 1);
        s->aligning = false;
    }
    if (block.len > 0)
        s->sink.feed(s->sink.ctx, block);
}

/* Reads on in the open file: to its end, until the budget is used up, or until the disk fails. */
static enum stream_state read_on(struct stream *s, int64_t *budget, struct err *e)
{
    enum stream_state state = STREAM_IDLE;
    while (*budget > 0) {
        ssize_t n = pread(s->fd, s->block, STREAM_BLOCK, (off_t)s->offset);
        if (n < 0) {
            state = STREAM_FAILED;
            read_failed(s, errno, e);
        }
        if (n <= 0)
            break;
        s->offset += n;
        *budget -= n;
        hand_on(s, (struct bytes){s->block, (size_t)n});
    }
    take_marks(s);
    return *budget > 0 ? state : STREAM_MORE;
}

/* The path still names the open file. */
static enum stream_state step_held(struct stream *s, const struct stat *st, int64_t now_ms, int64_t budget,
                                   struct err *e)
{
    enum verdict v = judge_in_time(s, s->fd, st->st_size, now_ms);
    if (v == IN_DOUBT)
        return STREAM_WAIT;
    if (v == OTHER_FILE)
        begin(s, st->st_size, "was truncated or rewritten");
    skip_backlog(s, st->st_size);
    return read_on(s, &budget, e);
}

/* The path names a file that is not open yet: the first, or the next after a rotation. */
static enum stream_state step_new(struct stream *s, int64_t now_ms, int64_t budget, struct err *e)
{
    struct file_stat now;
    int fd = file_open(s->path, &now, e);
    if (fd < 0)
        return now.exists ? STREAM_FAILED : STREAM_MISSING;
    enum verdict v = s->started ? judge_in_time(s, fd, now.size, now_ms) : OTHER_FILE;
    if (v == IN_DOUBT) {
        close(fd);
        return STREAM_WAIT;
    }
    if (s->fd >= 0)
        close(s->fd);
    s->fd = fd;
    if (v == OTHER_FILE)
        begin(s, now.size, "was replaced by another file");
    return read_on(s, &budget, e);
}

/* The open file lost its name. What its writer put into it before goes first, so a rotation by rename loses nothing. A
 * deleted file is let go when it is read to its end: holding it would hold its disk space. */
static bool drained(struct stream *s, int64_t *budget)
{
    struct stat st;
    if (fstat(s->fd, &st) < 0)
        return true;
    if (judge(s, s->fd, st.st_size) != SAME_FILE)
        begin(s, st.st_size, "was truncated and rotated");
    if (read_on(s, budget, NULL) == STREAM_MORE)
        return false;
    if (st.st_nlink == 0) {
        close(s->fd);
        s->fd = -1;
    }
    return true;
}

static bool names(const struct stat *there, int fd)
{
    struct stat held;
    return fd >= 0 && fstat(fd, &held) == 0 && held.st_dev == there->st_dev && held.st_ino == there->st_ino;
}

static enum stream_state step(struct stream *s, int64_t now_ms, int64_t budget, struct err *e)
{
    if (s->block == NULL && (s->block = malloc(STREAM_BLOCK)) == NULL) {
        err_set(e, "%s: out of memory", s->path);
        return STREAM_FAILED;
    }
    struct stat st;
    bool there = stat(s->path, &st) == 0, missing = !there && (errno == ENOENT || errno == ENOTDIR);
    if (there && names(&st, s->fd))
        return step_held(s, &st, now_ms, budget, e);
    if (s->fd >= 0 && !drained(s, &budget))
        return STREAM_MORE;
    if (missing)
        return STREAM_MISSING;
    return step_new(s, now_ms, budget, e);
}

/* The block is kept only while there is more to read: most of the time there is not. */
enum stream_state stream_step(struct stream *s, int64_t now_ms, int64_t budget, struct err *e)
{
    enum stream_state state = step(s, now_ms, budget, e);
    if (state == STREAM_MORE)
        return state;
    free(s->block);
    s->block = NULL;
    return state;
}
