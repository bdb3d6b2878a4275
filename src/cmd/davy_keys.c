/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of keys, for --keys. */
#include "cmd/davy.h"

#include "action/key_name.h"

static bool key_of(struct bytes word, int *key, struct err *e)
{
    *key = key_by_name(word);
    return *key != 0 || err_set(e, "--keys: no key is called '%.*s'", (int)word.len, word.at);
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
