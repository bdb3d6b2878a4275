/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What follows from davy.toml while the dashboard runs: done anew when the file was read anew. */
#include "cmd/davy_dash.h"

void dash_settings(struct dash *d)
{
    const struct settings *s = rig_settings(d->rig);
    int64_t read_ms = d->model->origin[DOC_SETTINGS].read_ms;
    if (s == d->settings && read_ms == d->settings_ms)
        return;
    if (d->settings == NULL || d->mouse != s->mouse)
        d->ui.mouse = d->mouse = s->mouse;
    d->ui.mouse = curses_mouse(d->curses, d->ui.mouse) && d->ui.mouse;
    d->settings = s;
    d->settings_ms = read_ms;
    arena_reset(&d->words);
    keymap_make(&d->keymap, s, NULL, NULL);
    action_hints(&d->words, &d->ui, &d->keymap);
    dash_dress_settings(d);
}
