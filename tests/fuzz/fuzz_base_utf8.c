/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The gate: whatever goes in, what comes out is valid UTF-8 of one- and two-cell characters, holds nothing a terminal
 * obeys, is no wider than asked and does not change when it passes again. */
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

/* Ranges that must never come out, by number: not asked of the library that the gate itself asks. */
static bool is_forbidden(char32_t c)
{
    static const char32_t ranges[][2] = {
        {0x0, 0x1f},      {0x7f, 0x9f},     {0xad, 0xad},       {0x300, 0x36f},      {0x61c, 0x61c},
        {0x115f, 0x1160}, {0x180b, 0x180f}, {0x200b, 0x200f},   {0x2028, 0x202e},    {0x2060, 0x206f},
        {0x3164, 0x3164}, {0xd800, 0xf8ff}, {0xfe00, 0xfe0f},   {0xfe20, 0xfe2f},    {0xfeff, 0xfeff},
        {0xfff0, 0xfffb}, {0xffff, 0xffff}, {0x1f3fb, 0x1f3ff}, {0xe0000, 0x10ffff},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return true;
    return false;
}

static void check_characters(const char *safe)
{
    const uint8_t *at = (const uint8_t *)safe;
    size_t left = strlen(safe);
    while (left) {
        utf8proc_int32_t c;
        utf8proc_ssize_t len = utf8proc_iterate(at, (utf8proc_ssize_t)left, &c);
        demand(len > 0);
        demand(!is_forbidden((char32_t)c));
        demand(cell_width((char32_t)c) == 1 || cell_width((char32_t)c) == 2);
        at += len;
        left -= (size_t)len;
    }
}

static void check_gate(struct arena *a, struct bytes in, size_t max_cells)
{
    const char *safe = text_safe(a, in, max_cells);
    check_characters(safe);
    demand(!max_cells || (size_t)text_width(safe) <= max_cells);
    demand(strcmp(text_safe(a, bytes_of(safe), max_cells), safe) == 0);
    demand(strcmp(text_safe(a, bytes_of(safe), 0), safe) == 0);
}

static void check_decoder(struct bytes in)
{
    while (in.len) {
        utf8proc_int32_t want;
        utf8proc_ssize_t len = utf8proc_iterate((const uint8_t *)in.at, (utf8proc_ssize_t)in.len, &want);
        size_t before = in.len;
        char32_t got = utf8_next(&in);
        demand(got == (len > 0 ? (char32_t)want : 0xfffd));
        demand(before - in.len == (len > 0 ? (size_t)len : 1));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct bytes in = {(const char *)data, size};
    check_decoder(in);
    check_gate(&a, in, 0);
    check_gate(&a, in, 1);
    check_gate(&a, in, 7);
    check_gate(&a, in, size + 1);
    arena_release(&a);
    return 0;
}
