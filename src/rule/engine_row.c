/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What one sample does to one incident. */
#include "base/timetext.h"
#include "rule/engine_private.h"

static enum severity worst(enum severity a, enum severity b)
{
    return a > b ? a : b;
}

static enum severity mildest(enum severity a, enum severity b)
{
    return a < b ? a : b;
}

static void take_texts(struct incident *i, const struct sample *x)
{
    if (x->what == NULL || *x->what == '\0')
        return;
    i->what = x->what;
    i->value_text = x->value_text;
    i->limit_text = x->limit_text;
}

static void begin(struct step *s, struct incident *i)
{
    i->state = INCIDENT_PENDING;
    i->since_ms = s->in->now.wall_ms;
    i->from = s->out.state.clock;
    i->done = i->samples = i->stamp = 0;
}

static void begin_anew(struct step *s, struct incident *i)
{
    int64_t since_ms = i->since_ms;
    begin(s, i);
    i->since_ms = since_ms;
}

static void change(struct step *s, struct row_step *r, bool fired)
{
    r->fired = fired;
    r->cleared = !fired;
    r->now.changed = s->out.state.clock;
    r->now.changes++;
}

static void end(struct incident *i)
{
    i->state = INCIDENT_OK;
    i->severity = SEVERITY_OK;
    i->from = NOT_KNOWN;
    i->done = i->samples = i->stamp = 0;
}

static void pending_without_data(struct step *s, struct incident *i)
{
    if (i->from != NOT_KNOWN)
        i->done += s->out.state.clock - i->from;
    i->from = NOT_KNOWN;
}

static void pending(struct step *s, struct row_step *r, const struct terms *t, const struct sample *x)
{
    struct incident *i = &r->now;
    int64_t clock = s->out.state.clock;
    if (x->enter == SEVERITY_OK) {
        if (x->unknown)
            pending_without_data(s, i);
        else
            end(i);
        return;
    }
    if (i->from == NOT_KNOWN)
        i->from = clock;
    if (i->severity != x->enter)
        take_texts(i, x);
    i->severity = x->enter;
    if (i->samples < t->min_samples && (x->stamp == 0 || x->stamp != i->stamp)) {
        i->samples++;
        i->stamp = x->stamp;
    }
    if (i->done + clock - i->from < t->for_ms || i->samples < t->min_samples)
        return;
    i->state = INCIDENT_FIRING;
    i->from = NOT_KNOWN;
    i->done = i->samples = i->stamp = 0;
    i->number = s->out.state.next_number++;
    take_texts(i, x);
    change(s, r, true);
}

static void grade(struct row_step *r, const struct sample *x)
{
    struct incident *i = &r->now;
    enum severity held = x->unknown ? i->severity : mildest(i->severity, x->hold);
    enum severity next = worst(x->enter, held);
    r->worse = next > i->severity;
    r->other = next != i->severity;
    if (r->other)
        take_texts(i, x);
    i->severity = next;
}

static bool good(const struct sample *x)
{
    return !x->unknown && x->enter == SEVERITY_OK && x->hold == SEVERITY_OK;
}

static void firing(struct step *s, struct row_step *r, const struct terms *t, const struct sample *x)
{
    struct incident *i = &r->now;
    if (!good(x)) {
        i->state = INCIDENT_FIRING;
        i->from = NOT_KNOWN;
        grade(r, x);
        return;
    }
    if (i->state == INCIDENT_FIRING) {
        i->state = INCIDENT_RECOVERING;
        i->from = s->out.state.clock;
    }
    if (s->out.state.clock - i->from < t->clear_ms)
        return;
    enum severity was = i->severity;
    end(i);
    i->severity = was; /* the event tells it; engine_tell() takes it away */
    change(s, r, false);
}

void engine_row(struct step *s, struct row_step *r, const struct terms *t, const struct sample *x)
{
    struct incident *i = &r->now;
    r->was_unknown = i->unknown;
    r->was_hidden = i->hidden;
    i->unknown = x->unknown;
    if (i->state == INCIDENT_PENDING && s->reboot)
        begin_anew(s, i);
    if (i->state == INCIDENT_OK && x->enter > SEVERITY_OK) {
        begin(s, i);
        i->number = 0;
        take_texts(i, x);
        i->severity = x->enter;
    }
    if (i->state == INCIDENT_PENDING)
        pending(s, r, t, x);
    else if (i->state == INCIDENT_FIRING || i->state == INCIDENT_RECOVERING)
        firing(s, r, t, x);
    if (i->state == INCIDENT_OK)
        i->unknown = false;
}
