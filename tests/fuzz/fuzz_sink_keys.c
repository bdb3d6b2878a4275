/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes of a keyboard, in pieces of any size: only keys that exist come out, and all of them are gone at the end. */
#include "sink/curses_keys.h"
#include "view/key.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int key)
{
    bool known = key > 0 && (key <= K_F12 || (key >= K_MOUSE && key < key_mouse(MOUSE_WHEEL_DOWN + 1, 0, 0)));
    if (!known)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct keys k = {.mouse = true};
    keys_cap(&k, "\033OP", K_F1);
    keys_cap(&k, "\033[1;2R", K_F1 + 2);
    for (size_t at = 0; at < size;) {
        size_t piece = 1 + data[at] % 64, left = size - at;
        piece = piece < left ? piece : left;
        if (keys_room(&k) <= piece)
            k.len = 0;
        keys_add(&k, (const char *)data + at, piece);
        at += piece;
        for (int key; (key = keys_next(&k, data[at - 1] & 1)) != 0;)
            check(key);
        if (data[at - 1] & 2)
            keys_quiet(&k);
    }
    for (int key; (key = keys_next(&k, true)) != 0;)
        check(key);
    if (keys_waiting(&k) && !k.pasting)
        abort();
    return 0;
}
