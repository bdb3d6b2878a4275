/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rig of which nothing was ever read. Says where davy looks, and what to do when that is the wrong place. */
#include "base/utf8.h"
#include "view/pane.h"
#include "view/parts.h"

bool empty_wanted(const struct model *m)
{
    if (m->scores->early)
        return false;
    for (int i = 0; i < DOC_COUNT; i++) {
        if (i != DOC_SETTINGS && (origin_read(&m->origin[i]) || m->origin[i].state == ORIGIN_INVALID))
            return false;
    }
    return true;
}

static void draw_place(const struct model *m, const struct origin *o, struct grid g)
{
    int keys = g.w >= 60 ? 22 : 0;
    grid_put(g, 0, 0, STYLE_STALE, GLYPH_DOT);
    if (keys > 0)
        grid_text_cut(g, 2, 0, keys - 3, STYLE_DIM, o->key ? o->key : "");
    int width = g.w - 2 - keys - (g.w >= 76 ? 22 : 0);
    grid_text_cut(g, 2 + keys, 0, width, STYLE_NORMAL, origin_path(m, o));
    if (g.w >= 76)
        grid_text(g, g.w - 20, 0, STYLE_STALE, o->state == ORIGIN_WAITING ? "no folder yet" : "no file yet");
}

void empty_draw(const struct model *m, struct grid g)
{
    int w = g.w > 100 ? 100 : g.w, y = g.h > 24 ? 2 : 0;
    g = grid_part(g, w < g.w ? (g.w - w) / 2 : 1, y, w - 2, g.h - y);
    y = grid_wrap(g, 0, 0, g.w, 2, STYLE_TITLE_FOCUS, "The lamp is lit; there is nothing to see yet.");
    y += grid_wrap(g, 0, y, g.w, 3, STYLE_DIM,
                   arena_text(g.frame->arena, "Waiting for these files in %s. Another folder? davy -C DIR",
                              m->rig_dir ? m->rig_dir : "this folder"));
    if (m->alert_count > 0) /* a mistake in davy.toml may well be why there is nothing */
        y += grid_wrap(g, 0, y, g.w, 3, severity_style(m->alert[0].severity),
                       arena_text(g.frame->arena, "%s: %s", m->alert[0].what, m->alert[0].why));
    y++;
    for (int i = 0; i < DOC_COUNT; i++) {
        if (origin_expected((enum doc_id)i, &m->origin[i]))
            draw_place(m, &m->origin[i], grid_part(g, 0, y++, g.w, 1));
    }
    y++;
    y += grid_wrap(g, 0, y, g.w, 3, STYLE_NORMAL, "Each pane appears as soon as its file does.");
    grid_wrap(g, 0, y, g.w, 3, STYLE_DIM,
              "davy doctor looks elsewhere and prints the lines to set; davy demo shows a simulated rig.");
}
