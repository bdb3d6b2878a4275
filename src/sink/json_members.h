/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The members of `davy --once -o json` (doc: interfaces). Each is made from the model alone; "not known" is null, never 0.
 * Times are milliseconds of the epoch, durations and ages whole seconds rounded down, fractions 0..1. New members are
 * welcome at any time; changing or removing one needs a new "version". */
#ifndef DAVY_SINK_JSON_MEMBERS_H
#define DAVY_SINK_JSON_MEMBERS_H

#include "model/model.h"

#include <jansson.h>

/* Put a member into o. NAN, NOT_KNOWN and NULL become null. */
void put(json_t *o, const char *key, json_t *value); /* steals value */
void put_num(json_t *o, const char *key, double v);
void put_int(json_t *o, const char *key, int64_t v);
void put_count(json_t *o, const char *key, uint64_t v);
void put_text(json_t *o, const char *key, const char *text);
void put_bool(json_t *o, const char *key, bool v);
void put_seconds(json_t *o, const char *key, int64_t ms);
void put_age(json_t *o, const char *key, int64_t ms); /* never below 0: a clock may step back */
/* Text whose bytes nobody vouches for (paths): bad UTF-8 is replaced, since jansson refuses it. */
json_t *json_of_path(struct arena *a, const char *path);

/* One a member; the result is a new reference. */
json_t *json_of_rig(const struct model *m, struct arena *a);
json_t *json_of_sources(const struct model *m, struct arena *a);
json_t *json_of_daemon(const struct model *m, struct arena *a);
json_t *json_of_stages(const struct model *m, struct arena *a);
json_t *json_of_modules(const struct model *m, struct arena *a);
json_t *json_of_scores(const struct model *m, struct arena *a);
json_t *json_of_tasks(const struct model *m, struct arena *a);
json_t *json_of_budgets(const struct model *m, struct arena *a);
json_t *json_of_budget_cycle(const struct model *m, struct arena *a);
json_t *json_of_auction(const struct model *m, struct arena *a);
json_t *json_of_heartbeat(const struct model *m, struct arena *a);
json_t *json_of_log(const struct model *m, struct arena *a);
json_t *json_of_incidents(const struct model *m, struct arena *a);
json_t *json_of_silences(const struct model *m, struct arena *a);
json_t *json_of_watcher(const struct model *m, struct arena *a);
json_t *json_of_alerts(const struct model *m, struct arena *a);

#endif
