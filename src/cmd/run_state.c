/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What davy-run tells others: its state file, systemd, standard error. */
#include "cmd/run.h"

#include "base/file.h"
#include "loop/systemd.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STATE_MOST = 1 << 20 };

void run_say(const char *format, ...)
{
    va_list args;
    fputs("davy-run: ", stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

static const char *state_of(const struct run_module *m)
{
    static const char *const names[] = {
        [MODULE_RUNNING] = "running", [MODULE_STOPPING] = "stopping", [MODULE_WAITING] = "waiting"};
    return m->state == MODULE_WAITING && m->looping ? "crash loop" : names[m->state];
}

static json_t *module_json(const struct run_module *m)
{
    int64_t next = m->state == MODULE_WAITING ? wall_now() + m->next_ms - loop_now() : 0;
    return json_pack("{s:s, s:o, s:I, s:I, s:i, s:o, s:o, s:s}", "state", state_of(m), "pid",
                     m->pid > 0 ? json_integer(m->pid) : json_null(), "born_ticks",
                     (json_int_t)(m->pid > 0 ? run_tree_born(m->pid) : 0), "since_ms", (json_int_t)m->since_ms,
                     "restarts", m->restarts, "last_exit",
                     m->last_exit[0] != '\0' ? json_string(m->last_exit) : json_null(), "next_ms",
                     next > 0 ? json_integer(next) : json_null(), "log", m->log.path);
}

static const struct run_module *module_of(const struct supervisor *s, const char *name)
{
    for (const struct run_module *m = s->module; m < s->module + RUN_MODULES; m++)
        if (m->state != MODULE_FREE && strcmp(m->name, name) == 0)
            return m;
    return NULL;
}

/* In the order of davy.toml; behind them those that are not wanted any more and have not ended yet. */
void run_state_write(const struct supervisor *s)
{
    struct err e;
    json_t *modules = json_object(), *config;
    const char *name;
    json_object_foreach(s->wanted, name, config)
    {
        const struct run_module *m = module_of(s, name);
        if (m != NULL)
            json_object_set_new(modules, name, module_json(m));
    }
    for (const struct run_module *m = s->module; m < s->module + RUN_MODULES; m++)
        if (m->state != MODULE_FREE && json_object_get(modules, m->name) == NULL)
            json_object_set_new(modules, m->name, module_json(m));
    json_t *root = json_pack("{s:i, s:i, s:s, s:I, s:o}", "version", 1, "pid", (int)getpid(), "mode",
                             s->how.direct != NULL ? "direct" : "watchdog", "updated_at_ms", (json_int_t)wall_now(),
                             "modules", modules);
    char *text = json_dumps(root, JSON_INDENT(1));
    if (text == NULL)
        abort();
    if (!file_keep(s->state, bytes_of(text), 0644, &e))
        run_say("%s", e.text);
    free(text);
    json_decref(root);
}

/* Their numbers may be others' by now: the time of birth tells. */
size_t run_state_signal_old(const struct supervisor *s, int signo)
{
    struct arena a = {0};
    struct file_stat st;
    struct bytes text;
    struct err e;
    size_t count = 0;
    const char *name;
    json_t *module,
        *root = file_read(&a, s->state, STATE_MOST, &text, &st, &e) ? json_read(text, "run.json", &e) : NULL;
    json_object_foreach((json_t *)json_child(root, "modules"), name, module)
    {
        int64_t pid = json_int(module, "pid"), born = json_int(module, "born_ticks");
        char *mark = arena_text(&a, "DAVY_RUN=%s:%s", s->dir, name);
        bool same = pid > 1 && pid <= INT_MAX && born > 0 && run_tree_born((pid_t)pid) == (uint64_t)born;
        count += run_tree_signal(mark, same ? (pid_t)pid : 0, signo);
    }
    json_decref(root);
    arena_release(&a);
    return count;
}

void run_notify(const char *text)
{
    struct err e;
    if (!systemd_tell(text, &e))
        run_say("%s", e.text);
}

static bool is_module(const struct supervisor *s, pid_t pid)
{
    for (size_t i = 0; i < RUN_MODULES; i++)
        if (s->module[i].pid == pid)
            return true;
    return false;
}

/* The first processes of modules are the loop's to reap. */
void run_orphans(void *ctx, int signo)
{
    const struct supervisor *s = ctx;
    siginfo_t info = {.si_pid = 0};
    (void)signo;
    while (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid > 0 && !is_module(s, info.si_pid)) {
        waitid(P_PID, (id_t)info.si_pid, &info, WEXITED | WNOHANG);
        info.si_pid = 0;
    }
}
