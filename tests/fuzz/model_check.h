/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What holds for every document and part, whatever the bytes were. */
#ifndef DAVY_FUZZ_MODEL_CHECK_H
#define DAVY_FUZZ_MODEL_CHECK_H

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "model/decode.h"

static inline void demand(bool holds)
{
    if (!holds)
        abort();
}

/* Passed the gate: valid, printable, and the gate would change nothing more. NULL is a text nobody told us. */
static inline void demand_safe(struct arena *a, const char *text)
{
    if (text)
        demand(strcmp(text_safe(a, bytes_of(text), 0), text) == 0);
}

/* Refused with one sentence that names the file, or taken without one. */
static inline void demand_verdict(const void *doc, const struct err *e, const char *name)
{
    demand(doc ? e->text[0] == 0 : strstr(e->text, name) != NULL);
}

#endif
