/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One step while it is made. Private to engine*.c. */
#ifndef DAVY_RULE_ENGINE_PRIVATE_H
#define DAVY_RULE_ENGINE_PRIVATE_H

#include "rule/engine.h"

struct row_step { /* one incident within this step */
    struct incident now;
    bool fired, cleared; /* in this step */
    bool was_unknown, was_hidden;
    bool worse; /* the severity rose while it fired */
    bool other; /* the severity is another one */
    bool gone;  /* nothing is left to remember */
};

struct step {
    struct arena *arena;
    const struct engine_in *in;
    struct engine_out out;
    struct row_step *row;
    size_t count;
    struct incident_event *event;
    size_t event_room;
    bool reboot; /* and more time than the tolerance went by */
};

const struct terms *engine_terms(const struct engine_in *in, const char *rule);
struct incident_event *engine_event(struct step *s, enum incident_event_kind kind, const struct incident *i, bool told);

/* engine_row.c: what a sample does to one incident. */
void engine_row(struct step *s, struct row_step *r, const struct terms *t, const struct sample *sample);
/* engine_tell.c: who is hidden or silenced, and what is told of it. */
void engine_silences(struct step *s, const struct incidents *before);
void engine_tell(struct step *s, struct row_step *r);

#endif
