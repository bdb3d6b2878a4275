/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-sim rig: does to the world what the pure simulated rig orders, and keeps its daemon. */
#include "cmd/sim.h"

#include "base/near.h"
#include "base/timetext.h"
#include "base/troff.h"
#include "base/wrap.h"
#include "cmd/sim_keeper.h"
#include "cmd/sim_miner.h"
#include "sim/rig.h"
#include "stagelib/davy_stage.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct rig_options {
    double speed, seconds;
    int64_t seed, history, tied;
    const char *scenario;
    bool list, miner;
};
const struct option_row sim_rig_options[] = {
    {.name = "history",
     .arg = "DAYS",
     .help = "days of tasks before the start (14)",
     .kind = OPTION_INT,
     .offset = offsetof(struct rig_options, history)},
    {.name = "list",
     .help = "print the scenarios and stop",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct rig_options, list)},
    {.name = "miner",
     .help = "the auctions are those of a davy-mine that works on a simulated chain, where the scenario has one",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct rig_options, miner)},
    {.name = "scenario",
     .arg = "NAME",
     .help = "what goes wrong (busy)",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct rig_options, scenario)},
    {.name = "seconds",
     .arg = "N",
     .help = "stop after this time (never)",
     .kind = OPTION_NUMBER,
     .offset = offsetof(struct rig_options, seconds)},
    {.name = "seed",
     .arg = "N",
     .help = "of chance: the same seed makes the same rig (1)",
     .kind = OPTION_INT,
     .offset = offsetof(struct rig_options, seed)},
    {.name = "speed",
     .arg = "N",
     .help = "events come N times as often, 1 to 600 (1); stamps stay the wall clock's",
     .kind = OPTION_NUMBER,
     .offset = offsetof(struct rig_options, speed)},
    {.name = "tied",
     .arg = "PID",
     .help = "end when this process ends, which must be the one that starts davy-sim (0: none)",
     .kind = OPTION_INT,
     .offset = offsetof(struct rig_options, tied)},
    {.name = NULL},
};

struct yard {
    struct loop *loop;
    struct arena arena;
    struct sim sim;
    struct sim_keeper keeper;
    struct sim_miner *miner; /* NULL: the auctions are made up */
    int dir_fd;
    char dir[4096];
    struct err err;
};

void sim_rig_more(FILE *out, bool troff)
{
    fputs(troff ? ".PP\nThe scenarios:\n" : "\nScenarios:\n", out);
    for (const struct sim_scenario *s = sim_scenarios; s->name; s++) {
        if (!troff) {
            wrap_put(out, fprintf(out, "  %-18s ", s->name), 21, s->help);
            continue;
        }
        fputs(".TP\n", out);
        troff_text(out, s->name);
        fputs("\n", out);
        troff_text(out, s->help);
        fputs("\n", out);
    }
}

static int list(void)
{
    for (const struct sim_scenario *s = sim_scenarios; s->name; s++)
        printf("%-18s %s\n", s->name, s->help);
    return SIM_OK;
}

static bool obey(struct yard *y, const struct sim_order *o)
{
    if (o->act == SIM_DAEMON_START)
        return keeper_start(&y->keeper, y->loop, &y->err);
    if (o->act == SIM_DAEMON_KILL)
        return keeper_kill(&y->keeper);
    if (o->act == SIM_TELL) {
        sim_stages_tell(&o->told);
        return true;
    }
    return sim_write(y->dir_fd, o, &y->err);
}

static bool obey_all(struct yard *y, const struct sim_orders *orders)
{
    bool done = true;
    for (size_t i = 0; i < orders->count && done; i++)
        done = obey(y, &orders->order[i]);
    arena_reset(&y->arena);
    return done;
}

/* Whoever removed the folder has no use for a rig any more. */
static bool removed(const struct yard *y)
{
    struct stat s;
    return fstat(y->dir_fd, &s) || s.st_nlink == 0;
}

static void step(void *ctx)
{
    enum { LOOK_MS = 500, LEAST_MS = 5 };
    struct yard *y = ctx;
    if (removed(y)) {
        loop_stop(y->loop, SIM_OK);
        return;
    }
    struct sim_orders orders = {.arena = &y->arena};
    int64_t now_ms = wall_now();
    sim_daemon_is(&y->sim, keeper_sees(&y->keeper), now_ms);
    sim_step(&y->sim, now_ms, &orders);
    if (!obey_all(y, &orders)) {
        loop_stop(y->loop, sim_complain(&y->err));
        return;
    }
    int64_t wait_ms = sim_next(&y->sim) - wall_now();
    loop_timer(y->loop, loop_now() + (wait_ms < LEAST_MS ? LEAST_MS : wait_ms > LOOK_MS ? LOOK_MS : wait_ms), step, y);
}

static void stop(void *ctx)
{
    loop_stop(((struct yard *)ctx)->loop, SIM_OK);
}

static void on_signal(void *ctx, int signo)
{
    (void)signo;
    stop(ctx);
}

static bool no_scenario(const char *name, struct err *e)
{
    for (const struct sim_scenario *s = sim_scenarios; s->name; s++)
        if (near_enough(bytes_of(name), bytes_of(s->name)))
            return err_set(e, "no scenario '%.40s'; did you mean %s? (davy-sim rig --list names all)", name, s->name);
    return err_set(e, "no scenario '%.40s': davy-sim rig --list names all", name);
}

static bool check(const struct rig_options *o, int words, struct err *e)
{
    if (words != 1)
        return err_set(e, "usage: davy-sim rig DIR [options]: one folder, please");
    if (o->speed < 1 || o->speed > 600)
        return err_set(e, "--speed: expected 1 to 600");
    if (o->history < 0 || o->history > 365)
        return err_set(e, "--history: expected 0 to 365 days");
    return scenario_find(o->scenario) || no_scenario(o->scenario, e);
}

static bool open_loop(struct yard *y, const struct rig_options *o)
{
    static const int signals[] = {SIGHUP, SIGINT, SIGTERM};
    y->loop = loop_open(&y->err);
    for (size_t i = 0; y->loop && i < sizeof signals / sizeof *signals; i++)
        if (!loop_signal(y->loop, signals[i], on_signal, y, &y->err))
            return false;
    if (!y->loop)
        return false;
    sim_tie(o->tied);
    if (o->seconds > 0)
        loop_timer(y->loop, loop_now() + (int64_t)(o->seconds * 1000), stop, y);
    return true;
}

static const char *fate_of(const struct sim_scenario *sc)
{
    return sc->daemon_hang ? "--hang" : sc->socket_lost ? "--lose-socket" : NULL;
}

static bool first_orders(struct yard *y, const struct rig_options *o)
{
    struct sim_setup setup = {
        .seed = (uint64_t)o->seed,
        .speed = o->speed,
        .scenario = scenario_find(o->scenario),
        .history_days = o->history,
        .utc_offset_s = sim_utc_offset_s(),
        .pid = getpid(),
        .dir = y->dir,
        .program = y->keeper.program,
        .network = y->miner ? sim_miner_url(y->miner) : NULL,
    };
    struct sim_orders orders = {.arena = &y->arena};
    y->keeper.fresh_log = setup.scenario->empty;
    y->keeper.fate = fate_of(setup.scenario);
    sim_open(&y->sim, &setup, wall_now(), &orders);
    if (y->miner)
        sim_miner_begin(y->miner, &y->sim);
    return obey_all(y, &orders);
}

static int feed(struct yard *y)
{
    printf("ready: feeding %s\n", y->dir);
    fflush(stdout);
    loop_timer(y->loop, loop_now(), step, y);
    return loop_run(y->loop);
}

static bool open_miner(struct yard *y, const struct rig_options *o)
{
    struct err none;
    if (o->miner && scenario_has_chain(scenario_find(o->scenario)) && sim_miner_found(y->keeper.program)) {
        struct sim_miner_setup m = {y->loop, y->dir_fd, y->dir, y->keeper.program};
        y->miner = sim_miner_open(&m, &none); /* without it the rig is what it was */
    }
    return true;
}

static int open_and_feed(struct yard *y, const struct rig_options *o)
{
    bool opened = sim_stages_open(y->dir, &y->err) && keeper_open(&y->keeper, y->dir_fd, y->dir, o->speed, &y->err) &&
                  open_loop(y, o) && open_miner(y, o);
    int code = opened && first_orders(y, o) ? feed(y) : sim_complain(&y->err);
    stage_close();
    sim_miner_stop(y->miner);
    keeper_close(&y->keeper);
    sim_miner_close(y->miner);
    if (y->loop)
        loop_close(y->loop);
    return code;
}

int sim_rig(int argc, char **argv)
{
    struct rig_options o = {.speed = 1, .seed = 1, .history = 14, .scenario = "busy"};
    struct yard y = {.dir_fd = -1};
    int words = sim_words(sim_rig_options, argc, argv, &o, &y.err);
    if (words >= 0 && o.list)
        return list();
    if (words < 0 || !check(&o, words, &y.err))
        return sim_complain(&y.err);
    y.dir_fd = sim_folder_open(argv[1], y.dir, &y.err);
    int mark_fd = y.dir_fd < 0 ? -1 : sim_folder_lock(y.dir_fd, y.dir, &y.err);
    int code = mark_fd < 0 ? sim_complain(&y.err) : open_and_feed(&y, &o);
    arena_release(&y.arena);
    if (mark_fd >= 0)
        close(mark_fd);
    return code;
}
