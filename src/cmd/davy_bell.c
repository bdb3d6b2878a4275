/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bell or a notification for a critical alert that was not there before: only when davy.toml asks for it, at most once a
 * minute, and never for what was there at the start. */
#include "cmd/davy_dash.h"

#include "base/utf8.h"
#include "loop/loop.h"

#include <string.h>

/* Until START_MS a long history and the like are still being read: what shows up then was there before. */
enum { EVERY_MS = 60000, START_MS = 5000, TEXT_CELLS = 120 };

static uint64_t hash_text(uint64_t h, const char *text)
{
    for (; *text != '\0'; text++)
        h = (h ^ (unsigned char)*text) * 0x100000001B3u;
    return h * 31;
}

static uint64_t name_of(const struct alert *x)
{
    return hash_text(hash_text(0xCBF29CE484222325u, x->rule), x->subject);
}

static bool is_known(const struct bell *b, uint64_t name)
{
    for (size_t i = 0; i < b->count; i++)
        if (b->known[i] == name)
            return true;
    return false;
}

/* The worst one that is new; NULL: none. What is not critical any more is forgotten: if it comes back it is new. */
static const struct alert *look(struct bell *b, const struct model *m)
{
    const struct alert *first = NULL;
    struct bell now = {.count = 0};
    for (size_t i = 0; i < m->alert_count && now.count < BELL_MOST; i++) {
        if (m->alert[i].severity != SEVERITY_CRITICAL)
            continue;
        uint64_t name = name_of(&m->alert[i]);
        if (first == NULL && !is_known(b, name))
            first = &m->alert[i];
        now.known[now.count++] = name;
    }
    memcpy(b->known, now.known, sizeof b->known);
    b->count = now.count;
    return first;
}

static void ring(struct dash *d, const struct alert *x)
{
    struct arena a = {0};
    const char *text = arena_text(&a, "%s: %s", d->model->rig_name, x->what);
    text = text_safe(&a, bytes_of(text), TEXT_CELLS);
    for (unsigned i = 0; notify_names[i] != NULL; i++) {
        struct bytes bytes = clip_notice(&a, notify_names[i], text, dash_way());
        if (d->model->settings->notify >> i & 1)
            curses_along(d->curses, bytes.at, bytes.len);
    }
    arena_release(&a);
}

static const struct alert *first_critical(const struct model *m)
{
    bool any = m->alert_count > 0 && m->alert[0].severity == SEVERITY_CRITICAL; /* the worst come first */
    return any ? &m->alert[0] : NULL;
}

/* What comes within the minute is told at its end, if it is still there. */
void dash_bell(struct dash *d)
{
    struct bell *b = &d->bell;
    int64_t now = loop_now();
    b->begun_ms = b->begun_ms == 0 ? now : b->begun_ms;
    const struct alert *fresh = look(b, d->model), *worst = first_critical(d->model);
    if (now - b->begun_ms < START_MS || d->model->settings->notify == 0 || worst == NULL) {
        b->due = false;
        return;
    }
    b->due = b->due || fresh != NULL;
    if (!b->due || (b->rung_ms != 0 && now - b->rung_ms < EVERY_MS))
        return;
    ring(d, fresh != NULL ? fresh : worst);
    b->due = false;
    b->rung_ms = now;
}
