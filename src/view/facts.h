/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A rig as facts, one line of words each: for screen readers, pipes and logs. No art, nothing that only position or colour
 * would tell. */
#ifndef DAVY_VIEW_FACTS_H
#define DAVY_VIEW_FACTS_H

#include "model/model.h"

struct fact {
    const char *key;  /* what it is about, unique in its list: "budget Claude" */
    const char *lead; /* what the line begins with; NULL: the key */
    const char *text; /* what is true now */
    const char *step; /* told again when this differs; coarser than the text, which may tick */
    const char *over; /* told when the fact is gone; NULL: nothing is */
    bool urgent;      /* an alert: told at once, however often */
    bool minor;       /* not worth a line of a summary */
    int64_t told_ms;  /* of a list that was told: when this one was; NOT_KNOWN: never */
};
struct fact_list {
    struct arena *arena;
    struct fact *fact;
    size_t count, room;
    int64_t next_ms; /* wall clock: when the clock alone makes another list; INT64_MAX: never */
};

/* Alerts first, worst first. */
struct fact_list facts_of(struct arena *a, const struct model *m);
/* One "lead: text" a fact; and all that is known about each alert, with its next steps. */
const char *fact_line(struct arena *a, const struct fact *f);
void facts_alerts(struct arena *a, const struct model *m, struct fact_list *lines);
void facts_add(struct fact_list *list, struct fact f);

/* The lines that tell what changed since told, and in told what has been told now. A fact that was told less than
 * FACTS_QUIET_MS ago waits, unless it is urgent; told->next_ms says until when (INT64_MAX: none waits). What told holds lives
 * in arena, which must be another one than that of the list before. */
enum { FACTS_QUIET_MS = 10000, FACTS_LINES = 12 };
/* As if all of now had just been told. */
struct fact_list facts_told(struct arena *a, const struct fact_list *now);
struct fact_list facts_tell(struct arena *a, struct fact_list *told, const struct fact_list *now, int64_t now_ms);

#endif
