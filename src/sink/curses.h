/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal. ncurses makes the difference between frames; its output is collected and leaves in one non-blocking
 * write() a frame, the newest frame only. Owns the terminal's modes; puts everything back on close, and the restore bytes
 * are async-signal-safe. The only file that includes <curses.h>. */
#ifndef DAVY_SINK_CURSES_H
#define DAVY_SINK_CURSES_H

#include "base/err.h"
#include "view/grid.h"
#include "view/theme.h"

#include <sys/types.h>

struct curses;

struct curses_options {
    struct looks looks; /* AUTO, or more than the terminal has: what it has */
    bool ascii;         /* draw with 7-bit characters only */
};
/* Needs a terminal on stdin/stdout with cursor addressing; NULL with one sentence otherwise (TERM unset, dumb, ...). */
struct curses *curses_open(const struct curses_options *o, struct err *e);
void curses_close(struct curses *c);               /* terminal as it was; c may be NULL */
struct looks curses_looks(const struct curses *c); /* what is shown */
void curses_dress(struct curses *c,
                  const struct looks *l);  /* other looks from the next frame on; the theme must live */
bool curses_ascii(const struct curses *c); /* LC_ALL=C, --ascii, the Linux console: draw plain */
void curses_size(const struct curses *c, int *w, int *h);
int curses_input_fd(const struct curses *c);
int curses_output_fd(const struct curses *c);
bool curses_resize(struct curses *c); /* asks the kernel; true: the size changed */
/* Draws. false: the terminal still swallows the frame before; call again when output_fd is writable. */
bool curses_show(struct curses *c, const struct frame *f);
bool curses_flush(struct curses *c);    /* output_fd became writable; true: nothing is pending */
void curses_repaint(struct curses *c);  /* ^L: the next show sends everything */
/* Readable when somebody else wrote to the terminal; -1: nobody tells. To be taken with curses_overheard(). */
int curses_others_fd(const struct curses *c);
void curses_overheard(struct curses *c);
void curses_deafen(struct curses *c); /* some time before curses_close(): see tty_deafen() */
bool curses_outdated(struct curses *c); /* what it shows is not what was sent: to be drawn anew */
/* Next key: K_xxx of view/key.h or a character; 0: none now; -1: the terminal is gone. */
int curses_key(struct curses *c);
/* Bytes that leave with the next frame: OSC 52 and the like. false: a terminal that is not like xterm gets none, but for
 * "\a". */
bool curses_along(struct curses *c, const char *bytes, size_t len);
/* Reports of clicks and of the wheel. false: this terminal has none. */
bool curses_mouse(struct curses *c, bool on);
/* With the next frame the terminal is asked whether its ground is light; true, once: it has answered, in time. */
void curses_ask_ground(struct curses *c);
bool curses_ground(struct curses *c, bool *light);
void curses_suspend(struct curses *c);        /* before SIGSTOP: terminal as it was */
void curses_resume(struct curses *c);
void curses_restore_now(void); /* async-signal-safe: for crash handlers */
/* Before curses_open(): what the way back needs is shared with processes forked from now on. */
bool curses_restore_share(void);
/* In such a process, when davy (of that process group) is gone: goes the way back, if davy could not. */
void curses_restore_orphan(pid_t group);

#endif
