/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/remember.h"

#include "base/timetext.h"
#include "rule/finding.h"
#include "rule/rule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What fires goes on firing without data. A rule that cannot tell is "unknown", unless something worse was seen. */
static const char *state_of(const struct alert *x, const struct incident *i)
{
    bool cannot_tell = strcmp(x->state, "unknown") == 0 && i->severity <= x->severity;
    bool blind = i->state == INCIDENT_PENDING && i->unknown;
    return cannot_tell || blind ? "unknown" : incident_state_name(i->state);
}

/* The data may know better than the engine since when, but not the other way round. */
static int64_t since_of(const struct alert *x, const struct incident *i)
{
    if (i->since_ms == NOT_KNOWN)
        return x->since_ms;
    return x->since_ms == NOT_KNOWN || x->since_ms > i->since_ms ? i->since_ms : x->since_ms;
}

static bool is_live(const struct incident *i)
{
    return i->state == INCIDENT_FIRING || i->state == INCIDENT_RECOVERING;
}

static void mark(struct alert *x, const struct incident *i)
{
    x->incident = i;
    x->state = state_of(x, i);
    x->since_ms = since_of(x, i);
    if (is_live(i))
        x->severity = i->severity;
}

static const char *why_still(const struct incident *i)
{
    if (i->unknown)
        return "Its data is not known now: nobody can say that it is over.";
    if (i->state == INCIDENT_RECOVERING)
        return "It is not seen any more; it is over when that stays so for a while.";
    return "It is better, but not yet beyond the limit at which it is over.";
}

/* Its condition is not seen, and it is not over: told in the words of the moment when it changed last. */
static struct alert revive(const struct incident *i)
{
    struct alert x = {.rule = i->rule,
                      .subject = i->subject,
                      .severity = i->severity,
                      .state = "",
                      .since_ms = NOT_KNOWN,
                      .value = NAN,
                      .limit = NAN,
                      .value_text = i->value_text,
                      .limit_text = i->limit_text,
                      .what = *i->what ? i->what : i->rule,
                      .why = why_still(i)};
    mark(&x, i);
    return x;
}

struct joining {
    struct alert *list;
    size_t count, hidden;
    const char *names; /* of what is hidden */
    struct arena *arena;
};

static bool is_in(const struct model *m, const struct incident *i)
{
    for (size_t k = 0; k < m->alert_count; k++)
        if (incident_compare(m->alert[k].rule, m->alert[k].subject, i) == 0)
            return true;
    return false;
}

static void hide(struct joining *j, const char *rule)
{
    size_t n = strlen(j->names), k = strlen(rule);
    j->hidden++;
    if (n < k || strcmp(j->names + n - k, rule) != 0)
        j->names = n > 0 ? arena_text(j->arena, "%s, %s", j->names, rule) : rule;
}

static void join_alerts(struct joining *j, const struct model *m, const struct incidents *s)
{
    for (size_t k = 0; k < m->alert_count; k++) {
        struct alert x = m->alert[k];
        const struct incident *i = incident_find(s, x.rule, x.subject);
        if (i != NULL && i->hidden) {
            hide(j, x.rule);
            continue;
        }
        if (i != NULL && i->state != INCIDENT_OK)
            mark(&x, i);
        j->list[j->count++] = x;
    }
}

static void join_incidents(struct joining *j, const struct model *m, const struct incidents *s)
{
    for (size_t k = 0; k < s->count; k++) {
        const struct incident *i = &s->row[k];
        bool open = is_live(i) || (i->state == INCIDENT_PENDING && i->unknown);
        if (!open || is_in(m, i))
            continue;
        if (i->hidden)
            hide(j, i->rule);
        else
            j->list[j->count++] = revive(i);
    }
}

/* daemon_down is the only cause there is (see terms.c). */
static void tell_cause(struct joining *j)
{
    for (size_t k = 0; k < j->count && j->hidden > 0; k++) {
        struct alert *x = &j->list[k];
        if (strcmp(x->rule, "daemon_down") != 0 || strstr(x->why, "(hides ") != NULL)
            continue;
        x->why = arena_text(j->arena, "%s (hides %zu that follow%s from it: %s)", x->why, j->hidden,
                            j->hidden == 1 ? "s" : "", j->names);
    }
}

void alerts_remember(struct arena *a, struct model *m, const struct incidents *s)
{
    struct joining j = {.list = arena_array(a, m->alert_count + s->count + 1, sizeof *j.list), .names = "", .arena = a};
    join_alerts(&j, m, s);
    join_incidents(&j, m, s);
    tell_cause(&j);
    m->seen = m->alert;
    m->seen_count = m->alert_count;
    m->alert = j.list;
    m->alert_count = j.count;
    m->incidents = s;
    rules_sort(j.list, j.count);
}
