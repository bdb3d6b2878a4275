/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A mail while it is changed. Private to post*.c. */
#ifndef DAVY_RULE_POST_PRIVATE_H
#define DAVY_RULE_POST_PRIVATE_H

#include "rule/post.h"

static const int64_t minute_ms = 60000, day_ms = 86400000;

struct desk { /* one step */
    struct arena *a;
    const struct book *book;
    const struct post_policy *policy;
    struct post_now now;
    struct mail mail;
    struct letter *letter;
    struct thread *thread;
    size_t letter_room, thread_room;
};

struct desk desk_of(struct arena *a, const struct mail *m, struct post_now now);
struct thread *thread_of(struct desk *d, int64_t number); /* NULL: there is none */
struct thread *thread_make(struct desk *d, int64_t number);
void forget_threads(struct desk *d); /* that are over and have nothing left to be said */
bool has_letter(const struct desk *d, int64_t number);
struct letter *letter_make(struct desk *d, enum letter_kind kind); /* NULL: too many wait; counted */
void letter_drop(struct desk *d, struct letter *l);
enum severity louder(enum severity x, enum severity y);
int64_t digest_day(const struct post_policy *p, int64_t wall_ms); /* days, each of which begins with its digest */

#endif
