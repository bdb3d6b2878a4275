/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the alert engine remembers: one incident for each rule and subject, silences, and a clock of its own. Made by
 * rule/engine.h, kept by action/journal.h in state/davy/alerts.jsonl, and read from there by everybody else.
 *
 * Times named _ms are wall clock. The others (clock, from, tell, changed, until) are the engine's time: milliseconds that
 * went by while davy could know of them. See rule/engine.h. */
#ifndef DAVY_MODEL_INCIDENTS_H
#define DAVY_MODEL_INCIDENTS_H

#include "base/json.h"
#include "model/alert.h"

enum incident_state { INCIDENT_OK, INCIDENT_PENDING, INCIDENT_FIRING, INCIDENT_RECOVERING };
const char *incident_state_name(enum incident_state s); /* "ok", "pending", "firing", "recovering" */

struct ack {
    const char *who, *why; /* who NULL: there is none */
    int64_t at_ms, until_ms, until;
    enum severity severity; /* then; anything worse ends it */
};

enum { INCIDENT_TELLS = 3 };
struct incident {
    const char *rule, *subject; /* subject "": the rule has only one */
    enum incident_state state;
    enum severity severity;
    enum severity told; /* the worst that was told of it; OK: nothing */
    bool unknown, hidden, silenced, flapping;
    int64_t number;   /* of the incident, 1 and up; 0: it did not fire yet */
    int64_t since_ms; /* when the condition was first seen; NOT_KNOWN */
    int64_t from;     /* since when `for` or `clear_for` runs; NOT_KNOWN: it stands still */
    int64_t done;     /* of `for`, before it stood still */
    int64_t samples, stamp;
    int64_t tell[INCIDENT_TELLS];               /* the latest tellings, the newest last; NOT_KNOWN */
    int64_t changed, changes;                   /* the latest change between OK and FIRING; how many while flapping */
    const char *what, *value_text, *limit_text; /* of the moment when state or severity changed */
    struct ack ack;
};

struct silence {
    int64_t id;
    const char *rule, *subject; /* subject NULL: all of the rule */
    const char *who, *reason;
    int64_t since_ms, until_ms, until;
};

struct incidents {
    int64_t clock;            /* the engine's time at the moment of: */
    int64_t wall_ms, boot_ms; /* CLOCK_REALTIME, CLOCK_BOOTTIME; NOT_KNOWN: never stepped */
    const char *boot_id;      /* of /proc/sys/kernel/random/boot_id */
    int64_t next_number, next_silence;
    const struct incident *row; /* by rule, then subject */
    size_t count;
    const struct silence *silence; /* by id */
    size_t silence_count;
};
extern const struct incidents incidents_none;
int incident_compare(const char *rule, const char *subject, const struct incident *i);
/* What else is to be said of it: "pending, acknowledged by root until 2026-11-22 14:05: looking"; "" when it just fires. */
const char *incident_flags(struct arena *a, const struct incident *i);
/* With all texts, in a. */
struct incidents incidents_copy(struct arena *a, const struct incidents *s);
const struct incident *incident_find(const struct incidents *s, const char *rule, const char *subject);

enum incident_event_kind {
    EVENT_ACKED,
    EVENT_ACK_ENDED,
    EVENT_CALM,
    EVENT_CLEARED,
    EVENT_FIRED,
    EVENT_FLAPPING,
    EVENT_HIDDEN,
    EVENT_KNOWN,
    EVENT_SEVERITY,
    EVENT_SHOWN,
    EVENT_SILENCED,
    EVENT_UNKNOWN,
    EVENT_UNSILENCED,
    EVENT_KINDS
};
const char *incident_event_name(enum incident_event_kind k);

struct incident_event {
    int64_t at_ms;
    enum incident_event_kind kind;
    const char *rule, *subject; /* subject NULL: all of the rule (silences) */
    int64_t number;             /* of the incident, or of the silence */
    enum severity severity;
    bool told;             /* somebody should be told; else it is for the history */
    const char *who, *why; /* of what people did; NULL */
    const char *what;      /* the headline; "" */
};

/* incidents_json.c: as JSON and back, exactly. A reader returns false for anything that it could not have written; texts
 * are made safe. New references. */
json_t *incident_to_json(const struct incident *i);
json_t *silence_to_json(const struct silence *s);
json_t *incident_event_to_json(const struct incident_event *e);
bool incident_from_json(struct arena *a, const json_t *o, struct incident *out);
bool silence_from_json(struct arena *a, const json_t *o, struct silence *out);
bool incident_event_from_json(struct arena *a, const json_t *o, struct incident_event *out);

#endif
