/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys as actions see them: a character, or one of these. The curses sink translates. ^J and ^H arrive as Enter and
 * Backspace. */
#ifndef DAVY_VIEW_KEY_H
#define DAVY_VIEW_KEY_H

enum key {
    K_TAB = 9,
    K_ENTER = 13,
    K_ESC = 27,
    K_CTRL_L = 12,
    K_CTRL_Z = 26,
    K_CTRL_C = 3,
    K_CTRL_U = 21,
    K_CTRL_W = 23,
    K_BACKSPACE = 127,
    K_UP = 0x110000,
    K_DOWN,
    K_LEFT,
    K_RIGHT,
    K_PGUP,
    K_PGDN,
    K_HOME,
    K_END,
    K_BACKTAB,
    K_INSERT,
    K_DELETE,
    K_F1,
    K_F12 = K_F1 + 11,
    K_MOUSE = 0x1000000, /* from here on: a report of the mouse, made by key_mouse() */
};

enum mouse_kind { MOUSE_CLICK, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };
enum { MOUSE_CELLS = 1024 }; /* columns and rows that a report can name */

/* Kind and cell in one number, so that a click goes the way of every key. Cells count from 0. */
static inline int key_mouse(enum mouse_kind kind, int x, int y)
{
    return K_MOUSE | (int)kind << 20 | y << 10 | x;
}

#endif
