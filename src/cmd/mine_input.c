/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard input of the commands that answer "what if", and how their answers are printed. */
#include "cmd/mine.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { INPUT_MOST = 16 << 20, INPUT_STEP = 65536 };

bool mine_read_input(struct arena *a, struct bytes *out, struct err *e)
{
    size_t room = INPUT_STEP, used = 0;
    char *text = arena_alloc(a, room + 1);
    for (;;) {
        ssize_t n = read(STDIN_FILENO, text + used, room - used);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set(e, "cannot read standard input: %s", strerror(errno));
        used += (size_t)n;
        if (n == 0)
            break;
        if (used > INPUT_MOST)
            return err_set(e, "standard input is larger than 16 MiB: give it in parts");
        if (used == room) {
            text = arena_grow(a, text, used, room * 2 + 1);
            room *= 2;
        }
    }
    *out = (struct bytes){text, used};
    return true;
}

json_t *mine_read_object(struct arena *a, struct err *e)
{
    struct bytes in;
    if (!mine_read_input(a, &in, e))
        return NULL;
    json_t *o = json_read(in, "standard input", e);
    if (o && !json_is_object(o)) {
        json_decref(o);
        err_set(e, "standard input must be one JSON object");
        return NULL;
    }
    return o;
}

int mine_print(json_t *value)
{
    char *text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_ENSURE_ASCII) : NULL;
    json_decref(value);
    if (text == NULL) {
        fputs("davy-mine: the answer cannot be printed\n", stderr);
        return MINE_FAILED;
    }
    puts(text);
    free(text);
    return MINE_OK;
}
