/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is told to whom, and when: events and the mail so far -> letters, pure. Whoever sends keeps each step on the disk
 * before he takes the next one:
 *
 *     post_take()   events became letters                          journal_post()
 *     post_pick()   one letter is under way                        journal_post(), then it is sent
 *     post_done()   it arrived, or has to wait, or nobody knows    journal_post()
 *
 * Who died in between finds his letter under way at the next start, and post_doubt() gives it the mark "(may be a repeat)".
 * An edit needs no mark: done twice it is the same.
 *
 * One message an incident, edited when anything changes. What deserves a noise beyond that - it grows worse, it is over,
 * it flaps, nobody acknowledges it - is a reply to it. Critical ones wait five seconds for company, others a minute; four and
 * more at once become one digest. In quiet hours only critical ones are sent, the rest when they are over; info goes into
 * the digest of the morning. At most one question a second, six noises in ten minutes, nine with critical ones. */
#ifndef DAVY_RULE_POST_H
#define DAVY_RULE_POST_H

#include "model/book.h"
#include "model/mail.h"

enum { POST_SOFT = 6, POST_HARD = 9, POST_COMPANY = 4, POST_PRESSES = 6 };
static const int64_t POST_SECOND_MS = 1000, POST_SPAN_MS = 600000, POST_CRITICAL_MS = 5000, POST_OTHER_MS = 60000;
static const int64_t POST_AGAIN_MS = 3600000, POST_REFUSED_MS = 6 * 3600000LL;

struct post_policy {
    const char *rig;                 /* its name, safe */
    int64_t quiet_from, quiet_until; /* minutes of the local day; the same: there are none */
    int64_t digest_at;               /* minute of the local day: of the digest of what is only info */
    int64_t press_ms;                /* nobody acknowledges something critical so long: it is said again; 0: never */
    int32_t utc_offset_s;            /* of the local zone now */
    bool hurry;                      /* whoever sends does not stay: nothing waits for company */
    const struct alert *alert;       /* what the rules say now, for next steps; count may be 0 */
    size_t alerts;
};
struct post_now {
    int64_t clock, wall_ms; /* the engine's, and the wall's */
};

/* What happened since mail.seen, and what nobody cares for, as letters. The first time: what fires now. */
struct mail post_take(struct arena *a, const struct book *b, const struct post_policy *p, struct post_now now);
/* A letter that is no incident's: a report, a test. */
struct mail post_add(struct arena *a, const struct mail *m, enum letter_kind kind, const char *text,
                     struct post_now now);
/* The letter that is to be sent now: it is under way in *after. NULL: none; wake: the engine's time at which there may be
 * one, INT64_MAX: not by itself. */
const struct letter *post_pick(struct arena *a, const struct mail *m, const struct post_policy *p, struct post_now now,
                               struct mail *after, int64_t *wake);

enum post_end {
    POST_ARRIVED,
    POST_GONE,    /* what was to be edited is not there any more: nothing is to be done */
    POST_LATER,   /* it did not arrive; another time */
    POST_REFUSED, /* it did not arrive, and asking again is no use before somebody changed something */
    POST_UNSURE   /* nobody knows whether it arrived */
};
struct post_result {
    enum post_end end;
    const char *message; /* the channel's name of what was made; NULL */
    int64_t wait_ms;     /* the channel asked for so long; 0: it did not */
};
struct mail post_done(struct arena *a, const struct mail *m, int64_t id, const struct post_result *r,
                      struct post_now now);
/* Of letters under way nobody will ever know the end. */
struct mail post_doubt(struct arena *a, const struct mail *m);
/* Somebody changed the settings: what was refused is tried again. */
struct mail post_forgive(const struct mail *m);
/* What the message of a letter is, mark included. */
const char *post_text(struct arena *a, const struct letter *l);
/* Whether the hours are quiet at this moment. */
bool post_quiet(const struct post_policy *p, int64_t wall_ms);

/* post_words.c: an incident in a few lines. event NULL: as it is. */
const char *post_words(struct arena *a, const struct book *b, const struct post_policy *p, const struct incident *i,
                       const struct incident_event *event);
/* Many letters in one, within MAIL_UNITS. */
const char *post_digest_words(struct arena *a, const struct post_policy *p, const struct letter *const *letter,
                              size_t count);

#endif
