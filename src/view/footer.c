/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/utf8.h"
#include "view/hits.h"
#include "view/pane.h"
#include "view/parts.h"

#include <string.h>

enum { HINTS = 64 };

/* What davy has to say about itself stands at the right end, and takes room from the hints only. */
static int draw_notice(const struct model *m, struct grid row)
{
    if (!m->notice)
        return row.w;
    int width = text_width(m->notice), most = row.w * 2 / 3;
    int x = row.w - 1 - (width < most ? width : most);
    grid_text_cut(row, x, 0, row.w - 1 - x, STYLE_WARN, m->notice);
    return x - 1;
}

bool key_works(const struct key_hint *h, const struct pane *p)
{
    const bool works[] = {
        [WHERE_EVERYWHERE] = true, [WHERE_ROWS] = p->rows != NULL,     [WHERE_FILTER] = p->list != NULL,
        [WHERE_RANGE] = p->ranged, [WHERE_ALERTS] = p == &pane_alerts,
    };
    return h->key[0] != '\0' && works[h->where];
}

/* The first of its keys is enough here. */
static int first_key(const struct key_hint *h)
{
    return (int)strcspn(h->key[0] == ',' ? h->key + 1 : h->key, ",") + (h->key[0] == ',');
}

static int cells_of(const struct key_hint *h)
{
    struct bytes key = {h->key, (size_t)first_key(h)};
    int cells = 3 + text_width(h->name);
    while (key.len > 0)
        cells += cell_width(utf8_next(&key));
    return cells;
}

/* Those of the highest rank first, as long as there is room. */
static void choose(const struct ui *ui, int room, bool *chosen)
{
    for (int rank = UINT8_MAX; rank >= 0; rank--) {
        for (int i = 0; i < ui->hint_count && i < HINTS; i++) {
            const struct key_hint *h = &ui->hint[i];
            if (h->rank != rank || !h->footer || !key_works(h, panes[ui->focus]) || cells_of(h) - 2 >= room)
                continue;
            chosen[i] = true;
            room -= cells_of(h);
        }
    }
}

void view_hide_hints(const struct ui *ui, struct grid screen)
{
    if (footer_rows(ui) > 0 && !ui->message)
        grid_fill(screen, 0, screen.h - 1, screen.w, 1, STYLE_NORMAL, ' ');
}

void footer_draw(const struct model *m, const struct ui *ui, struct grid row)
{
    bool chosen[HINTS] = {false};
    if (ui->message)
        return; /* stands there */
    choose(ui, draw_notice(m, row) - 1, chosen);
    for (int i = 0, x = 1; i < ui->hint_count && i < HINTS; i++) {
        const struct key_hint *h = &ui->hint[i];
        if (!chosen[i])
            continue;
        hits_note(grid_part(row, x, 0, cells_of(h) - 2, 1), HIT_HINT, i);
        x = grid_textf(row, x, 0, STYLE_KEY, "%.*s", first_key(h), h->key);
        x = grid_text(row, x + 1, 0, STYLE_FOOTER, h->name) + 2;
    }
}
