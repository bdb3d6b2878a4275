/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the commitment must be published (auction.md 5): not while the chain has the same text, younger than 72 minutes. */
#ifndef DAVY_AUCTION_PUBLISH_H
#define DAVY_AUCTION_PUBLISH_H

#include "base/bytes.h"

enum { COMMITMENT_RENEW_S = 4320 };

enum publish_why {
    PUBLISH_NOTHING,   /* no workers: there is nothing to publish */
    PUBLISH_UNCHANGED, /* the same text, and fresh: no */
    PUBLISH_CHANGED,   /* another text, none, or one that could not be read: yes */
    PUBLISH_STALE,     /* the same text, too old: yes */
    PUBLISH_FORCED,    /* somebody asked for it: yes */
};
struct publish_facts {
    const char *text; /* what the configuration would publish */
    int64_t workers;
    bool force;
    bool known;           /* the record below was read; without an answer the text counts as changed */
    struct bytes record;  /* all bytes of the commitment on the chain; .at is NULL where there is none */
    int64_t record_block; /* when it was made; NOT_KNOWN */
    int64_t head;         /* NOT_KNOWN */
};
struct publish_advice {
    enum publish_why why;
    bool publish;
    int64_t age_s; /* of the record, by blocks of 12 s; NOT_KNOWN */
    bool same;     /* the record is the text */
    bool stale;    /* 72 minutes old or older */
};
struct publish_advice publish_decide(const struct publish_facts *f);

#endif
