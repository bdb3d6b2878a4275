/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dashboard: model -> view -> terminal, once a turn and only if something changed. */
#include "cmd/davy_dash.h"

#include "action/action.h"
#include "base/timetext.h"
#include "cmd/davy_evidence.h"
#include "rule/rule.h"
#include "view/view.h"

enum { SEARCH_MS = 5, PROGRESS_MS = 100 };

/* Two snapshots take turns, because a model is read while the next one is built. */
static void publish(struct dash *d)
{
    struct arena *a = &d->snapshot[!d->live];
    arena_reset(a);
    d->changes = rig_changes(d->rig);
    d->model = rig_model(d->rig, a);
    rules_judge(a, d->model);
    memory_join(&d->memory, a, d->model, rig_folder(d->rig), false);
    d->live = !d->live;
    d->stale = false;
    if (d->heed != NULL && d->heed_id < 0)
        dash_heed(d);
    d->whole = d->model;
    d->whole_ms = d->model->now_ms;
    dash_settings(d);
    dash_follow(d);
    dash_bell(d);
}

static void on_wake(void *ctx)
{
    struct dash *d = ctx;
    d->stale = d->dirty = true;
}

/* Sleeps until some visible text changes by itself. Ages and countdowns each turn over at a moment of their own; waiting
 * for the next whole second of the wall clock shows them all in one frame. A clock given by --now stands still, and so does
 * a held picture. */
static void sleep_until(struct dash *d, int64_t next_ms)
{
    bool still = d->ui.paused || d->options->now_ms != NOT_KNOWN || next_ms > INT64_MAX - 1000;
    int64_t wait_ms = still ? 0 : (next_ms + 999) / 1000 * 1000 - wall_now() + 1;
    if (still)
        loop_timer_stop(d->loop, on_wake, d);
    else
        loop_timer(d->loop, loop_now() + (wait_ms < 1 ? 1 : wait_ms), on_wake, d);
}

/* While the picture is held the rig fetches nothing, so the old model is still good. */
static void refresh(struct dash *d)
{
    bool outdated = d->stale || d->model == NULL || d->changes != rig_changes(d->rig);
    if (outdated && (!d->ui.paused || d->model == NULL))
        publish(d);
}

static void on_page(void *ctx)
{
    struct dash *d = ctx;
    d->dirty = true;
    d->shown = NULL;
}

/* A filter goes through the whole history a few milliseconds at a time: keys and changes come in between. What it found and how
 * far it is is shown ten times a second. */
static void on_search(void *ctx)
{
    struct dash *d = ctx;
    bool more = d->model != NULL && davy_search(d->rig, d->model, loop_now() + SEARCH_MS);
    if (!more || loop_now() >= d->searched_ms + PROGRESS_MS) {
        d->searched_ms = loop_now();
        d->dirty = true;
        d->shown = NULL;
    }
    if (more)
        loop_timer(d->loop, loop_now(), on_search, d);
}

/* Older tasks are read when the screen comes to them: this frame shows that they are not there yet, the next one has them. */
static void look_at_tasks(struct dash *d)
{
    bool read = davy_older_tasks(d->rig, d->model, &d->ui);
    if (davy_evidence(&d->snapshot[d->live], d->model, &d->ui, rig_folder(d->rig))) {
        d->whole->evidence = d->model->evidence;
        read = true;
    }
    if (read)
        loop_timer(d->loop, loop_now(), on_page, d);
    if (d->model->find && !d->model->find->done)
        loop_timer(d->loop, loop_now(), on_search, d);
}

static void draw_whole(struct dash *d)
{
    refresh(d);
    dash_errand_look(d);
    curses_size(d->curses, &d->ui.w, &d->ui.h);
    arena_reset(&d->frame);
    d->shown = frame_new(&d->frame, d->ui.w, d->ui.h);
    view_draw(d->shown, d->model, &d->ui);
    d->shown_ui = d->ui;
}

void dash_draw(struct dash *d)
{
    if (!dash_tick(d))
        draw_whole(d);
    d->dirty = !curses_show(d->curses, d->shown);
    dash_wait_for_room(d, d->dirty || !curses_flush(d->curses));
    sleep_until(d, d->shown->next_ms);
    look_at_tasks(d);
}

void dash_changed(void *ctx)
{
    struct dash *d = ctx;
    d->ui.missed += d->ui.paused;
    d->stale = d->dirty = true;
}

void dash_after(void *ctx)
{
    struct dash *d = ctx;
    if (d->dirty && !d->stopped)
        dash_draw(d);
}

static void on_time_up(void *ctx)
{
    struct dash *d = ctx;
    loop_stop(d->loop, DAVY_OK);
}

static bool open_screen(struct dash *d, struct err *e)
{
    const struct davy_options *o = d->options;
    const struct settings *s = rig_settings(d->rig);
    struct curses_options options = {.ascii = o->ascii};
    if (!davy_ui(o, s, &d->ui, e) || !dash_dress(d, &options.looks, e))
        return false;
    d->curses = curses_open(&options, e);
    if (d->curses == NULL)
        return false;
    d->ui.ascii = curses_ascii(d->curses);
    dash_dress_ask(d);
    return true;
}

static int run(struct dash *d, double seconds, struct err *e)
{
    if (!dash_events(d, e))
        return DAVY_UNKNOWN;
    if (seconds > 0)
        loop_timer(d->loop, loop_now() + (int64_t)(seconds * 1000), on_time_up, d);
    dash_draw(d);
    if (!dash_watch(d, e))
        return DAVY_UNKNOWN;
    dash_dress_watch(d);
    dash_heed(d);
    dash_lean(d);
    return loop_run(d->loop);
}

static bool open_all(struct dash *d, struct err *e)
{
    struct rig_options options;
    if (!davy_rig_options(d->options, &options, e))
        return false;
    davy_keep(d->options, &options);
    options.hurry = true;
    options.before_history = lean;
    d->loop = loop_open(e);
    d->rig = d->loop == NULL ? NULL : rig_open(&options, e);
    return d->rig != NULL && open_screen(d, e);
}

static void close_all(struct dash *d)
{
    errand_leave(d->errand);
    if (d->curses != NULL)
        curses_deafen(d->curses);
    watch_still(d->heed);
    rig_still(d->rig);
    dash_events_stop(d);
    dash_dress_stop(d);
    dash_heed_stop(d);
    dash_follow_stop(d);
    curses_close(d->curses);
    memory_close(&d->memory);
    rig_close(d->rig);
    loop_close(d->loop);
    arena_release(&d->life);
    arena_release(&d->words);
    arena_release(&d->snapshot[0]);
    arena_release(&d->snapshot[1]);
    arena_release(&d->second);
    arena_release(&d->frame);
    arena_release(&d->question);
}

int davy_dashboard(const struct davy_options *o, double seconds)
{
    struct dash d = {.options = o, .clock_fd = -1};
    struct err e = {""};
    struct stderr_guard messages;
    struct guard guard;
    lean_memory();
    guard_start(&guard); /* while there is little to copy */
    davy_crash_guard();
    stderr_catch(&messages);
    int code = open_all(&d, &e) ? run(&d, seconds, &e) : DAVY_UNKNOWN;
    close_all(&d);
    guard_end(&guard);
    stderr_release(&messages);
    return e.text[0] != '\0' ? davy_fail(&e) : code;
}
