/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "stagelib/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The length of the UTF-8 character at s, 0 when there is none: cut short, overlong, a surrogate or too large. */
static size_t character(const unsigned char *s)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = s[0] < 0x80 ? 1 : s[0] >> 5 == 6 ? 2 : s[0] >> 4 == 14 ? 3 : s[0] >> 3 == 30 ? 4 : 0;
    if (n < 2)
        return n;
    uint32_t c = s[0] & (0xFFU >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xC0) != 0x80) /* also the NUL at the end */
            return 0;
        c = c << 6 | (s[i] & 0x3FU);
    }
    return c < least[n] || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000) ? 0 : n;
}

json_t *davystage_text(const char *text)
{
    static const char bad[] = "\xEF\xBF\xBD";
    char *out = malloc(strlen(text) * 3 + 1);
    size_t length = 0;
    if (out == NULL)
        return NULL;
    while (*text != '\0') {
        size_t n = character((const unsigned char *)text);
        memcpy(out + length, n > 0 ? text : bad, n > 0 ? n : 3);
        length += n > 0 ? n : 3;
        text += n > 0 ? n : 1;
    }
    json_t *made = json_stringn_nocheck(out, length);
    free(out);
    return made;
}

json_t *davystage_details(const char *text)
{
    if (*text == '\0')
        return json_object();
    json_t *made = json_loads(text, JSON_DECODE_ANY, NULL);
    return made != NULL ? made : davystage_text(text);
}
