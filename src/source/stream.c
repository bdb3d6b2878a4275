/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/stream.h"

#include "base/file.h"
#include "base/file_name.h"
#include "source/kin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A rewrite in place shows as a shorter file for a moment. While it has the old beginning and grows, wait: a little
 * after each growth, but not for ever. */
enum { DOUBT_STEP_MS = 100, DOUBT_MOST_MS = 5000 };

/* CUT_FILE: the same one, but it lost its end. */
enum verdict { SAME_FILE, OTHER_FILE, CUT_FILE, IN_DOUBT };

void stream_init(struct stream *s, const char *path, struct stream_rules rules, struct stream_sink sink)
{
    *s = (struct stream){.path = path, .rules = rules, .sink = sink, .fd = -1};
}

static void release_blocks(struct stream *s)
{
    free(s->block);
    pair_free(s->pair);
    s->block = NULL;
    s->pair = NULL;
}

void stream_release(struct stream *s)
{
    if (s->fd >= 0)
        close(s->fd);
    s->fd = -1;
    release_blocks(s);
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

static size_t read_at(int fd, char *out, int64_t at, size_t len)
{
    ssize_t n = pread(fd, out, len, (off_t)at);
    return n > 0 ? (size_t)n : 0;
}

/* Where the line begins that stands at offset at: behind the newline before it. */
static int64_t line_start(int fd, int64_t at)
{
    char block[512];
    while (at > 0) {
        size_t len = at < (int64_t)sizeof block ? (size_t)at : sizeof block;
        if (read_at(fd, block, at - (int64_t)len, len) != len)
            return 0;
        for (size_t i = len; i > 0; i--)
            if (block[i - 1] == '\n')
                return at - (int64_t)(len - i);
        at -= (int64_t)len;
    }
    return 0;
}

/* The file was seen shorter than it had been and with the same beginning. It stays the same file up to there, if
 * a whole line is left; a new one only when that is enough to know a file by. */
static enum verdict after_doubt(struct stream *s, int fd)
{
    s->doubt_ms = 0;
    int64_t least = fd == s->fd ? 1 : STREAM_TAIL;
    size_t head = s->cut < (int64_t)s->head_len ? (size_t)s->cut : s->head_len;
    return s->cut >= least && says(fd, 0, s->head, head) && line_start(fd, s->cut) > 0 ? CUT_FILE : OTHER_FILE;
}

static void doubt(struct stream *s, int64_t now_ms, int64_t size)
{
    if (s->doubt_ms == 0) {
        s->doubt_end_ms = now_ms + DOUBT_MOST_MS;
        s->cut = size;
    }
    if (s->doubt_ms == 0 || size > s->doubt_size)
        s->doubt_ms = now_ms + DOUBT_STEP_MS;
    s->cut = size < s->cut ? size : s->cut;
    s->doubt_size = size;
}

/* Turns a doubt that lasted too long, or whose file grew into another one, into what is known of it. */
static enum verdict judge_in_time(struct stream *s, int fd, int64_t size, int64_t now_ms)
{
    enum verdict v = judge(s, fd, size);
    if (v == OTHER_FILE && s->doubt_ms != 0)
        return after_doubt(s, fd);
    if (v != IN_DOUBT) {
        s->doubt_ms = 0;
        return v;
    }
    if (s->doubt_ms != 0 && (now_ms >= s->doubt_end_ms || (now_ms >= s->doubt_ms && size <= s->doubt_size)))
        return after_doubt(s, fd);
    doubt(s, now_ms, size);
    return IN_DOUBT;
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
    s->offset = 0;
    s->head_len = s->tail_len = 0;
    s->doubt_ms = 0;
    s->aligning = false;
    if (s->started)
        s->sink.gap(s->sink.ctx, why);
    s->started = true;
    if (s->rules.start_tail > 0 && size > s->rules.start_tail)
        skip_to_tail(s, size);
}

/* Lines that are left were handed on before; one that was cut in its middle becomes another line. */
static void go_back(struct stream *s)
{
    s->offset = line_start(s->fd, s->cut);
    s->head_len = s->head_len < (size_t)s->offset ? s->head_len : (size_t)s->offset;
    s->doubt_ms = 0;
    s->aligning = false;
    s->sink.gap(s->sink.ctx, "lost its end");
}

/* Reading goes on as the verdict says. */
static void obey(struct stream *s, enum verdict v, int64_t size, const char *why)
{
    if (v == CUT_FILE)
        go_back(s);
    else if (v == OTHER_FILE)
        begin(s, size, why);
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

static void take_glanced(void *ctx, struct glance *glance)
{
    struct stream *s = ctx;
    s->offset += (int64_t)glance->block.len;
    s->sink.glanced(s->sink.ctx, glance);
}

/* With a second thread while much is left: a larger step, because each one starts it. */
static void read_long(struct stream *s, int64_t *budget)
{
    struct stat st;
    if (s->sink.glanced == NULL || s->aligning || fstat(s->fd, &st) < 0 || st.st_size - s->offset < PAIR_WORTH)
        return;
    if (s->pair != NULL || (s->pair = pair_new()) != NULL)
        *budget -= pair_read(s->pair, s->fd, s->offset, s->offset + PAIR_STEP, take_glanced, s);
}

/* Reads on in the open file: to its end, until the budget is used up, or until the disk fails. */
static enum stream_state read_on(struct stream *s, int64_t *budget, struct err *e)
{
    enum stream_state state = STREAM_IDLE;
    read_long(s, budget);
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

/* ---- what was written between two looks, and stands under another name now ---- */

static bool is_held(void *ctx, const struct kin *k)
{
    const struct stream *s = ctx;
    struct stat held;
    return s->fd >= 0 && fstat(s->fd, &held) == 0 && held.st_dev == k->dev && held.st_ino == k->ino;
}

/* It has said enough to know it, or a copy of it, by that. A hole of NULs says nothing. */
static bool is_telling(const struct stream *s)
{
    for (size_t i = 0; i < s->tail_len; i++)
        if (s->tail[i] != '\0')
            return s->tail_len == STREAM_TAIL;
    return false;
}

/* A copy of what was read up to here, whatever stands behind that. */
static bool is_copy(void *ctx, const struct kin *k)
{
    const struct stream *s = ctx;
    struct file_stat now;
    int fd = is_telling(s) && k->size >= s->offset ? file_open(k->path, &now, NULL) : -1;
    bool same = fd >= 0 && judge(s, fd, now.size) == SAME_FILE;
    if (fd >= 0)
        close(fd);
    return same;
}

static bool take(struct stream *s, const struct kin *k, struct file_stat *now)
{
    int fd = file_open(k->path, now, NULL);
    if (fd < 0)
        return false;
    if (s->fd >= 0)
        close(s->fd);
    s->fd = fd;
    s->doubt_ms = 0;
    return true;
}

/* The file that is held was truncated or deleted: the rest of what it said may stand in a copy (copytruncate). */
static bool take_copy(struct stream *s)
{
    struct kin k;
    struct file_stat now;
    return kin_find(s->path, is_copy, s, &k) && take(s, &k, &now);
}

/* The file that is held was renamed, read to its end, and is not the last one that was. */
static bool take_next(struct stream *s)
{
    struct kin old, next;
    struct file_stat now;
    if (!kin_find(s->path, is_held, s, &old))
        return s->fd < 0 && take_copy(s);
    if (!kin_next(s->path, &old, &next) || !take(s, &next, &now))
        return false;
    begin(s, now.size, "was rotated");
    return true;
}

/* The path still names the open file. */
static enum stream_state step_held(struct stream *s, const struct stat *st, int64_t now_ms, int64_t budget,
                                   struct err *e)
{
    enum verdict v = judge_in_time(s, s->fd, st->st_size, now_ms);
    if (v == IN_DOUBT)
        return STREAM_WAIT;
    if (v == OTHER_FILE && take_copy(s))
        return STREAM_MORE;
    obey(s, v, st->st_size, "was truncated or rewritten");
    skip_backlog(s, st->st_size);
    return read_on(s, &budget, e);
}

/* The file that was read has a new name, and a new file could not be told from it. */
static bool was_renamed(struct stream *s)
{
    struct kin k;
    return !is_telling(s) && kin_find(s->path, is_held, s, &k);
}

/* The path names a file that is not open yet: the first, or the next after a rotation. */
static enum stream_state step_new(struct stream *s, int64_t now_ms, int64_t budget, struct err *e)
{
    struct file_stat now;
    int fd = file_open(s->path, &now, e);
    if (fd < 0)
        return now.exists ? STREAM_FAILED : STREAM_MISSING;
    enum verdict v = s->started && !was_renamed(s) ? judge_in_time(s, fd, now.size, now_ms) : OTHER_FILE;
    if (v == IN_DOUBT || (v == OTHER_FILE && s->started && take_next(s))) {
        close(fd);
        return v == IN_DOUBT ? STREAM_WAIT : STREAM_MORE;
    }
    if (s->fd >= 0)
        close(s->fd);
    s->fd = fd;
    obey(s, v, now.size, "was replaced by another file");
    return read_on(s, &budget, e);
}

/* The open file lost its name. What its writer put into it before goes first, so a rotation by rename loses nothing. A
 * deleted file is let go when it is read to its end: holding it would hold its disk space. */
static bool drained(struct stream *s, int64_t *budget)
{
    struct stat st;
    if (fstat(s->fd, &st) < 0)
        return true;
    enum verdict v = judge(s, s->fd, st.st_size);
    if (v != SAME_FILE && take_copy(s))
        return false;
    s->cut = st.st_size;
    obey(s, v == IN_DOUBT ? after_doubt(s, s->fd) : v, st.st_size, "was truncated and rotated");
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
        return s->started && take_next(s) ? STREAM_MORE : STREAM_MISSING;
    return step_new(s, now_ms, budget, e);
}

/* The blocks are kept only while there is more to read: most of the time there is not. */
enum stream_state stream_step(struct stream *s, int64_t now_ms, int64_t budget, struct err *e)
{
    enum stream_state state = step(s, now_ms, budget, e);
    if (state != STREAM_MORE)
        release_blocks(s);
    return state;
}
