/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Most seconds change one countdown. Judging all rules, asking who watches, and drawing 4800 cells for that was nearly all
 * that davy ever did. So for some seconds the findings of the last whole model stand, only the parts are made anew, and of the
 * screen only what said that it would change by now. Whatever else happens - a file, a key, a size - is drawn whole. */
#include "cmd/davy_dash.h"

#include "base/timetext.h"
#include "view/view.h"

#include <string.h>

enum { WHOLE_MS = 10000 };

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* A file may have become stale by the clock alone. */
static bool same_files(const struct model *a, const struct model *b)
{
    for (int i = 0; i < DOC_COUNT; i++)
        if (a->origin[i].state != b->origin[i].state)
            return false;
    return same_text(a->notice, b->notice);
}

/* The last whole model, with the parts of now; NULL: more than the clock is different, or older tasks are looked at. What the whole
 * one pointed to of older tasks is gone by now. */
static struct model *second_of(struct dash *d)
{
    d->model = d->whole;
    arena_reset(&d->second);
    const struct model *now = rig_model(d->rig, &d->second);
    bool older = now->record != NULL || (now->page != NULL && now->page->count > 0);
    if (older || !same_files(d->whole, now))
        return NULL;
    struct model *m = arena_alloc(&d->second, sizeof *m);
    *m = *d->whole;
    m->now_ms = now->now_ms;
    m->page = now->page;
    m->record = now->record;
    m->notice = now->notice;
#define PART(type, ...) m->type = now->type;
#include "model/parts.def"
#undef PART
    return m;
}

static bool may_tick(const struct dash *d)
{
    int w, h;
    int64_t since = wall_now() - d->whole_ms;
    curses_size(d->curses, &w, &h);
    return d->shown != NULL && d->whole != NULL && d->changes == rig_changes(d->rig) && since >= 0 &&
           since < WHOLE_MS && d->options->now_ms == NOT_KNOWN && !d->ui.paused && w == d->shown->w && h == d->shown->h;
}

bool dash_tick(struct dash *d)
{
    if (!d->stale || !may_tick(d))
        return false;
    struct model *m = second_of(d);
    if (m == NULL)
        return false;
    d->model = m;
    dash_errand_look(d);
    if (memcmp(&d->ui, &d->shown_ui, sizeof d->ui) != 0 || !view_tick(d->shown, m, &d->ui))
        return false;
    d->stale = false;
    return true;
}
