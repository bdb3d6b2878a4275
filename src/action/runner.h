/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The process between davy and a command. It carries an errand out to its end, whatever becomes of davy: a restart whose
 * terminal went away in the middle would be a daemon that was stopped and never started. It holds the lock, starts the
 * steps one after the other, ends what takes too long, and writes the last line of the audit log.
 *
 * It talks with davy by packets on a socket and never waits for it: output that nobody takes (davy is stopped) is dropped and
 * counted, the report is sent again when there is room. A davy that is gone is no reason to stop.
 *
 * What a daemon inherits as its standard output stays open: the runner reads it as long as somebody holds it, because a
 * daemon that writes into a closed pipe is killed. */
#ifndef DAVY_ACTION_RUNNER_H
#define DAVY_ACTION_RUNNER_H

#include "action/audit.h"

#include <sys/types.h>

enum { RUNNER_PACKET = 4096, RUNNER_HEALTH_MS = 90000 };
/* First byte of a packet. To davy: output as it came, or a report. From davy: what became of it, or stop it now. */
enum runner_word { RUNNER_OUTPUT = 'o', RUNNER_REPORT = 'r', RUNNER_HEALTH = 'h', RUNNER_STOP = 's' };
struct runner_report {
    int step;              /* that runs, or ran last */
    int64_t step_begun_ms; /* wall clock */
    bool ended;            /* the command is over */
    bool closed;           /* and the last line of the audit log is written: the lock is free */
    bool timed_out;
    int exit, signal; /* of the last step; -1: none */
    int64_t duration_ms;
    uint64_t dropped; /* bytes of output that were not handed on */
    char error[320];  /* why a step, or the log, failed; "" */
};
struct runner_health {
    char word[16];
    char text[256];
};
struct runner_in {
    const struct audit_record *record;
    struct audit audit;
    int socket;
};
/* Forks it; the parent keeps its own copies of audit and socket. -1 with the sentence. */
pid_t runner_start(const struct runner_in *in, struct err *e);

#endif
