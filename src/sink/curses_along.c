/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes that are no picture - the clipboard, a bell, the mouse - and leave with the next frame, in its one write(). */
#include "sink/curses_private.h"

#include <stdlib.h>
#include <string.h>

enum { ALONG_MOST = 1 << 20 }; /* a terminal that takes nothing for hours must not fill the memory */

bool curses_along(struct curses *c, const char *bytes, size_t len)
{
    bool bell = len == 1 && bytes[0] == '\a';
    if ((!c->modern && !bell) || c->along_len + len > ALONG_MOST) /* the first: it would print what it does not know */
        return false;
    char *more = realloc(c->along, c->along_len + len);
    if (more == NULL)
        return false;
    memcpy(more + c->along_len, bytes, len);
    c->along = more;
    c->along_len += len;
    return true;
}

void along_paint(struct curses *c)
{
    if (c->along_len > 0)
        paint_put(&c->paint, c->along, c->along_len);
    along_release(c);
}

char *along_append(struct curses *c, char *bytes, size_t *len)
{
    char *all = c->along_len > 0 ? realloc(bytes, *len + c->along_len) : bytes;
    if (c->along_len > 0 && all != NULL) {
        memcpy(all + *len, c->along, c->along_len);
        *len += c->along_len;
    }
    along_release(c);
    return all != NULL ? all : bytes;
}

void along_release(struct curses *c)
{
    free(c->along);
    c->along = NULL;
    c->along_len = 0;
}

/* Clicks and the wheel, in reports that know no limit of columns (1006). Off: not even what an older davy left on. */
bool curses_mouse(struct curses *c, bool on)
{
    static const char enable[] = "\033[?1000h\033[?1006h", disable[] = "\033[?1006l\033[?1000l";
    if (c->keys.mouse == on)
        return true;
    c->keys.mouse = on && c->modern;
    return curses_along(c, on ? enable : disable, on ? sizeof enable - 1 : sizeof disable - 1);
}
