/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stage lines: what is found lies inside the line, and written again in the exact wording it is found again. */
#include "stage/stage.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void inside(struct bytes line, struct bytes piece)
{
    demand(piece.len == 0 || (piece.at >= line.at && piece.at + piece.len <= line.at + line.len));
}

/* Only names of the table can be told from what follows them. */
static void again(struct arena *a, const struct stage_text *t)
{
    static const char *const event[] = {
        [STAGE_STATUS_RUNNING] = "", [STAGE_STATUS_DONE] = " Complete", [STAGE_STATUS_FAILED] = " Failed"};
    struct stage_text back;
    const char *text =
        arena_text(a, "Stage %d%s - %s%s", t->number, event[t->status], stage_name(stage_by_name(t->name)),
                   t->status == STAGE_STATUS_RUNNING ? ": x" : " - x");
    demand(stage_text_parse(bytes_of(text), &back));
    demand(back.number == t->number && back.status == t->status && back.username.len == 0 &&
           bytes_is(back.message, "x"));
    demand(stage_by_name(back.name) == stage_by_name(t->name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct bytes line = {(const char *)data, size};
    struct stage_text t;
    if (stage_text_parse(line, &t)) {
        demand(t.number >= 0 && t.name.len > 0);
        inside(line, t.name);
        inside(line, t.username);
        inside(line, t.message);
        if (stage_by_name(t.name) >= 0)
            again(&a, &t);
    }
    arena_release(&a);
    return 0;
}
