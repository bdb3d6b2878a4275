/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Programs that should not run, and meddle with files and socket of the ones that should. */
#include "sim/actors.h"

static int64_t at_least(int64_t ms, int64_t least)
{
    return ms < least ? least : ms;
}

/* Scenario ipc-errors: another user's cron starts a second daemon. It may not remove the socket of the first, so it gives
 * up; its lines go to the same log (rig-files.md 2.2, 2.5). */
int64_t trouble_second(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    enum { EACH_S = 300 };
    for (int i = 0; daemon_start_lines[i]; i++)
        emit_log(s, out, at_ms, "__main__", "INFO", "%s", daemon_start_lines[i]);
    emit_log(s, out, at_ms + 8, "__main__", "ERROR",
             "Failed to setup IPC socket: [Errno 1] Operation not permitted: '%s/state/openclawd.sock'", s->setup.dir);
    emit_log(s, out, at_ms + 9, "__main__", "ERROR", "IPC socket setup failed");
    return at_ms + at_least(pace_ms(s, EACH_S), 1000);
}

static void second_miner(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    struct sim_stage_event e = {
        .number = 5,
        .status = "running",
        .username = "natgeo",
        .message = "Generating content recommendations",
        .started_ms = at_ms - 30000,
    };
    pipeline_interject(s, &e, s->setup.pid + 1, at_ms, out);
}

/* Scenario two-writers: each takes what is in the file, adds its own event and writes all of it. */
int64_t trouble_writers(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    enum { GAP_MS = 600, REST_S = 60, LEAST_REST_MS = 5000 };
    int64_t turn = s->troubles++ % 3;
    if (s->pipeline.current.number < 0)
        return at_ms + GAP_MS;
    if (turn == 1)
        second_miner(s, at_ms, out);
    else
        pipeline_interject(s, &s->pipeline.current, s->setup.pid, at_ms, out);
    return at_ms + (turn < 2 ? GAP_MS : at_least(pace_ms(s, REST_S), LEAST_REST_MS));
}
