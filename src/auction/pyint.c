/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/pyint.h"

#include "auction/fp18.h"

static bool add_digit(int64_t *n, char c)
{
    if (c < '0' || c > '9')
        return false;
    *n = *n > (INT64_MAX - 9) / 10 ? INT64_MAX / 10 : *n * 10 + (c - '0');
    return true;
}

bool pyint_parse(struct bytes text, int64_t *out)
{
    text = fp18_trim(text);
    bool negative = bytes_cut(&text, "-"), digit = false;
    if (!negative)
        bytes_cut(&text, "+");
    int64_t n = 0;
    for (size_t i = 0; i < text.len; i++) {
        bool between = text.at[i] == '_' && digit;
        if (!between && !add_digit(&n, text.at[i]))
            return false;
        digit = !between;
    }
    if (digit)
        *out = negative ? -n : n;
    return digit;
}
