/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HTTP on the loop: one question, one answer, one callback. A library of its own (davy_fetch), which only network programs
 * link: davy and davy-watch never do.
 *
 * Addresses may hold secrets. They are copied, wiped when the question is over, and never part of a sentence: an err names
 * the host and what went wrong, nothing else of the address, no header, no body. TLS is always verified (1.2 and newer);
 * http:// goes to this machine only, unless asked; no proxy of the environment, no .netrc, no cookies, no redirects unless
 * asked. One thread: everything happens inside loop_run(). */
#ifndef DAVY_LOOP_FETCH_H
#define DAVY_LOOP_FETCH_H

#include "base/bytes.h"
#include "loop/loop.h"

struct fetcher; /* holds connections open between questions */
struct fetch;   /* one question under way */

struct fetcher_options {
    const char *agent;   /* User-Agent; NULL: "davy/VERSION" */
    const char *ca_file; /* PEM; NULL: those of the system */
    const char *proxy;   /* NULL: none, whatever the environment says */
};

struct fetch_request {
    const char *url;                    /* http or https */
    const char *method;                 /* NULL: GET, or POST with a body */
    const char *const *header;          /* "Name: value", NULL at the end; NULL: none. Copied */
    struct bytes body;                  /* .at NULL: none. Copied */
    int64_t limit_ms, connect_limit_ms; /* 0: 15 s in all, 5 s to connect */
    size_t limit;                       /* bytes of the answer's body; 0: 64 KiB. More is a failure */
    int redirects;                      /* how many are followed, https only; 0: none, the 3xx is the answer */
    bool plain;                         /* http:// to other machines is fine: nothing in it is secret */
    /* The body piece by piece, as it comes, instead of in the answer; false ends the question. Nothing may be cancelled in
     * it. limit counts then too, but 0 is no limit. NULL: the body is in the answer */
    bool (*part)(void *ctx, int status, struct bytes piece);
    bool patient;     /* silence is no failure: who asks looks at that */
    bool public_only; /* never to this machine or a private network, whatever a name server says */
};

struct fetch_answer {
    bool arrived;          /* a whole HTTP answer came, of whatever status; else err says what happened */
    bool sent;             /* the question may have reached the other side: not arrived and sent means nobody knows */
    int status;            /* 200; 0: none */
    int64_t retry_after_s; /* what the answer's Retry-After says, as seconds or as a date; 0: nothing */
    struct bytes body;     /* until the callback returns; NUL behind it */
    const char *redirect;  /* of a 3xx that was not followed: where to, absolute; else NULL */
    struct err err;
};
typedef void fetch_fn(void *ctx, const struct fetch_answer *answer);

/* The loop outlives it. NULL with the sentence. */
struct fetcher *fetcher_open(struct loop *l, const struct fetcher_options *o, struct err *e);
void fetcher_close(struct fetcher *f); /* forgets what is under way: no callback comes any more */

/* fn is called exactly once, from the loop, never from in here. NULL with the sentence when the address is none that is
 * asked; then it is not called. The fetch is gone when its callback returns. */
struct fetch *fetch_start(struct fetcher *f, const struct fetch_request *r, fetch_fn *fn, void *ctx, struct err *e);
void fetch_cancel(struct fetch *t); /* no callback comes any more; not from its own callback */

#endif
