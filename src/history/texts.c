/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/texts.h"

#include "history/grow.h"

#include <string.h>

enum { WORTH = 1024 /* rows that left, before the others are moved together */ };

static void move_together(struct texts *t)
{
    size_t count = 0, used = 0;
    for (size_t i = 0; i < t->count; i++) {
        struct texts_row r = t->row[i];
        if (r.left)
            continue;
        memmove(t->text + used, t->text + r.at, r.len);
        r.at = used;
        used += r.len;
        t->row[count++] = r;
    }
    t->count = count;
    t->used = used;
    t->left = 0;
}

void texts_put(struct texts *t, uint64_t line, struct bytes text)
{
    if (t->left > WORTH && t->left > t->count / 2)
        move_together(t);
    if (text.len > TEXTS_MOST)
        text.len = TEXTS_MOST;
    t->row = grow_to(t->row, &t->cap, t->count + 1, sizeof *t->row);
    t->text = grow_to(t->text, &t->text_cap, t->used + text.len + 1, 1);
    t->row[t->count++] = (struct texts_row){.line = line, .at = t->used, .len = (uint32_t)text.len};
    if (text.len > 0)
        memcpy(t->text + t->used, text.at, text.len);
    t->used += text.len;
}

static struct texts_row *find(const struct texts *t, uint64_t line)
{
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (t->row[middle].line < line)
            low = middle + 1;
        else
            high = middle;
    }
    return low < t->count && t->row[low].line == line ? &t->row[low] : NULL;
}

struct bytes texts_take(struct texts *t, uint64_t line)
{
    struct texts_row *r = find(t, line);
    if (r == NULL || r->left)
        return (struct bytes){"", 0};
    r->left = true;
    t->left++;
    return (struct bytes){t->text + r->at, r->len};
}

void texts_release(struct texts *t)
{
    grow_free(t->row);
    grow_free(t->text);
    *t = (struct texts){0};
}
