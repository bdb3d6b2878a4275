/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

/* A cut inside a character would leave bad UTF-8 behind: step back over its bytes. */
static void drop_half_character(char *text, size_t len)
{
    size_t start = len;
    while (start && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
        start--;
    unsigned char lead = start ? (unsigned char)text[start - 1] : 0;
    size_t want = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
    if (start && lead >= 0xc0 && len - start + 1 < want)
        text[start - 1] = '\0';
}

bool err_set(struct err *e, const char *format, ...)
{
    if (!e)
        return false;
    struct err fresh; /* an argument may point into e->text */
    va_list args;
    va_start(args, format);
    int len = vsnprintf(fresh.text, sizeof fresh.text, format, args);
    va_end(args);
    if (len < 0)
        fresh.text[0] = '\0';
    if (len >= (int)sizeof fresh.text)
        drop_half_character(fresh.text, sizeof fresh.text - 1);
    *e = fresh;
    return false;
}
