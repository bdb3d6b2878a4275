/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What restarting the daemon, and forcing a commitment, would run here: exact commands, folder, and where that was found;
 * or why there is nothing, and how to set it. plan_make() decides from facts and is pure; plan_find() collects them.
 *
 * The order of belief: 1. davy.toml, 2. the systemd unit that the daemon runs in, or whose file names the rig's folder,
 * 3. the rig's own stop and start scripts; for a commitment: 1. davy.toml, 2. davy-mine. No shell is ever between davy and a
 * command. Whatever somebody else could have written (a script, or a davy.toml, that belongs to another user or that
 * everybody may write to) is not run. */
#ifndef DAVY_ACTION_PLAN_H
#define DAVY_ACTION_PLAN_H

#include "model/model.h"

enum plan_kind { PLAN_RESTART, PLAN_COMMIT, PLAN_KINDS };
const char *plan_kind_name(enum plan_kind kind); /* "restart", "commit": in davy.toml, in the audit log */

enum { PLAN_STEPS = 2, PLAN_UNITS = 8 };
struct plan_step {
    const char *program;     /* absolute: what is executed */
    const char *const *argv; /* NULL at the end; argv[0] as it was written */
};
struct plan {
    enum plan_kind kind;
    bool known;                        /* there is something to run */
    struct plan_step step[PLAN_STEPS]; /* one after the other; a failed one ends it */
    int steps;
    const char *folder; /* where they run, absolute */
    const char *unit;   /* "miner.service"; NULL */
    int64_t limit_ms;   /* for each step; then TERM, then KILL to all it started */
    const char *from;   /* "davy.toml (actions.restart)": where it was found; "" when not known */
    const char *note;   /* what to know before saying yes ("needs root ..."); NULL */
    const char *why;    /* not known: the reason, a sentence */
    const char *set;    /* not known: the lines for davy.toml that set it */
};

/* A program or a script, as the world has it. */
struct plan_file {
    const char *path;  /* absolute; NULL: there is none */
    const char *wrong; /* why it must not be run; NULL */
};
struct plan_unit {
    const char *name; /* "miner.service" */
    bool user;        /* of the user's own systemd */
    bool starts;      /* its Exec lines name the daemon or a start script */
};
struct plan_facts {
    const char *dir; /* the rig's folder, absolute, as it is on disk */
    bool root;       /* davy runs as root */
    struct {
        const char *const *argv; /* of davy.toml; NULL: not set */
        const char *folder;      /* absolute */
        const char *folder_wrong;
        int64_t limit_s;
        struct plan_file program;
    } set[PLAN_KINDS];
    const char *settings_wrong;  /* why commands of this davy.toml must not be run; NULL */
    const char *settings_unread; /* what is wrong with a davy.toml of which nothing is in force; NULL */
    struct plan_file systemctl;
    bool systemd;                      /* runs on this machine */
    const char *cgroup;                /* text of the daemon's /proc/PID/cgroup; NULL */
    const char *own_cgroup;            /* davy's */
    struct plan_unit unit[PLAN_UNITS]; /* whose files name the rig's folder */
    int units;                         /* may be more than PLAN_UNITS */
    bool unit_is_ours;                 /* the file of the cgroup's unit names the daemon or the folder */
    struct plan_file start, stop, mine;
    const char *config;       /* the auction miner's configuration, as davy.toml names it; NULL: not there */
    const char *config_wrong; /* what davy-mine would say against it; NULL */
    enum daemon_state daemon;
    int64_t pid; /* of the daemon believed in; NOT_KNOWN */
};

/* dir: the rig's folder as it is on disk (a model has it as text to show). Everything in a. */
const struct plan *plan_find(struct arena *a, enum plan_kind kind, const struct model *m, const char *dir);
const struct plan *plan_make(struct arena *a, enum plan_kind kind, const struct plan_facts *f);

/* What a word of davy.toml (the first of an argv) names: with a slash a file seen from dir, else a program in PATH. */
struct plan_file plan_program(struct arena *a, const char *dir, const char *word);
/* Why commands of the rig's davy.toml must not be run; NULL: nothing against it. */
const char *plan_settings_wrong(struct arena *a, const struct model *m, const char *dir);

/* The name of the unit in the text of a /proc/PID/cgroup, "" when it is in none that could be restarted; *user: it belongs
 * to a user's own systemd. */
const char *plan_unit_of_cgroup(struct arena *a, const char *text, bool *user);
/* A unit's file: names the folder (as a whole path, or the beginning of one); starts: on an Exec line that also has match
 * or start-miner. */
bool plan_unit_names(struct bytes text, const char *dir, const char *match, bool *starts);
/* argv as it would be typed: words with anything but letters, digits and _@%+=:,./- in quotes. Safe to show. */
const char *plan_text(struct arena *a, const char *const *argv);

#endif
