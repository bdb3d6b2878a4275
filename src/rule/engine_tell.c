/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What hides, what is silenced, what flaps, and so what is told. */
#include "base/timetext.h"
#include "rule/engine_private.h"

#include <string.h>

/* ---- deadlines ---- */

static bool is_over(const struct step *s, int64_t until_ms, int64_t until)
{
    return s->in->now.wall_ms >= until_ms || s->out.state.clock >= until;
}

void engine_silences(struct step *s, const struct incidents *before)
{
    struct silence *kept = arena_array(s->arena, before->silence_count, sizeof *kept);
    size_t count = 0;
    for (size_t i = 0; i < before->silence_count; i++) {
        const struct silence *x = &before->silence[i];
        if (!is_over(s, x->until_ms, x->until)) {
            kept[count++] = *x;
            continue;
        }
        struct incident about = {.rule = x->rule, .subject = x->subject, .number = x->id, .what = ""};
        engine_event(s, EVENT_UNSILENCED, &about, false)->why = x->reason;
    }
    s->out.state.silence = kept;
    s->out.state.silence_count = count;
}

static bool is_silenced(const struct step *s, const struct incident *i)
{
    for (size_t k = 0; k < s->out.state.silence_count; k++) {
        const struct silence *x = &s->out.state.silence[k];
        if (strcmp(x->rule, i->rule) == 0 && (x->subject == NULL || strcmp(x->subject, i->subject) == 0))
            return true;
    }
    return false;
}

/* ---- causes ---- */

static bool hides(const struct incident *cause, const struct incident *i)
{
    if (cause->state == INCIDENT_OK || cause->severity < SEVERITY_CRITICAL)
        return false;
    return cause->state != INCIDENT_PENDING || i->told == SEVERITY_OK;
}

static bool is_hidden(const struct step *s, const struct incident *i, const struct terms *t)
{
    for (int c = 0; t != NULL && c < ENGINE_CAUSES && t->because[c] != NULL; c++)
        for (size_t k = 0; k < s->count; k++)
            if (strcmp(s->row[k].now.rule, t->because[c]) == 0 && hides(&s->row[k].now, i))
                return true;
    return false;
}

/* ---- tellings ---- */

static int recent(const struct step *s, const struct incident *i)
{
    int count = 0;
    for (int k = 0; k < INCIDENT_TELLS; k++)
        count += i->tell[k] != NOT_KNOWN && s->out.state.clock - i->tell[k] < ENGINE_HOUR_MS;
    return count;
}

static void told(struct step *s, struct incident *i)
{
    memmove(i->tell, i->tell + 1, sizeof i->tell - sizeof *i->tell);
    i->tell[INCIDENT_TELLS - 1] = s->out.state.clock;
    if (i->severity > i->told)
        i->told = i->severity;
}

static void say(struct step *s, struct incident *i, enum incident_event_kind kind, bool tell)
{
    engine_event(s, kind, i, tell);
    if (tell)
        told(s, i);
}

/* A change, or one that is told late: it may be the one that makes it flap. */
static void say_change(struct step *s, struct incident *i, enum incident_event_kind kind, bool muted)
{
    bool worse = kind != EVENT_CLEARED && i->severity > i->told;
    bool flaps = !muted && !i->flapping && recent(s, i) >= INCIDENT_TELLS - 1;
    if (i->flapping || muted || flaps)
        say(s, i, kind, !muted && !flaps && worse);
    else
        say(s, i, kind, true);
    if (!flaps)
        return;
    i->flapping = true;
    i->changes = 1;
    say(s, i, EVENT_FLAPPING, recent(s, i) < INCIDENT_TELLS || worse);
}

static void say_cleared(struct step *s, struct incident *i)
{
    if (i->told == SEVERITY_OK)
        engine_event(s, EVENT_CLEARED, i, false);
    else
        say_change(s, i, EVENT_CLEARED, i->silenced);
    i->severity = SEVERITY_OK;
    if (!i->flapping)
        i->told = SEVERITY_OK;
    i->ack = (struct ack){0};
}

static void calm_down(struct step *s, struct incident *i, bool muted)
{
    if (!i->flapping || s->out.state.clock - i->changed < ENGINE_CALM_MS || recent(s, i) >= INCIDENT_TELLS)
        return;
    bool fires = i->state == INCIDENT_FIRING || i->state == INCIDENT_RECOVERING;
    i->flapping = false;
    i->told = !fires ? SEVERITY_OK : muted ? i->told : i->severity;
    engine_event(s, EVENT_CALM, i, !muted);
    if (!muted)
        told(s, i);
    if (!fires)
        i->told = SEVERITY_OK;
}

static void end_ack(struct step *s, struct incident *i, bool muted)
{
    if (i->ack.who == NULL)
        return;
    bool over = is_over(s, i->ack.until_ms, i->ack.until), worse = i->severity > i->ack.severity;
    if (!over && !worse)
        return;
    struct incident_event *e = engine_event(s, EVENT_ACK_ENDED, i, over && !muted && !i->flapping);
    e->who = i->ack.who;
    e->why = over ? "its time is over" : "it grew worse";
    if (e->told)
        told(s, i);
    i->ack = (struct ack){0};
}

static void say_flags(struct step *s, struct row_step *r)
{
    struct incident *i = &r->now;
    if (i->unknown != r->was_unknown && (i->state == INCIDENT_FIRING || i->state == INCIDENT_RECOVERING))
        engine_event(s, i->unknown ? EVENT_UNKNOWN : EVENT_KNOWN, i, false);
    if (i->hidden && !r->was_hidden && !r->cleared && i->state != INCIDENT_OK)
        engine_event(s, EVENT_HIDDEN, i, false);
}

static bool is_empty(const struct step *s, const struct incident *i)
{
    return i->state == INCIDENT_OK && !i->flapping && recent(s, i) == 0;
}

void engine_tell(struct step *s, struct row_step *r)
{
    struct incident *i = &r->now;
    i->hidden = is_hidden(s, i, engine_terms(s->in, i->rule));
    i->silenced = is_silenced(s, i);
    bool muted = i->hidden || i->silenced;
    say_flags(s, r);
    calm_down(s, i, muted);
    if (r->fired)
        say_change(s, i, EVENT_FIRED, muted);
    else if (r->cleared)
        say_cleared(s, i);
    else if (r->other)
        say(s, i, EVENT_SEVERITY, r->worse && !muted && i->severity > i->told);
    else if (i->state == INCIDENT_FIRING && i->told == SEVERITY_OK && !muted && !i->flapping)
        say_change(s, i, EVENT_SHOWN, false);
    end_ack(s, i, muted);
    if (i->state == INCIDENT_OK)
        i->hidden = i->silenced = false;
    r->gone = is_empty(s, i);
}
