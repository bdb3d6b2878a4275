/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people do to incidents: acknowledge one, silence some for a while. Pure, as the engine; done right after a step, so
 * that the state's clocks are those of now. */
#ifndef DAVY_RULE_CARE_H
#define DAVY_RULE_CARE_H

#include "rule/engine.h"

static const int64_t CARE_ACK_CRITICAL_MS = 4 * 3600000LL, CARE_ACK_MS = 24 * 3600000LL;
static const int64_t CARE_SILENCE_MS = 2 * 3600000LL, CARE_MOST_MS = 7 * 24 * 3600000LL;

struct care { /* text_safe() ones */
    const char *who, *why;
    int64_t until_ms; /* wall clock; NOT_KNOWN: what is usual */
};

/* All return false with the sentence, and leave out alone. */
bool care_ack(struct arena *a, const struct incidents *before, int64_t number, const struct care *c,
              struct engine_out *out, struct err *e);
/* subject NULL: all of the rule. */
bool care_silence(struct arena *a, const struct incidents *before, const char *rule, const char *subject,
                  const struct care *c, struct engine_out *out, struct err *e);
bool care_unsilence(struct arena *a, const struct incidents *before, int64_t id, const struct care *c,
                    struct engine_out *out, struct err *e);

#endif
