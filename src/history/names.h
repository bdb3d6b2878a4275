/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of LLMs and strategies as small numbers. 0 is "" (absent, empty or "unknown"). Texts pass text_safe() once,
 * here; two raw names that look the same are one. After NAMES_MOST different names every new one is "other". */
#ifndef DAVY_HISTORY_NAMES_H
#define DAVY_HISTORY_NAMES_H

#include "base/arena.h"
#include "base/bytes.h"

enum { NAMES_MOST = 65535, NAME_CELLS = 64, NAMES_NEAR = 64, NEAR_SHORT = 8, NEAR_LONG = 32 };

struct name_near { /* all of a text of NEAR_SHORT to NEAR_LONG bytes, as words that overlap */
    uint64_t word[4];
    uint32_t len; /* 0: none */
    uint16_t index;
};

struct name_slot {
    uint64_t hash; /* of the raw text; 0: free */
    const char *raw;
    size_t raw_len;
    uint16_t index;
};
struct names { /* all zero is empty */
    struct arena text;
    struct name_slot *slot; /* open addressing; grow.h */
    size_t slots, used;
    const char **safe; /* by index; [0] is "" */
    size_t count, cap;
    uint16_t other;                    /* index of "other" once it is needed */
    struct name_near near[NAMES_NEAR]; /* what is named again and again is compared word by word */
};

uint16_t names_put(struct names *n, struct bytes raw);
const char *names_get(const struct names *n, uint16_t index);
void names_release(struct names *n);

#endif
