/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How the terminal was, and the bytes that bring it back. Armed while the screen is up. restore_now() is
 * async-signal-safe, never blocks and does its work once. All of it may lie in memory that a guard process shares. */
#ifndef DAVY_SINK_CURSES_RESTORE_H
#define DAVY_SINK_CURSES_RESTORE_H

#include <stddef.h>
#include <termios.h>

struct restore {
    int in, out;                /* our own non-blocking descriptors of the terminal */
    int in_flags, out_flags;    /* of descriptors that had to be shared with the shell; -1: own ones */
    struct termios modes;
    char bytes[512];
    size_t len;
};
void restore_arm(const struct restore *r);

#endif
