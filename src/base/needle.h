/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A text that others are searched for. Small letters find capitals too; with a capital in it, it is taken as it is. */
#ifndef DAVY_BASE_NEEDLE_H
#define DAVY_BASE_NEEDLE_H

#include "base/bytes.h"

#include <uchar.h>

enum { NEEDLE_MOST = 96 };
struct needle {
    char32_t ch[NEEDLE_MOST];
    int len;    /* 0: found everywhere */
    bool exact; /* capitals count */
};
struct needle needle_of(const char *text); /* UTF-8; what is longer is cut */
bool needle_in(const struct needle *n, const char *text);
char32_t needle_fold(char32_t c); /* the small letter */

#endif
