/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a terminal says of its ground. */
#ifndef DAVY_SINK_GROUND_H
#define DAVY_SINK_GROUND_H

#include <stdbool.h>

/* The answer to OSC 11: "rgb:ffff/ffff/ffff", one to four digits each, or "rgba:...". false: it cannot be read. */
bool ground_of_answer(const char *text, bool *light);
/* COLORFGBG: "0;15", "0;default;15": the last one is the ground, of the sixteen. NULL: not set. */
bool ground_of_env(const char *text, bool *light);

#endif
