/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small troubles that come and go by the wall clock, whatever the speed: a person watches; and the owner who starts a
 * daemon that is gone. */
#include "sim/actors.h"

enum { OWNER_LOOKS_MS = 500 };

static void wallet_breaks(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    emit_log(s, out, at_ms, "wallet_manager", "ERROR", "Failed to get wallet balance: timed out after 20 s");
}

void wallet_heals(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    emit_log(s, out, at_ms, "wallet_manager", "INFO", "✅ Wallet MCP server started");
    emit_log(s, out, at_ms + 3, "wallet_manager", "INFO", "Wallet balance: %.3f TAO",
             12 + (double)random_between(&s->random, 0, 900) / 1000);
}

static void scores_dip(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    s->tasks.dip_left = 12;
    emit_log(s, out, at_ms, "performance_tracker", "WARNING",
             "Average score is low. Consider adjusting prompt strategies.");
}

static void daemon_dies(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    (void)at_ms;
    if (s->daemon.up)
        order_add(out, SIM_DAEMON_KILL, SIM_PID, (struct bytes){"", 0});
}

static void window_passes(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    (void)at_ms;
    (void)out;
    s->market.skip = 2;
}

static void nothing(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    (void)s;
    (void)at_ms;
    (void)out;
}

static const struct {
    sim_write_fn *begin, *end;
} troubles[] = {
    {wallet_breaks, wallet_heals},
    {scores_dip, nothing},
    {daemon_dies, nothing},
    {window_passes, nothing},
};
enum { TROUBLES = sizeof troubles / sizeof *troubles };

int64_t trouble_episodes(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    int64_t n = s->troubles++;
    if (n % 2 == 0) {
        troubles[n / 2 % TROUBLES].begin(s, at_ms, out);
        return at_ms + 14000;
    }
    troubles[n / 2 % TROUBLES].end(s, at_ms, out);
    return at_ms + random_between(&s->random, 30000, 50000);
}

/* Scenario daily-limit: until the day's limit is passed by far, each day anew. */
int64_t trouble_glut(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    enum { LLM = 1, A_TASK = 9200, EACH_MS = 700 };
    int64_t day = at_ms / 86400000;
    if (s->glut_day != day)
        s->glut_tokens = 0;
    s->glut_day = day;
    if (s->glut_tokens * 2 < sim_llms[LLM].daily_limit * 3) {
        task_now(s, LLM, A_TASK, at_ms, out);
        s->glut_tokens += A_TASK;
    }
    return at_ms + EACH_MS;
}

/* Scenario file-gone: jq on a file that is not there makes none, so the agent never writes it again. Somebody copies it
 * back now and then, so that whoever looks later can miss it too. */
int64_t trouble_gone(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    enum { FIRST_MS = 4000, GONE_MS = 57000, BACK_MS = 3000 };
    int64_t n = s->troubles++;
    s->absent[SIM_HEARTBEAT] = n % 2 == 1;
    if (n == 0)
        return at_ms + FIRST_MS;
    if (s->absent[SIM_HEARTBEAT])
        order_add(out, SIM_REMOVE, SIM_HEARTBEAT, (struct bytes){"", 0});
    else
        checks_document(s, at_ms, out);
    return at_ms + (n % 2 == 1 ? GONE_MS : BACK_MS);
}

int64_t trouble_wallet(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    wallet_breaks(s, at_ms, out);
    return at_ms + 15000;
}

int64_t trouble_act(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    return s->setup.scenario->trouble ? s->setup.scenario->trouble(s, at_ms, out) : SIM_NEVER;
}

static int64_t owner_starts(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    if (at_ms - s->daemon.since_ms < s->setup.scenario->down_ms)
        return at_ms + OWNER_LOOKS_MS;
    s->daemon.since_ms = at_ms;
    order_add(out, SIM_DAEMON_START, SIM_PID, (struct bytes){"", 0});
    return at_ms + OWNER_LOOKS_MS;
}

int64_t owner_act(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    if (s->absent[SIM_LOG])
        return at_ms + OWNER_LOOKS_MS;
    if (!s->daemon.up)
        return owner_starts(s, at_ms, out);
    int64_t crash = s->setup.scenario->crash_after_ms;
    if (crash && at_ms - s->daemon.since_ms >= crash)
        daemon_dies(s, at_ms, out);
    return at_ms + OWNER_LOOKS_MS;
}

/* Only in the made-up past: afterwards the daemon writes its lines itself. */
int64_t waiting_act(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    if (!filling(s))
        return SIM_NEVER;
    emit_log(s, out, at_ms, "__main__", "INFO", "Waiting for tasks...");
    return at_ms + daemon_period_ms(s->setup.speed);
}
