/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/care.h"

#include "base/timetext.h"

#include <string.h>

static void one_event(struct arena *a, struct engine_out *out, const struct incident_event *e)
{
    struct incident_event *copy = arena_alloc(a, sizeof *copy);
    *copy = *e;
    out->event = copy;
    out->event_count = 1;
}

/* How long from now, and false when that is no time to come or too long. */
static bool span(const struct incidents *s, const struct care *c, int64_t usual_ms, int64_t *ms, struct err *e)
{
    *ms = c->until_ms == NOT_KNOWN ? usual_ms : c->until_ms - s->wall_ms;
    if (*ms <= 0)
        return err_set(e, "that time is over already; say one to come");
    return *ms <= CARE_MOST_MS || err_set(e, "7 days are the most; nothing is quiet for ever");
}

/* ---- acks ---- */

static const struct incident *by_number(const struct incidents *s, int64_t number)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->row[i].number == number && number > 0)
            return &s->row[i];
    return NULL;
}

bool care_ack(struct arena *a, const struct incidents *before, int64_t number, const struct care *c,
              struct engine_out *out, struct err *e)
{
    const struct incident *i = by_number(before, number);
    int64_t ms;
    if (i == NULL && (number < 1 || number >= before->next_number))
        return err_set(e, "there is no incident %lld; davy alerts list shows them", (long long)number);
    if (i == NULL || (i->state != INCIDENT_FIRING && i->state != INCIDENT_RECOVERING))
        return err_set(e, "incident %lld is over; nothing is left to acknowledge", (long long)number);
    if (!span(before, c, i->severity == SEVERITY_CRITICAL ? CARE_ACK_CRITICAL_MS : CARE_ACK_MS, &ms, e))
        return false;
    struct incident *row = arena_array(a, before->count, sizeof *row);
    memcpy(row, before->row, before->count * sizeof *row);
    struct incident *mine = &row[i - before->row];
    mine->ack = (struct ack){.who = c->who,
                             .why = c->why,
                             .at_ms = before->wall_ms,
                             .until_ms = before->wall_ms + ms,
                             .until = before->clock + ms,
                             .severity = i->severity};
    *out = (struct engine_out){.state = *before};
    out->state.row = row;
    one_event(a, out,
              &(struct incident_event){.at_ms = before->wall_ms,
                                       .kind = EVENT_ACKED,
                                       .rule = i->rule,
                                       .subject = i->subject,
                                       .number = number,
                                       .severity = i->severity,
                                       .who = c->who,
                                       .why = c->why,
                                       .what = i->what});
    return true;
}

/* ---- silences ---- */

static void silence_event(struct arena *a, struct engine_out *out, const struct silence *s, const struct care *c,
                          enum incident_event_kind kind)
{
    one_event(a, out,
              &(struct incident_event){.at_ms = out->state.wall_ms,
                                       .kind = kind,
                                       .rule = s->rule,
                                       .subject = s->subject,
                                       .number = s->id,
                                       .who = c->who,
                                       .why = s->reason,
                                       .what = ""});
}

bool care_silence(struct arena *a, const struct incidents *before, const char *rule, const char *subject,
                  const struct care *c, struct engine_out *out, struct err *e)
{
    int64_t ms;
    if (c->why == NULL || *c->why == '\0')
        return err_set(e, "a silence needs a reason: --reason TEXT");
    if (!span(before, c, CARE_SILENCE_MS, &ms, e))
        return false;
    struct silence *list = arena_array(a, before->silence_count + 1, sizeof *list);
    if (before->silence_count > 0)
        memcpy(list, before->silence, before->silence_count * sizeof *list);
    struct silence *mine = &list[before->silence_count];
    *mine = (struct silence){.id = before->next_silence,
                             .rule = rule,
                             .subject = subject,
                             .who = c->who,
                             .reason = c->why,
                             .since_ms = before->wall_ms,
                             .until_ms = before->wall_ms + ms,
                             .until = before->clock + ms};
    *out = (struct engine_out){.state = *before};
    out->state.next_silence++;
    out->state.silence = list;
    out->state.silence_count++;
    silence_event(a, out, mine, c, EVENT_SILENCED);
    return true;
}

bool care_unsilence(struct arena *a, const struct incidents *before, int64_t id, const struct care *c,
                    struct engine_out *out, struct err *e)
{
    struct silence *list = arena_array(a, before->silence_count, sizeof *list), ended = {0};
    size_t kept = 0;
    for (size_t i = 0; i < before->silence_count; i++) {
        if (before->silence[i].id == id)
            ended = before->silence[i];
        else
            list[kept++] = before->silence[i];
    }
    if (kept == before->silence_count)
        return err_set(e, "there is no silence %lld now; davy alerts list shows them", (long long)id);
    *out = (struct engine_out){.state = *before};
    out->state.silence = list;
    out->state.silence_count = kept;
    silence_event(a, out, &ended, c, EVENT_UNSILENCED);
    return true;
}
