/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of the control groups is ours: tried, not guessed, because containers show files that nobody may write. */
#include "runner/cgroup.h"

#include "runner/procfs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT = 4096 };

struct probe {
    const char *root;
    char mine[TEXT]; /* /proc/self/cgroup: "4:memory:/a/b", "0::/c" */
};

/* Where this process is in the hierarchy of one controller; "" is v2. false: there is none. */
static bool where(const struct probe *p, const char *controller, char out[CGROUP_PATH])
{
    char text[TEXT], *rest = text;
    memcpy(text, p->mine, sizeof text);
    for (char *line; (line = strsep(&rest, "\n"));) {
        strsep(&line, ":");
        const char *list = line ? strsep(&line, ":") : NULL;
        if (list && line && strcmp(list, controller) == 0)
            return snprintf(out, CGROUP_PATH, "%s", strcmp(line, "/") == 0 ? "" : line) < CGROUP_PATH;
    }
    return false;
}

static bool is_there(const char *folder, const char *file)
{
    char path[CGROUP_PATH + 64];
    struct stat s;
    int n = snprintf(path, sizeof path, "%s/%s", folder, file);
    return n > 0 && (size_t)n < sizeof path && stat(path, &s) == 0;
}

/* A group can be made in folder, and has `file`. */
static bool can_make(const char *folder, const char *file)
{
    char path[CGROUP_PATH + 64];
    snprintf(path, sizeof path, "%.390s/davy-probe-%d", folder, (int)getpid());
    if (mkdir(path, 0755) < 0)
        return false;
    bool good = is_there(path, file);
    rmdir(path);
    return good;
}

/* ---- v2 ---- */

static bool put(const char *folder, const char *file, const char *text)
{
    char path[CGROUP_PATH + 64];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    return procfs_put(path, text);
}

/* In a container, or after a move of the mount, the path of /proc is not below the mount that we see. */
static bool own_folder(const struct probe *p, const char *mount, const char *controller, char out[CGROUP_PATH])
{
    char path[CGROUP_PATH];
    if (!where(p, controller, path))
        return false;
    int n = snprintf(out, CGROUP_PATH, "%s/%s%s", p->root, mount, path);
    if (n < CGROUP_PATH && is_there(out, "cgroup.procs"))
        return true;
    n = snprintf(out, CGROUP_PATH, "%s/%s", p->root, mount);
    return n < CGROUP_PATH && is_there(out, "cgroup.procs");
}

static void cut_leaf(char *path)
{
    static const char leaf[] = "/supervisor";
    size_t len = strlen(path), cut = sizeof leaf - 1;
    if (len > cut && strcmp(path + len - cut, leaf) == 0)
        path[len - cut] = '\0';
}

static bool has_word(const char *text, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = text; (at = strstr(at, word)); at += len)
        if ((at == text || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\n' || !at[len]))
            return true;
    return false;
}

/* One by one: a controller that is not handed on to us does not take the others with it. */
static void hand_on(const char *folder)
{
    static const char *const each[] = {"+memory", "+pids", "+cpu"};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++)
        put(folder, "cgroup.subtree_control", each[i]);
}

static void controllers_of(const char *folder, char out[TEXT])
{
    char path[CGROUP_PATH + 64];
    snprintf(path, sizeof path, "%s/cgroup.controllers", folder);
    if (procfs_get(path, out, TEXT) < 0)
        *out = '\0';
}

/* Back as it was: a service whose processes are all in `supervisor` for nothing would confuse its owner. */
static bool give_up(const char *own, const char *leaf, const char *jobs)
{
    put(own, "cgroup.procs", "0");
    rmdir(leaf);
    rmdir(jobs);
    return false;
}

static bool made(const char *path)
{
    return mkdir(path, 0755) == 0 || errno == EEXIST;
}

static bool try_v2(const struct probe *p, struct cgroup_place *out)
{
    static const char *const word[CGROUP_PARTS] = {"memory", "pids", "cpu", NULL};
    char own[CGROUP_PATH], leaf[CGROUP_PATH + 16], jobs[CGROUP_PATH + 16], has[TEXT];
    if (!is_there(p->root, "cgroup.controllers") || !own_folder(p, "", "", own))
        return false;
    cut_leaf(own);
    snprintf(leaf, sizeof leaf, "%s/supervisor", own);
    snprintf(jobs, sizeof jobs, "%s/jobs", own);
    if (strlen(jobs) >= CGROUP_PATH || !made(leaf) || !put(leaf, "cgroup.procs", "0") || !made(jobs))
        return give_up(own, leaf, jobs);
    hand_on(own);
    hand_on(jobs);
    controllers_of(jobs, has);
    if (!has_word(has, "memory") && !has_word(has, "pids"))
        return give_up(own, leaf, jobs);
    out->kind = CGROUP_V2;
    for (int i = 0; i < CGROUP_PARTS; i++)
        if (!word[i] || has_word(has, word[i]))
            snprintf(out->path[i], CGROUP_PATH, "%.399s", jobs);
    return true;
}

/* ---- v1 ---- */

static bool try_part(const struct probe *p, const char *controller, const char *file, char out[CGROUP_PATH])
{
    char path[CGROUP_PATH];
    const char *mount = *controller ? controller : "unified";
    if (!own_folder(p, mount, controller, path) || !can_make(path, file))
        return false;
    memcpy(out, path, CGROUP_PATH);
    return true;
}

static bool try_v1(const struct probe *p, struct cgroup_place *out)
{
    bool any = try_part(p, "memory", "memory.limit_in_bytes", out->path[CGROUP_MEMORY]);
    any = try_part(p, "pids", "pids.max", out->path[CGROUP_PIDS]) || any;
    any = try_part(p, "cpu", "cpu.cfs_quota_us", out->path[CGROUP_CPU]) ||
          try_part(p, "cpu,cpuacct", "cpu.cfs_quota_us", out->path[CGROUP_CPU]) || any;
    any = try_part(p, "", "cgroup.kill", out->path[CGROUP_KILL]) ||
          try_part(p, "freezer", "freezer.state", out->path[CGROUP_KILL]) || any;
    out->kind = any ? CGROUP_V1 : CGROUP_NONE;
    return any;
}

static void say_missing(struct cgroup_place *out)
{
    static const char *const name[CGROUP_PARTS] = {"memory", "pids", "cpu", "kill"};
    size_t len = 0;
    for (int i = 0; i < CGROUP_PARTS; i++)
        if (!*out->path[i])
            len += (size_t)snprintf(out->why + len, sizeof out->why - len, "%s%s",
                                    len ? ", " : "not to be had: ", name[i]);
}

void cgroup_probe(const char *root, const char *self, struct cgroup_place *out)
{
    struct probe p = {.root = root ? root : "/sys/fs/cgroup"};
    *out = (struct cgroup_place){.kind = CGROUP_NONE};
    if (procfs_get(self ? self : "/proc/self/cgroup", p.mine, sizeof p.mine) <= 0)
        *p.mine = '\0';
    if (!try_v2(&p, out))
        try_v1(&p, out);
    say_missing(out);
}
