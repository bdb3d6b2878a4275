/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Letters and threads of a mail while it is changed. */
#include "rule/post_private.h"

#include "base/timetext.h"

#include <string.h>

enum { MINUTES = 1440 };

struct desk desk_of(struct arena *a, const struct mail *m, struct post_now now)
{
    struct desk d = {.a = a, .now = now, .mail = *m, .letter_room = m->letters + 8, .thread_room = m->threads + 8};
    d.letter = arena_array(a, d.letter_room, sizeof *d.letter);
    d.thread = arena_array(a, d.thread_room, sizeof *d.thread);
    if (m->letters > 0)
        memcpy(d.letter, m->letter, m->letters * sizeof *d.letter);
    if (m->threads > 0)
        memcpy(d.thread, m->thread, m->threads * sizeof *d.thread);
    d.mail.letter = d.letter;
    d.mail.thread = d.thread;
    return d;
}

/* ---- the calendar ---- */

static int64_t local_of(const struct post_policy *p, int64_t wall_ms)
{
    return wall_ms + p->utc_offset_s * 1000LL;
}

bool post_quiet(const struct post_policy *p, int64_t wall_ms)
{
    int64_t minute = local_of(p, wall_ms) / minute_ms % MINUTES;
    if (p->quiet_from < p->quiet_until)
        return minute >= p->quiet_from && minute < p->quiet_until;
    return p->quiet_from != p->quiet_until && (minute >= p->quiet_from || minute < p->quiet_until);
}

int64_t digest_day(const struct post_policy *p, int64_t wall_ms)
{
    return (local_of(p, wall_ms) - p->digest_at * minute_ms) / day_ms;
}

/* ---- threads ---- */

struct thread *thread_of(struct desk *d, int64_t number)
{
    for (size_t i = 0; i < d->mail.threads; i++)
        if (d->thread[i].number == number)
            return &d->thread[i];
    return NULL;
}

struct thread *thread_make(struct desk *d, int64_t number)
{
    struct thread *t = thread_of(d, number);
    size_t at = 0;
    if (t != NULL || number == 0)
        return t;
    if (d->mail.threads == d->thread_room) {
        size_t room = d->thread_room * 2;
        d->thread = arena_grow(d->a, d->thread, d->thread_room * sizeof *t, room * sizeof *t);
        d->thread_room = room;
        d->mail.thread = d->thread;
    }
    while (at < d->mail.threads && d->thread[at].number < number)
        at++;
    memmove(d->thread + at + 1, d->thread + at, (d->mail.threads - at) * sizeof *t);
    d->mail.threads++;
    d->thread[at] = (struct thread){.number = number, .told = d->now.clock};
    return &d->thread[at];
}

bool has_letter(const struct desk *d, int64_t number)
{
    for (size_t i = 0; i < d->mail.letters; i++)
        if (d->letter[i].number == number)
            return true;
    return false;
}

void forget_threads(struct desk *d)
{
    size_t kept = 0;
    for (size_t i = 0; i < d->mail.threads; i++)
        if (!d->thread[i].over || has_letter(d, d->thread[i].number))
            d->thread[kept++] = d->thread[i];
    d->mail.threads = kept;
}

/* ---- letters ---- */

struct letter *letter_make(struct desk *d, enum letter_kind kind)
{
    if (d->mail.letters >= MAIL_LETTERS) {
        d->mail.left_out++;
        return NULL;
    }
    if (d->mail.letters == d->letter_room) {
        size_t room = d->letter_room * 2;
        d->letter = arena_grow(d->a, d->letter, d->letter_room * sizeof *d->letter, room * sizeof *d->letter);
        d->letter_room = room;
        d->mail.letter = d->letter;
    }
    struct letter *l = &d->letter[d->mail.letters++];
    *l = (struct letter){.id = d->mail.next_id++,
                         .kind = kind,
                         .rule = "",
                         .subject = "",
                         .severity = SEVERITY_INFO,
                         .at_ms = d->now.wall_ms,
                         .digest = NOT_KNOWN,
                         .text = ""};
    return l;
}

void letter_drop(struct desk *d, struct letter *l)
{
    size_t at = (size_t)(l - d->letter);
    d->mail.letters--;
    memmove(l, l + 1, (d->mail.letters - at) * sizeof *l);
}

enum severity louder(enum severity x, enum severity y)
{
    return x > y ? x : y;
}
