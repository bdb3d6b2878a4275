/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tasks come, an LLM answers (record type E, no time and no score), a validator scores later (record type S of the same
 * task_id): rig-files.md 1.3. Day and night, better and worse models, refused tasks when a budget runs out. */
#include "sim/actors.h"

#include "sim/records.h"

#include "base/timetext.h"

#include <inttypes.h>
#include <math.h>

static const double usual_gap_s = 120; /* 720 tasks a day: one in 12 s at the pace of the demo */
static const double pi = 3.14159265358979;

/* Busy around 15:00 UTC, quiet around 03:00. */
static double daylight(int64_t at_ms)
{
    double hour = (double)((at_ms / 1000) % 86400) / 3600;
    return 1 - 0.45 * cos((hour - 3) * pi / 12);
}

static int64_t next_arrival(struct sim *s, int64_t at_ms)
{
    return at_ms + 1 + (int64_t)random_wait(&s->random, usual_gap_s * 1000 / daylight(at_ms) / s->pace);
}

void tasks_open(struct sim *s, int64_t at_ms)
{
    s->tasks = (struct sim_tasks){.next_number = 4001 + random_between(&s->random, 0, 5000), .until_dip = 60};
    s->tasks.arrival_ms = next_arrival(s, at_ms);
}

static struct sim_task *free_place(struct sim *s)
{
    for (int i = 0; i < SIM_OPEN_TASKS; i++)
        if (!s->tasks.open[i].next_ms)
            return &s->tasks.open[i];
    return NULL;
}

static struct sim_task *earliest(struct sim *s)
{
    struct sim_task *best = NULL;
    for (int i = 0; i < SIM_OPEN_TASKS; i++) {
        struct sim_task *t = &s->tasks.open[i];
        if (t->next_ms && (!best || t->next_ms < best->next_ms))
            best = t;
    }
    return best;
}

static int choose_llm(struct sim *s)
{
    double weight[SIM_LLMS];
    for (int i = 0; i < SIM_LLMS; i++)
        weight[i] = sim_llms[i].weight;
    if (s->setup.scenario->failing <= 0 && !s->setup.scenario->episodes)
        weight[SIM_LLMS - 1] = 0; /* calm: nobody asks the model without a budget */
    return random_pick(&s->random, weight, SIM_LLMS);
}

static void refuse(struct sim *s, const struct sim_task *t, int64_t at_ms, struct sim_orders *out)
{
    const struct sim_llm *m = &sim_llms[t->llm];
    emit_log(s, out, at_ms + 2, "utils.token_budget", "WARNING",
             "Insufficient budget for %s: need %" PRId64 ", have %" PRId64 " (keeping 10.0%% buffer)", m->name,
             t->tokens, m->allowance - s->ledger.used[t->llm]);
}

/* The first model that still has budget, beginning with the chosen one; -1: none. */
static int afford(struct sim *s, struct sim_task *t, int64_t at_ms, struct sim_orders *out)
{
    for (int tries = 0; tries < SIM_LLMS - 1; tries++) {
        if (ledger_allows(s, t->llm, t->tokens))
            return t->llm;
        refuse(s, t, at_ms, out);
        t->llm = (t->llm + 1) % (SIM_LLMS - 1);
    }
    return -1;
}

static void arrive(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    struct sim_task *t = free_place(s), task = {.number = s->tasks.next_number};
    bool listening = filling(s) || s->daemon.up;
    if (!t || !listening)
        return;
    s->tasks.next_number++;
    task.subnet = random_chance(&s->random, 0.72) ? 1 : 19;
    task.llm = choose_llm(s);
    task.strategy = record_strategy(s, task.subnet);
    task.tokens = record_tokens(s, task.strategy);
    emit_log(s, out, at_ms, "task_handler", "INFO", "Processing task sn%d-%06" PRId64, task.subnet, task.number);
    if (!filling(s) && afford(s, &task, at_ms, out) < 0) {
        emit_log(s, out, at_ms + 4, "llm_router", "WARNING", "Budget too low, skipping task");
        emit_log(s, out, at_ms + 5, "task_handler", "INFO", "Skipping task sn%d-%06" PRId64, task.subnet, task.number);
        return;
    }
    task.next_ms = at_ms + pace_ms(s, (double)random_between(&s->random, 2000, 9000) / 1000);
    *t = task;
}

static void execute(struct sim *s, struct sim_task *t, int64_t at_ms, struct sim_orders *out)
{
    if (random_chance(&s->random, s->setup.scenario->failing)) {
        emit_log(s, out, at_ms, "task_handler", "ERROR", "Inference failed for task sn%d-%06" PRId64, t->subnet,
                 t->number);
        t->next_ms = 0;
        return;
    }
    emit_line(s, out, SIM_HISTORY, record_executed(s, t, out->arena));
    if (!sim_llms[t->llm].allowance)
        emit_log(s, out, at_ms, "utils.token_budget", "WARNING", "Unknown API: %s", sim_llms[t->llm].name);
    ledger_spend(s, t->llm, t->tokens, at_ms, out);
    emit_log(s, out, at_ms, "task_handler", "INFO", "✅ Task sn%d-%06" PRId64 " processed successfully", t->subnet,
             t->number);
    t->scoring = true;
    t->next_ms = at_ms + pace_ms(s, (double)random_between(&s->random, 20, 240));
}

/* Now and then the validator's answer has no score; it comes later, for the same task. */
static void score(struct sim *s, struct sim_task *t, int64_t at_ms, struct sim_orders *out)
{
    bool unscored = !s->fill_log && filling(s) ? false : random_chance(&s->random, s->setup.scenario->failing);
    emit_line(s, out, SIM_HISTORY, record_scored(s, t, unscored, at_ms, out->arena));
    t->next_ms = unscored ? at_ms + pace_ms(s, 600) : 0;
}

void task_now(struct sim *s, int llm, int64_t tokens, int64_t at_ms, struct sim_orders *out)
{
    struct sim_task t = {.llm = llm, .subnet = 1, .number = s->tasks.next_number++, .tokens = tokens};
    t.strategy = record_strategy(s, t.subnet);
    emit_log(s, out, at_ms, "task_handler", "INFO", "Processing task sn%d-%06" PRId64, t.subnet, t.number);
    execute(s, &t, at_ms, out);
    if (t.scoring)
        score(s, &t, at_ms, out);
}

static int64_t tasks_next(struct sim *s)
{
    const struct sim_task *t = earliest(s);
    return t && t->next_ms < s->tasks.arrival_ms ? t->next_ms : s->tasks.arrival_ms;
}

int64_t tasks_act(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    struct sim_task *t = earliest(s);
    if (!t || t->next_ms > at_ms) {
        s->tasks.arrival_ms = next_arrival(s, at_ms);
        arrive(s, at_ms, out);
    } else if (t->scoring) {
        score(s, t, at_ms, out);
    } else {
        execute(s, t, at_ms, out);
    }
    return tasks_next(s);
}

void tasks_old(struct sim *s, int64_t until_ms, struct sim_orders *out)
{
    int64_t day = day_start(s->tasks.arrival_ms) / 86400000;
    for (int64_t at_ms = tasks_next(s); at_ms < until_ms; at_ms = tasks_act(s, at_ms, out)) {
        int64_t report =
            (day + 1) * 86400000 + 9 * 3600000; /* 09:00 UTC: the tracker's self-test pollutes the history */
        if (at_ms < report)
            continue;
        day++;
        if (s->setup.scenario->failing > 0)
            emit_line(s, out, SIM_HISTORY, record_self_test(report, out->arena));
    }
}
