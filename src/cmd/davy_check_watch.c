/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy check looks after the one who watches: whether davy-watch is alive, saves and tells, and what it counted of the daemon's
 * uptime; and since when something is so, where only its lasting is worth an alert. */
#include "cmd/davy_check.h"

#include "base/numtext.h"
#include "base/timetext.h"
#include "cmd/davy_memory.h"

#include <math.h>

enum { FAILING_S = 1800, DAY_HOURS = 24, MINUTES_KNOWN = 60 };
static const int64_t unsaved_ms = 600000;
static const double uptime_least = 0.95;

int64_t check_since(struct check *c, const char *key, bool so)
{
    json_t *list = json_object_get(c->memory, "since");
    int64_t since = json_int(list, key), now = c->model->now_ms;
    bool known = since != NOT_KNOWN && since <= now;
    if (so != known)
        c->since_changed = true;
    if (!so)
        json_object_del(list, key);
    else if (!known)
        json_object_set_new(list, key, json_integer(since = now));
    return so ? since : NOT_KNOWN;
}

static void warn(struct check *c, const char *kind, int code, const char *text, const char *todo)
{
    struct check_item *i = check_add(c, kind, "");
    i->code = code;
    i->text = text;
    i->todo = todo;
}

static void check_saving(struct check *c)
{
    bool lost = c->watcher.state == WATCHER_RUNS && !c->watcher.saving;
    int64_t since = check_since(c, "state_not_saved", lost);
    if (lost)
        warn(c, "state_not_saved", c->model->now_ms - since >= unsaved_ms ? CHECK_CRITICAL : CHECK_WARNING,
             "davy-watch cannot write its journal of alerts: nothing new is told", "journalctl -u davy-watch -n 20");
}

static void check_telling(struct check *c)
{
    char text[TIME_TEXT];
    if (c->watcher.state == WATCHER_RUNS && c->watcher.failing_s >= FAILING_S)
        warn(c, "notify_failing", CHECK_WARNING,
             arena_text(&c->arena, "no message went out for %s", duration_short(text, c->watcher.failing_s * 1000)),
             "davy alerts test-message");
}

/* What davy-watch sampled; an hour's minutes at least, or nothing is said. */
static void check_uptime(struct check *c)
{
    const struct uptime *u = c->model->uptime;
    double share = u != NULL ? uptime_share(u, DAY_HOURS, c->model->now_ms) : (double)NAN;
    if (isnan(share) || uptime_known(u, DAY_HOURS, c->model->now_ms) < MINUTES_KNOWN || share >= uptime_least)
        return;
    warn(c, "uptime_24h", CHECK_WARNING,
         arena_text(&c->arena, "the daemon was up in %.1f%% of the last 24 h", 100 * share), "davy doctor");
    c->item[c->items - 1].value = 100 * share;
    c->item[c->items - 1].limit = 100 * uptime_least;
}

void check_watch(struct check *c)
{
    c->watcher = watcher_look(&c->arena, rig_folder(c->rig), c->model->now_ms);
    c->model->watcher = &c->watcher;
    c->model->uptime = uptime_look(&c->arena, rig_folder(c->rig));
    check_saving(c);
    check_telling(c);
    check_uptime(c);
}

bool check_unwatched(const struct check *c, struct alert *out)
{
    const struct watcher *w = &c->watcher;
    if (w->state != WATCHER_LATE && w->state != WATCHER_GONE)
        return false;
    *out = (struct alert){
        .rule = "watch",
        .subject = "",
        .severity = SEVERITY_CRITICAL,
        .state = "unknown",
        .since_ms = w->beat_ms,
        .value = NAN,
        .limit = NAN,
        .value_text = "",
        .limit_text = "",
        .what = watcher_text(w),
        .why = "davy-watch ran here and does not any more: between two checks nobody is told anything.",
        .todo = {"systemctl restart davy-watch", "where nobody shall watch any more: rm state/davy/watch.json"}};
    return true;
}
