/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes secrets out of text that is handed to others. What looks like one goes, by its name (a word that ends in token, key,
 * secret, password, passwd, mnemonic, phrase, seed, credential or authorization, and has a value that is no number behind a
 * colon or an equals sign) or by its form (bot tokens, "Bearer ...", sk-..., 64 hex digits and more). Rather too much than
 * too little: it cannot know every secret, so whoever sends it still reads it first. */
#ifndef DAVY_BASE_REDACT_H
#define DAVY_BASE_REDACT_H

#include "base/arena.h"

struct bytes redact(struct arena *a, struct bytes text);

#endif
