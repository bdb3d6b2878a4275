/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The facts of a plan: what is on this machine, and whether it may be run. It only looks. */
#include "action/plan.h"

#include "action/who.h"
#include "base/file.h"
#include "base/timetext.h"
#include "base/utf8.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { UNIT_LIMIT = 64 * 1024, CGROUP_LIMIT = 16 * 1024, UNIT_FILES_MOST = 4096 };

static const char *shown(struct arena *a, const char *path)
{
    return text_safe(a, bytes_of(path), 0);
}

static const char *join(struct arena *a, const char *dir, const char *path)
{
    return *path == '/' ? path : arena_text(a, "%s/%s", dir, path);
}

/* ---- who may have written it ---- */

/* sudo davy: what belongs to who called it is trusted like davy's own. */
static bool is_trusted(uid_t owner)
{
    const char *sudo = getenv("SUDO_UID");
    char *end = NULL;
    unsigned long caller = sudo ? strtoul(sudo, &end, 10) : 0;
    return owner == 0 || owner == geteuid() ||
           (geteuid() == 0 && sudo && end != sudo && *end == '\0' && owner == (uid_t)caller);
}

static const char *wrong_owner(struct arena *a, const char *path, const struct stat *s, bool owned)
{
    if (s->st_mode & S_IWOTH)
        return arena_text(a, "everybody may write to %s: chmod o-w it", shown(a, path));
    if (owned && !is_trusted(s->st_uid))
        return arena_text(a, "%s belongs to user %s, not to you or root", shown(a, path), who_name(a, s->st_uid));
    return NULL;
}

/* NULL: it may be run. owned: it must be ours or root's, and so must its folder; else only not everybody may write to it,
 * or put another file in its place. */
static const char *wrong_with(struct arena *a, const char *path, bool owned)
{
    struct stat s, folder;
    const char *dir = arena_copy(a, (struct bytes){path, (size_t)(strrchr(path, '/') - path)});
    if (stat(path, &s) || stat(*dir ? dir : "/", &folder))
        return arena_text(a, "%s: %s", shown(a, path), strerror(errno));
    if (!S_ISREG(s.st_mode))
        return arena_text(a, "%s is not a file", shown(a, path));
    if (euidaccess(path, X_OK))
        return arena_text(a, "%s is not executable: chmod +x it", shown(a, path));
    const char *wrong = wrong_owner(a, path, &s, owned);
    if (!wrong && !(folder.st_mode & S_ISVTX))
        wrong = wrong_owner(a, dir, &folder, owned);
    return wrong;
}

static struct plan_file file_at(struct arena *a, const char *path, bool owned)
{
    return (struct plan_file){path, wrong_with(a, path, owned)};
}

/* ---- programs ---- */

/* The first of PATH that is there. Entries that are relative or empty mean the folder davy happens to be in: left out. */
static const char *in_path(struct arena *a, const char *word)
{
    struct bytes rest = bytes_of(getenv("PATH"));
    while (rest.len > 0) {
        size_t len = bytes_find(rest, ":");
        const char *dir = arena_copy(a, (struct bytes){rest.at, len}), *path = arena_text(a, "%s/%s", dir, word);
        struct stat s;
        rest = bytes_from(rest, len + 1);
        if (*dir == '/' && !stat(path, &s) && S_ISREG(s.st_mode) && !euidaccess(path, X_OK))
            return path;
    }
    return NULL;
}

/* A word with a slash is a file, from the folder where it will run; one without is looked for in PATH. */
struct plan_file plan_program(struct arena *a, const char *dir, const char *word)
{
    const char *path = strchr(word, '/') ? join(a, dir, word) : in_path(a, word);
    if (!path)
        return (struct plan_file){NULL, arena_text(a, "%s is not in PATH", word)};
    return file_at(a, path, false);
}

static struct plan_file beside_davy(struct arena *a, const char *name)
{
    char own[PATH_MAX];
    struct stat s;
    ssize_t len = readlink("/proc/self/exe", own, sizeof own - 1);
    own[len > 0 ? len : 0] = '\0';
    char *slash = strrchr(own, '/');
    const char *path = slash ? arena_text(a, "%.*s/%s", (int)(slash - own), own, name) : NULL;
    if (!path || stat(path, &s))
        path = in_path(a, name);
    return path ? file_at(a, path, true) : (struct plan_file){NULL, NULL};
}

/* ---- the rig's scripts ---- */

static struct plan_file script(struct arena *a, const char *dir, const char *name)
{
    static const char *const places[] = {"scripts/", ""};
    struct stat s;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *path = arena_text(a, "%s/%s%s", dir, places[i], name);
        if (!lstat(path, &s))
            return file_at(a, path, true);
    }
    return (struct plan_file){NULL, NULL};
}

/* ---- systemd ---- */

static const char *read_text(struct arena *a, const char *path, size_t limit)
{
    struct bytes text;
    struct file_stat s;
    return file_read(a, path, limit, &text, &s, NULL) ? text.at : NULL;
}

static bool has_suffix(const char *name, const char *suffix)
{
    size_t len = strlen(name), tail = strlen(suffix);
    return len > tail && strcmp(name + len - tail, suffix) == 0;
}

struct unit_search {
    struct plan_facts *f;
    const char *match, *running; /* text of the daemon's command line; the unit it runs in */
    bool running_is_user;
};

static void look_at_unit(struct arena *a, struct unit_search *u, const char *dir, const char *name, bool user)
{
    struct bytes text;
    struct file_stat s;
    bool starts = false;
    if (!file_read(a, arena_text(a, "%s/%s", dir, name), UNIT_LIMIT, &text, &s, NULL))
        return;
    bool named = plan_unit_names(text, u->f->dir, u->match, &starts);
    if (strcmp(name, u->running) == 0 && user == u->running_is_user)
        u->f->unit_is_ours = u->f->unit_is_ours || named || (*u->match && bytes_find(text, u->match) < text.len);
    if (named && u->f->units++ < PLAN_UNITS)
        u->f->unit[u->f->units - 1] = (struct plan_unit){arena_text(a, "%s", name), user, starts};
}

static void look_at_units(struct arena *a, struct unit_search *u, const char *dir, bool user)
{
    DIR *d = opendir(dir);
    int left = UNIT_FILES_MOST;
    for (struct dirent *entry; d && left-- > 0 && (entry = readdir(d));)
        if (has_suffix(entry->d_name, ".service"))
            look_at_unit(a, u, dir, entry->d_name, user);
    if (d)
        closedir(d);
}

static void find_units(struct arena *a, struct plan_facts *f, const struct settings *s)
{
    static const char *const dirs[] = {"/etc/systemd/system", "/usr/local/lib/systemd/system"};
    struct unit_search u = {.f = f, .match = s->daemon_match, .running = ""};
    const char *home = getenv("HOME"), *config = getenv("XDG_CONFIG_HOME");
    if (f->cgroup)
        u.running = plan_unit_of_cgroup(a, f->cgroup, &u.running_is_user);
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
        look_at_units(a, &u, dirs[i], false);
    if (config && *config == '/')
        look_at_units(a, &u, arena_text(a, "%s/systemd/user", config), true);
    else if (home && *home == '/')
        look_at_units(a, &u, arena_text(a, "%s/.config/systemd/user", home), true);
}

static void find_systemd(struct arena *a, struct plan_facts *f, const struct settings *s)
{
    struct stat there;
    f->systemd = !stat("/run/systemd/system", &there);
    f->systemctl = plan_program(a, f->dir, "systemctl");
    if (f->pid != NOT_KNOWN)
        f->cgroup = read_text(a, arena_text(a, "%s/%lld/cgroup", s->proc, (long long)f->pid), CGROUP_LIMIT);
    f->own_cgroup = read_text(a, "/proc/self/cgroup", CGROUP_LIMIT);
    if (f->systemd)
        find_units(a, f, s);
}

/* ---- all ---- */

const char *plan_settings_wrong(struct arena *a, const struct model *m, const char *dir)
{
    const char *path = join(a, dir, m->origin[DOC_SETTINGS].path);
    struct stat s;
    if (stat(path, &s))
        return NULL; /* gone since it was read: what it said is still in force, and was said by the same */
    return wrong_owner(a, path, &s, true);
}

static const char *wrong_folder(struct arena *a, const char *dir)
{
    struct stat s;
    if (stat(dir, &s))
        return arena_text(a, "%s: %s", shown(a, dir), strerror(errno));
    return S_ISDIR(s.st_mode) ? NULL : arena_text(a, "%s is not a folder", shown(a, dir));
}

static void add_setting(struct arena *a, struct plan_facts *f, enum plan_kind kind, const char *const *argv,
                        const char *dir, int64_t limit_s)
{
    f->set[kind].limit_s = limit_s;
    f->set[kind].folder = dir ? join(a, f->dir, dir) : f->dir;
    f->set[kind].folder_wrong = dir ? wrong_folder(a, f->set[kind].folder) : NULL;
    f->set[kind].argv = argv;
    if (argv)
        f->set[kind].program = plan_program(a, f->dir, argv[0]);
}

/* Never read well since davy began: what it wants to be run is not known. */
static const char *never_read(const struct origin *settings)
{
    return settings->state == ORIGIN_INVALID && settings->read_ms == NOT_KNOWN ? settings->error : NULL;
}

/* A configuration that is read well names a wallet: the parser wants one. One that was written just now may not be read
 * yet; davy-mine judges it then. */
static void find_miner(struct arena *a, struct plan_facts *f, const struct model *m)
{
    const struct origin *config = &m->origin[DOC_CONFIG];
    struct stat there;
    f->mine = beside_davy(a, "davy-mine");
    f->config = stat(join(a, f->dir, m->settings->path[DOC_CONFIG]), &there) ? NULL : m->settings->path[DOC_CONFIG];
    f->config_wrong = config->state == ORIGIN_INVALID ? config->error : NULL;
}

const struct plan *plan_find(struct arena *a, enum plan_kind kind, const struct model *m, const char *dir)
{
    struct plan_facts f = {.dir = dir, .root = geteuid() == 0, .daemon = m->daemon->state, .pid = m->daemon->pid};
    const struct settings *s = m->settings;
    add_setting(a, &f, PLAN_RESTART, s->restart_argv, s->restart_dir, s->restart_limit_s);
    add_setting(a, &f, PLAN_COMMIT, s->commit_argv, s->commit_dir, s->commit_limit_s);
    f.settings_wrong = plan_settings_wrong(a, m, dir);
    f.settings_unread = never_read(&m->origin[DOC_SETTINGS]);
    find_systemd(a, &f, s);
    f.start = script(a, dir, "start-miner.sh");
    f.stop = script(a, dir, "stop-miner.sh");
    find_miner(a, &f, m);
    return plan_make(a, kind, &f);
}
