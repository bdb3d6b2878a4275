/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy check while it looks. What it finds beside the rules becomes alerts as well: whoever judges them over time (for how long,
 * since when, who was told) sees one list, in the order of the model. */
#ifndef DAVY_CMD_DAVY_CHECK_H
#define DAVY_CMD_DAVY_CHECK_H

#include "base/json.h"
#include "cmd/davy.h"
#include "cmd/davy_advance.h"
#include "model/watcher.h"

enum { CHECK_OK, CHECK_WARNING, CHECK_CRITICAL, CHECK_UNKNOWN, CHECK_CODES };

struct check_options {
    bool brief, json, night_mode, respect_silence, lint, notify;
    const char *explain, *test_rules;
};
/* Something that davy check looks at itself: disk, memory, a process, a command of the owner's. */
struct check_item {
    const char *kind, *name; /* "disk", "memory", "process", "check" */
    int code;                /* as of a monitoring plugin */
    const char *text;
    const char *what;    /* with its name before it, when it is an alert */
    double value, limit; /* NAN */
    const char *todo;    /* NULL */
    int64_t at_ms;       /* when that was seen; NOT_KNOWN: never */
    bool ran;            /* now, not remembered */
};
enum { CHECK_ITEMS = 2 * CHECKS_MOST + 7, CHECK_GROUPS = CHECKS_MOST + 4 };
struct check_group { /* an entry of lastChecks, or beside them */
    const char *outer, *name;
    int64_t every_ms;
    bool due;
};
struct check {
    const struct davy_options *options;
    const struct check_options *mine;
    struct rig *rig;
    struct arena arena;
    struct model *model;
    bool night;
    struct check_item item[CHECK_ITEMS];
    size_t items;
    struct check_group group[CHECK_GROUPS];
    size_t groups;
    json_t *memory;       /* state/davy/check.json: what was seen before; an object */
    bool since_changed;   /* memory's "since": it is to be written */
    const char *not_kept; /* why the states could not be written; NULL */
    struct advance engine;
    struct watcher watcher;
    const char *not_advanced; /* why the journal was not written; NULL: it was, or is not meant to be */
};

struct check_item *check_add(struct check *c, const char *kind, const char *name);
bool check_knows(const struct model *m); /* a file of the rig was read at least once */

/* davy_check_world.c */
void check_disk(struct check *c);
void check_memory(struct check *c);
void check_processes(struct check *c);
/* davy_check_watch.c: davy-watch itself. */
void check_watch(struct check *c);
bool check_unwatched(const struct check *c, struct alert *out); /* it ran here and is dead; true: out says so */
/* Since when (wall clock) key is so, over all runs of davy check; NOT_KNOWN: it is not so. */
int64_t check_since(struct check *c, const char *key, bool so);
/* davy_check_own.c: runs those of the owner's that are due, at the same time, and waits for them. */
void check_own(struct check *c);
/* davy_check_engine.c: one step of the alert engine with all that was found, and its memory joined to the alerts. */
void check_engine(struct check *c);
bool check_is_told(const struct check *c, const struct alert *x); /* by state, severity, night, and who cares already */
bool check_may_write(const struct check *c);
/* davy_check_state.c */
void check_groups(struct check *c); /* what is due */
bool check_due(const struct check *c, const char *name);
void check_recall(struct check *c);
void check_keep(struct check *c);
/* davy_check_tell.c: all return the exit code. */
int check_text(struct check *c);
int check_brief(struct check *c);
int check_json(struct check *c);
int check_explain(struct check *c);

/* davy_check_rules.c: of the rules, not of the rig. The exit code: 2 when something is wrong, 3 when nothing can be said. */
int check_lint(const struct davy_options *o);
int check_trial(const struct davy_options *o, const char *path);

/* davy_check_notify.c: after everything was told and the journal is closed. */
void check_notify(struct check *c, int64_t began_ms);

/* davy_check_guard.c: the same in a process of its own, so that whatever becomes of it, the exit code is 0 to 3 and comes
 * within 10 s. */
int check_guarded(int (*run)(const struct davy_options *o, const struct check_options *mine),
                  const struct davy_options *o, const struct check_options *mine);

#endif
