/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_password.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 4200 };

static bool name_of(char out[NAME], const char *path)
{
    int len = snprintf(out, NAME, "BT_PW_%s", path);
    for (char *c = out; *c; c++) {
        if (*c == '/' || *c == '.')
            *c = '_';
        if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    }
    return len > 0 && len < NAME;
}

static uint8_t *decode(const char *name, const char *text, size_t *len)
{
    size_t room = strlen(text) + 1, name_len = strlen(name);
    uint8_t *out = sodium_malloc(room);
    if (!out || sodium_base642bin(out, room, text, room - 1, "\r\n", len, NULL, sodium_base64_VARIANT_ORIGINAL) != 0) {
        sodium_free(out);
        return NULL;
    }
    for (size_t i = 0; i < *len; i++)
        out[i] ^= (uint8_t)name[i % name_len];
    return out;
}

uint8_t *mine_password(const char *path, size_t *len, struct err *e)
{
    char name[NAME];
    char *text = name_of(name, path) ? getenv(name) : NULL;
    if (!text) {
        err_set(e, "%s is encrypted and there is no password for it: set %s as btcli does, or use a hotkey without",
                path, name);
        return NULL;
    }
    uint8_t *password = decode(name, text, len);
    sodium_memzero(text, strlen(text));
    unsetenv(name);
    if (!password)
        err_set(e, "the password in %s is not written as btcli writes it", name);
    return password;
}
