/* SPDX-License-Identifier: GPL-2.0-or-later */
/* token-budgets.json: grows with every task, is reset with the month, and loses the keys that the writer's save does not
 * know (rig-files.md 1.5: after the first spend only budgets and last_updated are left). */
#include "sim/actors.h"

#include "base/timetext.h"

#include <inttypes.h>

enum { DAY_MS = 86400000 };
static const double usual_per_day = 75000; /* tokens of all models together: sum over weights in llms.c */

static int64_t month_of(int64_t at_ms)
{
    struct civil c = civil_of(at_ms);
    return c.year * 12 + c.month - 1;
}

static int64_t month_start(int64_t month)
{
    return civil_ms((int)(month / 12), (int)(month % 12) + 1, 1);
}

void ledger_open(struct sim *s, int64_t at_ms)
{
    s->ledger.month = month_of(at_ms);
    double days = (double)(at_ms - month_start(s->ledger.month)) / DAY_MS;
    for (int i = 0; i < SIM_LLMS; i++)
        s->ledger.used[i] = sim_llms[i].allowance ? (int64_t)(days * usual_per_day * sim_llms[i].weight) : 0;
}

/* The miner keeps a tenth of each budget back. */
bool ledger_allows(const struct sim *s, int llm, int64_t tokens)
{
    const struct sim_llm *m = &sim_llms[llm];
    return !m->allowance || s->ledger.used[llm] + tokens <= m->allowance - m->allowance / 10;
}

static void reset(struct sim *s, int64_t at_ms)
{
    if (s->setup.scenario->not_reset && !filling(s))
        return;
    for (int i = 0; i < SIM_LLMS; i++)
        s->ledger.used[i] = 0;
    s->ledger.month = month_of(at_ms);
    s->ledger.reset_ms = month_start(s->ledger.month);
}

void ledger_spend(struct sim *s, int llm, int64_t tokens, int64_t at_ms, struct sim_orders *out)
{
    if (month_of(at_ms) > s->ledger.month)
        reset(s, at_ms);
    if (!sim_llms[llm].allowance)
        return;
    s->ledger.used[llm] += tokens;
    if (filling(s))
        return;
    s->ledger.saved = true;
    ledger_document(s, at_ms, out);
}

void ledger_override(struct sim *s)
{
    const struct sim_scenario *sc = s->setup.scenario;
    double share[SIM_LLMS] = {sc->used_openai, sc->used_claude, 0, 0};
    for (int i = 0; i < SIM_LLMS; i++)
        if (share[i] > 0)
            s->ledger.used[i] = (int64_t)(share[i] * (double)sim_llms[i].allowance);
    if (!sc->not_reset)
        return;
    s->ledger.month = month_of(s->start_ms) - 1;
    s->ledger.reset_ms = month_start(s->ledger.month);
}

static void put_budget(struct sim_text *t, const struct sim *s, int i)
{
    const struct sim_llm *m = &sim_llms[i];
    put(t,
        "%s\n    \"%s\": {\n      \"monthly_allowance\": %" PRId64 ",\n      \"used_this_month\": %" PRId64
        ",\n      \"daily_limit\": %" PRId64 ",\n      \"hard_limit\": true,\n      \"cost_per_1k_tokens\": ",
        i ? "," : "", m->name, m->allowance, s->ledger.used[i], m->daily_limit);
    put_real(t, m->cost_per_1k);
    put(t, ",\n      \"api_type\": \"%s\",\n      \"model\": \"%s\"", m->type, m->model);
    if (s->ledger.reset_ms) {
        put(t, ",\n      \"last_reset\": ");
        put_epoch(t, s->ledger.reset_ms);
    }
    put(t, "\n    }");
}

static void put_human_keys(struct sim_text *t, int64_t reset_ms)
{
    struct civil c = civil_of(reset_ms);
    put(t, "\n  \"allocation_strategy\": \"roi_weighted\",\n  \"allocation_rules\": {\n"
           "    \"min_budget_threshold_for_task_percent\": 0.1,\n    \"reject_task_if_budget_below_percent\": 0.1,\n"
           "    \"high_confidence_token_increase_multiplier\": 1.2,\n"
           "    \"low_roi_subnet_decrease_multiplier\": 0.7\n  },\n");
    put(t, "  \"tracking\": {\n    \"last_reset\": \"%04d-%02d-%02d\",\n    \"reset_day_of_month\": 1,\n", c.year,
        c.month, c.day);
    put(t, "    \"track_by_subnet\": true,\n    \"track_by_task_type\": true\n  },\n"
           "  \"notes\": \"Budgets are in tokens a calendar month, UTC.\"\n}\n");
}

struct bytes ledger_text(const struct sim *s, int64_t at_ms, struct arena *a)
{
    struct sim_text t = {.arena = a};
    put(&t, "{\n  \"budgets\": {");
    for (int i = 0; i < SIM_LLMS && sim_llms[i].allowance; i++)
        put_budget(&t, s, i);
    put(&t, "\n  },");
    if (s->ledger.saved) {
        put(&t, "\n  \"last_updated\": \"");
        put_utc(&t, stamp(s, at_ms) * 1000 + 417);
        put(&t, "\"\n}");
    } else {
        put_human_keys(&t, month_start(s->ledger.month));
    }
    return put_done(&t);
}

void ledger_document(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    emit_document(s, out, SIM_REWRITE, SIM_BUDGETS, ledger_text(s, at_ms, out->arena));
}
