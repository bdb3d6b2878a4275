/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The alert engine: (terms, state, samples, now) -> (state, events), pure. What it is given it does not change; what it
 * returns lives in the arena, and in the arena of the state before.
 *
 * OK -> PENDING when the condition is seen, -> FIRING when it held for `for` and was seen in min_samples different data,
 * -> RECOVERING when it is below the clearing limit too, -> OK when that held for `clear_for`. In between the two limits
 * FIRING stays FIRING, RECOVERING is FIRING again, and PENDING is dropped. Severity belongs to the incident: it rises at
 * once, and falls when the clearing limit of that severity is passed.
 *
 * Not known is never fine. Without data PENDING stands still, RECOVERING is FIRING again, FIRING stays.
 *
 * A cause hides what follows from it (terms.because): while an incident of the cause is critical. What is hidden goes on and
 * is told of when the cause is gone and it still fires. A pending cause hides only what nobody was told of yet.
 *
 * Flapping, in one sentence: what was told of twice within an hour and changes again between OK and FIRING is called
 * flapping, and is then told of only when it grows worse than ever before, until it did not change for 30 minutes.
 *
 * Time: the engine has a clock that only goes forward. Within one boot it follows CLOCK_BOOTTIME, which no step of the wall
 * clock touches, and which counts suspended time and time without a davy. Over a reboot it grows by what the wall clock says,
 * but by no more than 60 s; where the wall clock says more, what was PENDING begins anew. A deadline that somebody named
 * (ack, silence) is kept on both clocks and ends on whichever comes first: too early rather than too late. */
#ifndef DAVY_RULE_ENGINE_H
#define DAVY_RULE_ENGINE_H

#include "model/incidents.h"

enum { ENGINE_CAUSES = 3, ENGINE_MOST = 8192 };
static const int64_t ENGINE_TOLERANCE_MS = 60000, ENGINE_CALM_MS = 1800000, ENGINE_HOUR_MS = 3600000;

struct terms { /* on which a rule fires */
    const char *rule;
    int64_t for_ms, clear_ms, min_samples;
    const char *because[ENGINE_CAUSES];
    bool off;
};

struct sample {
    const char *rule, *subject;
    enum severity enter; /* by the limits for firing; OK: not seen */
    enum severity hold;  /* by the limits for clearing */
    bool unknown;        /* the rule cannot tell, or its data is not known now */
    int64_t stamp;       /* of the data: a sample of the same data counts once; 0: counts always */
    const char *what, *value_text, *limit_text;
};

struct engine_now {
    int64_t wall_ms, boot_ms;
    const char *boot_id;
};

struct engine_in {
    const struct terms *terms; /* by rule */
    const bool *blind;         /* of each terms row: its data is not known, so a missing sample is no good one */
    size_t terms_count;
    const struct sample *sample; /* by rule, then subject; each pair once */
    size_t sample_count;
    struct engine_now now;
};

struct engine_out {
    struct incidents state;
    const struct incident_event *event;
    size_t event_count;
    size_t refused; /* new incidents that ENGINE_MOST had no room for */
};
struct engine_out engine_step(struct arena *a, const struct incidents *before, const struct engine_in *in);

#endif
