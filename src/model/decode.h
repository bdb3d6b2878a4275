/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a decoder gets. A decoder turns the bytes of one file into one plain struct ("document": what the file says,
 * nothing that depends on the time of day) in arena a. It is pure: same input, same document. NULL means the bytes are
 * not usable, with the sentence in e; the source then keeps the document before. */
#ifndef DAVY_MODEL_DECODE_H
#define DAVY_MODEL_DECODE_H

#include "base/arena.h"
#include "base/err.h"

struct settings;
typedef void settings_say_fn(void *ctx, const char *key, const char *sentence);

struct decode_in {
    struct bytes bytes;
    const char *name;       /* the file's name, for sentences */
    const void *before;     /* the last good document of this file, for what a new one may leave out; NULL */
    int64_t mtime_ms;       /* when it was last written */
    int32_t local_offset_s; /* seconds east of UTC of the rig's local time (log lines, stage status) */
    /* Of davy.toml: what is beyond the model, such as the names of actions, is looked at by who knows it. It says what is
     * wrong with which key. NULL: nobody does. */
    void (*check)(const struct settings *s, settings_say_fn *say, void *ctx);
};

typedef const void *decode_fn(struct arena *a, const struct decode_in *in, struct err *e);

#endif
