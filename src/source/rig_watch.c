/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a rig stays fresh: events of folders, a slow look at everything behind them, and the daemon's process. All end in
 * one funnel: the first event is served at once, those of the next 16 ms together. The funnel's timer is never pushed
 * back, so a steady writer cannot starve the screen. */
#include "source/rig_private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

enum {
    FUNNEL_MS = 16,
    POLL_MS = 1900, /* files without inotify: what changed is on the screen within 2 s */
};

static void work(struct rig *r);

static void on_work(void *ctx)
{
    struct rig *r = ctx;
    r->work_ms = INT64_MAX;
    work(r);
}

static void work_at(struct rig *r, int64_t at_ms)
{
    if (at_ms >= r->work_ms)
        return;
    r->work_ms = at_ms;
    loop_timer(r->loop, at_ms, on_work, r);
}

static bool id_is_used(const struct rig *r, int id)
{
    for (int i = 0; i < DOC_COUNT; i++)
        for (int k = 0; k < r->source[i].place_count; k++)
            if (r->source[i].place[k].id == id)
                return true;
    return false;
}

static void on_sweep(void *ctx);

static void sweep_at(struct rig *r, int64_t at_ms)
{
    if (at_ms >= r->sweep_ms)
        return;
    r->sweep_ms = at_ms;
    loop_timer(r->loop, at_ms, on_sweep, r);
}

static bool is_looked_at(const struct place *p)
{
    return place_polled(p) || p->link_above;
}

static void settle(struct rig *r, struct source *s, struct place *p)
{
    int before = p->id;
    if (place_settle(p, r->watch))
        s->dirty = true;
    s->origin.polling = place_polled(&s->place[s->chosen]);
    if (is_looked_at(p))
        sweep_at(r, loop_now() + POLL_MS);
    if (before >= 0 && before != p->id && !id_is_used(r, before))
        watch_remove(r->watch, before);
}

static void settle_all(struct rig *r, bool fresh_only)
{
    for (int i = 0; i < DOC_COUNT; i++)
        for (int k = 0; k < r->source[i].place_count; k++) {
            struct place *p = &r->source[i].place[k];
            if (!fresh_only || (p->dev == 0 && p->ino == 0))
                settle(r, &r->source[i], p);
        }
}

static int64_t next_due(const struct rig *r)
{
    int64_t due = INT64_MAX;
    for (int i = 0; i < DOC_COUNT; i++) {
        const struct source *s = &r->source[i];
        int64_t mine = s->dirty ? r->fetched_ms + FUNNEL_MS : s->due_ms;
        due = mine < due ? mine : due;
    }
    return due;
}

static void work(struct rig *r)
{
    if (r->held) {
        r->changed(r->ctx);
        return;
    }
    bool differs = rig_fetch(r);
    settle_all(r, true); /* davy.toml may have named other places */
    rig_watch_daemon(r);
    work_at(r, next_due(r));
    if (differs)
        r->changed(r->ctx);
}

static void kick(struct rig *r)
{
    if (loop_now() >= r->fetched_ms + FUNNEL_MS)
        work(r);
    else
        work_at(r, r->fetched_ms + FUNNEL_MS);
}

/* Half of the reads of a file that is being rewritten in place are torn: a whole document is read when its writer is done.
 * Only one that was not there is looked at sooner, because links and hard links make no other event. */
static bool concerns(const struct source *s, const struct place *p, enum watch_what what)
{
    bool still_open = what == WATCH_MODIFIED || what == WATCH_CREATED;
    return !still_open || doc_rows[s->id].how == READ_STREAM || !p->seen.exists;
}

static void on_file_event(struct source *s, struct place *p, enum watch_what what)
{
    place_note(p, what, loop_now());
    s->dirty = s->dirty || concerns(s, p, what) || p->writing; /* the last one will be postponed */
}

static void on_place_event(struct rig *r, struct source *s, struct place *p, const struct watch_event *ev)
{
    if (ev->what == WATCH_DIR_GONE) {
        p->id = -1;
        settle(r, s, p);
        s->dirty = true;
    } else if (ev->what == WATCH_RIGHTS && ev->name[0] == '\0') {
        s->dirty = s->dirty || s->origin.state == ORIGIN_INVALID; /* perhaps the folder may be entered now */
    } else if (strcmp(ev->name, p->waits_for) != 0) {
        return;
    } else if (!p->whole) {
        settle(r, s, p);
    } else {
        on_file_event(s, p, ev->what);
    }
}

static void on_event(struct rig *r, const struct watch_event *ev)
{
    for (int i = 0; i < DOC_COUNT; i++) {
        struct source *s = &r->source[i];
        for (int k = 0; k < s->place_count; k++) {
            if (ev->what == WATCH_OVERFLOW)
                s->dirty = true;
            else if (s->place[k].id == ev->id)
                on_place_event(r, s, &s->place[k], ev);
        }
    }
    if (ev->what == WATCH_OVERFLOW)
        settle_all(r, false);
}

static bool any_dirty(const struct rig *r)
{
    for (int i = 0; i < DOC_COUNT; i++)
        if (r->source[i].dirty)
            return true;
    return false;
}

/* libinotifytools buffers: what is not taken now is not announced again. */
void rig_take_events(void *rig)
{
    struct rig *r = rig;
    struct watch_event ev;
    while (watch_next(r->watch, &ev)) {
        on_event(r, &ev);
        rig_note_socket(r, ev.name);
    }
}

static void on_watch(void *ctx, uint32_t events)
{
    (void)events;
    rig_take_events(ctx);
    if (any_dirty(ctx))
        kick(ctx);
}

static bool any_looked_at(const struct rig *r)
{
    for (int i = 0; i < DOC_COUNT; i++)
        for (int k = 0; k < r->source[i].place_count; k++)
            if (is_looked_at(&r->source[i].place[k]))
                return true;
    return false;
}

static void sweep_place(struct rig *r, struct source *s, struct place *p, bool all)
{
    if (!all && !is_looked_at(p))
        return;
    bool again = all && p->id < 0; /* the limits may have been raised */
    if (again || ((all || p->link_above) && place_moved(p)))
        settle(r, s, p);
    if (place_changed(p) || (all && s->origin.state == ORIGIN_INVALID))
        s->dirty = true;
}

static void on_sweep(void *ctx)
{
    struct rig *r = ctx;
    int64_t now = loop_now();
    bool all = now >= r->slow_ms; /* for writers that make no events (mmap, another machine) */
    r->sweep_ms = INT64_MAX;
    if (all)
        r->slow_ms = rig_whole(1000, RIG_SWEEP_MS);
    for (int i = 0; i < DOC_COUNT; i++)
        for (int k = 0; k < r->source[i].place_count; k++)
            sweep_place(r, &r->source[i], &r->source[i].place[k], all);
    sweep_at(r, any_looked_at(r) ? now + POLL_MS : r->slow_ms);
    if (any_dirty(r))
        kick(r);
}

bool rig_watch(struct rig *r, struct loop *l, loop_timer_fn *changed, void *ctx, struct err *e)
{
    r->loop = l;
    r->changed = changed;
    r->ctx = ctx;
    r->work_ms = r->sweep_ms = r->look_ms = INT64_MAX;
    r->watch = watch_open(r->backend);
    if (watch_fd(r->watch) >= 0 && !loop_fd(l, watch_fd(r->watch), EPOLLIN, on_watch, r, e))
        return false;
    settle_all(r, false);
    for (int i = 0; i < DOC_COUNT; i++)
        r->source[i].dirty = false;
    /* What happened between the first read and the watches is found by one look at everything. */
    r->slow_ms = 0;
    on_sweep(r);
    rig_watch_daemon(r);
    work_at(r, next_due(r));
    return true;
}

void rig_hold(struct rig *r, bool held)
{
    r->held = held;
    if (!held && r->loop != NULL)
        work_at(r, loop_now());
}

void rig_still(struct rig *r)
{
    if (r != NULL)
        watch_still(r->watch);
}

static void stop_watching(struct rig *r)
{
    rig_daemon_close(r);
    loop_timer_stop(r->loop, on_work, r);
    loop_timer_stop(r->loop, on_sweep, r);
    loop_fd_remove(r->loop, watch_fd(r->watch));
    watch_close(r->watch);
}

void rig_close(struct rig *r)
{
    if (r == NULL)
        return;
    if (r->loop != NULL)
        stop_watching(r);
    for (int i = 0; i < DOC_COUNT; i++)
        source_release(&r->source[i]);
    probe_release(&r->probe);
    rig_scores_release(r);
    task_pages_release(&r->pages);
    pieces_forget(&r->found);
    finder_release(&r->finder);
    free((void *)(uintptr_t)r->config);
    free(r);
}
