/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/canonical.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As d.ddde+XX with the fewest digits that read back as v. */
static void shortest(char out[REPR_TEXT], double v)
{
    for (int digits = 0; digits < 17; digits++) {
        snprintf(out, REPR_TEXT, "%.*e", digits, v);
        if (strtod(out, NULL) == v)
            return;
    }
}

/* count digits of mantissa, the point behind the first 1 + exp10 of them. */
static void fixed(char out[REPR_TEXT], const char *digit, int count, int exp10)
{
    int len = 0;
    if (exp10 < 0)
        len = snprintf(out, REPR_TEXT, "0.%.*s", -exp10 - 1, "0000");
    for (int i = 0; i < count || i <= exp10; i++) {
        out[len++] = i < count ? digit[i] : '0';
        if (i == exp10)
            out[len++] = '.';
    }
    if (out[len - 1] == '.')
        out[len++] = '0';
    out[len] = '\0';
}

static void scientific(char out[REPR_TEXT], const char *digit, int count, int exp10)
{
    snprintf(out, REPR_TEXT, "%c%s%.*se%c%02d", digit[0], count > 1 ? "." : "", count - 1, digit + 1,
             exp10 < 0 ? '-' : '+', abs(exp10));
}

void repr(char out[REPR_TEXT], double v)
{
    char text[REPR_TEXT], digit[REPR_TEXT];
    shortest(text, v);
    bool minus = text[0] == '-';
    const char *e = strchr(text, 'e');
    int count = 0;
    for (const char *p = text; p < e; p++)
        if (*p >= '0' && *p <= '9')
            digit[count++] = *p;
    int exp10 = (int)strtol(e + 1, NULL, 10);
    out[0] = '-';
    char *body = out + minus;
    if (exp10 >= -4 && exp10 < 16)
        fixed(body, digit, count, exp10);
    else
        scientific(body, digit, count, exp10);
}
