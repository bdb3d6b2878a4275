/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small troubles that come and go by the wall clock, whatever the speed: a person watches; and the owner who starts a
 * daemon that is gone. */
#include "sim/actors.h"

enum { OWNER_LOOKS_MS = 500 };

void wallet_breaks(struct sim *s, int64_t at_ms, struct sim_orders *out)
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

int64_t trouble_act(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    if (s->setup.scenario->wallet_error) {
        wallet_breaks(s, at_ms, out);
        return at_ms + 15000;
    }
    if (!s->setup.scenario->episodes)
        return SIM_NEVER;
    int64_t n = s->troubles++;
    if (n % 2 == 0) {
        troubles[n / 2 % TROUBLES].begin(s, at_ms, out);
        return at_ms + 14000;
    }
    troubles[n / 2 % TROUBLES].end(s, at_ms, out);
    return at_ms + random_between(&s->random, 30000, 50000);
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
