/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which letter is sent, when, and what became of it. */
#include "rule/post.h"

#include "base/timetext.h"
#include "rule/post_private.h"

#include <string.h>

enum { BACKOFF_MS = 5000, BACKOFF_MOST_MS = 600000, BACKOFF_TRIES = 7 };

/* ---- which one, and when ---- */

static int64_t later(int64_t x, int64_t y)
{
    return x > y ? x : y;
}

/* When the budget of noises has room again; 0: it has. */
static int64_t budget_at(const struct mail *m, int most)
{
    int64_t oldest = m->sent[MAIL_RECENT - most];
    return oldest == NOT_KNOWN ? 0 : oldest + POST_SPAN_MS;
}

static bool is_noise(const struct letter *l)
{
    return l->kind != LETTER_EDIT;
}

static bool is_held(const struct post_policy *p, const struct letter *l, struct post_now now)
{
    bool urgent = l->severity == SEVERITY_CRITICAL || l->kind == LETTER_TEST;
    if (!is_noise(l) || urgent)
        return false;
    bool quiet = post_quiet(p, now.wall_ms) && l->kind != LETTER_REPORT;
    return quiet || (l->digest != NOT_KNOWN && l->digest == digest_day(p, now.wall_ms));
}

/* An edit waits for the message that it edits. */
static bool is_early(const struct desk *d, const struct letter *l)
{
    for (size_t i = 0; i < d->mail.letters; i++) {
        const struct letter *x = &d->letter[i];
        bool earlier = x->number == l->number && l->number != 0 && x->id < l->id;
        if (earlier && (x->under_way || (is_noise(x) && !is_noise(l))))
            return true;
    }
    return false;
}

/* The engine's time at which this one may go: now.clock or before: now. INT64_MAX: something else must happen first. */
static int64_t ready_at(const struct desk *d, const struct letter *l)
{
    if (l->under_way || is_early(d, l))
        return INT64_MAX;
    int64_t at = later(d->policy->hurry ? 0 : l->after, d->mail.after);
    if (d->mail.last != NOT_KNOWN)
        at = later(at, d->mail.last + POST_SECOND_MS);
    if (is_held(d->policy, l, d->now))
        return later(at, d->now.clock + minute_ms); /* the wall's time: looked at again */
    if (is_noise(l))
        at = later(at, budget_at(&d->mail, l->severity == SEVERITY_CRITICAL ? POST_HARD : POST_SOFT));
    return at;
}

static bool goes_before(const struct letter *x, const struct letter *y)
{
    if ((x->kind == LETTER_TEST) != (y->kind == LETTER_TEST))
        return x->kind == LETTER_TEST; /* somebody sits there and waits for it */
    if (is_noise(x) != is_noise(y))
        return is_noise(x);
    return x->severity != y->severity ? x->severity > y->severity : x->id < y->id;
}

/* All that wait for company or for room go along. */
static bool joins_digest(const struct desk *d, const struct letter *l)
{
    bool alone = l->kind == LETTER_REPORT || l->kind == LETTER_TEST || l->kind == LETTER_DIGEST;
    return is_noise(l) && !alone && !l->under_way && !is_early(d, l) && !is_held(d->policy, l, d->now);
}

static size_t company(const struct desk *d)
{
    size_t count = 0;
    for (size_t i = 0; i < d->mail.letters; i++)
        count += joins_digest(d, &d->letter[i]);
    return count;
}

static void sort_letters(const struct letter **list, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && goes_before(list[k], list[k - 1]); k--) {
            const struct letter *x = list[k];
            list[k] = list[k - 1];
            list[k - 1] = x;
        }
}

static struct letter *make_digest(struct desk *d)
{
    const struct letter **list = arena_array(d->a, d->mail.letters, sizeof *list);
    size_t count = 0;
    enum severity worst = SEVERITY_INFO;
    for (size_t i = 0; i < d->mail.letters; i++)
        if (joins_digest(d, &d->letter[i])) {
            list[count++] = &d->letter[i];
            worst = louder(worst, d->letter[i].severity);
        }
    sort_letters(list, count);
    const char *text = post_digest_words(d->a, d->policy, list, count);
    for (size_t i = 0; i < count; i++)
        thread_make(d, list[i]->number);
    for (size_t i = d->mail.letters; i-- > 0;)
        if (joins_digest(d, &d->letter[i]))
            letter_drop(d, &d->letter[i]);
    struct letter *l = letter_make(d, LETTER_DIGEST);
    l->severity = worst;
    l->text = text;
    return l;
}

const struct letter *post_pick(struct arena *a, const struct mail *m, const struct post_policy *p, struct post_now now,
                               struct mail *after, int64_t *wake)
{
    struct desk d = desk_of(a, m, now);
    struct letter *best = NULL;
    d.policy = p;
    *wake = INT64_MAX;
    for (size_t i = 0; i < d.mail.letters; i++) {
        int64_t at = ready_at(&d, &d.letter[i]);
        if (at > now.clock)
            *wake = at < *wake ? at : *wake;
        else if (best == NULL || goes_before(&d.letter[i], best))
            best = &d.letter[i];
    }
    if (best != NULL && joins_digest(&d, best) && company(&d) >= POST_COMPANY)
        best = make_digest(&d);
    if (best == NULL)
        return NULL;
    best->under_way = true;
    best->tries++;
    d.mail.last = now.clock;
    *after = d.mail;
    return best;
}

/* ---- what became of it ---- */

static void note_noise(struct mail *m, int64_t clock)
{
    memmove(m->sent, m->sent + 1, sizeof m->sent - sizeof *m->sent);
    m->sent[MAIL_RECENT - 1] = clock;
}

static void arrived(struct desk *d, struct letter *l, const struct post_result *r)
{
    struct thread *t = l->kind == LETTER_NEW ? thread_make(d, l->number) : NULL;
    if (t != NULL) {
        t->told = d->now.clock;
        t->message = r->message;
    }
    d->mail.failing = NOT_KNOWN;
    d->mail.refused = false;
    letter_drop(d, l);
    forget_threads(d);
}

static void gone(struct desk *d, struct letter *l)
{
    struct thread *t = thread_of(d, l->number);
    if (t != NULL)
        t->message = NULL;
    letter_drop(d, l);
    forget_threads(d);
}

static void put_back(struct desk *d, struct letter *l, const struct post_result *r)
{
    int64_t tries = l->tries < BACKOFF_TRIES ? l->tries : BACKOFF_TRIES;
    int64_t wait = (int64_t)BACKOFF_MS << (tries > 0 ? tries - 1 : 0);
    wait = wait < BACKOFF_MOST_MS ? wait : BACKOFF_MOST_MS;
    if (r->wait_ms > 0)
        wait = r->wait_ms;
    if (r->end == POST_REFUSED)
        wait = POST_REFUSED_MS;
    d->mail.after = d->now.clock + wait;
    d->mail.refused = r->end == POST_REFUSED;
    if (d->mail.failing == NOT_KNOWN)
        d->mail.failing = d->now.clock;
    l->under_way = false;
    l->repeat |= r->end == POST_UNSURE && is_noise(l);
}

struct mail post_done(struct arena *a, const struct mail *m, int64_t id, const struct post_result *r,
                      struct post_now now)
{
    struct desk d = desk_of(a, m, now);
    struct letter *l = NULL;
    for (size_t i = 0; i < d.mail.letters; i++)
        if (d.letter[i].id == id)
            l = &d.letter[i];
    if (l == NULL)
        return d.mail;
    if (is_noise(l) && (r->end == POST_ARRIVED || r->end == POST_UNSURE))
        note_noise(&d.mail, now.clock);
    if (r->end == POST_ARRIVED)
        arrived(&d, l, r);
    else if (r->end == POST_GONE || l->kind == LETTER_TEST)
        gone(&d, l);
    else
        put_back(&d, l, r);
    return d.mail;
}
