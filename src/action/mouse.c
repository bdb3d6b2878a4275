/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The mouse: a click focuses and selects what is under it, or presses a hint; the wheel moves the list under it. Where
 * things are is known by drawing the frame once more. */
#include "action/ask.h"
#include "action/moves.h"
#include "view/hits.h"
#include "view/key.h"
#include "view/view.h"

enum { WHEEL_ROWS = 3 };

struct spot {
    enum mouse_kind kind;
    int x, y;
};

void act_mouse(struct act *act)
{
    struct ui *ui = act->ui;
    ui->mouse = !ui->mouse;
    ui_say(ui, ui->mouse ? "mouse on: the wheel scrolls, a click selects; with Shift the terminal's own selection"
                         : "mouse off: the terminal's own selection is back");
}

static void click(struct act *act, const struct hits *hits, struct spot at)
{
    struct ui *ui = act->ui;
    struct hit hint = hits_at(hits, HIT_HINT, at.x, at.y), pane = hits_at(hits, HIT_PANE, at.x, at.y),
               row = hits_at(hits, HIT_ROW, at.x, at.y);
    if (hint.kind != HIT_NONE)
        actions[hint.what].run(act);
    else if (pane.kind != HIT_NONE && !ui->help)
        move_focus_to(act, pane.what, row.kind != HIT_NONE ? row.what : ui->cursor[pane.what]);
}

static void wheel(struct act *act, const struct hits *hits, struct spot at)
{
    struct ui *ui = act->ui;
    struct hit pane = hits_at(hits, HIT_PANE, at.x, at.y);
    if (pane.kind != HIT_NONE && !ui->help && pane.what != ui->focus)
        move_focus_to(act, pane.what, ui->cursor[pane.what]);
    if (pane.kind != HIT_NONE || ui->help)
        move_down_by(act, at.kind == MOUSE_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS);
}

/* In the palette a click runs what is under it, and the wheel moves the mark. */
static void pick(struct act *act, const struct hits *hits, struct spot at)
{
    struct hit find = hits_at(hits, HIT_FIND, at.x, at.y);
    act->key = at.kind == MOUSE_CLICK ? K_ENTER : at.kind == MOUSE_WHEEL_UP ? K_UP : K_DOWN;
    if (find.kind == HIT_NONE)
        return;
    if (at.kind == MOUSE_CLICK)
        act->ui->entry.pick = find.what;
    palette_key(act);
}

static void in_keys(struct act *act, const struct hits *hits, struct spot at)
{
    if (at.kind == MOUSE_CLICK)
        click(act, hits, at);
    else
        wheel(act, hits, at);
}

/* The output of a command scrolls by its own keys. */
static void scroll_output(struct act *act, const struct hits *hits, struct spot at)
{
    (void)hits;
    if (at.kind == MOUSE_CLICK)
        return;
    for (int i = 0; i < WHEEL_ROWS; i++) {
        act->key = at.kind == MOUSE_WHEEL_UP ? K_UP : K_DOWN;
        output_key(act);
    }
}

/* A question is answered by keys alone, so it has no row. */
static void (*const modes[UI_MODE_COUNT])(struct act *act, const struct hits *hits, struct spot at) = {
    [UI_KEYS] = in_keys,
    [UI_PALETTE] = pick,
    [UI_OUTPUT] = scroll_output,
};

bool mouse_key(struct act *act)
{
    struct ui *ui = act->ui;
    struct spot at = {(enum mouse_kind)(act->key >> 20 & 15), act->key & (MOUSE_CELLS - 1),
                      act->key >> 10 & (MOUSE_CELLS - 1)};
    if (modes[ui->mode] == NULL || at.x >= ui->w || at.y >= ui->h)
        return false;
    struct arena a = {0};
    struct frame *f = frame_new(&a, ui->w, ui->h);
    f->hits = arena_alloc(&a, sizeof *f->hits);
    view_draw(f, act->model, ui);
    act->key = 0;
    ui->message = NULL;
    modes[ui->mode](act, f->hits, at);
    arena_release(&a);
    return true;
}
