/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/hits.h"

void hits_note(struct grid g, enum hit_kind kind, int what)
{
    struct hits *h = g.frame != NULL ? g.frame->hits : NULL;
    if (h != NULL && h->count < HITS_MOST && g.w > 0 && g.h > 0)
        h->hit[h->count++] = (struct hit){kind, what, g.x, g.y, g.w, g.h};
}

struct hit hits_at(const struct hits *h, enum hit_kind kind, int x, int y)
{
    for (int i = h->count - 1; i >= 0; i--) {
        const struct hit *at = &h->hit[i];
        if (at->kind == kind && x >= at->x && x < at->x + at->w && y >= at->y && y < at->y + at->h)
            return *at;
    }
    return (struct hit){.kind = HIT_NONE};
}
