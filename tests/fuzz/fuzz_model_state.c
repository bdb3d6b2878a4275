/* SPDX-License-Identifier: GPL-2.0-or-later */
/* miner-state.json, and the daemon judged with it beside every kind of process. */
#include "model_check.h"

#include "base/timetext.h"
#include "model/daemon.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(struct arena *a, const struct state_doc *doc, enum probe_state state, bool is_daemon)
{
    struct origin origin[DOC_COUNT] = {0};
    struct settings settings = {.daemon_match = "miner_daemon.py"};
    int64_t now = INT64_C(1795322860000);
    struct process_doc probe = {.proc_readable = true};
    probe.by_state = (struct process){doc->daemon_pid, state, "x", is_daemon, now - 9000, NOT_KNOWN, NOT_KNOWN};
    struct docs docs = {.state_doc = doc, .process_doc = &probe};
    origin[DOC_PID].state = ORIGIN_MISSING;
    const struct daemon *d = daemon_at(a, &docs, origin, &settings, now);
    demand(d->why && *d->why && (d->beat_age_ms == NOT_KNOWN || d->beat_age_ms >= 0));
    demand_safe(a, d->why);
    demand(d->state != DAEMON_UP || is_daemon || state == PROBE_HIDDEN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct err e = {0};
    struct decode_in in = {.bytes = {(const char *)data, size},
                           .name = "miner-state.json",
                           .mtime_ms = INT64_C(1795322856000),
                           .local_offset_s = 0};
    const struct state_doc *doc = state_decode(&a, &in, &e);
    demand_verdict(doc, &e, in.name);
    if (doc) {
        demand_safe(&a, doc->status);
        demand(doc->daemon_pid == NOT_KNOWN || doc->daemon_pid > 1);
        for (int state = PROBE_GONE; state <= PROBE_HIDDEN; state++)
            for (int is_daemon = 0; is_daemon < 2; is_daemon++)
                judge(&a, doc, (enum probe_state)state, is_daemon);
    }
    arena_release(&a);
    return 0;
}
