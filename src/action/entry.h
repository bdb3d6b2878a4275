/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line that is being typed in the footer: filter, palette, file name. */
#ifndef DAVY_ACTION_ENTRY_H
#define DAVY_ACTION_ENTRY_H

#include "view/ui.h"

enum entry_end { ENTRY_GOES_ON, ENTRY_TYPED, ENTRY_KEPT, ENTRY_LEFT, ENTRY_OTHER };
/* Opens the line with that text in it. */
void entry_open(struct ui *ui, enum ui_mode mode, const char *text);
/* Backspace, ^U and ^W delete (a character, all, a word), characters are added. TYPED: the text is another one now; KEPT:
 * Enter; LEFT: Esc or ^C; OTHER: a key that types nothing. */
enum entry_end entry_key(struct entry *e, int key);

#endif
