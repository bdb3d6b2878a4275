/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The dashboard heeds what others write below state/davy: the alert journal (an ack from another shell, davy check, davy-watch)
 * and davy-watch's beat. A folder that is not there yet is looked for with each model. */
#include "base/timetext.h"
#include "cmd/davy_dash.h"

#include <string.h>
#include <sys/epoll.h>

/* Our own index is written there too, and the beat comes with every evaluation: only a watcher that comes is news. */
static bool is_news(const struct dash *d, const struct watch_event *ev)
{
    if (ev->what == WATCH_OVERFLOW)
        return true;
    bool written = ev->what == WATCH_WRITTEN || ev->what == WATCH_MODIFIED;
    bool watched = d->model != NULL && d->model->watcher != NULL && d->model->watcher->state == WATCHER_RUNS;
    return written && (strcmp(ev->name, "alerts.jsonl") == 0 || (!watched && strcmp(ev->name, "watch.json") == 0));
}

static void on_watch(void *ctx, uint32_t events)
{
    struct dash *d = ctx;
    struct watch_event ev;
    bool news = false;
    (void)events;
    while (watch_next(d->heed, &ev)) {
        news = is_news(d, &ev) || news;
        if (ev.what == WATCH_DIR_GONE || ev.what == WATCH_OVERFLOW)
            d->heed_id = -1;
    }
    d->stale = d->stale || news;
    d->dirty = d->dirty || news;
    d->shown = news ? NULL : d->shown; /* not a matter of the clock alone */
}

void dash_heed(struct dash *d)
{
    struct arena a = {0};
    struct err e;
    bool polls = d->options->watch != NULL && strcmp(d->options->watch, "poll") == 0;
    if (d->heed == NULL && !polls) {
        d->heed = watch_open(WATCH_RAW);
        d->heed_id = -1;
        if (watch_fd(d->heed) >= 0)
            loop_fd(d->loop, watch_fd(d->heed), EPOLLIN, on_watch, d, &e);
    }
    if (d->heed != NULL && d->heed_id < 0 && watch_fd(d->heed) >= 0)
        d->heed_id = watch_add(d->heed, arena_text(&a, "%s/state/davy", rig_folder(d->rig)), NULL);
    arena_release(&a);
}

void dash_heed_stop(struct dash *d)
{
    if (d->heed == NULL)
        return;
    if (watch_fd(d->heed) >= 0)
        loop_fd_remove(d->loop, watch_fd(d->heed));
    watch_close(d->heed);
}
