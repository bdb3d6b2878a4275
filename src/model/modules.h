/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Part "modules": the modules of the miner that davy-run keeps running, as its state file says. The file changes when
 * something happens, so its age means nothing: whether davy-run itself lives is seen in /proc. */
#ifndef DAVY_MODEL_MODULES_H
#define DAVY_MODEL_MODULES_H

#include "model/decode.h"
#include "model/docs.h"

enum module_life {
    MODULE_UP,
    MODULE_PAUSED, /* ended; davy-run starts it again at next_ms */
    MODULE_LOOPS,  /* the same, after three ends within ten minutes */
    MODULE_ENDING, /* was asked to end */
    MODULE_OTHER   /* a word that this davy does not know */
};
struct module {
    const char *name, *state; /* verbatim */
    enum module_life life;
    int64_t pid;           /* NOT_KNOWN: no process */
    int64_t since_ms;      /* of that state; NOT_KNOWN */
    int64_t uptime_ms;     /* while it is up; NOT_KNOWN. Set by modules_at() */
    int64_t next_ms;       /* NOT_KNOWN */
    int64_t restarts;      /* NOT_KNOWN */
    const char *last_exit; /* "exit status 1", "killed by signal 9"; NULL: none yet */
    const char *log;       /* the file that has its output; NULL */
};
struct run_doc { /* state/davy/run.json */
    int64_t pid; /* of davy-run; NOT_KNOWN */
    const char *mode;
    int64_t updated_ms; /* NOT_KNOWN */
    const struct module *module;
    size_t count;
};
decode_fn run_decode;

enum supervisor_life { SUPERVISOR_UNKNOWN, SUPERVISOR_UP, SUPERVISOR_GONE };
struct modules {
    bool known; /* there are modules, or davy-run waits for some */
    enum supervisor_life supervisor;
    int64_t pid;              /* of davy-run; NOT_KNOWN */
    const char *mode;         /* NULL */
    int64_t updated_ms;       /* NOT_KNOWN */
    const struct module *one; /* by name */
    size_t count;
};
/* A davy-run that ended as it was told has no modules left in its file: nothing to show then. */
const struct modules *modules_at(struct arena *a, const struct docs *docs, const struct origin *origins,
                                 int64_t now_ms);

#endif
