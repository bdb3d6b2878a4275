/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A theme from any text: a whole theme whose colours are in range, or one safe sentence that names the file. */
#include "view/theme.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static bool in_range(int value, int limit)
{
    return value >= -1 && value < limit;
}

static void check_look(const struct look *l)
{
    demand(l->rgb >= -1 && l->rgb <= 0xFFFFFF && l->rgb_bg >= -1 && l->rgb_bg <= 0xFFFFFF);
    demand(in_range(l->c256, 256) && in_range(l->bg256, 256));
    demand(in_range(l->c16, 16) && in_range(l->bg16, 16));
    demand(in_range(l->c8, 8) && in_range(l->bg8, 8));
    demand(l->attr < 16 && l->mono < 16);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct err e = {""};
    const struct theme *t = theme_decode(&a, (struct bytes){(const char *)data, size}, "x.toml", &e);
    if (!t) {
        demand(bytes_starts(bytes_of(e.text), "x.toml"));
        demand(strcmp(text_safe(&a, bytes_of(e.text), 0), e.text) == 0);
    }
    for (int i = 0; t && i < STYLE_COUNT; i++)
        check_look(&t->look[i]);
    arena_release(&a);
    return 0;
}
