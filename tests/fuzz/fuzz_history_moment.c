/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Moments that people type: one is taken or told, never both. What counts back from now moves with it, what does not stays;
 * and a moment that was understood is also understood in milliseconds. */
#include "base/timetext.h"
#include "history/moment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW INT64_C(1795350645123)
#define LEAST INT64_C(100000000000) /* milliseconds below would be seconds */

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void check(const char *text, const struct moment *m)
{
    const int64_t day_ms = 86400000;
    struct moment later, number;
    struct err e;
    char digits[32];
    demand(moment_parse(text, NOW + day_ms, &later, &e) && later.ago == m->ago);
    demand(later.ms == m->ms || later.ms == m->ms + day_ms);
    demand(!m->ago || (m->ms <= NOW && later.ms != m->ms));
    if (m->ms < LEAST)
        return;
    snprintf(digits, sizeof digits, "%lld", (long long)m->ms);
    demand(moment_parse(digits, 0, &number, &e) && number.ms == m->ms && !number.ago);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = calloc(1, size + 1);
    memcpy(text, data, size);
    struct moment m = {42, true};
    struct err e = {""};
    if (moment_parse(text, NOW, &m, &e))
        check(text, &m);
    else
        demand(e.text[0] != '\0' && m.ms == 42 && m.ago);
    free(text);
    return 0;
}
