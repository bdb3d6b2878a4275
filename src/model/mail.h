/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people were told of incidents, and what waits to be told. Made by rule/post.h, kept in state/davy/alerts.jsonl beside
 * the incidents (model/book.h), so that a letter is on the disk before anything is sent and its end before it is forgotten.
 *
 * Times named _ms are wall clock; the others are the engine's time (model/incidents.h), which no step of a clock touches. */
#ifndef DAVY_MODEL_MAIL_H
#define DAVY_MODEL_MAIL_H

#include "base/json.h"
#include "model/alert.h"

enum letter_kind { LETTER_DIGEST, LETTER_EDIT, LETTER_NEW, LETTER_REPLY, LETTER_REPORT, LETTER_TEST, LETTER_KINDS };
const char *letter_kind_name(enum letter_kind k); /* "digest", "edit", "new", "reply", "report", "test" */

struct letter {
    int64_t id; /* 1 and up */
    enum letter_kind kind;
    int64_t number;             /* of the incident; 0: of none */
    const char *rule, *subject; /* "" */
    enum severity severity;
    int64_t at_ms;  /* when what it tells happened */
    int64_t after;  /* the engine's time before which it is not sent */
    int64_t digest; /* waits for the digest of another day than this; NOT_KNOWN: for none */
    bool under_way; /* a sender was started with it, and its end is not known */
    bool repeat;    /* of an earlier sender the end was never known: it may be a repeat */
    int64_t tries;
    const char *text; /* lines, with \n between them; each a safe text */
};

struct thread { /* what an incident has in the chat */
    int64_t number;
    const char *message; /* the channel's own name of its one message; NULL: it was told of in a digest */
    int64_t told;        /* the engine's time */
    int64_t pressed;     /* how often it was said that nobody cares */
    bool over;
};

/* Things done by the calendar: once per date. */
enum mail_run { RUN_CLEAN, RUN_DAILY, RUN_HEARTBEAT, RUN_MONTHLY, RUN_WEEKLY, RUNS };
const char *mail_run_name(enum mail_run r); /* "clean", "daily", "heartbeat", "monthly", "weekly" */

enum { MAIL_RECENT = 12, MAIL_LETTERS = 256, MAIL_UNITS = 3500 };
struct mail {
    int64_t seen; /* events of the book that were taken into account; NOT_KNOWN: nobody was ever told anything */
    int64_t next_id;
    const struct letter *letter; /* by id */
    size_t letters;
    const struct thread *thread; /* by number */
    size_t threads;
    int64_t sent[MAIL_RECENT]; /* the newest messages that made a noise, the newest last; NOT_KNOWN */
    int64_t last;              /* the newest question to the channel; NOT_KNOWN */
    int64_t after;             /* nothing is sent before: the channel asked for it, or fails */
    bool refused;  /* the channel refused: `after` holds until somebody changed something */
    int64_t failing;           /* since when no message went out; NOT_KNOWN: it works */
    int64_t left_out;          /* letters that there was no room for */
    int64_t run[RUNS];         /* the newest date (days of the epoch) of each, of heartbeat ms; NOT_KNOWN */
};
extern const struct mail mail_none;
bool mail_equal(const struct mail *a, const struct mail *b);
json_t *mail_to_json(const struct mail *m);                              /* new reference */
bool mail_from_json(struct arena *a, const json_t *o, struct mail *out); /* false: nobody could have written this */

#endif
