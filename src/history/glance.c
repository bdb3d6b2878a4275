/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/glance.h"

#include <string.h>

/* One that is left to the fold; but the next one may look like it. Where it ends; 0: not in this block. */
static size_t pass(struct glance *l, struct bytes rest)
{
    const char *end = memchr(rest.at, '\n', rest.len);
    if (end == NULL)
        return 0;
    struct bytes text = {rest.at, (size_t)(end - rest.at)};
    if (line_parse(text, &l->read))
        guess_learn(&l->guess, text, &l->read);
    return text.len + 1;
}

/* A text with escapes stands in the room, which the next line needs. */
static size_t take(struct glance *l, struct bytes rest)
{
    size_t len = guess_line(&l->guess, rest, &l->read);
    if (len == 0)
        return pass(l, rest);
    if (l->read.room.used > 0)
        return len;
    struct glance_line *to = &l->line[l->count++];
    glance_line(&l->read, &l->near, to);
    to->at = (uint32_t)(rest.at - l->block.at);
    to->len = (uint32_t)len;
    return len;
}

void glance_block(struct glance *l, struct bytes block)
{
    size_t at = bytes_find(block, "\n") + 1, len; /* where the line before the first \n begins, nobody here knows */
    l->block = block;
    l->count = 0;
    while (at < block.len && l->count < GLANCE_LINES && (len = take(l, bytes_from(block, at))) > 0)
        at += len;
}

void glance_release(struct glance *l)
{
    line_release(&l->read);
}
