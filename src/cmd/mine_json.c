/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Between them Python writes no exponent. */
#define PLAIN_LEAST 1e-4
#define PLAIN_MOST 1e16
enum { REAL_DIGITS = 17, PLAIN_DIGITS = 21, DIGITS_MOST = 4096, RAO_DIGITS = 20 };

static struct bytes number_text(struct arena *a, const json_t *value)
{
    if (json_is_integer(value))
        return bytes_of(arena_text(a, "%" JSON_INTEGER_FORMAT, json_integer_value(value)));
    return (struct bytes){json_string_value(value), json_string_length(value)};
}

bool mine_fp18(struct arena *a, const json_t *value, const char *what, struct fp18 *out, struct err *e)
{
    struct bytes text = number_text(a, value);
    if (text.len <= DIGITS_MOST && fp18_of_units(a, text, out))
        return true;
    return err_set(e, "%.80s must be an integer of 10^-18 parts, as a decimal string (\"1050000000000000000\" is 1.05)",
                   what);
}

bool mine_rao(const json_t *value, const char *what, uint64_t *out, struct err *e)
{
    struct arena a = {0};
    struct bytes text = number_text(&a, value);
    unsigned __int128 n = 0;
    bool good = text.len > 0 && text.len <= RAO_DIGITS;
    for (size_t i = 0; good && i < text.len; i++) {
        good = text.at[i] >= '0' && text.at[i] <= '9';
        n = n * 10 + (unsigned)(text.at[i] - '0');
    }
    arena_release(&a);
    if (!good || n > UINT64_MAX)
        return err_set(e, "%.80s must be an integer of rao, 0 to 2^64 - 1, as a decimal string", what);
    *out = (uint64_t)n;
    return true;
}

bool mine_number(const json_t *o, const char *key, double usual, double *out, struct err *e)
{
    const json_t *value = json_object_get(o, key);
    if ((value == NULL || json_is_null(value)) && !isnan(usual))
        *out = usual;
    else if (json_is_number(value) && isfinite(json_number_value(value)))
        *out = json_number_value(value);
    else
        return err_set(e, "%s must be a number", key);
    return true;
}

const char *mine_real(struct arena *a, double v)
{
    const char *text = NULL;
    bool plain = v == 0 || (fabs(v) >= PLAIN_LEAST && fabs(v) < PLAIN_MOST);
    for (int digits = 1; digits <= (plain ? PLAIN_DIGITS : REAL_DIGITS); digits++) {
        text = arena_text(a, plain ? "%.*f" : "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    return text;
}
