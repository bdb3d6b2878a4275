/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events become letters. */
#include "rule/post.h"

#include "base/timetext.h"
#include "rule/post_private.h"

#include <string.h>

static const int64_t old_ms = 86400000;

/* ---- letters ---- */

static bool same_about(const struct letter *l, const struct incident *i)
{
    return l->number == i->number && strcmp(l->rule, i->rule) == 0 && strcmp(l->subject, i->subject) == 0;
}

/* A letter about this that nobody began to send: what is new goes into it. */
static struct letter *waiting(struct desk *d, const struct incident *i, bool edit)
{
    for (size_t k = 0; k < d->mail.letters; k++) {
        struct letter *l = &d->letter[k];
        if (!l->under_way && (l->kind == LETTER_EDIT) == edit && l->kind <= LETTER_REPLY && l->kind != LETTER_DIGEST &&
            same_about(l, i))
            return l;
    }
    return NULL;
}

static void edit(struct desk *d, const struct incident *i)
{
    const struct thread *t = i->number > 0 ? thread_of(d, i->number) : NULL;
    struct letter *l = waiting(d, i, true);
    if (t == NULL || t->message == NULL)
        return;
    if (l == NULL && (l = letter_make(d, LETTER_EDIT)) == NULL)
        return;
    l->number = i->number;
    l->rule = i->rule;
    l->subject = i->subject;
    l->at_ms = d->now.wall_ms;
    l->text = post_words(d->a, d->book, d->policy, i, NULL);
}

static void hold(struct desk *d, struct letter *l)
{
    bool info = l->severity <= SEVERITY_INFO;
    int64_t wait = l->severity == SEVERITY_CRITICAL ? POST_CRITICAL_MS : POST_OTHER_MS;
    l->digest = info ? digest_day(d->policy, d->now.wall_ms) : NOT_KNOWN;
    if (l->after == 0 || l->severity == SEVERITY_CRITICAL)
        l->after = d->now.clock + (l->kind == LETTER_NEW ? wait : 0);
}

/* A noise about an incident. */
static void tell(struct desk *d, const struct incident *i, const struct incident_event *e, enum severity severity)
{
    const struct thread *t = i->number > 0 ? thread_of(d, i->number) : NULL;
    struct letter *l = waiting(d, i, false);
    if (l == NULL && (l = letter_make(d, t != NULL ? LETTER_REPLY : LETTER_NEW)) == NULL)
        return;
    l->number = i->number;
    l->rule = i->rule;
    l->subject = i->subject;
    l->severity = louder(l->severity, severity);
    l->at_ms = e != NULL ? e->at_ms : d->now.wall_ms;
    l->text = post_words(d->a, d->book, d->policy, i, e);
    hold(d, l);
}

/* ---- events ---- */

/* The row of an event may be gone, or be about a later incident by now. */
static struct incident about(const struct desk *d, const struct incident_event *e)
{
    const struct incident *row = incident_find(&d->book->state, e->rule, e->subject != NULL ? e->subject : "");
    struct incident i = {.rule = e->rule,
                         .subject = e->subject != NULL ? e->subject : "",
                         .number = e->number,
                         .severity = e->severity,
                         .since_ms = NOT_KNOWN,
                         .what = e->what,
                         .value_text = "",
                         .limit_text = ""};
    if (row != NULL && (row->number == e->number || e->number == 0))
        i = *row;
    i.number = e->number;
    i.severity = louder(i.severity, e->severity);
    return i;
}

static bool is_silence(const struct incident_event *e)
{
    return e->kind == EVENT_SILENCED || e->kind == EVENT_UNSILENCED;
}

static bool is_stale(const struct desk *d, const struct incident_event *e)
{
    const struct incident *row = incident_find(&d->book->state, e->rule, e->subject != NULL ? e->subject : "");
    bool on = row != NULL && row->state != INCIDENT_OK && row->number == e->number;
    return d->now.wall_ms - e->at_ms > old_ms && !on && thread_of((struct desk *)d, e->number) == NULL;
}

static void take_event(struct desk *d, const struct incident_event *e)
{
    if (is_silence(e) || is_stale(d, e))
        return;
    struct incident i = about(d, e);
    struct thread *t = thread_of(d, e->number);
    bool quietly = e->kind == EVENT_CALM && t != NULL && t->message != NULL; /* an edit says it */
    if (e->told && !quietly)
        tell(d, &i, e, e->severity);
    if (t != NULL && e->kind == EVENT_CLEARED) {
        i.state = INCIDENT_OK;
        t->over = true;
    }
    if (t != NULL && e->kind == EVENT_ACKED)
        t->pressed = 0;
    edit(d, &i);
}

static bool fires(const struct incident *i)
{
    return i->state == INCIDENT_FIRING || i->state == INCIDENT_RECOVERING;
}

static void take_all_that_fires(struct desk *d)
{
    for (size_t k = 0; k < d->book->state.count; k++) {
        const struct incident *i = &d->book->state.row[k];
        if (fires(i) && !i->hidden && !i->silenced)
            tell(d, i, NULL, i->severity);
    }
}

/* ---- nobody cares ---- */

static int64_t next_press(const struct post_policy *p, const struct thread *t)
{
    if (t->pressed == 0)
        return t->told + p->press_ms;
    return t->told + (t->pressed < POST_PRESSES ? POST_AGAIN_MS : day_ms);
}

static void press(struct desk *d, const struct incident *i)
{
    struct thread *t = thread_of(d, i->number);
    bool wanted = fires(i) && i->severity == SEVERITY_CRITICAL && i->ack.who == NULL && !i->silenced && !i->hidden &&
                  !i->flapping;
    if (!wanted || t == NULL || t->over || has_letter(d, i->number) || d->now.clock < next_press(d->policy, t))
        return;
    struct incident_event e = {.at_ms = d->now.wall_ms, .what = arena_text(d->a, "nobody acknowledged: %s", i->what)};
    tell(d, i, &e, i->severity);
    t = thread_of(d, i->number);
    t->told = d->now.clock;
    t->pressed++;
}

/* ---- steps ---- */

static void at_most(int64_t *time, int64_t most)
{
    if (*time > most)
        *time = most;
}

/* A damaged journal may have lost the engine's time: nothing waits for one that never comes. */
static void tame(struct desk *d)
{
    int64_t clock = d->now.clock;
    at_most(&d->mail.after, clock + POST_REFUSED_MS);
    at_most(&d->mail.last, clock);
    at_most(&d->mail.failing, clock);
    for (int i = 0; i < MAIL_RECENT; i++)
        at_most(&d->mail.sent[i], clock);
    for (size_t i = 0; i < d->mail.letters; i++)
        at_most(&d->letter[i].after, clock + POST_OTHER_MS);
    for (size_t i = 0; i < d->mail.threads; i++)
        at_most(&d->thread[i].told, clock);
}

static bool goes_on(const struct book *b, int64_t number)
{
    for (size_t k = 0; k < b->state.count; k++)
        if (b->state.row[k].number == number && b->state.row[k].state != INCIDENT_OK)
            return true;
    return false;
}

/* Also where nobody saw the end of it. */
static void end_threads(struct desk *d)
{
    for (size_t i = 0; i < d->mail.threads; i++)
        d->thread[i].over |= !goes_on(d->book, d->thread[i].number);
}

struct mail post_take(struct arena *a, const struct book *b, const struct post_policy *p, struct post_now now)
{
    struct desk d = desk_of(a, &b->mail, now);
    int64_t all = b->events_before + (int64_t)b->event_count;
    d.book = b;
    d.policy = p;
    tame(&d);
    if (d.mail.seen == NOT_KNOWN)
        take_all_that_fires(&d);
    else
        for (int64_t n = d.mail.seen > b->events_before ? d.mail.seen : b->events_before; n < all; n++)
            take_event(&d, &b->event[n - b->events_before]);
    d.mail.seen = all;
    for (size_t k = 0; p->press_ms > 0 && k < b->state.count; k++)
        press(&d, &b->state.row[k]);
    end_threads(&d);
    forget_threads(&d);
    return d.mail;
}

struct mail post_add(struct arena *a, const struct mail *m, enum letter_kind kind, const char *text,
                     struct post_now now)
{
    struct desk d = desk_of(a, m, now);
    struct letter *l = letter_make(&d, kind);
    if (l != NULL) {
        l->text = text;
        l->severity = SEVERITY_WARNING; /* somebody waits for it: no digest */
    }
    return d.mail;
}

struct mail post_doubt(struct arena *a, const struct mail *m)
{
    struct desk d = desk_of(a, m, (struct post_now){0});
    for (size_t i = 0; i < d.mail.letters; i++) {
        d.letter[i].repeat |= d.letter[i].under_way && d.letter[i].kind != LETTER_EDIT;
        d.letter[i].under_way = false;
    }
    return d.mail;
}

struct mail post_forgive(const struct mail *m)
{
    struct mail out = *m;
    if (out.refused)
        out.after = 0;
    out.refused = false;
    return out;
}

const char *post_text(struct arena *a, const struct letter *l)
{
    return l->repeat ? arena_text(a, "%s\n(may be a repeat)", l->text) : l->text;
}
