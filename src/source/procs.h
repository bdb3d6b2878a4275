/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes that must run, as /proc shows them. Nothing is signalled. */
#ifndef DAVY_SOURCE_PROCS_H
#define DAVY_SOURCE_PROCS_H

#include "base/arena.h"
#include "model/settings_checks.h"

enum procs_state { PROCS_DOWN, PROCS_UP, PROCS_UNKNOWN };
struct procs_found {
    enum procs_state state;
    int64_t pid;      /* NOT_KNOWN */
    const char *text; /* "process 4711 runs", "state/bot.pid: process 4711 does not exist" */
};
/* dir: the rig's folder, of which a pid file's name may be a part; proc: "/proc". */
struct procs_found procs_look(struct arena *a, const struct process_setting *p, const char *dir, const char *proc);

#endif
