/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What terminfo says of a kind of terminal, without touching any. */
#ifndef DAVY_SINK_CURSES_ABOUT_H
#define DAVY_SINK_CURSES_ABOUT_H

#include <stdbool.h>

struct term_about {
    bool found;  /* terminfo knows it */
    bool places; /* its cursor can be placed: without that there is no dashboard */
    bool mouse, clipboard, rgb;
    int colors; /* 0: none */
};
struct term_about curses_about(const char *term);
const char *curses_library(void); /* "ncurses 6.4.20221231" */

#endif
