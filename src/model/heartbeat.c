/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/heartbeat.h"

#include "base/timetext.h"

#include <string.h>

enum { FUTURE_MS = 60 * 1000 };

static const char *const due_names[] = {
    [DUE_OK] = "ok",         [DUE_DUE] = "due",   [DUE_OVERDUE] = "overdue", [DUE_NEVER] = "never",
    [DUE_FUTURE] = "future", [DUE_NOTE] = "note", [DUE_RAN] = "ran",
};

const char *due_state_name(enum due_state s)
{
    return due_names[s];
}

/* The checks whose period is known (rig-files.md 6); the bittensor check has its two limits in the settings. */
struct period {
    const char *name;
    int64_t due_s;
};
static const struct period periods[] = {
    {"bot_monitor", 600},
    {"token_balance", 1800},
};

struct limits {
    int64_t due_ms, overdue_ms; /* NOT_KNOWN */
};

static struct limits limits_of(const char *name, const struct settings *s)
{
    if (strcmp(name, "lastBittensorCheck") == 0)
        return (struct limits){s->heartbeat_due_s * 1000, s->heartbeat_overdue_s * 1000};
    for (size_t i = 0; i < sizeof periods / sizeof periods[0]; i++)
        if (strcmp(name, periods[i].name) == 0)
            return (struct limits){periods[i].due_s * 1000, periods[i].due_s * 2000};
    return (struct limits){NOT_KNOWN, NOT_KNOWN};
}

static enum due_state due_state_of(int64_t age_ms, struct limits l)
{
    if (age_ms < -FUTURE_MS)
        return DUE_FUTURE;
    if (l.due_ms == NOT_KNOWN)
        return DUE_RAN;
    if (age_ms <= l.due_ms)
        return DUE_OK;
    return age_ms > l.overdue_ms ? DUE_OVERDUE : DUE_DUE;
}

static struct hb_line line_of(const struct hb_check *c, struct limits l, int64_t now_ms)
{
    struct hb_line line = {
        .name = c->name,
        .state = c->value == CHECK_NOTE ? DUE_NOTE : DUE_NEVER,
        .at_ms = NOT_KNOWN,
        .age_ms = NOT_KNOWN,
        .interval_ms = l.due_ms,
        .overdue_ms = l.overdue_ms,
        .note = c->note,
        .milliseconds = c->milliseconds,
    };
    if (c->value != CHECK_TIME)
        return line;
    line.at_ms = c->at_ms;
    line.age_ms = now_ms > c->at_ms ? now_ms - c->at_ms : 0;
    line.state = due_state_of(now_ms - c->at_ms, l);
    return line;
}

/* A check that never ran is due only where somebody says how often it should. */
static bool is_due(const struct hb_line *l)
{
    return l->state == DUE_DUE || l->state == DUE_OVERDUE || l->state == DUE_FUTURE ||
           (l->state == DUE_NEVER && l->interval_ms != NOT_KNOWN);
}

static int64_t next_of(const struct hb_line *l, int64_t now_ms)
{
    if (l->interval_ms == NOT_KNOWN || l->state == DUE_NOTE)
        return NOT_KNOWN;
    if (l->state == DUE_NEVER || l->state == DUE_FUTURE)
        return now_ms;
    return l->at_ms + l->interval_ms;
}

static void tally(struct heartbeat *h, const struct hb_line *l, int64_t now_ms)
{
    int64_t next = next_of(l, now_ms);
    h->due_count += is_due(l);
    h->overdue_count += l->state == DUE_OVERDUE;
    if (l->at_ms != NOT_KNOWN && l->state != DUE_FUTURE && l->at_ms > h->last_ms)
        h->last_ms = l->at_ms;
    if (next != NOT_KNOWN && (h->next_due_ms == NOT_KNOWN || next < h->next_due_ms))
        h->next_due_ms = next;
}

const struct heartbeat *heartbeat_at(struct arena *a, const struct docs *docs, const struct settings *s, int64_t now_ms)
{
    const struct hbstate_doc *doc = docs->hbstate_doc;
    struct heartbeat *h = arena_alloc(a, sizeof *h);
    h->last_ms = h->next_due_ms = NOT_KNOWN;
    h->checklist = docs->checklist_doc;
    h->known = doc != NULL;
    if (!doc)
        return h;
    struct hb_line *line = arena_array(a, doc->check_count, sizeof *line);
    for (size_t i = 0; i < doc->check_count; i++) {
        line[i] = line_of(&doc->check[i], limits_of(doc->check[i].name, s), now_ms);
        tally(h, &line[i], now_ms);
    }
    h->empty_file = doc->empty;
    h->check = line;
    h->check_count = doc->check_count;
    h->threshold = doc->threshold;
    h->threshold_count = doc->threshold_count;
    return h;
}
