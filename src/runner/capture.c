/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file is head, then a ring; pwrite() puts every byte where it belongs, so that the file never grows beyond its size and
 * can be read while the job runs. */
#include "runner/capture.h"

#include "base/redact.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 64 << 10, ROUNDS = 16 };

static int64_t ring_of(const struct capture *c)
{
    return c->most > CAPTURE_HEAD ? c->most - CAPTURE_HEAD : 1;
}

/* Where in the file byte number at of the stream stands; *room: how many bytes behind it lie in one piece. */
static int64_t place_of(const struct capture *c, int64_t at, int64_t *room)
{
    if (at < CAPTURE_HEAD) {
        *room = CAPTURE_HEAD - at;
        return at;
    }
    int64_t in_ring = (at - CAPTURE_HEAD) % ring_of(c);
    *room = ring_of(c) - in_ring;
    return CAPTURE_HEAD + in_ring;
}

static void store(struct capture *c, const char *at, int64_t len)
{
    while (len > 0) {
        int64_t room, place = place_of(c, c->total, &room), n = len < room ? len : room;
        if (c->file >= 0 && pwrite(c->file, at, (size_t)n, place) != n)
            c->failed = true;
        at += n;
        len -= n;
        c->total += n;
    }
}

static void line_end(struct capture *c)
{
    c->line(c->ctx, (struct bytes){c->part, c->part_len});
    c->part_len = 0;
}

/* Carriage returns end lines too: progress is drawn with them. */
static void lines(struct capture *c, const char *at, size_t len)
{
    for (size_t i = 0; c->line && i < len; i++)
        if (at[i] == '\n' || at[i] == '\r')
            line_end(c);
        else if (c->part_len < sizeof c->part)
            c->part[c->part_len++] = at[i];
}

void capture_read(struct capture *c)
{
    char chunk[CHUNK];
    ssize_t n = -1;
    errno = EAGAIN;
    for (int i = 0; i < ROUNDS && c->in >= 0 && (n = read(c->in, chunk, sizeof chunk)) > 0; i++) {
        store(c, chunk, n);
        lines(c, chunk, (size_t)n);
        c->last_ms = loop_now();
    }
    if (c->in >= 0 && (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))) {
        close(c->in);
        c->in = -1;
    }
}

int64_t capture_dropped(const struct capture *c)
{
    int64_t kept = CAPTURE_HEAD + ring_of(c);
    return c->total > kept ? c->total - kept : 0;
}

/* len bytes of the stream from number at on. */
static bool fetch(const struct capture *c, int64_t at, char *out, int64_t len)
{
    while (len > 0) {
        int64_t room, place = place_of(c, at, &room), n = len < room ? len : room;
        if (pread(c->file, out, (size_t)n, place) != n)
            return false;
        out += n;
        at += n;
        len -= n;
    }
    return true;
}

const char *capture_tail(struct arena *a, const struct capture *c)
{
    int64_t len = c->total < CAPTURE_TAIL ? c->total : CAPTURE_TAIL;
    char *text = arena_alloc(a, CAPTURE_TAIL + 1);
    if (c->file < 0 || !fetch(c, c->total - len, text, len))
        return "";
    struct bytes raw = redact(a, (struct bytes){text, (size_t)len}), line;
    const char *out = "";
    while (raw.len) {
        size_t end = bytes_find(raw, "\n");
        line = (struct bytes){raw.at, end};
        raw = bytes_from(raw, end < raw.len ? end + 1 : end);
        out = arena_text(a, "%s%s%s", out, *out ? "\n" : "", text_safe(a, line, 0));
    }
    return out;
}

static void write_all(int fd, const char *at, size_t len, int64_t place)
{
    for (ssize_t n; len > 0 && (n = pwrite(fd, at, len, place)) > 0; at += n, len -= (size_t)n)
        place += n;
}

/* The ring as it was written, behind a line about what is between it and the head. */
static void put_in_order(struct capture *c)
{
    struct arena a = {0};
    char gap[100];
    int64_t ring = ring_of(c), dropped = capture_dropped(c);
    char *text = arena_alloc(&a, (size_t)ring);
    int n = snprintf(gap, sizeof gap, "\n[%lld bytes are left out here]\n", (long long)dropped);
    if (fetch(c, c->total - ring, text, ring)) {
        write_all(c->file, gap, (size_t)n, CAPTURE_HEAD);
        write_all(c->file, text, (size_t)ring, CAPTURE_HEAD + n);
    }
    arena_release(&a);
}

void capture_close(struct capture *c)
{
    if (c->in >= 0)
        close(c->in);
    if (c->file >= 0 && capture_dropped(c) > 0)
        put_in_order(c);
    if (c->file >= 0)
        close(c->file);
    c->in = c->file = -1;
}
