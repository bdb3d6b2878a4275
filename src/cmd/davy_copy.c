/* SPDX-License-Identifier: GPL-2.0-or-later */
/* y: what is focused goes into the clipboard of the terminal that somebody sits at, wherever davy runs. */
#include "cmd/davy_dash.h"

#include "base/numtext.h"
#include "sink/clip.h"
#include "view/view.h"

#include <stdlib.h>
#include <string.h>

enum clip_way dash_way(void)
{
    return clip_way_of(getenv("TMUX"), getenv("STY"), getenv("TERM"));
}

void dash_copy(struct dash *d)
{
    static const char *const hints[] = {
        [CLIP_PLAIN] = "",
        [CLIP_TMUX] = "; tmux hands them on with set -g set-clipboard on",
        [CLIP_SCREEN] = "; through screen",
    };
    struct arena a = {0};
    char count[NUM_TEXT], all[NUM_TEXT];
    struct bytes text = bytes_of(view_copy(&a, d->model, &d->ui));
    enum clip_way way = dash_way();
    size_t taken;
    struct bytes sequence = clip_bytes(&a, text, way, &taken);
    num_group(count, (int64_t)taken);
    if (!curses_along(d->curses, sequence.at, sequence.len))
        ui_say(&d->ui, "this terminal has no clipboard: the key of write puts the screen into a file");
    else if (taken < text.len)
        ui_say(&d->ui, "copied the first %s of %s bytes: terminals take no more%s", count,
               num_group(all, (int64_t)text.len), hints[way]);
    else
        ui_say(&d->ui, "copied %s bytes%s", count, hints[way]);
    arena_release(&a);
}
