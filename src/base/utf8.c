/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/utf8.h"

#include <utf8proc.h>

enum { REPLACEMENT = 0xfffd };

/* Length and smallest code point of a sequence by its first byte; length 0: cannot start one. */
static size_t sequence(unsigned char lead, char32_t *bits, char32_t *least)
{
    if (lead >= 0xc2 && lead <= 0xdf)
        return *bits = lead & 0x1f, *least = 0x80, 2;
    if (lead >= 0xe0 && lead <= 0xef)
        return *bits = lead & 0x0f, *least = 0x800, 3;
    if (lead >= 0xf0 && lead <= 0xf4)
        return *bits = lead & 0x07, *least = 0x10000, 4;
    return 0;
}

static bool is_scalar(char32_t c)
{
    return c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
}

static char32_t bad_byte(struct bytes *rest)
{
    *rest = bytes_from(*rest, 1);
    return REPLACEMENT;
}

char32_t utf8_next(struct bytes *rest)
{
    char32_t c = 0, least = 0;
    if (!rest->len)
        return 0;
    unsigned char lead = (unsigned char)rest->at[0];
    if (lead < 0x80) {
        rest->at++;
        rest->len--;
        return lead;
    }
    size_t len = sequence(lead, &c, &least);
    if (!len || rest->len < len)
        return bad_byte(rest);
    for (size_t i = 1; i < len; i++) {
        unsigned char b = (unsigned char)rest->at[i];
        if ((b & 0xc0) != 0x80)
            return bad_byte(rest);
        c = c << 6 | (b & 0x3f);
    }
    if (c < least || !is_scalar(c))
        return bad_byte(rest);
    *rest = bytes_from(*rest, len);
    return c;
}

static size_t put_bytes(char out[4], char32_t c, size_t len, unsigned lead)
{
    for (size_t i = len - 1; i; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3f));
    out[0] = (char)(lead | c);
    return len;
}

size_t utf8_put(char out[4], char32_t c)
{
    if (!is_scalar(c))
        c = REPLACEMENT;
    if (c < 0x80)
        return out[0] = (char)c, 1;
    if (c < 0x800)
        return put_bytes(out, c, 2, 0xc0);
    if (c < 0x10000)
        return put_bytes(out, c, 3, 0xe0);
    return put_bytes(out, c, 4, 0xf0);
}

static int width_of(char32_t c)
{
    switch (utf8proc_category((utf8proc_int32_t)c)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_CO:
    case UTF8PROC_CATEGORY_CS:
        return 1;
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_MN:
        return 0;
    default:
        return utf8proc_charwidth((utf8proc_int32_t)c);
    }
}

int cell_width(char32_t c)
{
    if (c < 0x300)
        return c == 0xad ? 0 : 1; /* the soft hyphen is the only format character down here */
    return is_scalar(c) ? width_of(c) : 1;
}

int text_width(const char *text)
{
    int width = 0;
    for (struct bytes rest = bytes_of(text); rest.len;)
        width += cell_width(utf8_next(&rest));
    return width;
}
