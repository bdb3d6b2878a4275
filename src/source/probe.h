/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks at /proc for the processes that the pid file and the state file name, and at /proc/net/unix for the daemon's
 * socket. It only reads: no connection is ever made (the reference daemon never accepts; two attempts fill its backlog)
 * and no signal is ever sent, not even 0. */
#ifndef DAVY_SOURCE_PROBE_H
#define DAVY_SOURCE_PROBE_H

#include "model/daemon.h"

struct probe {
    struct arena arena[2];
    int live;
    const struct process_doc *doc; /* NULL before the first look */
    const char *socket;            /* where it looked for the daemon's; NULL: nowhere */
    const char *dir;               /* the rig's folder, where relative paths begin; NULL: where davy was started */
};
void probe_release(struct probe *p);
/* true: something that matters differs from the look before (not CPU time, not memory). */
bool probe_look(struct probe *p, const struct settings *s, const struct docs *docs, int64_t wall_ms);
int64_t probe_alive_pid(const struct probe *p); /* of the process to watch for its end; 0: none */

/* The two halves of a look. root: the procfs. bound: the socket's path as the daemon may have bound it, relative to its own
 * folder; path: the same from anywhere. */
struct process process_look(struct arena *a, const char *root, int64_t pid, const char *daemon_match);
enum socket_state socket_look(struct arena *a, const char *root, const char *bound, const char *path,
                              int64_t daemon_pid, int64_t *backlog);

#endif
