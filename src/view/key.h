/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys as actions see them: a character, or one of these. The curses sink translates. */
#ifndef DAVY_VIEW_KEY_H
#define DAVY_VIEW_KEY_H

enum key {
    K_TAB = 9,
    K_ENTER = 13,
    K_ESC = 27,
    K_CTRL_L = 12,
    K_CTRL_Z = 26,
    K_CTRL_C = 3,
    K_UP = 0x110000,
    K_DOWN,
    K_LEFT,
    K_RIGHT,
    K_PGUP,
    K_PGDN,
    K_HOME,
    K_END,
    K_BACKTAB,
};

#endif
