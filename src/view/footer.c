/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/utf8.h"
#include "view/pane.h"
#include "view/parts.h"

void footer_draw(const struct ui *ui, struct grid row)
{
    if (ui->message) {
        grid_text_cut(row, 1, 0, row.w - 2, STYLE_ACCENT, ui->message);
        return;
    }
    for (int i = 0, x = 1; i < ui->hint_count; i++) {
        const struct key_hint *h = &ui->hint[i];
        if (!h->footer || x + text_width(h->key) + 1 + text_width(h->name) > row.w - 1)
            continue;
        x = grid_text(row, x, 0, STYLE_KEY, h->key);
        x = grid_text(row, x + 1, 0, STYLE_FOOTER, h->name) + 2;
    }
}
