/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line that is being typed: in the last row of the screen, whatever else would stand there. */
#include "base/utf8.h"
#include "view/parts.h"

static const struct {
    const char *label, *hint, *brief; /* brief: where the hint has no room */
} lines[UI_MODE_COUNT] = {
    [UI_FILTER] = {"/", "Enter keeps it  Esc as before", "Enter keeps it"},
    [UI_PALETTE] = {":", "Enter runs it  Tab completes  Esc closes", "Enter runs it"},
    [UI_ACK] = {"acknowledge: ", "Enter acknowledges  Esc leaves", "Esc leaves"},
    [UI_SILENCE] = {"silence for: ", "Enter silences  Esc leaves", "Esc leaves"},
    [UI_WRITE] = {"write the screen to: ", "Enter writes (.txt .ansi .svg .json)  Esc leaves", ".txt .ansi .svg .json"},
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

/* The cells behind the text and its cursor. */
static int room_behind(const struct ui *ui, int w)
{
    int label = text_width(lines[ui->mode].label), room = w - label - 3;
    int text = text_width(tail(ui->entry.text, room > 1 ? room : 1));
    return w - (w > 1 ? 1 : 0) - label - text - 4;
}

bool entry_tells(const struct ui *ui, int w)
{
    return entry_shown(ui) && ui->message && text_width(ui->message) <= room_behind(ui, w);
}

/* What stands at the right end, if it fits into that many cells: the message, or what the keys do here. */
static const char *hint_of(const struct ui *ui, int room)
{
    const char *hint = lines[ui->mode].hint, *brief = lines[ui->mode].brief;
    if (ui->message && text_width(ui->message) <= room)
        return ui->message;
    return text_width(hint) <= room ? hint : text_width(brief) <= room ? brief : "";
}

void entry_draw(const struct ui *ui, struct grid row)
{
    const char *label = lines[ui->mode].label;
    grid_fill(row, 0, 0, row.w, 1, STYLE_FOOTER, ' ');
    int room = row.w - text_width(label) - 3;
    int x = grid_text(row, row.w > 1 ? 1 : 0, 0, STYLE_KEY, label);
    x = grid_text(row, x, 0, STYLE_STRONG, tail(ui->entry.text, room > 1 ? room : 1));
    grid_put(row, x, 0, STYLE_SELECT, '_');
    room = row.w - x - 4;
    grid_text_right(grid_part(row, x + 3, 0, row.w, 1), room, 0, entry_tells(ui, row.w) ? STYLE_WARN : STYLE_DIM,
                    hint_of(ui, room));
}
