/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-watch: the alert engine, always on, without a terminal. */
#include "cmd/watch.h"

#include "base/timetext.h"
#include "base/utf8.h"
#include "loop/systemd.h"
#include "rule/rule.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { VALUE_CELLS = 200 };

struct watch_options {
    const char *dir, *config;
    bool help, version;
};
static const struct option_row options[] = {
    {"config", 0, "FILE", "the settings (davy.toml of the rig's folder)", OPTION_TEXT,
     offsetof(struct watch_options, config)},
    {"directory", 'C', "DIR", "the rig's folder (where davy-watch is started)", OPTION_TEXT,
     offsetof(struct watch_options, dir)},
    {"help", 'h', NULL, "print this help", OPTION_FLAG, offsetof(struct watch_options, help)},
    {"version", 0, NULL, "print the version", OPTION_FLAG, offsetof(struct watch_options, version)},
    {.name = NULL},
};

/* ---- the log ---- */

static void put_value(FILE *out, struct arena *a, const char *value)
{
    const char *safe = text_safe(a, bytes_of(value), VALUE_CELLS);
    bool plain = *safe != '\0' && strpbrk(safe, " \"=\\") == NULL;
    if (plain) {
        fputs(safe, out);
        return;
    }
    fputc('"', out);
    for (; *safe != '\0'; safe++) {
        if (*safe == '"' || *safe == '\\')
            fputc('\\', out);
        fputc(*safe, out);
    }
    fputc('"', out);
}

/* One write() a line, so that lines of children do not get into it. */
void watch_say(const char *level, const char *event, ...)
{
    char time[TIME_TEXT], *line = NULL;
    size_t len = 0;
    struct arena a = {0};
    va_list args;
    FILE *out = open_memstream(&line, &len);
    if (out == NULL)
        return;
    fprintf(out, "time=%s level=%s event=%s", time_iso(time, wall_now()), level, event);
    va_start(args, event);
    for (const char *name = va_arg(args, const char *); name != NULL; name = va_arg(args, const char *)) {
        fprintf(out, " %s=", name);
        put_value(out, &a, va_arg(args, const char *));
    }
    va_end(args);
    fputc('\n', out);
    if (fclose(out) == 0 && write(STDERR_FILENO, line, len) < 0)
        line[0] = '\0'; /* nobody reads it: there is nobody to tell */
    free(line);
    arena_release(&a);
}

/* ---- signals ---- */

void watch_soon(struct watcher_state *w)
{
    int64_t now = loop_now(), rested = w->ticked_ms + WATCH_REST_MS;
    loop_timer(w->loop, rested > now ? rested : now, watch_tick, w);
}

static void on_change(void *ctx)
{
    watch_soon(ctx);
}

static bool open_rig(struct watcher_state *w, struct err *e)
{
    struct rig *r = rig_open(&w->options, e);
    if (r == NULL || !rig_watch(r, w->loop, on_change, w, e)) {
        rig_close(r);
        return false;
    }
    rig_close(w->rig);
    w->rig = r;
    return true;
}

static void on_reload(void *ctx, int signo)
{
    struct watcher_state *w = ctx;
    struct err e;
    (void)signo;
    systemd_tell("RELOADING=1", NULL);
    tzset();
    if (open_rig(w, &e))
        watch_say("info", "reloaded", NULL);
    else
        watch_say("error", "not_reloaded", "error", e.text, NULL);
    w->office.settings_ms = 0; /* what was refused is tried again */
    systemd_tell("READY=1", NULL);
    watch_soon(w);
}

static void on_stop(void *ctx, int signo)
{
    struct watcher_state *w = ctx;
    bool again = w->leaving;
    w->leaving = true;
    watch_say("info", "stopping", "signal", strsignal(signo), NULL);
    systemd_tell("STOPPING=1", NULL);
    if (again)
        loop_stop(w->loop, WATCH_OK);
    else
        watch_left(w);
}

static void on_letter(void *ctx)
{
    struct watcher_state *w = ctx;
    if (w->leaving)
        watch_left(w);
    else
        watch_soon(w);
}

static void on_note(void *ctx, bool good, const char *text)
{
    (void)ctx;
    if (good)
        watch_say("info", "sent", NULL);
    else
        watch_say("warning", "not_sent", "error", text, NULL);
}

/* ---- the program ---- */

/* The token may be in our environment: no core, and no look into our memory, for others of this user. */
static void keep_secrets(void)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    if (getenv("DAVY_TELEGRAM_TOKEN") != NULL)
        prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static bool begin(struct watcher_state *w, struct err *e)
{
    w->options = (struct rig_options){.dir = w->dir, .config = w->config, .now_ms = NOT_KNOWN, .check = rules_check};
    w->loop = w->job.child.loop = loop_open(e);
    w->office = (struct office){.folder = -1, .lock_fd = -1};
    w->job.run = RUNS;
    w->job.child.out = -1;
    if (w->loop == NULL || !open_rig(w, e))
        return false;
    snprintf(w->folder, sizeof w->folder, "%s", rig_folder(w->rig));
    if (!office_open(&w->office, w->loop, w->folder, e))
        return false;
    w->watchdog_ms = systemd_watchdog_ms();
    w->office.done = on_letter;
    w->office.note = on_note;
    w->office.ctx = w;
    signal(SIGPIPE, SIG_IGN);
    return loop_signal(w->loop, SIGTERM, on_stop, w, e) && loop_signal(w->loop, SIGINT, on_stop, w, e) &&
           loop_signal(w->loop, SIGHUP, on_reload, w, e);
}

static int watch(const struct watch_options *o)
{
    struct watcher_state *w = calloc(1, sizeof *w);
    struct err e = {"no memory"};
    int code = WATCH_FAILED;
    if (w == NULL)
        return code;
    w->dir = o->dir;
    w->config = o->config;
    if (begin(w, &e)) {
        watch_state_open(w);
        watch_say("info", "started", "rig", w->folder, "version", DAVY_VERSION, NULL);
        watch_tick(w);
        if (!systemd_tell("READY=1", &e))
            watch_say("warning", "systemd", "error", e.text, NULL);
        code = loop_run(w->loop);
        watch_say("info", "stopped", NULL);
    } else {
        watch_say("error", "not_started", "error", e.text, NULL);
    }
    office_close(&w->office);
    child_stop(&w->job.child);
    rig_close(w->rig);
    loop_close(w->loop);
    arena_release(&w->arena);
    free(w);
    return code;
}

static int fail(const struct err *e)
{
    fprintf(stderr, "davy-watch: %s\n", e->text);
    return WATCH_FAILED;
}

int main(int argc, char **argv)
{
    struct watch_options o = {.dir = "."};
    struct err e;
    json_object_seed(0);
    int words = options_parse(options, argc, argv, &o, &e);
    if (words < 0)
        return fail(&e);
    if (words + 1 == argc && strcmp(argv[words], "manual") == 0) {
        watch_manual(options);
    } else if (words < argc) {
        err_set(&e, "'%.40s': davy-watch takes options only; see davy-watch --help", argv[words]);
        return fail(&e);
    } else if (o.help) {
        watch_help(options);
    } else if (o.version) {
        puts("davy-watch " DAVY_VERSION);
    } else {
        keep_secrets();
        return watch(&o);
    }
    return fflush(stdout) == 0 && !ferror(stdout) ? WATCH_OK : WATCH_FAILED;
}
