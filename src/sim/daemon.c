/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the daemon process writes: miner-state.json and its own log lines (rig-files.md 1.2, 2.2, 2.5). */
#include "sim/rig.h"

#include <inttypes.h>

const char *const daemon_start_lines[] = {
    "==================================================",
    "🤖 BITTENSOR MINER DAEMON STARTED",
    "==================================================",
    NULL,
};

struct bytes daemon_state_text(struct arena *a, const char *status, int64_t pid, const char *socket, int64_t at_ms)
{
    struct sim_text t = {.arena = a};
    put(&t, "{\n  \"status\": \"%s\",\n  \"daemon_pid\": %" PRId64 ",\n  \"socket_path\": ", status, pid);
    put_string(&t, socket);
    put(&t, ",\n  \"last_task_received\": null,\n  \"tasks_processed\": 0,\n  \"uptime_seconds\": %" PRId64 "\n}",
        at_ms / 1000);
    return put_done(&t);
}

struct bytes daemon_log_line(struct arena *a, int64_t at_ms, int32_t utc_offset_s, const char *level, const char *text)
{
    struct sim_text t = {.arena = a};
    put_log_time(&t, at_ms, utc_offset_s);
    put(&t, " - __main__ - %s - %s\n", level, text);
    return put_done(&t);
}

int64_t daemon_period_ms(double speed)
{
    double ms = 10000 / speed;
    return ms < 2000 ? 2000 : ms > 10000 ? 10000 : (int64_t)ms;
}
