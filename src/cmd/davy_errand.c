/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command that the user said yes to, inside the dashboard. Nothing here waits: the runner's packets come through the loop. */
#include "cmd/davy_dash.h"

#include "base/timetext.h"
#include "view/output.h"

static void on_output(void *ctx)
{
    ((struct dash *)ctx)->dirty = true;
}

/* The clock of the wait, also when nothing on the screen ticks. */
static void on_second(void *ctx)
{
    struct dash *d = ctx;
    d->stale = d->dirty = true;
    if (errand_runs(d->errand))
        loop_timer(d->loop, loop_now() + 1000, on_second, d);
}

void dash_errand(struct dash *d)
{
    const struct ask *q = &d->ui.ask;
    struct err e = {""};
    struct errand_in in = {
        .plan = q->plan,
        .model = d->model,
        .dir = rig_folder(d->rig),
        .origin = "key",
        .forced = q->limit != NULL,
        .loop = d->loop,
        .changed = on_output,
        .ctx = d,
    };
    bool still = d->options->now_ms != NOT_KNOWN && !err_set(&e, "nothing was started: the clock stands still (--now)");
    struct errand *begun = still ? NULL : errand_begin(&in, &e);
    if (begun == NULL) {
        ui_say(&d->ui, "%s", e.text);
        return;
    }
    davy_own_work(rig_folder(d->rig), d->model, q->plan->kind);
    errand_leave(d->errand);
    d->errand = begun;
    d->ui.output = errand_view(begun);
    d->ui.output_scroll = 0;
    d->told_of_errand = false;
    d->ui.mode = UI_OUTPUT;
    loop_timer(d->loop, loop_now() + 1000, on_second, d);
}

/* With each model: whether it is known by now what became of it. When the pane is closed, the last line tells. */
void dash_errand_look(struct dash *d)
{
    if (!errand_waits(d->errand) || d->ui.paused)
        return;
    errand_look(d->errand, d->model);
    const struct output *o = errand_view(d->errand);
    if (o->health != NULL && d->ui.mode == UI_KEYS)
        ui_say(&d->ui, "%s: %s", o->title, o->health);
}

/* The first q of a running command tells that it goes on without davy, the second leaves. */
bool dash_errand_holds(struct dash *d)
{
    if (!errand_runs(d->errand) || d->told_of_errand)
        return false;
    d->told_of_errand = true;
    ui_say(&d->ui, "%s goes on without davy (state/davy/audit.jsonl tells); q again leaves",
           errand_view(d->errand)->title);
    return true;
}
