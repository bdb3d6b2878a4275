/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal as two descriptors: modes, size, and an output that never blocks and never holds more than one frame. The
 * descriptors are our own open file descriptions, because O_NONBLOCK on the shell's would stay there after us. */
#ifndef DAVY_SINK_CURSES_TTY_H
#define DAVY_SINK_CURSES_TTY_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

struct tty {
    int in, out;
    int in_flags, out_flags; /* -1: own descriptions; else the flags to put back */
    struct termios before;
    char *pending; /* the rest of the frame that the terminal has not taken yet */
    size_t pending_len, pending_at, pending_room;
    bool gone;
    int others; /* inotify on the terminal: it tells who writes there, and our own writes are taken out at once; -1 */
    int others_id;
};
bool tty_open(struct tty *t, struct err *e);
void tty_close(struct tty *t);
bool tty_raw(struct tty *t);
struct termios tty_raw_modes(const struct termios *before); /* what tty_raw() makes of them */
/* Anybody may claim any size: 65535x65535 would take all the memory. Of a larger terminal the upper left is used. */
enum { TTY_WIDEST = 1024, TTY_HIGHEST = 512 };
void tty_size(const struct tty *t, int *w, int *h);
void tty_send(struct tty *t, const char *bytes, size_t len); /* when not busy */
void tty_deafen(struct tty *t); /* some time before tty_close(): the kernel takes 10 ms to put a watch away */
void tty_overheard(struct tty *t);                           /* takes what inotify has to tell */
bool tty_flush(struct tty *t);                               /* true: nothing is pending */

#endif
