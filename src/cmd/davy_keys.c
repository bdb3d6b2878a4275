/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of keys, for --keys. */
#include "cmd/davy.h"

#include "base/utf8.h"
#include "view/key.h"

#include <string.h>

static const struct {
    const char *name;
    int key;
} names[] = {
    {"Down", K_DOWN}, {"End", K_END},   {"Enter", K_ENTER}, {"Esc", K_ESC},     {"Home", K_HOME},
    {"Left", K_LEFT}, {"PgDn", K_PGDN}, {"PgUp", K_PGUP},   {"Right", K_RIGHT}, {"Tab", K_TAB},
    {"Up", K_UP},     {"Space", ' '},   {"Comma", ','},     {"^L", K_CTRL_L},   {"Shift-Tab", K_BACKTAB},
};

static bool key_of(struct bytes word, int *key, struct err *e)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (bytes_is(word, names[i].name)) {
            *key = names[i].key;
            return true;
        }
    }
    struct bytes rest = word;
    *key = word.len > 0 ? (int)utf8_next(&rest) : 0;
    return (word.len > 0 && rest.len == 0) || err_set(e, "--keys: no key is called '%.*s'", (int)word.len, word.at);
}

bool davy_keys(const char *text, int *key, size_t most, size_t *count, struct err *e)
{
    struct bytes rest = bytes_of(text);
    for (*count = 0; rest.len > 0;) {
        size_t len = bytes_find(rest, ",");
        if (*count == most)
            return err_set(e, "--keys: at most %zu keys", most);
        if (!key_of((struct bytes){rest.at, len}, &key[(*count)++], e))
            return false;
        rest = bytes_from(rest, len + 1);
    }
    return true;
}
