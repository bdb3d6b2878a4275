/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/key_name.h"

#include "base/utf8.h"
#include "view/key.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int key;
} names[] = {
    {"Backspace", K_BACKSPACE},
    {"Comma", ','},
    {"Delete", K_DELETE},
    {"Down", K_DOWN},
    {"End", K_END},
    {"Enter", K_ENTER},
    {"Esc", K_ESC},
    {"Home", K_HOME},
    {"Insert", K_INSERT},
    {"Left", K_LEFT},
    {"PgDn", K_PGDN},
    {"PgUp", K_PGUP},
    {"Right", K_RIGHT},
    {"Shift-Tab", K_BACKTAB},
    {"Space", ' '},
    {"Tab", K_TAB},
    {"Up", K_UP},
};
enum { NAMES = sizeof names / sizeof names[0] };

static const char *const mouse_names[] = {
    [MOUSE_CLICK] = "Click@", [MOUSE_WHEEL_UP] = "WheelUp@", [MOUSE_WHEEL_DOWN] = "WheelDown@"};

const char *key_name(char out[KEY_NAME], int key)
{
    char text[5] = "";
    for (size_t i = 0; i < NAMES; i++)
        if (names[i].key == key && key != ',')
            return snprintf(out, KEY_NAME, "%s", names[i].name), out;
    if (key >= K_F1 && key <= K_F12)
        snprintf(out, KEY_NAME, "F%d", key - K_F1 + 1);
    else if (key > 0 && key < ' ')
        snprintf(out, KEY_NAME, "^%c", key + '@');
    else
        snprintf(out, KEY_NAME, "%.*s", (int)utf8_put(text, (char32_t)key), text);
    return out;
}

/* "Click@12:3" */
static int mouse_key(struct bytes name)
{
    int64_t x, y;
    for (size_t i = 0; i < sizeof mouse_names / sizeof *mouse_names; i++) {
        struct bytes at = name;
        if (!bytes_cut(&at, mouse_names[i]))
            continue;
        size_t colon = bytes_find(at, ":");
        bool good = bytes_i64((struct bytes){at.at, colon}, &x) && bytes_i64(bytes_from(at, colon + 1), &y) && x >= 0 &&
                    y >= 0 && x < MOUSE_CELLS && y < MOUSE_CELLS;
        return good ? key_mouse((enum mouse_kind)i, (int)x, (int)y) : 0;
    }
    return 0;
}

static int control_key(struct bytes name)
{
    if (!bytes_cut(&name, "^") && !bytes_cut(&name, "Ctrl-"))
        return 0;
    int c = name.len == 1 ? name.at[0] & ~0x20 : 0;
    return c == 'H' ? K_BACKSPACE : c == 'J' ? K_ENTER : c > '@' && c <= 'Z' ? c - '@' : 0;
}

int key_by_name(struct bytes name)
{
    struct bytes rest = name;
    int64_t number;
    for (size_t i = 0; i < NAMES; i++)
        if (bytes_is(name, names[i].name))
            return names[i].key;
    if (name.len > 1 && bytes_cut(&rest, "F") && bytes_i64(rest, &number) && number >= 1 && number <= 12)
        return K_F1 + (int)number - 1;
    int key = name.len > 1 ? control_key(name) : 0;
    if (key == 0)
        key = mouse_key(name);
    if (key != 0)
        return key;
    rest = name;
    char32_t c = utf8_next(&rest);
    return rest.len == 0 && c > ' ' && c != 0x7f && c != 0xFFFD ? (int)c : 0;
}
