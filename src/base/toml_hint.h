/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the TOML library says about a fault, for people: with the key of that line, and what to do. Private to base/. */
#ifndef DAVY_BASE_TOML_HINT_H
#define DAVY_BASE_TOML_HINT_H

#include "base/arena.h"

/* said: the library's description, safe; line: 1-based, of in. */
const char *toml_sentence(struct arena *a, struct bytes in, unsigned line, const char *said);

#endif
