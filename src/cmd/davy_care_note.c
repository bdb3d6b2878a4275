/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What people say of alerts is in the journal, which is compacted; who said it stays in the audit log. */
#include "action/audit.h"
#include "base/timetext.h"
#include "cmd/davy_memory.h"

#include <stdio.h>
#include <time.h>

static const char *what_of(struct arena *a, const struct incident_event *e)
{
    bool silence = e->kind == EVENT_SILENCED || e->kind == EVENT_UNSILENCED, subject = e->subject && *e->subject;
    return arena_text(a, "%s%s%s, %s%lld%s%s", e->rule, subject ? "/" : "", subject ? e->subject : "",
                      silence ? "silence " : "incident ", (long long)e->number, e->why ? ": " : "",
                      e->why ? e->why : "");
}

void care_note(const char *dir, const struct model *m, const char *action, const struct incident_event *e)
{
    struct audit log;
    struct err why;
    struct arena a = {0};
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct audit_note note = {.action = action,
                              .text = what_of(&a, e),
                              .who = who_am_i(&a),
                              .host = m->host,
                              .dir = m->rig_dir,
                              .at_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000};
    bool open = audit_open(&log, dir, &why);
    if (!open || !audit_note(&log, &note, &why))
        fprintf(stderr, "davy: not in the audit log: %s\n", why.text);
    if (open)
        audit_close(&log);
    arena_release(&a);
}
