/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/plan.h"

#include "base/timetext.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

static const char unit_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:_.@-\\";
static const char word_letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_@%+=:,./-";

const char *plan_kind_name(enum plan_kind kind)
{
    static const char *const names[] = {[PLAN_RESTART] = "restart", [PLAN_COMMIT] = "commit"};
    return names[kind];
}

static const char *example(enum plan_kind kind)
{
    static const char *const lines[] = {
        [PLAN_RESTART] = "[actions]\nrestart = [\"systemctl\", \"restart\", \"miner\"]",
        [PLAN_COMMIT] = "[actions]\ncommit = [\"davy-mine\", \"commit\", \"--force\"]",
    };
    return lines[kind];
}

static const struct plan *none(struct arena *a, enum plan_kind kind, const char *why)
{
    struct plan *p = arena_alloc(a, sizeof *p);
    *p = (struct plan){.kind = kind, .why = why, .set = example(kind), .from = "", .folder = ""};
    return p;
}

/* The settings' folder is that of their own command only. */
static struct plan *some(struct arena *a, enum plan_kind kind, const struct plan_facts *f, const char *from)
{
    struct plan *p = arena_alloc(a, sizeof *p);
    *p = (struct plan){
        .kind = kind, .known = true, .folder = f->dir, .from = from, .limit_ms = f->set[kind].limit_s * 1000};
    return p;
}

static void add_step(struct plan *p, const char *program, const char *const *argv)
{
    p->step[p->steps++] = (struct plan_step){program, argv};
}

/* ---- 1. davy.toml ---- */

static const struct plan *from_settings(struct arena *a, enum plan_kind kind, const struct plan_facts *f)
{
    const char *key = arena_text(a, "actions.%s", plan_kind_name(kind));
    const char *const *argv = f->set[kind].argv;
    const struct plan_file *program = &f->set[kind].program;
    if (f->settings_wrong)
        return none(a, kind, arena_text(a, "davy.toml sets %s, but %s", key, f->settings_wrong));
    if (!program->path || program->wrong)
        return none(a, kind,
                    arena_text(a, "davy.toml sets %s, but %s", key,
                               program->wrong ? program->wrong : "its program is not there"));
    if (f->set[kind].folder_wrong)
        return none(a, kind, arena_text(a, "davy.toml sets %s_dir, but %s", key, f->set[kind].folder_wrong));
    const char *where = strchr(argv[0], '/') ? "" : arena_text(a, "; %s is %s", argv[0], program->path);
    struct plan *p = some(a, kind, f, arena_text(a, "davy.toml (%s)%s", key, text_safe(a, bytes_of(where), 0)));
    p->folder = f->set[kind].folder;
    add_step(p, program->path, argv);
    return p;
}

/* ---- 2. systemd ---- */

static bool is_unit_name(struct bytes name)
{
    static const char suffix[] = ".service";
    size_t len = sizeof suffix - 1;
    if (name.len <= len || name.len > 128 || name.at[0] == '-' || name.at[0] == '.')
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (!name.at[i] || !strchr(unit_letters, name.at[i]))
            return false;
    return memcmp(name.at + name.len - len, suffix, len) == 0;
}

static struct bytes part_of(struct bytes *path)
{
    bytes_cut(path, "/");
    size_t len = bytes_find(*path, "/");
    struct bytes part = {path->at, len};
    *path = bytes_from(*path, len);
    return part;
}

/* The innermost service of "/user.slice/user-1000.slice/user@1000.service/app.slice/miner.service". */
static struct bytes unit_of_path(struct bytes path, bool *user)
{
    struct bytes found = {"", 0};
    *user = false;
    while (path.len > 0) {
        struct bytes part = part_of(&path);
        if (!is_unit_name(part))
            continue;
        bool manager = bytes_starts(part, "user@");
        *user = *user || manager;
        found = manager ? (struct bytes){"", 0} : part;
    }
    return found;
}

const char *plan_unit_of_cgroup(struct arena *a, const char *text, bool *user)
{
    struct bytes rest = bytes_of(text), line;
    *user = false;
    while (rest.len > 0) {
        size_t len = bytes_find(rest, "\n");
        line = (struct bytes){rest.at, len};
        rest = bytes_from(rest, len + 1);
        if (!bytes_cut(&line, "0::") && bytes_find(line, ":name=systemd:") == line.len)
            continue;
        struct bytes name = unit_of_path(bytes_from(line, bytes_find(line, "/")), user);
        if (name.len > 0)
            return arena_copy(a, name);
    }
    return "";
}

static bool is_path_end(struct bytes line, size_t at)
{
    return at >= line.len || strchr("/ \t\"';:", line.at[at]) != NULL;
}

static bool has_path(struct bytes line, const char *dir)
{
    size_t len = strlen(dir);
    for (struct bytes rest = line; rest.len >= len;) {
        size_t at = bytes_find(rest, dir);
        if (at < rest.len && is_path_end(rest, at + len))
            return true;
        rest = bytes_from(rest, at + 1);
    }
    return false;
}

bool plan_unit_names(struct bytes text, const char *dir, const char *match, bool *starts)
{
    bool named = false, daemon = false;
    while (text.len > 0) {
        size_t len = bytes_find(text, "\n");
        struct bytes line = bytes_trim((struct bytes){text.at, len});
        text = bytes_from(text, len + 1);
        if (bytes_starts(line, "#") || bytes_starts(line, ";"))
            continue;
        named = named || has_path(line, dir);
        daemon = daemon || (bytes_starts(line, "ExecStart") && ((*match && bytes_find(line, match) < line.len) ||
                                                                bytes_find(line, "start-miner") < line.len));
    }
    *starts = named && daemon;
    return named;
}

static const struct plan *restart_unit(struct arena *a, const struct plan_facts *f, struct plan_unit u,
                                       const char *from)
{
    if (!f->systemctl.path || f->systemctl.wrong)
        return none(a, PLAN_RESTART,
                    arena_text(a, "%s runs the daemon, but %s", u.name,
                               f->systemctl.wrong ? f->systemctl.wrong : "systemctl is not in PATH"));
    struct plan *p = some(a, PLAN_RESTART, f, from);
    const char **argv = arena_array(a, 5, sizeof *argv);
    int n = 0;
    argv[n++] = "systemctl";
    if (u.user)
        argv[n++] = "--user";
    argv[n++] = "restart";
    argv[n] = p->unit = u.name;
    add_step(p, f->systemctl.path, argv);
    if (!u.user && !f->root)
        p->note = "a unit of the system: without root (or a polkit rule) systemd will refuse";
    return p;
}

/* The unit that the daemon runs in, when that is really the miner's: a daemon that cron or a terminal's service has
 * started is in theirs, and so may davy itself be. */
static const struct plan *from_cgroup(struct arena *a, const struct plan_facts *f)
{
    struct plan_unit u = {0};
    bool own_user;
    u.name = f->cgroup ? plan_unit_of_cgroup(a, f->cgroup, &u.user) : "";
    const char *own = f->own_cgroup ? plan_unit_of_cgroup(a, f->own_cgroup, &own_user) : "";
    bool ours = f->unit_is_ours || strstr(u.name, "miner");
    if (!*u.name || strcmp(u.name, own) == 0 || !ours)
        return NULL;
    return restart_unit(a, f, u,
                        arena_text(a, "the systemd unit that the daemon (pid %lld) runs in", (long long)f->pid));
}

/* It runs, but not in the unit: a restart of the unit would start a second daemon, which takes the first one's socket. */
static bool lives_elsewhere(const struct plan_facts *f)
{
    bool user;
    struct arena own = {0};
    bool lives = f->daemon == DAEMON_UP || f->daemon == DAEMON_STALE || f->daemon == DAEMON_HUNG;
    const char *name = lives && f->cgroup ? plan_unit_of_cgroup(&own, f->cgroup, &user) : "";
    bool named = false;
    for (int i = 0; i < f->units && i < PLAN_UNITS; i++)
        named = named || strcmp(f->unit[i].name, name) == 0;
    arena_release(&own);
    return lives && f->cgroup && !named;
}

static bool scripts_are_there(const struct plan_facts *f)
{
    return f->start.path && f->stop.path;
}

static const struct plan *from_unit_files(struct arena *a, const struct plan_facts *f)
{
    int count = f->units < PLAN_UNITS ? f->units : PLAN_UNITS, starting = 0, pick = 0;
    const char *names = "";
    for (int i = 0; i < count; i++) {
        names = arena_text(a, "%s%s%s", names, i ? ", " : "", f->unit[i].name);
        if (f->unit[i].starts)
            pick = i;
        starting += f->unit[i].starts;
    }
    if (f->units == 0)
        return NULL;
    if (lives_elsewhere(f))
        return scripts_are_there(f) ? NULL
                                    : none(a, PLAN_RESTART,
                                           arena_text(a,
                                                      "%s names this folder, but the daemon (pid %lld) does not run in "
                                                      "it: restarting it would start a second one",
                                                      names, (long long)f->pid));
    if (f->units > 1 && starting != 1)
        return none(a, PLAN_RESTART,
                    arena_text(a, "%d systemd units name this folder (%s%s): say in davy.toml which one is meant",
                               f->units, names, f->units > count ? ", ..." : ""));
    return restart_unit(a, f, f->unit[pick], "the systemd unit whose file names the rig's folder");
}

/* ---- 3. the rig's scripts ---- */

static const struct plan *no_scripts(struct arena *a, const struct plan_facts *f)
{
    const struct plan_file *bad = f->start.wrong ? &f->start : f->stop.wrong ? &f->stop : NULL;
    if (bad)
        return none(a, PLAN_RESTART, bad->wrong);
    if (f->start.path || f->stop.path)
        return none(a, PLAN_RESTART,
                    arena_text(a, "the rig has a %s-miner.sh but no %s-miner.sh", f->start.path ? "start" : "stop",
                               f->start.path ? "stop" : "start"));
    return none(a, PLAN_RESTART,
                "davy.toml sets no actions.restart, no systemd unit names this folder, and there is no "
                "scripts/start-miner.sh and stop-miner.sh");
}

/* The way the rig's folder was reached does not matter: "scripts/stop-miner.sh". */
static const char *const *script_argv(struct arena *a, const struct plan_facts *f, const char *path)
{
    const char **argv = arena_array(a, 2, sizeof *argv);
    size_t len = strlen(f->dir);
    bool inside = strncmp(path, f->dir, len) == 0 && path[len] == '/';
    argv[0] = inside ? path + len + 1 : path;
    return argv;
}

static const struct plan *from_scripts(struct arena *a, const struct plan_facts *f)
{
    if (!scripts_are_there(f) || f->start.wrong || f->stop.wrong)
        return no_scripts(a, f);
    if (f->daemon == DAEMON_IMPOSTOR)
        return none(a, PLAN_RESTART,
                    "the pid file names another program, and stop-miner.sh would kill that: remove the pid file first");
    struct plan *p = some(a, PLAN_RESTART, f, "the rig's own scripts: stop, then start");
    add_step(p, f->stop.path, script_argv(a, f, f->stop.path));
    add_step(p, f->start.path, script_argv(a, f, f->start.path));
    return p;
}

/* ---- all ---- */

static const struct plan *restart_plan(struct arena *a, const struct plan_facts *f)
{
    const struct plan *p = f->systemd ? from_cgroup(a, f) : NULL;
    if (!p && f->systemd)
        p = from_unit_files(a, f);
    return p ? p : from_scripts(a, f);
}

static const struct plan *commit_plan(struct arena *a, const struct plan_facts *f)
{
    if (!f->mine.path)
        return none(
            a, PLAN_COMMIT,
            "davy.toml sets no actions.commit, and davy-mine, the auction miner that can be told to commit, is "
            "neither beside davy nor in PATH; the reference miner has no command for it (it commits when it starts)");
    if (f->mine.wrong)
        return none(a, PLAN_COMMIT, f->mine.wrong);
    if (!f->config)
        return none(a, PLAN_COMMIT, "there is no auction miner here: its configuration (auction.config) is not there");
    if (f->config_wrong)
        return none(a, PLAN_COMMIT, f->config_wrong);
    const char **argv = arena_array(a, 5, sizeof *argv);
    argv[0] = "davy-mine", argv[1] = "commit", argv[2] = "--force";
    argv[3] = strcmp(f->config, "config.toml") == 0 ? NULL : f->config; /* what it takes by itself */
    struct plan *p = some(a, PLAN_COMMIT, f, arena_text(a, "davy-mine, which is %s", f->mine.path));
    add_step(p, f->mine.path, argv);
    return p;
}

const struct plan *plan_make(struct arena *a, enum plan_kind kind, const struct plan_facts *f)
{
    if (f->set[kind].argv)
        return from_settings(a, kind, f);
    if (f->settings_unread)
        return none(a, kind,
                    arena_text(a, "davy.toml cannot be used, so what it sets is not known: %s", f->settings_unread));
    return kind == PLAN_RESTART ? restart_plan(a, f) : commit_plan(a, f);
}

/* ---- as text ---- */

static bool is_plain(const char *word)
{
    return *word && strspn(word, word_letters) == strlen(word);
}

static const char *quoted(struct arena *a, const char *word)
{
    const char *out = "";
    for (const char *quote; (quote = strchr(word, '\'')); word = quote + 1)
        out = arena_text(a, "%s%.*s'\\''", out, (int)(quote - word), word);
    return arena_text(a, "'%s%s'", out, word);
}

const char *plan_text(struct arena *a, const char *const *argv)
{
    const char *out = "";
    for (int i = 0; argv[i]; i++)
        out = arena_text(a, "%s%s%s", out, i ? " " : "", is_plain(argv[i]) ? argv[i] : quoted(a, argv[i]));
    return text_safe(a, bytes_of(out), 0);
}
