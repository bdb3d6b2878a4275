/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process that starts one job, watches it and ends it: `davy-node jobexec`, re-executed by runner_start(). It alone may wait
 * for disks: the node's loop does not. */
#ifndef DAVY_RUNNER_JOBEXEC_H
#define DAVY_RUNNER_JOBEXEC_H

#include "runner/capture.h"
#include "runner/child.h"
#include "runner/place.h"

#include <sys/resource.h>

/* The whole program; descriptors as launch.h says. Its exit code: 0 when an outcome was told. */
int jobexec_main(void);

/* ---- inside, shared by jobexec*.c ---- */

enum { JOBEXEC_REPLY = 1 << 20 };
struct jobexec {
    struct arena a;
    struct launch l;
    struct loop *loop;
    struct place place;
    struct capture out, err;
    int params, reply, status, listener; /* -1 */
    int program, task;
    int child_out, child_err, child_reply, child_status; /* the child's ends, closed after fork */
    char *answer;                                        /* what came from reply; JOBEXEC_REPLY + 1 */
    size_t answer_len;
    struct child_said said;
    bool heard, running, leader_gone, stuck, killed;
    pid_t leader;
    int leader_status;
    enum node_code code; /* why it was ended by us, or could not begin; E_NONE */
    struct err why;
    int64_t began_ms, forked_ms, ended_ms, kill_at_ms; /* loop_now(); 0: not yet */
    int64_t user_us, system_us, max_rss_bytes, read_bytes, written_bytes, egress_denied;
    int percent;
    int64_t percent_ms;
};

bool jobexec_start(struct jobexec *w);                /* forks; false: .code and .why say what was in the way */
bool jobexec_watch(struct jobexec *w, struct err *e); /* until all of it is gone */
void jobexec_kill(struct jobexec *w);
void jobexec_tell(json_t *line); /* to the node; takes it */
json_t *jobexec_outcome(struct jobexec *w);

#endif
