/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy: the dashboard and its one-shot commands. `davy NAME` runs the built-in NAME or the program davy-NAME. */
#include "cmd/davy.h"

#include "base/json.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "cmd/davy_keymap.h"

#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

const struct option_row davy_options[] = {
    {"ascii", 0, NULL, "draw with 7-bit characters only", OPTION_FLAG, offsetof(struct davy_options, ascii)},
    {"color", 0, "DEPTH", "24bit, 256, 16, 8 or none (what the terminal says)", OPTION_TEXT,
     offsetof(struct davy_options, color)},
    {"config", 0, "FILE", "the settings (davy.toml of the rig's folder)", OPTION_TEXT,
     offsetof(struct davy_options, config)},
    {"directory", 'C', "DIR", "the rig's folder (where davy is started)", OPTION_TEXT,
     offsetof(struct davy_options, dir)},
    {"graph", 0, "FORM", "draw charts as braille, block or ascii", OPTION_TEXT, offsetof(struct davy_options, graph)},
    {"help", 'h', NULL, "print this help", OPTION_FLAG, offsetof(struct davy_options, help)},
    {"keys", 0, "KEYS", "with --once: keys pressed before, as 3,Enter,j", OPTION_TEXT,
     offsetof(struct davy_options, keys)},
    {"no-color", 0, NULL, "no colours; NO_COLOR in the environment says the same", OPTION_FLAG,
     offsetof(struct davy_options, no_color)},
    {"now", 0, "MS", "the clock, in milliseconds of the epoch", OPTION_INT, offsetof(struct davy_options, now_ms)},
    {"once", 0, NULL, "one frame, or the whole model, to standard output", OPTION_FLAG,
     offsetof(struct davy_options, once)},
    {"output", 'o', "FORM", "with --once: ansi, json, styles, svg, text or tmux (text)", OPTION_TEXT,
     offsetof(struct davy_options, output)},
    {"plain", 0, NULL, "tell facts and changes line by line: for screen readers", OPTION_FLAG,
     offsetof(struct davy_options, plain)},
    {"read-only", 0, NULL, "nothing that changes the rig can be started", OPTION_FLAG,
     offsetof(struct davy_options, read_only)},
    {"size", 0, "WxH", "with --once: the size of the frame (80x24)", OPTION_SIZE, offsetof(struct davy_options, size)},
    {"theme", 0, "NAME", "the colours: a name of davy's themes, or a file", OPTION_TEXT,
     offsetof(struct davy_options, theme)},
    {"version", 0, NULL, "print the version", OPTION_FLAG, offsetof(struct davy_options, version)},
    {"watch", 0, "HOW", "notice changes by inotifytools, raw or poll (the best that works)", OPTION_TEXT,
     offsetof(struct davy_options, watch)},
    {.name = NULL},
};

const struct davy_command davy_commands[] = {
    {"alerts", "davy alerts list|ack|silence|unsilence|history|test-message ...",
     "what fires since when; acknowledge, silence, look back", alerts_options, davy_alerts},
    {"budget", "davy budget show|reset", "the token budgets, or a new month for them", budget_options, davy_budget},
    {"bundle", "davy bundle [-o FILE]", "versions, doctor, settings, log and model for who shall help, without secrets",
     bundle_options, davy_bundle},
    {"check", "davy check [--brief | --json | --explain RULE | ...]", "one heartbeat: HEARTBEAT_OK, or the alerts",
     check_options, davy_check},
    {"commit", "davy commit --force [--yes]", "publish the auction bid again, as the key c", commit_options,
     davy_commit},
    {"completion", "davy completion bash|fish|zsh", "what a shell needs to complete davy's words", NULL,
     davy_completion},
    {"config", "davy config --example | --check [FILE]", "print a davy.toml with every setting, or check one",
     config_options, davy_config},
    {"demo", "davy demo [options]", "a simulated rig, and the dashboard on it", demo_options, davy_demo},
    {"doctor", "davy doctor [-o text|json]", "what was found, what is missing, how to set it", doctor_options,
     davy_doctor},
    {"export", "davy export json|prometheus|prometheus-rules [-o FILE]", "all that is known, or the metrics, once",
     export_options, davy_export},
    {"help", "davy help [COMMAND]", "print this help, or that of a command", NULL, davy_help},
    {"history", "davy history [--by WHAT] [--since T] [--where EXPR] ...",
     "all tasks, one by one or summed up, for scripts", history_options, davy_history},
    {"manual", "davy manual davy|davy.toml", "print a manual page (troff)", NULL, davy_manual},
    {"report", "davy report heartbeat|daily|weekly [-o FORM]", "how the miner does, in a few lines", report_options,
     davy_report},
    {"restart", "davy restart [--yes] [--force]", "restart the daemon, as the key r", restart_options, davy_restart},
    {"stage", "davy stage start|complete|failed|reset|show|log|run ...",
     "tell the stages of a miner, for shell scripts", stage_options, davy_stage},
    {.name = NULL},
};

int davy_fail(const struct err *e)
{
    fprintf(stderr, "davy: %s\n", e->text);
    return DAVY_UNKNOWN;
}

bool davy_ui(const struct davy_options *o, const struct settings *s, struct ui *ui, struct err *e)
{
    ui->ascii = o->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    ui->read_only = o->read_only;
    return davy_graph(o->graph != NULL ? o->graph : s->graph, &ui->graph, e);
}

static bool pick_watch(const char *name, enum watch_backend *out, struct err *e)
{
    static const struct {
        const char *name;
        enum watch_backend backend;
    } table[] = {{"inotifytools", WATCH_INOTIFYTOOLS}, {"poll", WATCH_POLL}, {"raw", WATCH_RAW}};
    for (size_t i = 0; name != NULL && i < sizeof table / sizeof table[0]; i++) {
        if (strcmp(table[i].name, name) == 0) {
            *out = table[i].backend;
            return true;
        }
    }
    return name == NULL || err_set(e, "--watch %.40s: expected inotifytools, raw or poll", name);
}

bool davy_rig_options(const struct davy_options *o, struct rig_options *out, struct err *e)
{
    *out = (struct rig_options){.dir = o->dir, .config = o->config, .now_ms = o->now_ms, .check = davy_check_keys};
    return pick_watch(o->watch, &out->backend, e);
}

/* As the XDG base directories say: what can be made anew at any time. */
static void find_cache(char out[PATH_MAX])
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache != NULL && *cache == '/')
        snprintf(out, PATH_MAX, "%s", cache);
    else if (home != NULL && *home == '/')
        snprintf(out, PATH_MAX, "%s/.cache", home);
}

void davy_keep(const struct davy_options *o, struct rig_options *out)
{
    out->keep = !o->read_only;
    find_cache(out->cache);
}

struct rig *davy_look(const struct davy_options *o, struct err *e)
{
    struct rig_options options;
    if (!davy_rig_options(o, &options, e))
        return NULL;
    davy_keep(o, &options);
    return rig_open(&options, e);
}

static int run(struct davy_options *o, int argc, char **argv)
{
    struct err e;
    int words = options_parse(davy_options, argc, argv, o, &e);
    if (words < 0)
        return davy_fail(&e);
    const char *no_color = getenv("NO_COLOR");
    o->no_color = o->no_color || (no_color != NULL && *no_color != '\0');
    if (o->watch == NULL)
        o->watch = getenv("DAVY_WATCH");
    if (o->version)
        return puts("davy " DAVY_VERSION) < 0 ? DAVY_UNKNOWN : DAVY_OK;
    if (o->help)
        return davy_help(o, 1, argv);
    if (words < argc)
        return davy_run_command(o, argc - words, argv + words);
    return o->once ? davy_once(o) : o->plain ? davy_plain(o, 0) : davy_dashboard(o, 0);
}

/* Only LC_CTYPE, never LC_NUMERIC: numbers in files have points. ssh hands on names of locales that this machine does not
 * have; if they are UTF-8, the terminal on the other side is. */
static void set_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *name = NULL;
    if (setlocale(LC_CTYPE, "") != NULL)
        return;
    for (size_t i = 0; i < sizeof names / sizeof names[0] && (name == NULL || *name == '\0'); i++)
        name = getenv(names[i]);
    if (name != NULL && (strcasestr(name, ".utf-8") != NULL || strcasestr(name, ".utf8") != NULL))
        setlocale(LC_CTYPE, "C.UTF-8");
}

int main(int argc, char **argv)
{
    struct davy_options o = {.now_ms = NOT_KNOWN, .size = {80, 24}};
    set_locale();
    json_object_seed(0);
    int code = run(&o, argc, argv);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    if (code != DAVY_UNKNOWN) /* else the sentence was said */
        fputs("davy: cannot write to standard output\n", stderr);
    return DAVY_UNKNOWN;
}
