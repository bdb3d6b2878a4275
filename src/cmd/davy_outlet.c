/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/davy_outlet.h"

#include "base/utf8.h"
#include "view/glyph.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SAFE_BYTES = 4096 }; /* a pipe that is ready takes so many without blocking */

/* A file must not be opened again: it would be written from its start. */
void outlet_open(struct outlet *o, bool ascii)
{
    struct stat s;
    *o = (struct outlet){.fd = STDOUT_FILENO, .ascii = ascii};
    if (fstat(STDOUT_FILENO, &s) < 0 || !(S_ISFIFO(s.st_mode) || S_ISCHR(s.st_mode)))
        return;
    int fd = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    o->own = fd >= 0;
    o->fd = o->own ? fd : STDOUT_FILENO;
}

void outlet_close(struct outlet *o)
{
    if (o->own)
        close(o->fd);
    free(o->text);
    *o = (struct outlet){.fd = -1};
}

static void add(struct outlet *o, const char *bytes, size_t len)
{
    if (o->len + len > o->room) {
        size_t room = o->room * 2 + len + 1024;
        char *more = realloc(o->text, room);
        if (more == NULL)
            abort();
        o->text = more;
        o->room = room;
    }
    memcpy(o->text + o->len, bytes, len);
    o->len += len;
}

static void add_ascii(struct outlet *o, const char *text)
{
    for (struct bytes rest = bytes_of(text); rest.len > 0;) {
        char32_t c = utf8_next(&rest);
        char plain = (char)(c < 0x80 ? c : glyph_ascii(c));
        add(o, &plain, 1);
    }
}

static void add_line(struct outlet *o, const char *text)
{
    if (o->ascii)
        add_ascii(o, text);
    else
        add(o, text, strlen(text));
    add(o, "\n", 1);
}

void outlet_line(struct outlet *o, const char *text)
{
    if (o->len - o->at > OUTLET_MOST)
        o->lost++;
    else
        add_line(o, text);
}

static size_t put(struct outlet *o, size_t len)
{
    ssize_t n;
    do
        n = write(o->fd, o->text + o->at, o->own || len < SAFE_BYTES ? len : SAFE_BYTES);
    while (n < 0 && errno == EINTR);
    if (n < 0 && errno != EAGAIN) {
        o->gone = true;
        o->error = errno == EPIPE || errno == EIO ? 0 : errno;
    }
    return n > 0 ? (size_t)n : 0;
}

bool outlet_flush(struct outlet *o)
{
    char text[80];
    if (o->gone)
        o->at = o->len;
    if (o->at < o->len)
        o->at += put(o, o->len - o->at);
    if (o->at < o->len)
        return o->gone;
    o->at = o->len = 0;
    if (o->lost == 0)
        return true;
    snprintf(text, sizeof text, "%llu lines were left out, because nobody read them", (unsigned long long)o->lost);
    o->lost = 0;
    add_line(o, text);
    return outlet_flush(o);
}
