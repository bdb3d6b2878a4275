/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-node run: the daemon. */
#include "cmd/node_daemon.h"

#include "loop/systemd.h"

#include <errno.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { SWEEP_MS = 600000, STATUS_MS = 1000, STATUS_IDLE_MS = 30000 };

const struct option_row node_run_options[] = {
    {"config", 0, "FILE", "the settings (davy.toml of the rig's folder)", OPTION_TEXT,
     offsetof(struct node_options, config)},
    {"directory", 'C', "DIR", "the rig's folder (where davy-node is started)", OPTION_TEXT,
     offsetof(struct node_options, dir)},
    {.name = NULL},
};

/* ---- turns ---- */

static void on_tick(void *ctx)
{
    node_pump(ctx);
}

static void draw(struct node_daemon *d)
{
    int64_t now = loop_now(), rest = d->drawn_ms + (d->dirty ? STATUS_MS : STATUS_IDLE_MS) - now;
    if (rest <= 0) {
        node_status_write(d);
        d->drawn_ms = now;
        d->dirty = false;
    }
}

void node_pump(struct node_daemon *d)
{
    enum agent_state before = d->agent.state;
    agent_at(&d->agent, loop_now(), (uint32_t)wall_now());
    node_carry_out(d);
    agent_tick(&d->agent);
    node_carry_out(d);
    if (d->agent.state != before)
        node_log(d, NODE_INFO, "node.state", NULL,
                 json_pack("{ss ss}", "was", agent_states[before].name, "is", agent_states[d->agent.state].name));
    draw(d);
    if (d->leaving) {
        if (!d->ask[CALL_HEARTBEAT].fetch)
            loop_stop(d->loop, 0);
        return;
    }
    int64_t next = agent_next_ms(&d->agent), now = loop_now();
    int64_t show = d->drawn_ms + (d->dirty ? STATUS_MS : STATUS_IDLE_MS);
    next = next < show ? next : show;
    loop_timer(d->loop, next > now ? next : now + 1, on_tick, d);
}

/* ---- the machine ---- */

static bool gpus_gone(const struct node_daemon *d)
{
    size_t good = 0;
    for (size_t i = 0; i < d->probe.gpus; i++)
        good += !d->probe.gpu[i].lost;
    return d->probe.gpus > 0 && good == 0;
}

/* The look's texts live until the next one begins: what is kept is copied by taking the arena's turn. */
static void on_probe(void *ctx, const struct probe *p)
{
    struct node_daemon *d = ctx;
    struct arena a = {0};
    bool first = !d->looked;
    d->probe = *p;
    struct probe_offer offer = node_offer(&d->config, d->id);
    json_t *can = probe_capabilities(p, &offer);
    char mark[65];
    receipt_sha256(mark, probe_mark(&a, can));
    json_decref(can);
    arena_release(&a);
    bool changed = strcmp(mark, d->mark) != 0;
    memcpy(d->mark, mark, sizeof mark);
    memmove(d->util + 1, d->util, (NODE_SHOT - 1) * sizeof *d->util);
    d->util[0] = p->gpus ? p->gpu[0].util_pct : NOT_KNOWN;
    d->utils += d->utils < NODE_SHOT && p->gpus > 0;
    agent_at(&d->agent, loop_now(), (uint32_t)wall_now());
    agent_side(&d->agent, AGENT_DISK_LOW, p->disk_free_mb != NOT_KNOWN && p->disk_free_mb < d->config.is->disk_low_mb);
    agent_side(&d->agent, AGENT_GPU_LOST, gpus_gone(d));
    d->looked = true;
    if (first) {
        agent_connect(&d->agent);
    } else if (changed) {
        node_log(d, NODE_INFO, "probe.changed", NULL, json_pack("{si}", "gpus", (int)p->gpus));
        agent_facts_changed(&d->agent);
    }
    node_pump(d);
}

static void look(struct node_daemon *d)
{
    node_eye_look(d->eye, on_probe, d);
}

static void on_look(void *ctx)
{
    struct node_daemon *d = ctx;
    loop_timer(d->loop, loop_now() + (int64_t)(d->config.is->probe_s * 1000), on_look, d);
    look(d);
}

/* ---- signals ---- */

static struct agent_options agent_options_of(const struct node_config *c)
{
    const struct node_settings *is = c->is;
    return (struct agent_options){.heartbeat_ms = (int64_t)(is->heartbeat_s * 1000),
                                  .poll_ms = (int64_t)(is->poll_s * 1000),
                                  .drain_ms = (int64_t)(is->drain_s * 1000),
                                  .retry_ms = (int64_t)(is->retry_s * 1000),
                                  .jitter_pct = 10,
                                  .cpu_slots = (int)is->cpu_slots,
                                  .gpu_slots = (int)is->gpu_slots,
                                  .pending_most = (int)is->pending,
                                  .attempts_most = (int)is->attempts,
                                  .report_shutdown = is->report_shutdown};
}

static void on_leave(void *ctx, int signo)
{
    struct node_daemon *d = ctx;
    struct err e;
    (void)signo;
    systemd_tell("STOPPING=1", &e);
    if (d->agent.stop) { /* asked twice: at once. What ran is looked through after the next start */
        loop_stop(d->loop, 0);
        return;
    }
    node_log(d, NODE_INFO, "node.stop", NULL, NULL);
    agent_at(&d->agent, loop_now(), (uint32_t)wall_now());
    agent_stop(&d->agent);
    node_pump(d);
}

static void reload(struct node_daemon *d)
{
    struct node_config fresh;
    struct err e;
    char key[NODE_KEY];
    const struct node_options o = {.dir = d->config.dir, .config = d->config.file};
    memcpy(key, d->key, sizeof key);
    bool good = node_config_read(&fresh, &o, &e);
    if (good && (strcmp(fresh.root, d->config.root) != 0 || fresh.dialect != d->config.dialect)) {
        err_set(&e, "workspace and dialect change with a restart only");
        node_config_close(&fresh);
        good = false;
    }
    if (good && !node_secret(&fresh, key, &e)) {
        node_config_close(&fresh);
        good = false;
    }
    if (!good) {
        node_log(d, NODE_ERROR, "config.error", NULL, json_pack("{ss}", "why", e.text));
        node_pump(d);
        return;
    }
    node_config_close(&d->config);
    d->config = fresh;
    d->agent.is = agent_options_of(&d->config);
    agent_at(&d->agent, loop_now(), (uint32_t)wall_now());
    agent_key_read(&d->agent, strcmp(key, d->key) != 0);
    memcpy(d->key, key, sizeof key);
    explicit_bzero(key, sizeof key);
    node_log_open(d);
    node_log(d, NODE_INFO, "config.reload", NULL, NULL);
    look(d);
    node_pump(d);
}

static void on_reload(void *ctx, int signo)
{
    (void)signo;
    reload(ctx);
}

static void on_sweep(void *ctx)
{
    struct node_daemon *d = ctx;
    node_store_sweep(d, wall_now());
    loop_timer(d->loop, loop_now() + SWEEP_MS, on_sweep, d);
}

static void on_watchdog(void *ctx)
{
    struct node_daemon *d = ctx;
    struct err e;
    systemd_tell("WATCHDOG=1", &e);
    loop_timer(d->loop, loop_now() + systemd_watchdog_ms() / 2, on_watchdog, d);
}

/* ---- start and end ---- */

static bool open_all(struct node_daemon *d, const struct node_options *o, struct err *e)
{
    const struct fetcher_options f = {.agent = "aitbc-miner/davy-" DAVY_VERSION};
    struct fetcher_options with = f;
    const struct rlimit none = {0, 0};
    prctl(PR_SET_DUMPABLE, 0); /* a key is in memory */
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    signal(SIGPIPE, SIG_IGN);
    if (!node_config_read(&d->config, o, e) || !node_config_complete(&d->config, e))
        return false;
    with.ca_file = d->config.is->ca_file;
    d->loop = loop_open(e);
    return d->loop && node_secret(&d->config, d->key, e) && node_store_open(d, e) &&
           (node_log_open(d), node_book_open(d, e)) && (d->fetcher = fetcher_open(d->loop, &with, e)) != NULL &&
           node_control_open(d, e) && loop_signal(d->loop, SIGTERM, on_leave, d, e) &&
           loop_signal(d->loop, SIGINT, on_leave, d, e) && loop_signal(d->loop, SIGHUP, on_reload, d, e);
}

static void begin(struct node_daemon *d)
{
    struct err e;
    const struct agent_options options = agent_options_of(&d->config);
    cgroup_probe(NULL, NULL, &d->groups);
    for (int i = 0; i < AGENT_JOBS; i++)
        d->job[i].d = d;
    agent_open(&d->agent, &options);
    agent_at(&d->agent, loop_now(), randombytes_random());
    d->started_ms = loop_now();
    node_log(d, NODE_INFO, "node.start", NULL, json_pack("{ss}", "version", DAVY_VERSION));
    node_count_open(d);
    node_http_open(d);
    agent_recovering(&d->agent);
    node_recover(d);
    node_carry_out(d);
    node_share_open(d);
    d->eye = node_eye_open(d->loop, d->fetcher, &d->config);
    on_look(d);
    on_sweep(d);
    if (systemd_watchdog_ms() > 0)
        on_watchdog(d);
    systemd_tell("READY=1", &e);
    fprintf(stderr, "davy-node: %s works for %s\n", d->id, d->config.is->url);
    node_pump(d);
}

static void close_all(struct node_daemon *d)
{
    for (int i = 0; i < AGENT_JOBS; i++) {
        if (d->job[i].runner)
            runner_forget(d->job[i].runner);
        json_decref(d->job[i].report);
        arena_release(&d->job[i].a);
    }
    node_share_close(d);
    if (d->http)
        node_http_close(d);
    if (d->started_ms)
        node_count_close(d);
    if (d->loop)
        node_control_close(d);
    node_eye_close(d->eye);
    fetcher_close(d->fetcher);
    explicit_bzero(d->key, sizeof d->key);
    explicit_bzero(d->token, sizeof d->token);
    int fds[] = {d->ledger_fd, d->log_fd, d->lock_fd};
    for (size_t i = 0; i < sizeof fds / sizeof *fds; i++)
        if (fds[i] >= 0)
            close(fds[i]);
    free(d->paid);
    node_config_close(&d->config);
    if (d->loop)
        loop_close(d->loop);
    free(d);
}

int node_run(const struct tool *t, int argc, char **argv)
{
    struct node_options o = {0};
    struct err e;
    struct node_daemon *d = calloc(1, sizeof *d);
    if (!d)
        abort();
    d->ledger_fd = d->log_fd = d->lock_fd = d->control_fd = -1;
    int words = tool_words(t, node_run_options, argc, argv, 0, &o, &e), code = TOOL_USAGE;
    if (words == 0 && open_all(d, &o, &e)) {
        begin(d);
        code = loop_run(d->loop);
        node_log(d, NODE_INFO, "node.stopped", NULL, NULL);
        d->agent.state = AGENT_STOPPED;
        node_status_write(d);
    } else {
        tool_complain(t, &e);
    }
    close_all(d);
    return code;
}
