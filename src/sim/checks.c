/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The agent's heartbeat: memory/heartbeat-state.json (rig-files.md 1.8), each five minutes, checks by their own periods. */
#include "sim/actors.h"

static const double round_s = 300, token_balance_s = 1800, bot_monitor_s = 600, report_s = 86400, bittensor_s = 7200;

void checks_open(struct sim *s, int64_t at_ms)
{
    s->checks = (struct sim_checks){
        .token_balance_ms = at_ms - pace_ms(s, 900),
        .bot_monitor_ms = at_ms - pace_ms(s, 240),
        .report_ms = at_ms - pace_ms(s, 5 * 3600),
        .bittensor_ms = at_ms - pace_ms(s, 2400),
    };
}

/* An agent that sleeps did everything five hours ago for the last time, or earlier. */
void checks_settle(struct sim *s, int64_t now_ms)
{
    const int64_t asleep = now_ms - 5 * (int64_t)3600000;
    if (!s->setup.scenario->agent_asleep)
        return;
    struct sim_checks *c = &s->checks;
    c->token_balance_ms = asleep - 1200000;
    c->bot_monitor_ms = c->bittensor_ms = asleep;
    c->report_ms = c->report_ms < asleep ? c->report_ms : asleep - 3600000;
}

static void put_check(struct sim_text *t, const struct sim *s, const char *name, int64_t at_ms, const char *after)
{
    put(t, "\"%s\": ", name);
    put_epoch(t, stamp(s, at_ms));
    put(t, "%s", after);
}

void checks_document(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    const struct sim_checks *c = &s->checks;
    struct sim_text t = {.arena = out->arena};
    put(&t, "{\n  \"lastChecks\": {\n    ");
    put_check(&t, s, "token_balance", c->token_balance_ms, ",\n    ");
    put_check(&t, s, "bot_monitor", c->bot_monitor_ms, ",\n    ");
    put_check(&t, s, "daily_report", c->report_ms, "\n  },\n  ");
    put(&t, "\"alertThresholds\": {\n    \"tokens_remaining\": 10000000,\n    \"disk_percent\": 85,\n"
            "    \"bot_downtime_minutes\": 15\n  },\n  ");
    put_check(&t, s, "lastBittensorCheck", c->bittensor_ms, "\n}\n");
    struct sim_order *o = emit_document(s, out, SIM_REPLACE, SIM_HEARTBEAT, put_done(&t));
    if (o && s->setup.scenario->agent_asleep)
        o->age_ms = at_ms - c->bot_monitor_ms;
}

static void run_when_due(const struct sim *s, int64_t *last_ms, int64_t at_ms, double period_s)
{
    if (at_ms - *last_ms >= pace_ms(s, period_s))
        *last_ms = at_ms;
}

int64_t checks_act(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    struct sim_checks *c = &s->checks;
    if (s->setup.scenario->agent_asleep && !filling(s))
        return SIM_NEVER;
    run_when_due(s, &c->token_balance_ms, at_ms, token_balance_s);
    run_when_due(s, &c->bot_monitor_ms, at_ms, bot_monitor_s);
    run_when_due(s, &c->report_ms, at_ms, report_s);
    run_when_due(s, &c->bittensor_ms, at_ms, bittensor_s);
    checks_document(s, at_ms, out);
    return at_ms + pace_ms(s, round_s);
}
