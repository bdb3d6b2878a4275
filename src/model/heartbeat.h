/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Part "heartbeat": memory/heartbeat-state.json and HEARTBEAT.md (rig-files.md 1.8, 6). */
#ifndef DAVY_MODEL_HEARTBEAT_H
#define DAVY_MODEL_HEARTBEAT_H

#include "model/decode.h"
#include "model/docs.h"
#include "model/settings.h"

enum check_value { CHECK_NEVER, CHECK_TIME, CHECK_NOTE /* text that is no time */ };
struct hb_check { /* one key of lastChecks, or lastBittensorCheck / lastCheck */
    const char *name;
    enum check_value value;
    int64_t at_ms;     /* CHECK_TIME */
    const char *note;  /* CHECK_NOTE */
    bool milliseconds; /* was written in ms: the reference would never find it due again */
};
struct hb_threshold {
    const char *name;
    double value;
};
struct hbstate_doc {
    bool empty; /* 0 bytes: will not heal itself */
    bool no_last_checks;
    const struct hb_check *check;
    size_t check_count;
    const struct hb_threshold *threshold;
    size_t threshold_count;
};
struct checklist_item {
    const char *section, *text;
    bool done;
};
struct checklist_doc {
    bool effectively_empty;
    const struct checklist_item *item;
    size_t count;
};
decode_fn hbstate_decode, checklist_decode;

/* RAN: at the time it says; nobody knows how often it should, so nothing can be said about it. */
enum due_state { DUE_OK, DUE_DUE, DUE_OVERDUE, DUE_NEVER, DUE_FUTURE, DUE_NOTE, DUE_RAN };
const char *due_state_name(enum due_state s); /* "ok", "due", "overdue", "never", "future", "note", "ran" */
struct hb_line {
    const char *name;
    enum due_state state;
    int64_t at_ms, age_ms, interval_ms; /* NOT_KNOWN where there is none */
    int64_t overdue_ms;                 /* overdue when older than this; NOT_KNOWN */
    const char *note;
    bool milliseconds;
};
struct heartbeat {
    bool known;
    bool empty_file;
    const struct hb_line *check;
    size_t check_count;
    size_t due_count;                      /* all that should run now: due, overdue, future, never (with an interval) */
    size_t overdue_count;                  /* those of them that are overdue */
    int64_t last_ms;                       /* newest check; NOT_KNOWN */
    int64_t next_due_ms;                   /* NOT_KNOWN */
    const struct checklist_doc *checklist; /* NULL */
    const struct hb_threshold *threshold;
    size_t threshold_count;
};
const struct heartbeat *heartbeat_at(struct arena *a, const struct docs *docs, const struct settings *s,
                                     int64_t now_ms);

#endif
