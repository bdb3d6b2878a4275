/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What davy alerts prints. */
#include "base/timetext.h"
#include "cmd/davy_alerts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- words ---- */

static const char *key_of(struct arena *a, const char *rule, const char *subject)
{
    return subject != NULL && *subject != '\0' ? arena_text(a, "%s/%s", rule, subject) : rule;
}

static const char *until(struct arena *a, int64_t ms)
{
    char text[TIME_TEXT];
    return arena_text(a, "%s", time_minute(text, ms));
}

/* What else is to be said of it, each with a comma before it. */
static const char *flags(struct arena *a, const struct incident *i)
{
    const char *ack = i->ack.who == NULL
                          ? ""
                          : arena_text(a, ", acknowledged by %s until %s%s%s", i->ack.who, until(a, i->ack.until_ms),
                                       i->ack.why ? ": " : "", i->ack.why ? i->ack.why : "");
    return arena_text(a, "%s%s%s%s%s", i->unknown ? ", unknown: its data is not known now" : "",
                      i->hidden ? ", hidden by its cause" : "", i->silenced ? ", silenced" : "",
                      i->flapping ? ", flapping" : "", ack);
}

/* ---- the list ---- */

static bool is_shown(const struct incident *i)
{
    return i->state != INCIDENT_OK;
}

static int worst_first(const void *x, const void *y)
{
    const struct incident *a = *(const struct incident *const *)x, *b = *(const struct incident *const *)y;
    bool pa = a->state == INCIDENT_PENDING, pb = b->state == INCIDENT_PENDING;
    if (pa != pb)
        return pa ? 1 : -1;
    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    return incident_compare(a->rule, a->subject, b);
}

static size_t shown(struct arena *a, const struct incidents *s, const struct incident ***out)
{
    size_t count = 0;
    const struct incident **list = arena_array(a, s->count, sizeof *list);
    for (size_t i = 0; i < s->count; i++)
        if (is_shown(&s->row[i]))
            list[count++] = &s->row[i];
    if (count > 0)
        qsort(list, count, sizeof *list, worst_first);
    *out = list;
    return count;
}

static void print_incident(struct arena *a, const struct incident *i, int64_t now_ms)
{
    char span[TIME_TEXT];
    const char *number = i->number > 0 ? arena_text(a, "#%lld", (long long)i->number) : "-";
    int64_t age_ms = i->since_ms == NOT_KNOWN || i->since_ms > now_ms ? 0 : now_ms - i->since_ms;
    printf("%-4s %-5s %s: %s for %s%s\n", severity_mark(i->severity), number, key_of(a, i->rule, i->subject),
           incident_state_name(i->state), duration_short(span, age_ms), flags(a, i));
    if (*i->what != '\0')
        printf("           %s\n", i->what);
}

static void print_silence(struct arena *a, const struct silence *s)
{
    printf("silence %lld: %s until %s, by %s: %s\n", (long long)s->id,
           s->subject != NULL ? key_of(a, s->rule, s->subject) : s->rule, until(a, s->until_ms), s->who, s->reason);
}

static json_t *begin(const struct alerts_form *f)
{
    json_t *o = json_object();
    json_object_set_new(o, "version", json_integer(1));
    json_object_set_new(o, "now", json_integer(f->now_ms));
    json_object_set_new(o, "rig", json_from_text(f->rig));
    return o;
}

static void end(json_t *o)
{
    json_dumpf(o, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(o);
}

static void list_json(const struct alerts_form *f, const struct incident **list, size_t count)
{
    json_t *o = begin(f), *incidents = json_array(), *silences = json_array();
    const struct incidents *s = &f->book->state;
    for (size_t i = 0; i < count; i++)
        json_array_append_new(incidents, incident_to_json(list[i]));
    for (size_t i = 0; i < s->silence_count; i++)
        json_array_append_new(silences, silence_to_json(&s->silence[i]));
    json_object_set_new(o, "incidents", incidents);
    json_object_set_new(o, "silences", silences);
    end(o);
}

void alerts_print_list(struct arena *a, const struct alerts_form *f)
{
    const struct incident **list;
    const struct incidents *s = &f->book->state;
    size_t count = shown(a, s, &list);
    if (f->json) {
        list_json(f, list, count);
        return;
    }
    for (size_t i = 0; i < count; i++)
        print_incident(a, list[i], f->now_ms);
    for (size_t i = 0; i < s->silence_count; i++)
        print_silence(a, &s->silence[i]);
    if (count == 0)
        puts("no alert is pending or firing");
}

/* ---- the history ---- */

static void print_event(struct arena *a, const struct incident_event *e)
{
    char time[TIME_TEXT];
    bool silence = e->kind == EVENT_SILENCED || e->kind == EVENT_UNSILENCED;
    printf("%s  %-10s %s %s%lld", time_iso(time, e->at_ms), incident_event_name(e->kind),
           key_of(a, e->rule, e->subject), silence ? "silence " : "#", (long long)e->number);
    if (!silence)
        printf(" %s", severity_name(e->severity));
    if (e->who != NULL)
        printf(", by %s", e->who);
    if (e->why != NULL)
        printf(", %s", e->why);
    printf("%s%s\n", *e->what != '\0' ? ": " : "", e->what);
}

void alerts_print_history(struct arena *a, const struct alerts_form *f)
{
    json_t *o = begin(f), *events = json_array();
    json_object_set_new(o, "events", events);
    for (size_t i = 0; i < f->book->event_count; i++) {
        const struct incident_event *e = &f->book->event[i];
        if (f->since_ms != NOT_KNOWN && e->at_ms < f->since_ms)
            continue;
        if (f->json)
            json_array_append_new(events, incident_event_to_json(e));
        else
            print_event(a, e);
    }
    if (f->json)
        end(o);
    else
        json_decref(o);
}
