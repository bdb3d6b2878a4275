/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/rig.h"

#include "sim/actors.h"

enum { HOUR_MS = 3600000, LATE_MS = 60000, ARRIVAL_MS = 1300 };

static sim_act_fn *const actors[ACTOR_COUNT] = {
    [ACTOR_ARRIVALS] = arrivals_act,       [ACTOR_BLOCKS] = blocks_act,   [ACTOR_CHECKS] = checks_act,
    [ACTOR_METRICS] = metrics_act,         [ACTOR_OWNER] = owner_act,     [ACTOR_PIPELINE] = pipeline_act,
    [ACTOR_STATUS_LINE] = status_line_act, [ACTOR_TASKS] = tasks_act,     [ACTOR_TEARER] = tearer_act,
    [ACTOR_TROUBLE] = trouble_act,         [ACTOR_WAITING] = waiting_act,
};

static sim_write_fn *const writers[SIM_FILES] = {
    [SIM_AUCTION_STATUS] = market_document, [SIM_BUDGETS] = ledger_document,  [SIM_CHECKLIST] = checklist_document,
    [SIM_CONFIG] = market_config,           [SIM_DAVY_TOML] = toml_document,  [SIM_HEARTBEAT] = checks_document,
    [SIM_METRICS] = metrics_document,       [SIM_MODULES] = modules_document, [SIM_START_SCRIPT] = start_script,
    [SIM_STATUS] = pipeline_document,       [SIM_STOP_SCRIPT] = stop_script,
};

/* In which the files of a new rig come; those without a writer grow by themselves once they may. */
static const enum sim_file arrival_order[] = {
    SIM_CHECKLIST, SIM_CONFIG,  SIM_LOG,       SIM_STATUS,    SIM_AUCTION_STATUS, SIM_BUDGETS,
    SIM_HISTORY,   SIM_METRICS, SIM_HEARTBEAT, SIM_DAVY_TOML, SIM_START_SCRIPT,   SIM_STOP_SCRIPT,
};
enum { ARRIVALS = sizeof arrival_order / sizeof *arrival_order };

static void document(struct sim *s, enum sim_file file, int64_t at_ms, struct sim_orders *out)
{
    if (writers[file])
        writers[file](s, at_ms, out);
}

static enum sim_actor next_actor(const struct sim *s)
{
    enum sim_actor best = 0;
    for (enum sim_actor i = 1; i < ACTOR_COUNT; i++)
        if (s->due_ms[i] < s->due_ms[best])
            best = i;
    return best;
}

static void run(struct sim *s, int64_t until_ms, struct sim_orders *out)
{
    for (enum sim_actor i = next_actor(s); s->due_ms[i] <= until_ms; i = next_actor(s))
        s->due_ms[i] = actors[i](s, s->due_ms[i], out);
}

int64_t sim_next(const struct sim *s)
{
    return s->due_ms[next_actor(s)];
}

void sim_step(struct sim *s, int64_t now_ms, struct sim_orders *out)
{
    for (enum sim_actor i = 0; i < ACTOR_COUNT; i++)
        if (s->due_ms[i] < now_ms - LATE_MS)
            s->due_ms[i] = now_ms;
    run(s, now_ms, out);
}

void sim_daemon_is(struct sim *s, bool up, int64_t now_ms)
{
    if (up != s->daemon.up)
        s->daemon = (struct sim_daemon){.up = up, .since_ms = now_ms};
}

int64_t arrivals_act(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    if (s->arrived == ARRIVALS)
        return SIM_NEVER;
    enum sim_file file = arrival_order[s->arrived++];
    s->absent[file] = false;
    document(s, file, at_ms, out);
    return at_ms + ARRIVAL_MS;
}

static void start_actors(struct sim *s, int64_t at_ms)
{
    for (enum sim_actor i = 0; i < ACTOR_COUNT; i++)
        s->due_ms[i] = at_ms + i * 17;
    s->due_ms[ACTOR_ARRIVALS] = s->due_ms[ACTOR_METRICS] = s->due_ms[ACTOR_OWNER] = SIM_NEVER;
    s->due_ms[ACTOR_TEARER] = SIM_NEVER;
    if (!s->setup.scenario->old_trouble)
        s->due_ms[ACTOR_TROUBLE] = SIM_NEVER;
}

static void first_lines(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    for (int i = 0; daemon_start_lines[i]; i++)
        emit_log(s, out, at_ms, "__main__", "INFO", "%s", daemon_start_lines[i]);
    wallet_heals(s, at_ms + 120, out);
    emit_log(s, out, at_ms + 900, "__main__", "INFO", "✅ IPC socket ready at %s/state/openclawd.sock", s->setup.dir);
    emit_log(s, out, at_ms + 2100, "__main__", "INFO", "🚀 Content Recommendation Miner started successfully");
    emit_log(s, out, at_ms + 2101, "__main__", "INFO", "🎯 Stage tracking system initialized");
}

/* What began long before the start is in the made-up past too, at any speed. */
static int64_t trouble_before_ms(const struct sim_scenario *sc)
{
    enum { STALL_MS = 50 * 60000, STUCK_MS = 5 * 60000 };
    return sc->stall ? STALL_MS : sc->loop_stuck ? STUCK_MS : 0;
}

/* Two paces: weeks of tasks only, at the usual pace; then the time just before now at the pace to come, by all. */
static void make_up_past(struct sim *s, struct sim_text *history, struct sim_text *log, struct sim_orders *out)
{
    int64_t now_ms = s->start_ms;
    double hours = 2 / s->setup.speed;
    int64_t recent = now_ms - (int64_t)((hours > 5 ? 5 : hours) * HOUR_MS) - trouble_before_ms(s->setup.scenario);
    int64_t first = now_ms - s->setup.history_days * 24 * HOUR_MS;
    s->fill_history = history;
    s->pace = 1;
    ledger_open(s, first < recent ? first : recent);
    tasks_open(s, first < recent ? first : recent);
    tasks_old(s, recent, out);
    s->fill_log = log;
    s->pace = s->setup.speed;
    first_lines(s, now_ms - 6 * (int64_t)HOUR_MS, out);
    pipeline_open(s);
    market_open(s, recent);
    checks_open(s, recent);
    start_actors(s, recent);
    run(s, now_ms, out);
    s->fill_history = s->fill_log = NULL;
}

static void first_documents(struct sim *s, struct sim_text *history, struct sim_text *log, struct sim_orders *out)
{
    int64_t now_ms = s->start_ms;
    order_add(out, SIM_REWRITE, SIM_HISTORY, put_done(history));
    order_add(out, SIM_REWRITE, SIM_LOG, put_done(log));
    for (enum sim_file file = 0; file < SIM_FILES; file++)
        if (file != SIM_AUCTION_STATUS)
            document(s, file, now_ms, out);
    bool lost = s->setup.scenario->chain_lost;
    market_document(s, lost ? now_ms - 600000 : now_ms, out);
    if (lost)
        out->order[out->count - 1].age_ms = 600000;
    s->absent[SIM_AUCTION_STATUS] = lost || s->setup.network; /* the miner's from now on */
    if (s->setup.scenario->torn)
        tear_for_good(s, now_ms, out);
    order_add(out, SIM_DAEMON_START, SIM_PID, (struct bytes){"", 0});
    s->daemon.since_ms = now_ms; /* one that is stopped before it was ever seen has its owner's patience too */
}

static void open_empty(struct sim *s)
{
    for (enum sim_file file = 0; file < SIM_FILES; file++)
        s->absent[file] = true;
    s->pace = s->setup.speed;
    ledger_open(s, s->start_ms);
    tasks_open(s, s->start_ms);
    pipeline_open(s);
    market_open(s, s->start_ms);
    checks_open(s, s->start_ms);
    start_actors(s, s->start_ms);
    s->due_ms[ACTOR_ARRIVALS] = s->start_ms + ARRIVAL_MS;
    s->daemon.since_ms = s->start_ms - s->setup.scenario->down_ms;
}

void sim_open(struct sim *s, const struct sim_setup *setup, int64_t now_ms, struct sim_orders *out)
{
    *s = (struct sim){.setup = *setup, .start_ms = now_ms, .pace = 1};
    random_seed(&s->random, setup->seed);
    s->shift_ms = setup->scenario->clock_ahead ? 2 * HOUR_MS : 0;
    if (setup->scenario->empty) {
        open_empty(s);
    } else {
        struct sim_text history = {.arena = out->arena}, log = {.arena = out->arena};
        make_up_past(s, &history, &log, out);
        ledger_override(s);
        market_settle(s, now_ms);
        checks_settle(s, now_ms);
        first_documents(s, &history, &log, out);
    }
    s->due_ms[ACTOR_METRICS] = now_ms + pace_ms(s, 300);
    if (setup->network)
        s->due_ms[ACTOR_BLOCKS] = SIM_NEVER;
    s->due_ms[ACTOR_OWNER] = now_ms + 500;
    s->due_ms[ACTOR_TEARER] = now_ms + 300;
    s->due_ms[ACTOR_TROUBLE] = now_ms + (setup->scenario->episodes ? 20000 : 100);
}
