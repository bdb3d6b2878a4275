/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-run: keeps the modules of a miner running. */
#include "cmd/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOOK_MS = 100, CLEAR_MS = 10000 };

struct run_options {
    const char *dir, *config, *direct;
    bool force_fresh, help, version;
};
static const struct option_row options[] = {
    {"config", 0, "FILE", "the settings (davy.toml of the rig's folder)", OPTION_TEXT,
     offsetof(struct run_options, config)},
    {"direct", 0, "USER", "one account only: modules with a direct command run that, {user} in it is USER", OPTION_TEXT,
     offsetof(struct run_options, direct)},
    {"directory", 'C', "DIR", "the rig's folder (where davy-run is started)", OPTION_TEXT,
     offsetof(struct run_options, dir)},
    {"force-fresh", 0, NULL, "with --direct: --force-fresh behind those commands", OPTION_FLAG,
     offsetof(struct run_options, force_fresh)},
    {"help", 'h', NULL, "print this help", OPTION_FLAG, offsetof(struct run_options, help)},
    {"version", 0, NULL, "print the version", OPTION_FLAG, offsetof(struct run_options, version)},
    {.name = NULL},
};

/* ---- modules ---- */

static struct run_module *module_named(struct supervisor *s, const char *name)
{
    for (size_t i = 0; i < RUN_MODULES; i++)
        if (s->module[i].state != MODULE_FREE && strcmp(s->module[i].name, name) == 0)
            return &s->module[i];
    return NULL;
}

static void start_one(struct supervisor *s, const char *name, json_t *config)
{
    struct run_module *m = s->module;
    while (m < s->module + RUN_MODULES && m->state != MODULE_FREE)
        m++;
    if (m == s->module + RUN_MODULES) /* one of them is still stopping: its end will bring us here again */
        return;
    *m = (struct run_module){.of = s, .out_fd = -1, .config = json_incref(config)};
    snprintf(m->name, sizeof m->name, "%s", name);
    snprintf(m->mark, sizeof m->mark, "DAVY_RUN=%s:%s", s->dir, name);
    run_log_open(&m->log, s->dir, name);
    run_module_start(m);
}

static size_t running(const struct supervisor *s)
{
    size_t n = 0;
    for (size_t i = 0; i < RUN_MODULES; i++)
        n += s->module[i].state != MODULE_FREE;
    return n;
}

/* What took its mark off and lost its parents came to us. */
static void on_last(void *ctx)
{
    struct supervisor *s = ctx;
    if (run_tree_signal("", getpid(), loop_now() >= s->clear_ms ? SIGKILL : SIGTERM) == 0)
        loop_stop(s->loop, RUN_OK);
    else
        loop_timer(s->loop, loop_now() + LOOK_MS, on_last, s);
}

void supervisor_changed(struct supervisor *s)
{
    const char *name;
    json_t *config;
    if (s->leaving && running(s) == 0)
        on_last(s);
    if (!s->leaving)
        json_object_foreach(s->wanted, name, config)
        {
            if (module_named(s, name) == NULL)
                start_one(s, name, config);
        }
    run_state_write(s);
}

/* ---- signals ---- */

static void on_leave(void *ctx, int signo)
{
    struct supervisor *s = ctx;
    (void)signo;
    run_notify("STOPPING=1");
    s->leaving = true;
    s->clear_ms = loop_now() + CLEAR_MS;
    for (size_t i = 0; i < RUN_MODULES; i++)
        run_module_stop(&s->module[i]);
    supervisor_changed(s);
}

/* What is not in it any more, or otherwise, is stopped; when it is gone, what is in it and does not run starts. */
static void on_reload(void *ctx, int signo)
{
    struct supervisor *s = ctx;
    struct err e;
    json_t *wanted = run_config_read(s->config, &e);
    (void)signo;
    if (wanted == NULL || s->leaving) {
        run_say("%s; everything runs on as it was", wanted == NULL ? e.text : "leaving");
        json_decref(wanted);
        return;
    }
    json_decref(s->wanted);
    s->wanted = wanted;
    for (struct run_module *m = s->module; m < s->module + RUN_MODULES; m++)
        if (m->state != MODULE_FREE && !json_equal(m->config, json_object_get(wanted, m->name)))
            run_module_stop(m);
    run_say("read %s again", s->config);
    supervisor_changed(s);
}

/* ---- the start ---- */

/* A davy-run that was killed left its modules: two of them would do everything twice. */
static void on_clear(void *ctx)
{
    struct supervisor *s = ctx;
    bool late = loop_now() >= s->clear_ms;
    size_t left = run_state_signal_old(s, late ? SIGKILL : 0);
    const char *name;
    json_t *config;
    json_object_foreach(s->wanted, name, config)
    {
        char mark[PATH_MAX + 64];
        snprintf(mark, sizeof mark, "DAVY_RUN=%s:%s", s->dir, name);
        left += run_tree_signal(mark, 0, late ? SIGKILL : 0);
    }
    if (s->leaving) {
        loop_stop(s->loop, RUN_OK);
    } else if (left > 0) {
        loop_timer(s->loop, loop_now() + LOOK_MS, on_clear, s);
    } else {
        supervisor_changed(s);
        run_notify("READY=1");
    }
}

static void clear(struct supervisor *s)
{
    size_t old = run_state_signal_old(s, SIGTERM);
    if (old > 0)
        run_say("ending %zu processes of the davy-run before", old);
    s->clear_ms = loop_now() + CLEAR_MS;
    on_clear(s);
}

/* One davy-run a rig. */
static bool take_lock(struct supervisor *s, struct err *e)
{
    char path[PATH_MAX];
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, i == 0 ? "%.3900s/state" : "%.3900s/state/davy", s->dir);
        if (mkdir(path, 0755) != 0 && errno != EEXIST)
            return err_set(e, "%.200s: %s", path, strerror(errno));
    }
    snprintf(s->state, sizeof s->state, "%.3900s/state/davy/run.json", s->dir);
    snprintf(path, sizeof path, "%.3900s/state/davy/run.lock", s->dir);
    s->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (s->lock_fd < 0)
        return err_set(e, "%.200s: %s", path, strerror(errno));
    return flock(s->lock_fd, LOCK_EX | LOCK_NB) == 0 || err_set(e, "%.200s: another davy-run runs this rig", s->dir);
}

static bool find(struct supervisor *s, const struct run_options *o, struct err *e)
{
    if (realpath(o->dir != NULL ? o->dir : ".", s->dir) == NULL)
        return err_set(e, "%.200s: %s", o->dir, strerror(errno));
    if (strlen(s->dir) > 3000)
        return err_set(e, "%.200s...: the name is too long", s->dir);
    if (o->config == NULL)
        snprintf(s->config, sizeof s->config, "%.3900s/davy.toml", s->dir);
    else if (realpath(o->config, s->config) == NULL)
        return err_set(e, "%.200s: %s", o->config, strerror(errno));
    s->how = (struct run_how){o->direct, o->force_fresh};
    s->wanted = run_config_read(s->config, e);
    return s->wanted != NULL && take_lock(s, e);
}

static bool hook_up(struct supervisor *s, struct err *e)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    signal(SIGPIPE, SIG_IGN);
    s->loop = loop_open(e);
    return s->loop != NULL && loop_signal(s->loop, SIGTERM, on_leave, s, e) &&
           loop_signal(s->loop, SIGINT, on_leave, s, e) && loop_signal(s->loop, SIGHUP, on_reload, s, e) &&
           loop_signal(s->loop, SIGCHLD, run_orphans, s, e);
}

static int supervise(const struct run_options *o)
{
    struct supervisor *s = calloc(1, sizeof *s);
    struct err e;
    int code = RUN_WRONG;
    if (s == NULL)
        abort();
    if (find(s, o, &e) && hook_up(s, &e)) {
        clear(s);
        code = loop_run(s->loop);
    } else {
        run_say("%s", e.text);
    }
    json_decref(s->wanted);
    loop_close(s->loop);
    free(s);
    return code;
}

int main(int argc, char **argv)
{
    struct run_options o = {.dir = NULL};
    struct err e;
    bool manual = argc == 2 && strcmp(argv[1], "manual") == 0;
    int words = manual ? argc : options_parse(options, argc, argv, &o, &e);
    if (words >= 0 && words < argc)
        err_set(&e, "'%.40s' is not expected; see davy-run --help", argv[words]);
    else if (words >= 0 && o.force_fresh && o.direct == NULL)
        err_set(&e, "--force-fresh wants --direct USER");
    if (words < argc || (o.force_fresh && o.direct == NULL)) {
        run_say("%s", e.text);
        return RUN_WRONG;
    }
    json_object_seed(0);
    if (manual || o.help) {
        (manual ? run_manual : run_help)(options);
        return RUN_OK;
    }
    return o.version ? puts("davy-run " DAVY_VERSION) < 0 : supervise(&o);
}
