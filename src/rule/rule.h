/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules: pure judgements over a model. One rule, one file rule_NAME.c, one row in rules.c. Stateless: the engine with
 * memory (for, hysteresis, silence) reads the same findings. A rule never guesses: where its data is not known it says
 * so with state "unknown", or stays silent when the rig never had that data. */
#ifndef DAVY_RULE_RULE_H
#define DAVY_RULE_RULE_H

#include "model/model.h"

/* One rule speaks about at most so many subjects; the rest is one more finding, "N more". A file with a hundred thousand
 * budgets must not become a hundred thousand alerts. */
enum { FINDINGS_A_RULE = 256 };

struct rule_limits;
struct findings {                       /* filled by rules, in an arena */
    struct arena *arena;
    struct alert *alert;
    size_t count, room;
    size_t rules;                       /* that were asked */
    const char *rule;                   /* name of the rule that runs */
    const struct rule_limits *limits;   /* of that rule, as davy.toml wants them; NULL: the rule's own */
    bool clearing;                      /* asked is what is not over yet, not what fires */
    size_t first;                       /* where its findings begin */
    size_t spilled;                     /* how many were too many, */
    enum severity spilled_worst;        /* and the worst of them */
    struct alert spill;                 /* what such a one is written to */
};
/* Adds one; rule and state "firing" are filled in, numbers are not known and texts are "" until set. The pointer lives
 * until the next one is added. */
struct alert *finding_add(struct findings *f, enum severity s, const char *subject);

/* Two thresholds: what fires at warning (critical) is over at clear_warning (clear_critical). */
struct rule_limits {
    double warning, critical, clear_warning, clear_critical;
};
struct rule {
    const char *name, *help;            /* help: one line, what makes it true with the default limits */
    void (*judge)(const struct model *m, struct findings *f);
    const struct rule_limits *limits;   /* its own; NULL: none that can be set */
};
extern const struct rule *const rules[];    /* alphabetical, NULL at the end */

/* What all rules say, one after the other, for the engine: what fires, or (clearing) what is not over yet. */
struct findings rules_find(struct arena *a, const struct model *m, bool clearing);
/* What davy.toml says of rules that are not there, or have no limits; part of what settings_check() says. */
void rules_check(const struct settings *s, settings_say_fn *say, void *ctx);

/* Worst first, then the oldest, then by name. */
void rules_sort(struct alert *list, size_t count);
/* Runs all rules, drops what a dead daemon explains, sorts (worst first, then oldest, then name) and sets m->alert. */
void rules_judge(struct arena *a, struct model *m);

#endif
