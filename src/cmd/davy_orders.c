/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an action orders and only the owner of the screen can do: one row each. */
#include "cmd/davy_dash.h"

void dash_leave(struct dash *d, int code)
{
    loop_stop(d->loop, code);
}

static void quit(struct dash *d)
{
    if (!dash_errand_holds(d))
        dash_leave(d, DAVY_OK);
}

static void repaint(struct dash *d)
{
    curses_repaint(d->curses);
}

static void range(struct dash *d)
{
    rig_range(d->rig, d->ui.range);
    d->stale = true;
}

static void jump(struct dash *d)
{
    davy_jump(d->rig, d->model, &d->ui);
}

static void (*const table[ORDER_COUNT])(struct dash *d) = {
    [ORDER_ACK] = dash_ack,
    [ORDER_SILENCE] = dash_silence,
    [ORDER_BUNDLE] = dash_bundle,
    [ORDER_ERRAND] = dash_errand,
    [ORDER_JUMP] = jump,
    [ORDER_QUIT] = quit,
    [ORDER_REPAINT] = repaint,
    [ORDER_SUSPEND] = dash_suspend,
    [ORDER_RANGE] = range,
    [ORDER_THEME] = dash_theme,
    [ORDER_COPY] = dash_copy,
    [ORDER_WRITE] = dash_write,
};

void dash_obey(struct dash *d, enum order order)
{
    if (table[order] != NULL)
        table[order](d);
}
