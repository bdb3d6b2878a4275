/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One of the files with a mutable static: a signal handler gets no argument. */
#include "sink/curses_restore.h"

#include "sink/curses.h"
#include "sink/curses_tty.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

struct state {
    struct restore way;
    pid_t owner;                     /* other children of davy end without touching the terminal */
    volatile sig_atomic_t armed;     /* the way back has not been begun */
    volatile sig_atomic_t on_screen; /* nor ended: who is killed on it has a guard who goes it again */
};
static struct state own, *state = &own;

bool curses_restore_share(void)
{
    void *page = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return false;
    state = page;
    return true;
}

void restore_arm(const struct restore *r)
{
    state->armed = 0;
    state->way = *r;
    state->owner = getpid();
    state->armed = state->on_screen = 1;
}

/* A terminal that nobody drains has no room: what it did not swallow yet is thrown away, the way back is not. */
static void put(int out, const char *bytes, size_t len)
{
    bool flushed = false;
    for (size_t at = 0; at < len;) {
        ssize_t n = write(out, bytes + at, len - at);
        if (n > 0)
            at += (size_t)n;
        else if (n < 0 && errno == EAGAIN && !flushed)
            flushed = tcflush(out, TCOFLUSH) == 0;
        else if (n >= 0 || errno != EINTR)
            return;
    }
}

void curses_restore_now(void)
{
    int error = errno;
    const struct restore *r = &state->way;
    if (!state->armed || state->owner != getpid())
        return;
    state->armed = 0;
    put(r->out, r->bytes, r->len);
    tcsetattr(r->in, TCSANOW, &r->modes); /* never TCSADRAIN: that waits for a reader */
    if (r->in_flags >= 0)
        fcntl(r->in, F_SETFL, r->in_flags);
    if (r->out_flags >= 0)
        fcntl(r->out, F_SETFL, r->out_flags);
    state->on_screen = 0;
    errno = error;
}

/* Other modes than davy's are those of a shell, or of its next program, that was faster than we are. */
static bool modes_are_ours(const struct termios *before)
{
    struct termios now, ours = tty_raw_modes(before);
    return tcgetattr(STDIN_FILENO, &now) == 0 && now.c_iflag == ours.c_iflag && now.c_oflag == ours.c_oflag &&
           now.c_lflag == ours.c_lflag;
}

/* Whose terminal is it now? davy's still, nobody's (davy was the leader of the session), or the shell's. Whoever else is in
 * front and set modes of its own drew over what davy had drawn: that screen is none of our business. */
static bool is_left_to_us(pid_t group)
{
    pid_t front = tcgetpgrp(STDIN_FILENO);
    return front < 0 || front == group || front == getpgid(getsid(0));
}

/* If it cannot be opened (another user's terminal), the shared description will do: davy made it non-blocking. */
static int without_waiting(void)
{
    int fd = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    return fd >= 0 ? fd : STDOUT_FILENO;
}

void curses_restore_orphan(pid_t group)
{
    struct restore *r = &state->way;
    bool ours = state->on_screen && modes_are_ours(&r->modes);
    if (!state->on_screen || !(ours || is_left_to_us(group)))
        return;
    r->in = STDIN_FILENO;
    r->out = without_waiting();
    if (!ours)
        tcgetattr(r->in, &r->modes);
    state->owner = getpid();
    state->armed = 1;
    curses_restore_now();
}
