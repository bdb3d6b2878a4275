/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plain text for a small screen: the first line says all, the others help. */
#include "base/timetext.h"
#include "base/utf8.h"
#include "rule/post.h"

#include <string.h>

enum { LINE_CELLS = 240, DO_CELLS = 200, HIDES = 4 };

static const char *head_of(struct arena *a, const struct post_policy *p, const struct incident *i,
                           const struct incident_event *e)
{
    const char *what = e != NULL && e->what[0] != '\0' ? e->what : i->what;
    const char *mark = severity_mark(i->severity);
    if (what[0] == '\0')
        what = i->rule;
    if (e != NULL && e->kind == EVENT_CLEARED)
        return arena_text(a, "OK %s: it is over: %s", p->rig, what);
    if (e != NULL && e->kind == EVENT_CALM)
        return arena_text(a, "%s %s: it is calm again: %s", mark, p->rig, what);
    if (i->flapping)
        return arena_text(a, "%s %s: it comes and goes, %lld changes: %s", mark, p->rig, (long long)i->changes, what);
    if (i->unknown)
        return arena_text(a, "UNKN %s: there is no data to tell: %s", p->rig, what);
    if (i->state == INCIDENT_OK)
        return arena_text(a, "OK %s: it is over: %s", p->rig, what);
    return arena_text(a, "%s %s: %s", mark, p->rig, what);
}

static const char *since_of(struct arena *a, const struct incident *i, const struct incident_event *e, int64_t at_ms)
{
    char from[TIME_TEXT], until[TIME_TEXT];
    if (e != NULL && e->kind == EVENT_CLEARED)
        return arena_text(a, "\nover since %s", time_minute(until, e->at_ms));
    if (i->since_ms == NOT_KNOWN || i->state == INCIDENT_OK)
        return "";
    const char *text = arena_text(a, "\nsince %s", time_minute(from, i->since_ms));
    if (at_ms > i->since_ms)
        text = arena_text(a, "%s (%s)", text, duration_short(until, at_ms - i->since_ms));
    if (i->value_text[0] != '\0')
        text = arena_text(a, "%s, %s", text, i->value_text);
    return i->limit_text[0] != '\0' ? arena_text(a, "%s (limit %s)", text, i->limit_text) : text;
}

/* What is hidden by something critical: one cause is the usual case, so all of it is named there. */
static const char *hides_of(struct arena *a, const struct book *b, const struct incident *i)
{
    const char *text = "";
    size_t count = 0;
    if (i->severity != SEVERITY_CRITICAL || i->state == INCIDENT_OK)
        return text;
    for (size_t k = 0; k < b->state.count; k++) {
        const struct incident *x = &b->state.row[k];
        if (x->hidden && x->state != INCIDENT_OK && count++ < HIDES)
            text = arena_text(a, "%s%s%s", text, count > 1 ? ", " : "", x->rule);
    }
    return count == 0 ? "" : arena_text(a, "\nhides %zu: %s%s", count, text, count > HIDES ? ", ..." : "");
}

static const char *todo_of(struct arena *a, const struct post_policy *p, const struct incident *i)
{
    for (size_t k = 0; k < p->alerts && i->state != INCIDENT_OK; k++) {
        const struct alert *x = &p->alert[k];
        if (strcmp(x->rule, i->rule) == 0 && strcmp(x->subject, i->subject) == 0 && x->todo[0] != NULL)
            return arena_text(a, "\ndo: %s", text_safe(a, bytes_of(x->todo[0]), DO_CELLS));
    }
    return "";
}

static const char *care_of(struct arena *a, const struct incident *i)
{
    char until[TIME_TEXT];
    if (i->ack.who == NULL)
        return i->silenced ? "\nsilenced" : "";
    return arena_text(a, "\n%s looks after it until %s%s%s", i->ack.who, time_minute(until, i->ack.until_ms),
                      i->ack.why != NULL ? ": " : "", i->ack.why != NULL ? i->ack.why : "");
}

static const char *name_of(struct arena *a, const struct incident *i)
{
    const char *slash = i->subject[0] != '\0' ? "/" : "";
    if (i->number == 0)
        return arena_text(a, "\n%s%s%s", i->rule, slash, i->subject);
    return arena_text(a, "\n#%lld %s%s%s", (long long)i->number, i->rule, slash, i->subject);
}

const char *post_words(struct arena *a, const struct book *b, const struct post_policy *p, const struct incident *i,
                       const struct incident_event *event)
{
    int64_t at_ms = event != NULL ? event->at_ms : b->state.wall_ms;
    const char *head = text_safe(a, bytes_of(head_of(a, p, i, event)), LINE_CELLS);
    const char *text = arena_text(a, "%s%s%s", head, since_of(a, i, event, at_ms), hides_of(a, b, i));
    return arena_text(a, "%s%s%s%s", text, todo_of(a, p, i), care_of(a, i), name_of(a, i));
}

/* ---- a digest ---- */

static size_t units_of(const char *text)
{
    struct bytes rest = bytes_of(text);
    size_t units = 0;
    while (rest.len > 0)
        units += utf8_next(&rest) > 0xffff ? 2 : 1;
    return units;
}

static const char *first_line(struct arena *a, const struct letter *l)
{
    struct bytes text = bytes_of(l->text);
    const char *line = arena_copy(a, (struct bytes){text.at, bytes_find(text, "\n")});
    return l->repeat ? arena_text(a, "%s (may be a repeat)", line) : line;
}

const char *post_digest_words(struct arena *a, const struct post_policy *p, const struct letter *const *letter,
                              size_t count)
{
    const char *text = arena_text(a, "%s: %zu messages", p->rig, count);
    size_t units = units_of(text);
    for (size_t i = 0; i < count; i++) {
        const char *line = first_line(a, letter[i]);
        size_t more = units_of(line) + 1;
        if (units + more > MAIL_UNITS - 60)
            return arena_text(a, "%s\n... %zu more: davy alerts list", text, count - i);
        text = arena_text(a, "%s\n%s", text, line);
        units += more;
    }
    return text;
}
