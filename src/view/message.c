/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What davy answers to a key. Its place is one row; a sentence too long for that covers rows above, so that nothing of it is lost. */
#include "view/parts.h"

enum { MESSAGE_ROWS = 4 };

/* Where the rows end: in the last one, or above the line that is being typed. */
static int bottom(const struct ui *ui, struct grid screen)
{
    return screen.h - (entry_shown(ui) ? 1 : 0);
}

void message_draw(const struct ui *ui, struct grid screen)
{
    if (!ui->message || entry_tells(ui, screen.w))
        return;
    int end = bottom(ui, screen), rows = text_rows(ui->message, screen.w - 2);
    int most = end - 1 < MESSAGE_ROWS ? end - 1 : MESSAGE_ROWS;
    rows = rows < most ? rows : most;
    grid_fill(screen, 0, end - rows, screen.w, rows, STYLE_NORMAL, ' ');
    grid_wrap(screen, 1, end - rows, screen.w - 2, rows, entry_shown(ui) ? STYLE_WARN : STYLE_ACCENT, ui->message);
}
