/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The alert engine behind a screen: what the journal remembers joined to each model, and whether davy-watch runs. Nothing is
 * written: while davy-watch runs the journal is what counts; else the engine is stepped here, in memory, from the journal
 * on. */
#ifndef DAVY_CMD_DAVY_MEMORY_H
#define DAVY_CMD_DAVY_MEMORY_H

#include "action/plan.h"
#include "cmd/davy_advance.h"
#include "model/uptime.h"
#include "model/watcher.h"

struct rig;
struct memory { /* zeroed: nothing is remembered yet */
    struct arena life[2];
    int live;
    struct incidents state; /* of the step before; in life[live] */
    bool stepped;
    struct arena of_book;
    struct book book; /* the journal as it was read last */
    int64_t seen_size, seen_ns;
    uint64_t seen_file;
};
/* Joins it to a judged model. What it hangs into the model lives in a. once: one look without a memory; then a rig without a
 * journal is shown as its rules see it. */
void memory_join(struct memory *k, struct arena *a, struct model *m, const char *dir, bool once);
void memory_close(struct memory *k);

/* rig_model(), judged, and joined to the journal, for who looks once. */
struct model *davy_judged(struct rig *r, struct arena *a);
/* davy_care.c: who restarts or commits by hand is not told that the daemon is down, for two minutes. */
void davy_own_work(const char *dir, const struct model *m, enum plan_kind kind);
/* davy_care_note.c: one line in the audit log for what somebody said of an alert, once it is on the disk: who, from where, what.
 * A log that cannot be written takes nothing back: standard error says so. */
void care_note(const char *dir, const struct model *m, const char *action, const struct incident_event *e);
/* What davy-watch sampled of the daemon, in a; NULL: nothing is known. */
const struct uptime *uptime_look(struct arena *a, const char *dir);
/* Whether davy-watch runs for the rig in dir. */
struct watcher watcher_look(struct arena *a, const char *dir, int64_t now_ms);

#endif
