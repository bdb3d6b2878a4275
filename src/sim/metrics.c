/* SPDX-License-Identifier: GPL-2.0-or-later */
/* performance-metrics.json in its first shape (rig-files.md 1.4): the only one that knows the TAO earned. */
#include "sim/actors.h"

#include <inttypes.h>
#include <math.h>

static struct sim_hour sum_hours(const struct sim *s, int64_t at_ms, int64_t hours)
{
    struct sim_hour sum = {0};
    for (int i = 0; i < SIM_HOURS; i++) {
        const struct sim_hour *h = &s->tasks.hour[i];
        if (!h->count || h->hour <= at_ms / 3600000 - hours)
            continue;
        sum.count += h->count;
        sum.sum += h->sum;
        sum.successes += h->successes;
        sum.tokens += h->tokens;
    }
    return sum;
}

static void put_share(struct sim_text *t, double part, int64_t of)
{
    put_real(t, of ? round(part / (double)of * 1e6) / 1e6 : 0.0);
}

static void put_period(struct sim_text *t, const struct sim *s, struct sim_hour h)
{
    put(t, "{\n    \"tasks_completed\": %" PRId64 ",\n    \"average_score\": ", h.count);
    put_share(t, h.sum, h.count);
    put(t, ",\n    \"success_rate\": ");
    put_share(t, (double)h.successes, h.count);
    put(t, ",\n    \"token_spend\": %" PRId64 ",\n    \"tao_earned\": ", h.tokens);
    put_real(t, round((double)h.tokens / 1000 * s->setup.scenario->roi * 1e6) / 1e6);
}

void metrics_document(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    if (filling(s))
        return;
    struct sim_text t = {.arena = out->arena};
    struct sim_hour week = sum_hours(s, at_ms, 7 * 24);
    put(&t, "{\n  \"performance_24h\": ");
    put_period(&t, s, sum_hours(s, at_ms, 24));
    put(&t, "\n  },\n  \"performance_7day\": ");
    put_period(&t, s, week);
    put(&t, ",\n    \"best_strategy\": %s\n  },\n  \"by_llm\": {},\n  \"by_subnet\": {},\n  \"last_updated\": ",
        week.count ? "\"structured_reasoning\"" : "null");
    if (week.count) {
        put(&t, "\"");
        put_utc(&t, stamp(s, at_ms) * 1000 + 552);
        put(&t, "\"\n}\n");
    } else {
        put(&t, "null\n}\n");
    }
    emit_document(s, out, SIM_REWRITE, SIM_METRICS, put_done(&t));
}

int64_t metrics_act(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    metrics_document(s, at_ms, out);
    return at_ms + pace_ms(s, 300);
}
