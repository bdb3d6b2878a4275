/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy --once: one look, one frame. */
#include "cmd/davy.h"

#include "action/keymap.h"
#include "cmd/davy_evidence.h"
#include "cmd/davy_memory.h"
#include "sink/sink.h"

enum { KEYS_MOST = 256 };

/* All that the list of tasks needs: what is searched for is searched to the end. */
static void look_at_tasks(struct rig *r, struct model *m, const struct ui *ui)
{
    do {
        while (davy_search(r, m, INT64_MAX))
            ;
    } while (davy_older_tasks(r, m, ui));
}

/* The keys before the frame; m is another one when they asked for another time. */
static bool press(const struct davy_options *o, struct rig *r, struct arena *a, struct model **m, struct ui *ui,
                  struct err *e)
{
    struct keymap keymap;
    keymap_make(&keymap, rig_settings(r), NULL, NULL);
    action_hints(a, ui, &keymap);
    int key[KEYS_MOST];
    size_t count = 0;
    if (o->keys != NULL && !davy_keys(o->keys, key, KEYS_MOST, &count, e))
        return false;
    look_at_tasks(r, *m, ui);
    for (size_t i = 0; i < count; i++) {
        struct act act = {.ui = ui, .model = *m, .keymap = &keymap, .arena = a, .dir = rig_folder(r), .key = key[i]};
        action_run(&act);
        rig_range(r, ui->range);
        if (act.order == ORDER_RANGE)
            *m = davy_judged(r, a);
        if (act.order == ORDER_JUMP)
            davy_jump(r, *m, ui);
        if (ui->mode != UI_FILTER) /* no letter of it alone */
            look_at_tasks(r, *m, ui);
        davy_evidence(a, *m, ui, rig_folder(r));
    }
    look_at_tasks(r, *m, ui);
    davy_evidence(a, *m, ui, rig_folder(r));
    return true;
}

static bool print(const struct davy_options *o, struct rig *r, const struct sink *s, struct arena *a, struct err *e)
{
    struct ui ui = {.w = o->size[0], .h = o->size[1]};
    struct model *m = davy_judged(r, a);
    struct looks looks;
    if (!davy_ui(o, rig_settings(r), &ui, e) || !press(o, r, a, &m, &ui, e) ||
        !davy_looks(o, rig_settings(r), a, &looks, e))
        return false;
    if (looks.depth == COLOR_AUTO && s == &sink_ansi)
        looks.depth = davy_color_of_env();
    return s->write(stdout, m, &ui, &looks, a, e);
}

int davy_once(const struct davy_options *o)
{
    struct err e = {""};
    const struct sink *s = sink_by_name(o->output != NULL ? o->output : "text");
    if (s == NULL)
        err_set(&e, "-o %.40s: expected ansi, json, styles, svg, text or tmux", o->output);
    struct rig *r = s != NULL ? davy_look(o, &e) : NULL;
    if (r == NULL)
        return davy_fail(&e);
    struct arena a = {0};
    bool done = print(o, r, s, &a, &e);
    arena_release(&a);
    rig_close(r);
    return done ? DAVY_OK : davy_fail(&e);
}
