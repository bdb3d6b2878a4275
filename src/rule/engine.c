/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/engine.h"

#include "base/timetext.h"
#include "rule/engine_private.h"

#include <string.h>

const struct terms *engine_terms(const struct engine_in *in, const char *rule)
{
    for (size_t i = 0; i < in->terms_count; i++)
        if (strcmp(in->terms[i].rule, rule) == 0)
            return in->terms[i].off ? NULL : &in->terms[i];
    return NULL;
}

struct incident_event *engine_event(struct step *s, enum incident_event_kind kind, const struct incident *i, bool told)
{
    size_t n = s->out.event_count++;
    if (n == s->event_room) {
        size_t room = n ? n * 2 : 16;
        s->event = arena_grow(s->arena, s->event, n * sizeof *s->event, room * sizeof *s->event);
        s->event_room = room;
    }
    s->event[n] = (struct incident_event){.at_ms = s->in->now.wall_ms,
                                          .kind = kind,
                                          .rule = i->rule,
                                          .subject = i->subject,
                                          .number = i->number,
                                          .severity = i->severity,
                                          .told = told,
                                          .what = i->what};
    return &s->event[n];
}

/* ---- the clock ---- */

static int64_t positive(int64_t ms)
{
    return ms > 0 ? ms : 0;
}

static void tick(struct step *s, const struct incidents *before)
{
    const struct engine_now *now = &s->in->now;
    struct incidents *to = &s->out.state;
    int64_t wall_ms = before->wall_ms == NOT_KNOWN ? 0 : positive(now->wall_ms - before->wall_ms);
    if (before->wall_ms != NOT_KNOWN && strcmp(before->boot_id, now->boot_id) == 0) {
        to->clock += positive(now->boot_ms - before->boot_ms);
    } else {
        s->reboot = wall_ms > ENGINE_TOLERANCE_MS;
        to->clock += s->reboot ? ENGINE_TOLERANCE_MS : wall_ms;
    }
    to->wall_ms = now->wall_ms;
    to->boot_ms = now->boot_ms;
    to->boot_id = arena_text(s->arena, "%s", now->boot_id);
}

/* ---- incidents and samples, side by side ---- */

static struct incident fresh(const struct sample *x)
{
    struct incident i = {.rule = x->rule,
                         .subject = x->subject,
                         .since_ms = NOT_KNOWN,
                         .from = NOT_KNOWN,
                         .changed = NOT_KNOWN,
                         .what = "",
                         .value_text = "",
                         .limit_text = ""};
    for (int k = 0; k < INCIDENT_TELLS; k++)
        i.tell[k] = NOT_KNOWN;
    return i;
}

static bool is_blind(const struct engine_in *in, const struct terms *t)
{
    return in->blind != NULL && in->blind[t - in->terms];
}

/* A rule that is switched off, or is no more, takes its incidents with it. */
static void drop(struct step *s, const struct incident *i)
{
    if (i->state == INCIDENT_FIRING || i->state == INCIDENT_RECOVERING)
        engine_event(s, EVENT_CLEARED, i, false)->why = "the rule is switched off";
}

static void take(struct step *s, const struct incident *was, const struct sample *x)
{
    const struct terms *t = engine_terms(s->in, was ? was->rule : x->rule);
    struct sample none = {.enter = SEVERITY_OK};
    if (t == NULL && was != NULL)
        drop(s, was);
    if (t == NULL || (was == NULL && x->enter == SEVERITY_OK))
        return;
    if (was == NULL && s->count == ENGINE_MOST) {
        s->out.refused++;
        return;
    }
    none.unknown = is_blind(s->in, t);
    struct row_step *r = &s->row[s->count++];
    *r = (struct row_step){.now = was ? *was : fresh(x)};
    engine_row(s, r, t, x ? x : &none);
}

static void take_all(struct step *s, const struct incidents *before)
{
    size_t i = 0, k = 0;
    s->row = arena_array(s->arena, before->count + s->in->sample_count, sizeof *s->row);
    while (i < before->count || k < s->in->sample_count) {
        const struct sample *x = k < s->in->sample_count ? &s->in->sample[k] : NULL;
        const struct incident *was = i < before->count ? &before->row[i] : NULL;
        int order = !was ? -1 : !x ? 1 : incident_compare(x->rule, x->subject, was);
        take(s, order >= 0 ? was : NULL, order <= 0 ? x : NULL);
        i += order >= 0;
        k += order <= 0;
    }
}

static void keep(struct step *s)
{
    struct incident *row = arena_array(s->arena, s->count, sizeof *row);
    for (size_t i = 0; i < s->count; i++)
        if (!s->row[i].gone)
            row[s->out.state.count++] = s->row[i].now;
    s->out.state.row = row;
}

struct engine_out engine_step(struct arena *a, const struct incidents *before, const struct engine_in *in)
{
    struct step s = {.arena = a, .in = in};
    s.out.state = *before;
    s.out.state.count = 0;
    tick(&s, before);
    engine_silences(&s, before);
    take_all(&s, before);
    for (size_t i = 0; i < s.count; i++)
        engine_tell(&s, &s.row[i]);
    keep(&s);
    s.out.event = s.event;
    return s.out;
}
