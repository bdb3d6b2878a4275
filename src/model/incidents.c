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
