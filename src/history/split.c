/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/split.h"

#include "history/grow.h"

#include <string.h>

static struct bytes without_hole(struct bytes part)
{
    while (part.len && part.at[0] == '\0')
        part = bytes_from(part, 1);
    return part;
}

static void keep(struct split *s, struct bytes part)
{
    s->pending += part.len;
    if (s->skipping)
        return;
    if (s->len == 0)
        part = without_hole(part);
    if (part.len > LINE_LIMIT - s->len) {
        s->skipping = true;
        s->len = 0;
        return;
    }
    if (part.len == 0)
        return;
    s->tail = grow_to(s->tail, &s->cap, s->len + part.len, 1);
    memcpy(s->tail + s->len, part.at, part.len);
    s->len += part.len;
}

/* The line whose last bytes are part: without a copy when it stands in this block as a whole. */
static struct split_line complete(struct split *s, struct bytes part)
{
    struct split_line line = {.offset = s->offset, .first = !s->begun};
    if (s->pending == 0) {
        s->pending = part.len;
        line.text = without_hole(part);
        line.oversize = line.text.len > LINE_LIMIT;
    } else {
        keep(s, part);
        line.text = (struct bytes){s->tail, s->len};
        line.oversize = s->skipping;
    }
    if (line.oversize)
        line.text = (struct bytes){"", 0};
    return line;
}

static size_t feed_line(struct split *s, struct bytes block, const struct split_to *to)
{
    const char *end = memchr(block.at, '\n', block.len);
    if (!end) {
        keep(s, block);
        return block.len;
    }
    struct bytes part = {block.at, (size_t)(end - block.at)};
    struct split_line line = complete(s, part);
    s->offset += s->pending + 1;
    s->pending = 0;
    s->len = 0;
    s->skipping = false;
    to->visit(to->to, &line);
    s->begun = true;
    return part.len + 1;
}

/* Taken without having looked for its end. */
static size_t feed_fast(struct split *s, struct bytes block, const struct split_to *to)
{
    if (s->pending > 0)
        return 0;
    size_t len = to->take(to->to, block, s->offset);
    if (len > 0)
        split_skip(s, len);
    return len;
}

void split_feed(struct split *s, struct bytes block, const struct split_to *to)
{
    while (block.len) {
        size_t len = feed_fast(s, block, to);
        if (len == 0)
            len = feed_line(s, block, to);
        block = bytes_from(block, len);
    }
}

void split_restart(struct split *s)
{
    *s = (struct split){.tail = s->tail, .cap = s->cap};
}

void split_release(struct split *s)
{
    grow_free(s->tail);
    *s = (struct split){0};
}
