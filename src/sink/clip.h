/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sequences for the terminal that are no picture - the clipboard (OSC 52), notifications (OSC 9, 777) - and their way through
 * tmux and GNU screen. Only bytes: who has the terminal sends them. */
#ifndef DAVY_SINK_CLIP_H
#define DAVY_SINK_CLIP_H

#include "base/arena.h"

/* What stands between davy and the terminal. */
enum clip_way { CLIP_PLAIN, CLIP_TMUX, CLIP_SCREEN };
/* From the values of TMUX, STY and TERM; NULL: not set. */
enum clip_way clip_way_of(const char *tmux, const char *sty, const char *term);

/* Terminals take at most 100,000 characters of base64, as hterm says it; that is this many bytes. */
enum { CLIP_MOST = 74994 };
/* The text into the clipboard. What is longer than CLIP_MOST is cut before a character; taken: how much went in. */
struct bytes clip_bytes(struct arena *a, struct bytes text, enum clip_way way, size_t *taken);
/* "\a", or a notification of that text: "osc9", "osc777". The text must be safe. Empty: no such kind. */
struct bytes clip_notice(struct arena *a, const char *kind, const char *text, enum clip_way way);

#endif
