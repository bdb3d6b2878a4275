/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/curses_tty.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* *flags: -1 for a description of our own, else what the shared one had. */
static int open_again(int fd, int mode, int *flags)
{
    char path[64], name[128];
    int how = mode | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    *flags = -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int own = open(path, how);
    if (own < 0 && ttyname_r(fd, name, sizeof name) == 0)
        own = open(name, how);
    if (own >= 0)
        return own;
    /* After su the terminal belongs to somebody else and cannot be opened, only used. */
    own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    *flags = own < 0 ? -1 : fcntl(own, F_GETFL);
    if (own >= 0)
        fcntl(own, F_SETFL, *flags | O_NONBLOCK);
    return own;
}

/* wall, the kernel and programs in the background write over the screen, and nothing tells but this. Where it cannot be had
 * there is ^L. */
static int overhear(struct tty *t)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", t->out);
    int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    t->others_id = fd >= 0 ? inotify_add_watch(fd, path, IN_MODIFY) : -1;
    if (fd >= 0 && t->others_id < 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

void tty_overheard(struct tty *t)
{
    char events[sizeof(struct inotify_event) * 8];
    ssize_t n;
    do /* what does not fill the room was all */
        n = t->others >= 0 ? read(t->others, events, sizeof events) : 0;
    while (n > (ssize_t)(sizeof events - sizeof(struct inotify_event)));
}

bool tty_open(struct tty *t, struct err *e)
{
    *t = (struct tty){.in = -1, .out = -1, .in_flags = -1, .out_flags = -1, .others = -1};
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return err_set(e, "standard input and output must be a terminal for the dashboard; davy --plain needs none");
    if (tcgetattr(STDIN_FILENO, &t->before) < 0)
        return err_set(e, "cannot read the terminal's modes: %s", strerror(errno));
    t->in = open_again(STDIN_FILENO, O_RDONLY, &t->in_flags);
    t->out = open_again(STDOUT_FILENO, O_WRONLY, &t->out_flags);
    if (t->in >= 0 && t->out >= 0) {
        t->others = overhear(t);
        return true;
    }
    err_set(e, "cannot open the terminal: %s", strerror(errno));
    tty_close(t);
    return false;
}

static void close_one(int fd, int flags)
{
    if (fd < 0)
        return;
    if (flags >= 0)
        fcntl(fd, F_SETFL, flags);
    close(fd);
}

void tty_deafen(struct tty *t)
{
    if (t->others >= 0 && t->others_id >= 0)
        inotify_rm_watch(t->others, t->others_id);
    t->others_id = -1;
}

void tty_close(struct tty *t)
{
    close_one(t->in, t->in_flags);
    close_one(t->out, t->out_flags);
    if (t->others >= 0) {
        tty_deafen(t);
        close(t->others);
    }
    free(t->pending);
    *t = (struct tty){.in = -1, .out = -1, .others = -1};
}

/* Every key arrives as it is, ^S and ^C too: under cbreak() a ^S would block the next write for ever. IUTF8 stays. Output
 * is not translated: ncurses says itself where the cursor goes. */
struct termios tty_raw_modes(const struct termios *before)
{
    struct termios raw = *before;
    raw.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON | IXOFF);
    raw.c_oflag &= ~(tcflag_t)OPOST;
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    return raw;
}

bool tty_raw(struct tty *t)
{
    struct termios raw = tty_raw_modes(&t->before);
    return tcsetattr(t->in, TCSANOW, &raw) == 0;
}

void tty_size(const struct tty *t, int *w, int *h)
{
    struct winsize size = {0};
    bool known = ioctl(t->out, TIOCGWINSZ, &size) == 0 && (size.ws_col != 0 || size.ws_row != 0);
    *w = known ? size.ws_col : 80; /* a serial line does not tell */
    *h = known ? size.ws_row : 24;
    *w = *w < 1 ? 1 : *w > TTY_WIDEST ? TTY_WIDEST : *w;
    *h = *h < 1 ? 1 : *h > TTY_HIGHEST ? TTY_HIGHEST : *h;
}

static bool tty_busy(const struct tty *t)
{
    return t->pending_at < t->pending_len;
}

static size_t put(struct tty *t, const char *bytes, size_t len)
{
    ssize_t n;
    do
        n = write(t->out, bytes, len);
    while (n < 0 && errno == EINTR);
    if (n < 0 && errno != EAGAIN)
        t->gone = true;
    tty_overheard(t); /* ourselves */
    return n > 0 ? (size_t)n : 0;
}

static bool keep(struct tty *t, const char *bytes, size_t len)
{
    if (len > t->pending_room) {
        char *more = realloc(t->pending, len);
        if (more == NULL)
            return false;
        t->pending = more;
        t->pending_room = len;
    }
    memcpy(t->pending, bytes, len);
    t->pending_len = len;
    t->pending_at = 0;
    return true;
}

void tty_send(struct tty *t, const char *bytes, size_t len)
{
    size_t sent = t->gone ? len : put(t, bytes, len);
    if (sent < len && !t->gone)
        t->gone = !keep(t, bytes + sent, len - sent);
}

bool tty_flush(struct tty *t)
{
    if (t->gone)
        t->pending_at = t->pending_len;
    if (tty_busy(t))
        t->pending_at += put(t, t->pending + t->pending_at, t->pending_len - t->pending_at);
    return !tty_busy(t);
}
