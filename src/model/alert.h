/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A finding of a rule, as everybody shows it. */
#ifndef DAVY_MODEL_ALERT_H
#define DAVY_MODEL_ALERT_H

#include <stddef.h>
#include <stdint.h>

enum severity { SEVERITY_OK, SEVERITY_INFO, SEVERITY_WARNING, SEVERITY_CRITICAL };
const char *severity_name(enum severity s);     /* "ok", "info", "warning", "critical" */
const char *severity_mark(enum severity s);     /* "OK", "INFO", "WARN", "CRIT": severity is never told by colour alone */

enum { ALERT_DO = 4 };
struct incident;
struct alert {
    const char *rule, *subject;         /* subject: "" when the rule has only one */
    enum severity severity;
    const char *state;                  /* "firing", or "unknown": no data, which is never fine; with an engine behind it also
                                           "pending" (it does not fire yet), "recovering" (it is not over yet) */
    int64_t since_ms;                   /* NOT_KNOWN */
    double value, limit;                /* NAN */
    const char *value_text, *limit_text;/* with units, short: "0.41", "< 0.50"; "" */
    const char *what;                   /* the headline, short: "Score average 0.41 over 24 h" */
    const char *why;                    /* the numbers that made it true, one sentence */
    const char *todo[ALERT_DO];         /* next steps, with the command; NULL-terminated unless full */
    const struct incident *incident;    /* what the engine remembers of it; NULL: nothing, or there is none */
};

#endif
