/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line that is being typed: in the last row of the screen, whatever else would stand there. */
#include "base/utf8.h"
#include "view/parts.h"

static const struct {
    const char *label, *hint;
} lines[UI_MODE_COUNT] = {
    [UI_FILTER] = {"/", "Enter keeps it  Esc as before"},
    [UI_PALETTE] = {":", "Enter runs it  Tab completes  Esc closes"},
    [UI_WRITE] = {"write the screen to: ", "Enter writes (.txt .ansi .svg .json)  Esc leaves"},
};

bool entry_shown(const struct ui *ui)
{
    return lines[ui->mode].label != NULL;
}

/* The end is where one types: of a text that is too long that is what stays in sight. */
static const char *tail(const char *text, int width)
{
    struct bytes rest = bytes_of(text);
    while (rest.len > 0 && text_width(rest.at) > width)
        utf8_next(&rest);
    return rest.len > 0 ? rest.at : "";
}

void entry_draw(const struct ui *ui, struct grid row)
{
    const char *label = lines[ui->mode].label, *hint = ui->message ? ui->message : lines[ui->mode].hint;
    grid_fill(row, 0, 0, row.w, 1, STYLE_FOOTER, ' ');
    int room = row.w - text_width(label) - 3;
    int x = grid_text(row, row.w > 1 ? 1 : 0, 0, STYLE_KEY, label);
    x = grid_text(row, x, 0, STYLE_STRONG, tail(ui->entry.text, room > 1 ? room : 1));
    grid_put(row, x, 0, STYLE_SELECT, '_');
    if (row.w - x - 4 > text_width(hint) || ui->message)
        grid_text_right(grid_part(row, x + 3, 0, row.w, 1), row.w - x - 4, 0, ui->message ? STYLE_WARN : STYLE_DIM,
                        hint);
}
