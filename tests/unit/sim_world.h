/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A simulated rig with its folder in memory, for the tests of sim/. */
#ifndef DAVY_TESTS_SIM_WORLD_H
#define DAVY_TESTS_SIM_WORLD_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/json.h"
#include "base/timetext.h"
#include "sim/actors.h"
#include "sim/rig.h"

enum { SEED = 7 };
static const int64_t start_ms = 1795331876000; /* 2026-11-22 07:17:56 UTC */

/* A whole folder in memory: what the orders made of each file. */
struct world {
    struct arena arena;
    struct sim sim;
    struct sim_text file[SIM_FILES];
    int64_t age_ms[SIM_FILES];
    int starts, kills, removals;
    int appended_lines, partial_lines;
    bool answers; /* a started daemon is up */
};

static inline void obey(struct world *w, const struct sim_order *o, int64_t now_ms)
{
    struct sim_text *f = &w->file[o->file];
    f->arena = &w->arena;
    w->starts += o->act == SIM_DAEMON_START;
    w->kills += o->act == SIM_DAEMON_KILL;
    if (o->act == SIM_DAEMON_START || o->act == SIM_DAEMON_KILL) {
        sim_daemon_is(&w->sim, o->act == SIM_DAEMON_START && w->answers, now_ms);
        return;
    }
    w->removals += o->act == SIM_REMOVE;
    if (o->act == SIM_APPEND) {
        w->appended_lines++;
        w->partial_lines += o->content.at[o->content.len - 1] != '\n';
    } else {
        f->len = 0;
    }
    w->age_ms[o->file] = o->age_ms;
    put_bytes(f, o->act == SIM_TELL ? pipeline_text(&w->sim, &w->arena) : o->content);
}

static inline void run(struct world *w, int64_t from_ms, int64_t until_ms, int64_t stride_ms)
{
    for (int64_t now = from_ms; now <= until_ms; now += stride_ms) {
        struct sim_orders orders = {.arena = &w->arena};
        sim_step(&w->sim, now, &orders);
        for (size_t i = 0; i < orders.count; i++)
            obey(w, &orders.order[i], now);
    }
}

static inline struct world *open_seeded(const char *scenario, double speed, int64_t days, uint64_t seed)
{
    struct world *w = test_calloc(1, sizeof *w);
    struct sim_orders orders = {.arena = &w->arena};
    struct sim_setup setup = {.seed = seed,
                              .speed = speed,
                              .scenario = scenario_find(scenario),
                              .history_days = days,
                              .pid = 4242,
                              .dir = "/rig",
                              .program = "/bin/davy-sim"};
    w->answers = true;
    assert_non_null(setup.scenario);
    sim_open(&w->sim, &setup, start_ms, &orders);
    for (size_t i = 0; i < orders.count; i++)
        obey(w, &orders.order[i], start_ms);
    return w;
}

static inline struct world *open_world(const char *scenario, double speed, int64_t days)
{
    return open_seeded(scenario, speed, days, SEED);
}

static inline void close_world(struct world *w)
{
    arena_release(&w->arena);
    test_free(w);
}

static inline bool has(const struct world *w, enum sim_file file, const char *text)
{
    struct bytes all = put_done(&w->file[file]);
    return bytes_find(all, text) < all.len;
}

static inline int count_of(const struct world *w, enum sim_file file, const char *text)
{
    int n = 0;
    struct bytes rest = put_done(&w->file[file]);
    for (size_t at = bytes_find(rest, text); at < rest.len; at = bytes_find(rest, text), n++)
        rest = bytes_from(rest, at + strlen(text));
    return n;
}

static inline json_t *json_of(const struct world *w, enum sim_file file)
{
    struct err e = {""};
    json_t *root = json_read(put_done(&w->file[file]), sim_path(file), &e);
    if (!root)
        fail_msg("%s", e.text);
    return root;
}

static inline double mean_of_last(const struct world *w, int n)
{
    double score[4096];
    int count = 0;
    struct bytes rest = put_done(&w->file[SIM_HISTORY]), line;
    while (bytes_line(&rest, &line)) {
        json_t *r = json_read(line, "line", NULL);
        double v = json_num(r, "validator_score");
        if (v >= 0)
            score[count++ % 4096] = v;
        json_decref(r);
    }
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += score[(count - 1 - i) % 4096];
    return sum / n;
}

#endif
