/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One of the two files with a mutable static: a signal handler gets no argument. */
#include "sink/curses_restore.h"

#include "sink/curses.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static struct restore restore;
static volatile sig_atomic_t armed;

void restore_arm(const struct restore *r)
{
    armed = 0;
    restore = *r;
    armed = 1;
}

/* A terminal that nobody drains has no room: what it did not swallow yet is thrown away, the way back is not. */
static void put(const char *bytes, size_t len)
{
    bool flushed = false;
    for (size_t at = 0; at < len;) {
        ssize_t n = write(restore.out, bytes + at, len - at);
        if (n > 0)
            at += (size_t)n;
        else if (n < 0 && errno == EAGAIN && !flushed)
            flushed = tcflush(restore.out, TCOFLUSH) == 0;
        else if (n >= 0 || errno != EINTR)
            return;
    }
}

void curses_restore_now(void)
{
    int error = errno;
    if (!armed)
        return;
    armed = 0;
    put(restore.bytes, restore.len);
    tcsetattr(restore.in, TCSANOW, &restore.modes); /* never TCSADRAIN: that waits for a reader */
    if (restore.in_flags >= 0)
        fcntl(restore.in, F_SETFL, restore.in_flags);
    if (restore.out_flags >= 0)
        fcntl(restore.out, F_SETFL, restore.out_flags);
    errno = error;
}
