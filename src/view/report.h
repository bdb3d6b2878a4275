/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reports of rig-files.md 5 as a structure: what is said, line by line, with the numbers behind it. All of it comes from
 * the model; what is not known reads "n/a". Sinks make text, Markdown or JSON of it. */
#ifndef DAVY_VIEW_REPORT_H
#define DAVY_VIEW_REPORT_H

#include "model/model.h"

enum report_kind { REPORT_DAILY, REPORT_HEARTBEAT, REPORT_WEEKLY, REPORT_KINDS };
const char *report_kind_name(enum report_kind k); /* "daily", ... */

struct report_number {
    const char *key;
    double value;  /* NAN: not known */
    int64_t count; /* of a whole number; NOT_KNOWN: then see value */
};
enum { REPORT_NUMBERS = 8 };
struct report_line {
    const char *section;      /* its heading; NULL: above all sections */
    const char *key;          /* for programs: "scores" */
    const char *mark, *label; /* an emoji, or ""; "SCORES" */
    const char *text;
    struct report_number number[REPORT_NUMBERS];
    size_t numbers;
};
struct report_advice {
    const char *rule, *text; /* which rule of the table says so; a sentence */
};
struct report {
    struct arena *arena;
    const struct model *model;
    enum report_kind kind;
    const char *mark, *title;
    struct report_line *line;
    size_t count, room;
    struct report_advice *advice; /* most important first; never empty */
    size_t advice_count, advice_room;
    const char *focus; /* of a weekly one; NULL */
    const char *end;   /* the last line of a heartbeat; NULL */
    bool calm;         /* nothing asks for an action, and enough is known to say so */
};

/* The daily one looks at the groups of 24 hours: the model must have been asked for RANGE_24H. Alerts are those of the model,
 * so rules come first. */
const struct report *report_make(struct arena *a, const struct model *m, enum report_kind kind);

#endif
