/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An allow-list of anybody, and arguments of anybody: what is accepted has a place for each argument. */
#include "node/allow.h"

#include <stdlib.h>
#include <string.h>

static size_t words_of(struct bytes in, struct bytes *word, size_t most)
{
    size_t count = 0;
    for (size_t at = 0; at < in.len && count < most; count++) {
        const char *end = memchr(in.at + at, ' ', in.len - at);
        size_t len = end ? (size_t)(end - in.at) - at : in.len - at;
        word[count] = (struct bytes){in.at + at, len};
        at += len + 1;
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct bytes in = {(const char *)data, size}, word[8], arguments = {0};
    struct allow_place place[8];
    struct allow list;
    const char *cut = size ? memchr(data, '\0', size) : NULL;
    if (cut) {
        in.len = (size_t)(cut - in.at);
        arguments = (struct bytes){cut + 1, size - in.len - 1};
    }
    size_t words = words_of(arguments, word, 8);
    memset(place, 0xff, sizeof place);
    if (allow_read(&a, in, "fuzz.yaml", &list, NULL) && allow_argv(&list, word, words, place, NULL))
        for (size_t i = 0; i < words; i++)
            if (place[i].rule >= list.rules || place[i].item >= list.rule[place[i].rule].items)
                abort();
    arena_release(&a);
    return 0;
}
