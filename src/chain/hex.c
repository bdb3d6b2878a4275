/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/hex.h"

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool all_digits(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (digit(text.at[i]) < 0)
            return false;
    return true;
}

static void fill(uint8_t *out, struct bytes digits)
{
    for (size_t i = 0; i < digits.len / 2; i++)
        out[i] = (uint8_t)(digit(digits.at[2 * i]) << 4 | digit(digits.at[2 * i + 1]));
}

void hex_write(char *out, struct bytes in)
{
    for (size_t i = 0; i < in.len; i++) {
        out[2 * i] = "0123456789abcdef"[(uint8_t)in.at[i] >> 4];
        out[2 * i + 1] = "0123456789abcdef"[(uint8_t)in.at[i] & 15];
    }
    out[2 * in.len] = 0;
}

char *hex_text(struct arena *a, struct bytes in)
{
    char *out = arena_array(a, in.len + 2, 2);
    out[0] = '0';
    out[1] = 'x';
    hex_write(out + 2, in);
    return out;
}

bool hex_read(struct arena *a, struct bytes text, struct bytes *out)
{
    bytes_cut(&text, "0x");
    if (text.len % 2 || !all_digits(text))
        return false;
    uint8_t *at = arena_alloc(a, text.len / 2 + 1);
    fill(at, text);
    *out = (struct bytes){(const char *)at, text.len / 2};
    return true;
}

bool hex_fixed(struct bytes text, uint8_t *out, size_t bytes)
{
    bytes_cut(&text, "0x");
    if (text.len != 2 * bytes || !all_digits(text))
        return false;
    fill(out, text);
    return true;
}

bool hex_number(struct bytes text, uint64_t *value)
{
    if (!bytes_cut(&text, "0x") || text.len == 0 || text.len > 16 || !all_digits(text))
        return false;
    uint64_t v = 0;
    for (size_t i = 0; i < text.len; i++)
        v = v << 4 | (uint64_t)digit(text.at[i]);
    *value = v;
    return true;
}
