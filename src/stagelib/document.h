/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands in miner_status.json, and how events come into it. No files, no clock.
 *
 * {"version": 1, "mode": "watchdog", "pid": 4711, "events": 80000, "current_stage": EVENT or null,
 *  "stage_history": [EVENT, ...], oldest first, "stage_totals": {"3": {"stage_name", "started", "completed", "failed",
 *  "durations": [seconds, ...], "accounts": {USERNAME: [seconds, ...]}}}, "updated_at": epoch}
 * durations: of the last 20 completions; accounts: of the 16 that completed it last, their last 10.
 * EVENT: {"seq", "stage_number", "stage_name", "status", "message", "username", "details", "started_at", "updated_at", "pid"}
 * "events" counts all events ever, "seq" numbers them; keys of others are left as they are. */
#ifndef DAVY_STAGELIB_DOCUMENT_H
#define DAVY_STAGELIB_DOCUMENT_H

#include "stagelib/queue.h"

#include <jansson.h>

struct stage_table {
    const char *const *names;
    int count;
};
struct stage_writer {
    struct stage_table table;
    const char *mode; /* NULL: not said */
    long pid;
};
const char *davystage_name(const struct stage_table *t, int number, char room[32]);
/* Of this program: an object with one of the tracker's keys, or an empty one. */
bool davystage_ours(const json_t *root);
/* Adds what is in q, which stays as it is. now_ms: the wall clock, which may be later than what is in q: another process may
 * have told something newer meanwhile. false: no memory; root is of no use then. */
bool davystage_merge(json_t *root, const struct stage_queue *q, const struct stage_writer *w, int64_t now_ms);

#endif
