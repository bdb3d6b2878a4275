/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy --plain while it runs, shared by davy_plain.c (what is told) and davy_plain_keys.c (what is typed). */
#ifndef DAVY_CMD_DAVY_PLAIN_H
#define DAVY_CMD_DAVY_PLAIN_H

#include "cmd/davy.h"
#include "cmd/davy_memory.h"
#include "cmd/davy_outlet.h"
#include "view/facts.h"

enum { PLAIN_LINE = 256 };
struct plain {
    const struct davy_options *options;
    struct loop *loop;
    struct rig *rig;
    struct outlet out;
    struct arena snapshot;  /* of the model, its facts and the lines */
    struct arena memory[2]; /* what was told, and what is being told */
    int live;
    struct model *model;
    struct memory engine; /* what the alert engine remembers */
    uint64_t changes;     /* rig_changes() of model */
    struct fact_list now, told;
    bool stale, waits_in, waits_out;
    char line[PLAIN_LINE]; /* what was typed so far */
    size_t line_len;
};
void plain_look(struct plain *p);
void plain_summary(struct plain *p);
void plain_say(struct plain *p, const char *text);
void plain_input(void *ctx, uint32_t events);
void plain_listen(struct plain *p); /* again, when the terminal is ours again */

#endif
