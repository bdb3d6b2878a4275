/* SPDX-License-Identifier: GPL-2.0-or-later */
/* state/auction-status.json, what the dashboard and others know of the miner. Members besides those that model/auction.h reads
 * first: "finalized", "block_interval_s", "hotkey", "pid", "config": {"ok", "error"}, "commitment": {..., "bytes", "why",
 * "checked_at"}, "last_result": {..., "won_ph", "lost_ph", "share", "winners", "solver"}, "windows": [{"index", "start", "end",
 * "state": "won|lost|none|missed", "won", "lost"}], the oldest first, "jobs": {NAME: {"ok", "why", "ran_at", "took_s",
 * "next_at"}}, "endpoints": [{"host", "ok", "latency_ms", "asked", "failed", "why"}]. What is not known is null. */
#ifndef DAVY_CMD_MINE_STATUS_H
#define DAVY_CMD_MINE_STATUS_H

#include "cmd/mine_job.h"

enum { WINDOWS_KEPT = 24 };
#define MINE_STATUS "state/auction-status.json"

/* The file in the rig's folder as an object; an empty one where it is not there or says nothing. The caller's. */
json_t *mine_status_read(const char *dir);
/* Atomically. What belongs to the next run only is left out. */
bool mine_status_write(const char *dir, const json_t *status, struct err *e);
/* A run has ended: result, or NULL and why. */
void mine_status_ran(json_t *status, enum mine_job job, const json_t *result, const struct err *why, int64_t took_ms);
/* A line of davy-mine follow. */
void mine_status_head(json_t *status, const json_t *line);
/* A run that a person started. Where a service runs it is told to look again; else the file is
 * written, if this is a rig's folder (it has state/). */
bool mine_status_once(const char *dir, enum mine_job job, const json_t *result, struct err *e);

/* One service a rig: makes the folders and locks state/davy/mine.lock. The descriptor, -1 with the sentence: another one runs. */
int mine_lock(const char *dir, struct err *e);

#endif
