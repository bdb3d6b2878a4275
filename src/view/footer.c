/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/utf8.h"
#include "view/pane.h"
#include "view/parts.h"

#include <string.h>

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

void footer_draw(const struct model *m, const struct ui *ui, struct grid row)
{
    if (ui->message) {
        grid_text_cut(row, 1, 0, row.w - 2, STYLE_ACCENT, ui->message);
        return;
    }
    int end = draw_notice(m, row);
    for (int i = 0, x = 1; i < ui->hint_count; i++) {
        const struct key_hint *h = &ui->hint[i];
        int key = (int)strcspn(h->key, ","); /* the first of its keys is enough here */
        if (!h->footer || x + key + 1 + text_width(h->name) >= end)
            continue;
        x = grid_textf(row, x, 0, STYLE_KEY, "%.*s", key, h->key);
        x = grid_text(row, x + 1, 0, STYLE_FOOTER, h->name) + 2;
    }
}
