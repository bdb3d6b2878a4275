/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fence around toml++: every text gives an object or a safe sentence, no exception or assert leaves it, and each
 * key it read has a line. */
#include "base/toml.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static size_t lines_of(struct bytes in)
{
    size_t lines = 1;
    for (size_t i = 0; i < in.len; i++)
        lines += in.at[i] == '\n';
    return lines;
}

static void check_lines(struct bytes in, const json_t *root)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)root, key, value) demand(toml_line(in, key) <= lines_of(in));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct err e = {""};
    struct bytes in = {(const char *)data, size};
    json_t *root = toml_read(in, "x.toml", &e);
    demand((root && json_is_object(root)) || (!root && bytes_starts(bytes_of(e.text), "x.toml ")));
    if (root)
        check_lines(in, root);
    else
        demand(strcmp(text_safe(&a, bytes_of(e.text), 0), e.text) == 0);
    json_decref(root);
    arena_release(&a);
    return 0;
}
