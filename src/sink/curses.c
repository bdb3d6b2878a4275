/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/curses.h"

#include "sink/curses_private.h"
#include "view/key.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ESCAPE_MS = 50, SYNC_FROM = 200, CHUNK = 512, FETCHES = 64 };

/* DEC 2026: the terminal shows what is between the two at once. Worth its 16 bytes in larger frames only. */
static const char sync_on[] = "\033[?2026h", sync_off[] = "\033[?2026l";

static void enter(struct curses *c)
{
    restore_arm(&c->restore);
    tty_raw(&c->tty);
    ground_enter(c);
    c->entering = true;
}

static void resized(struct curses *c)
{
    if (c->modern)
        paint_size(&c->paint, c->w, c->h);
    else
        term_resize(c);
}

static void prepare(struct curses *c, const struct curses_options *o)
{
    c->ascii = o->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    term_looks(c, &o->looks);
    term_keys(&c->keys);
    term_restore_bytes(c);
    term_enter_bytes(c);
    c->restore.in = c->tty.in;
    c->restore.out = c->tty.out;
    c->restore.in_flags = c->tty.in_flags;
    c->restore.out_flags = c->tty.out_flags;
    c->restore.modes = c->tty.before;
    tty_size(&c->tty, &c->w, &c->h);
    resized(c);
    enter(c);
}

struct curses *curses_open(const struct curses_options *o, struct err *e)
{
    struct curses *c = calloc(1, sizeof *c);
    if (c == NULL)
        abort();
    if (!tty_open(&c->tty, e) || !term_open(c, e)) {
        term_close(c);
        tty_close(&c->tty);
        free(c);
        return NULL;
    }
    prepare(c, o);
    return c;
}

void curses_close(struct curses *c)
{
    if (c == NULL)
        return;
    ground_leave(c);
    curses_restore_now();
    term_close(c);
    tty_close(&c->tty);
    paint_release(&c->paint);
    along_release(c);
    free(c);
}

struct looks curses_looks(const struct curses *c)
{
    return c->looks;
}

void curses_dress(struct curses *c, const struct looks *l)
{
    term_looks(c, l);
    curses_repaint(c);
}

bool curses_ascii(const struct curses *c)
{
    return c->ascii || c->plain;
}

void curses_size(const struct curses *c, int *w, int *h)
{
    *w = c->w;
    *h = c->h;
}

int curses_input_fd(const struct curses *c)
{
    return c->tty.in;
}

int curses_output_fd(const struct curses *c)
{
    return c->tty.out;
}

bool curses_resize(struct curses *c)
{
    int w, h;
    tty_size(&c->tty, &w, &h);
    if (w == c->w && h == c->h)
        return false;
    c->w = w;
    c->h = h;
    resized(c);
    curses_repaint(c);
    return true;
}

/* What ncurses wrote since the last time, taken out of the memory file. */
static char *take(struct curses *c, size_t *len)
{
    fflush(c->catcher);
    int fd = fileno(c->catcher);
    off_t size = lseek(fd, 0, SEEK_CUR);
    *len = 0;
    char *bytes = malloc((size_t)(size > 0 ? size : 1));
    if (bytes != NULL && size > 0) {
        ssize_t n = pread(fd, bytes, (size_t)size, 0);
        *len = n > 0 ? (size_t)n : 0;
    }
    if (ftruncate(fd, 0) == 0)
        lseek(fd, 0, SEEK_SET);
    return bytes;
}

/* Into ncurses' screen; ncurses writes the difference. */
static void show_plain(struct curses *c, const struct frame *f)
{
    size_t count = (size_t)c->w * (size_t)c->h, len;
    struct cell *cells = calloc(count, sizeof *cells);
    if (cells == NULL)
        abort();
    draw_cells(c, f, cells);
    draw_screen(c, cells);
    free(cells);
    wnoutrefresh(stdscr);
    doupdate();
    char *bytes = along_append(c, take(c, &len), &len);
    if (bytes != NULL && len > 0)
        tty_send(&c->tty, bytes, len);
    free(bytes);
}

static void show_modern(struct curses *c, const struct frame *f)
{
    enum { ON = sizeof sync_on - 1, OFF = sizeof sync_off - 1 };
    struct painter *p = &c->paint;
    draw_changes(c, f, p);
    p->len = 0;
    if (c->entering)
        paint_put(p, c->enter, c->enter_len);
    size_t before = p->len;
    paint_put(p, sync_on, ON);
    paint_next(p);
    if (p->len - before - ON >= SYNC_FROM) {
        paint_put(p, sync_off, OFF);
    } else {
        p->len -= ON;
        memmove(p->out + before, p->out + before + ON, p->len - before);
    }
    along_paint(c);
    if (p->len > 0)
        tty_send(&c->tty, p->out, p->len);
}

bool curses_show(struct curses *c, const struct frame *f)
{
    if (!tty_flush(&c->tty))
        return false;
    if (c->modern)
        show_modern(c, f);
    else
        show_plain(c, f);
    c->entering = false;
    return true;
}

bool curses_flush(struct curses *c)
{
    return tty_flush(&c->tty);
}

void curses_repaint(struct curses *c)
{
    if (c->modern)
        paint_forget(&c->paint);
    else
        clearok(curscr, TRUE);
}

void curses_deafen(struct curses *c)
{
    tty_deafen(&c->tty);
}

int curses_others_fd(const struct curses *c)
{
    return c->tty.others;
}

void curses_overheard(struct curses *c)
{
    tty_overheard(&c->tty);
}

bool curses_outdated(struct curses *c)
{
    if (c->keys.report_y > 0)
        paint_answer(&c->paint, c->keys.report_x, c->keys.report_y);
    c->keys.report_y = 0;
    return c->modern && !c->paint.known;
}

/* -1: the terminal is gone; 0: nothing came within wait_ms. */
static int fetch(struct curses *c, int wait_ms)
{
    char bytes[CHUNK];
    struct pollfd p = {.fd = c->tty.in, .events = POLLIN};
    int ready = poll(&p, 1, wait_ms);
    if (ready <= 0)
        return 0;
    if (keys_room(&c->keys) <= sizeof bytes)
        c->keys.len = 0; /* a sequence that never ends */
    ssize_t n = read(c->tty.in, bytes, sizeof bytes);
    if (n > 0) {
        keys_add(&c->keys, bytes, (size_t)n);
        return 1;
    }
    return n < 0 && (errno == EAGAIN || errno == EINTR) && !(p.revents & (POLLHUP | POLLERR)) ? 0 : -1;
}

/* A flood of bytes without a key in it must not keep files and signals waiting: after some of it, epoll asks again. */
int curses_key(struct curses *c)
{
    if (c->tty.gone)
        return -1;
    for (int i = 0; i < FETCHES; i++) {
        int key = keys_next(&c->keys, false);
        if (key != 0)
            return key;
        bool waiting = keys_waiting(&c->keys) && !c->keys.pasting;
        int got = fetch(c, waiting || c->keys.flood ? ESCAPE_MS : 0);
        if (got < 0)
            return -1;
        if (got == 0) {
            keys_quiet(&c->keys);
            return waiting ? keys_next(&c->keys, true) : 0;
        }
    }
    return 0;
}

void curses_suspend(struct curses *c)
{
    size_t len;
    if (!c->modern) {
        endwin();
        free(take(c, &len)); /* the restore bytes say the same, also when the terminal is full */
    }
    c->tty.pending_len = c->tty.pending_at = 0;
    c->suspended = true;
    ground_leave(c);
    curses_restore_now();
}

void curses_resume(struct curses *c)
{
    if (c->tty.in_flags >= 0)
        fcntl(c->tty.in, F_SETFL, c->tty.in_flags | O_NONBLOCK);
    if (c->tty.out_flags >= 0)
        fcntl(c->tty.out, F_SETFL, c->tty.out_flags | O_NONBLOCK);
    if (c->suspended)
        tcgetattr(c->tty.in, &c->tty.before); /* the shell may have changed them */
    c->suspended = false;
    c->restore.modes = c->tty.before;
    enter(c);
    curses_resize(c);
    curses_repaint(c);
    bool mouse = c->keys.mouse;
    c->keys.mouse = false;
    curses_mouse(c, mouse);
}
