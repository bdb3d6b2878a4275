/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A timeline in, the engine's states out: for owners who want to know when their rules fire, and for tests that hold the
 * engine against others. As JSON:
 *
 *   {"every_s": 10, "until_s": 600,
 *    "samples": [{"at_s": 0, "rule": "budget_high", "subject": "openai", "value": 85},
 *                {"at_s": 60, "rule": "daemon_down", "severity": "critical"},
 *                {"at_s": 90, "rule": "daemon_down", "unknown": true},
 *                {"at_s": 300, "rule": "daemon_down", "severity": "ok"}],
 *    "expect": [{"at_s": 100, "rule": "daemon_down", "state": "firing", "severity": "critical", "unknown": true}]}
 *
 * A sample holds until the next one of the same rule and subject. "value" is judged by the rule's two thresholds, as
 * davy.toml wants them; "severity" (and "hold", the severity by the clearing limits; left out: the same) says it outright.
 * What is not expected of a moment is not looked at. */
#ifndef DAVY_RULE_TRIAL_H
#define DAVY_RULE_TRIAL_H

#include "rule/engine.h"
#include "rule/rule.h"

struct trial_sample {
    int64_t at_ms;
    const char *rule, *subject;
    enum severity enter, hold;
    bool unknown;
};
struct trial_expect {
    int64_t at_ms;
    const char *rule, *subject, *state, *severity; /* state, severity NULL: whatever it is */
    int unknown, hidden;                           /* -1: whatever it is */
};
struct trial {
    int64_t every_ms, until_ms;
    const struct trial_sample *sample; /* by time */
    size_t samples;
    const struct trial_expect *expect; /* by time */
    size_t expects;
};
bool trial_read(struct arena *a, struct bytes text, const char *name, const struct settings *s, struct trial *out,
                struct err *e);

struct trial_line { /* what is said of a moment */
    int64_t at_ms;
    const struct incident *incident;   /* its state is another one now; else NULL */
    const struct trial_expect *expect; /* not met; else NULL */
    const char *found;                 /* instead of what was expected */
};
/* Steps the engine through it, from an empty memory. How many expectations were not met. */
size_t trial_run(struct arena *a, const struct trial *t, const struct settings *s,
                 void (*say)(void *ctx, const struct trial_line *line), void *ctx);

#endif
