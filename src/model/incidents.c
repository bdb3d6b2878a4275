/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/incidents.h"

#include "base/timetext.h"

#include <string.h>

const struct incidents incidents_none = {
    .wall_ms = NOT_KNOWN, .boot_ms = NOT_KNOWN, .boot_id = "", .next_number = 1, .next_silence = 1};

static const char *const states[] = {"ok", "pending", "firing", "recovering"};
static const char *const kinds[EVENT_KINDS] = {"acked",    "ack ended", "calm",      "cleared",  "fired",
                                               "flapping", "hidden",    "known",     "severity", "shown",
                                               "silenced", "unknown",   "unsilenced"};

const char *incident_state_name(enum incident_state s)
{
    return states[s];
}

const char *incident_event_name(enum incident_event_kind k)
{
    return kinds[k];
}

int incident_compare(const char *rule, const char *subject, const struct incident *i)
{
    int rules = strcmp(rule, i->rule);
    return rules ? rules : strcmp(subject, i->subject);
}

const struct incident *incident_find(const struct incidents *s, const char *rule, const char *subject)
{
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = incident_compare(rule, subject, &s->row[middle]);
        if (order == 0)
            return &s->row[middle];
        low = order > 0 ? middle + 1 : low;
        high = order > 0 ? high : middle;
    }
    return NULL;
}

static const char *text_of(struct arena *a, const char *text)
{
    return text != NULL ? arena_copy(a, bytes_of(text)) : NULL;
}

static void own_texts(struct arena *a, struct incident *i)
{
    i->rule = text_of(a, i->rule);
    i->subject = text_of(a, i->subject);
    i->what = text_of(a, i->what);
    i->value_text = text_of(a, i->value_text);
    i->limit_text = text_of(a, i->limit_text);
    i->ack.who = text_of(a, i->ack.who);
    i->ack.why = text_of(a, i->ack.why);
}

struct incidents incidents_copy(struct arena *a, const struct incidents *s)
{
    struct incidents out = *s;
    struct incident *row = arena_array(a, s->count, sizeof *row);
    struct silence *silence = arena_array(a, s->silence_count, sizeof *silence);
    for (size_t i = 0; i < s->count; i++) {
        row[i] = s->row[i];
        own_texts(a, &row[i]);
    }
    for (size_t i = 0; i < s->silence_count; i++) {
        silence[i] = s->silence[i];
        silence[i].rule = text_of(a, silence[i].rule);
        silence[i].subject = text_of(a, silence[i].subject);
        silence[i].who = text_of(a, silence[i].who);
        silence[i].reason = text_of(a, silence[i].reason);
    }
    out.boot_id = text_of(a, s->boot_id);
    out.row = row;
    out.silence = silence;
    return out;
}

/* ---- words ---- */

static const char *and_then(struct arena *a, const char *text, const char *more)
{
    return *text != '\0' ? arena_text(a, "%s, %s", text, more) : more;
}

static const char *ack_text(struct arena *a, const struct ack *k)
{
    char until[TIME_TEXT];
    const char *why = k->why != NULL ? k->why : "";
    return arena_text(a, "acknowledged by %s until %s%s%s", k->who, time_minute(until, k->until_ms),
                      *why != '\0' ? ": " : "", why);
}

const char *incident_flags(struct arena *a, const struct incident *i)
{
    const char *text = i->state == INCIDENT_FIRING ? "" : incident_state_name(i->state);
    if (i->unknown)
        text = and_then(a, text, "its data is not known now");
    if (i->flapping)
        text = and_then(a, text, arena_text(a, "flapping, %lld changes", (long long)i->changes));
    if (i->silenced)
        text = and_then(a, text, "silenced");
    if (i->hidden)
        text = and_then(a, text, "hidden by its cause");
    return i->ack.who != NULL ? and_then(a, text, ack_text(a, &i->ack)) : text;
}
