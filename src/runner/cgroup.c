/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runner/cgroup.h"

#include "runner/procfs.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT = 4096, PROCS = 64 << 10 };
const char *const cgroup_kinds[] = {[CGROUP_NONE] = "none", [CGROUP_V1] = "v1", [CGROUP_V2] = "v2"};

static bool put(const char *folder, const char *name, const char *file, const char *text)
{
    char path[CGROUP_PATH + CGROUP_NAME + 64];
    snprintf(path, sizeof path, "%s/%s/%s", folder, name, file);
    return procfs_put(path, text);
}

static bool put_number(const char *folder, const char *name, const char *file, int64_t value)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)value);
    return put(folder, name, file, text);
}

static ssize_t get(const char *folder, const char *name, const char *file, char *out, size_t most)
{
    char path[CGROUP_PATH + CGROUP_NAME + 64];
    snprintf(path, sizeof path, "%s/%s/%s", folder, name, file);
    return procfs_get(path, out, most);
}

/* The number behind a word of a file such as memory.events; word "": the file is the number. -1: not told. */
static int64_t number_of(const char *folder, const char *name, const char *file, const char *word)
{
    char text[TEXT], *rest = text;
    size_t len = strlen(word);
    if (!*folder || get(folder, name, file, text, sizeof text) <= 0)
        return -1;
    for (const char *line; (line = strsep(&rest, "\n"));)
        if (!len || (strncmp(line, word, len) == 0 && line[len] == ' '))
            return strtoll(line + len, NULL, 10);
    return -1;
}

/* ---- one group ---- */

/* Each folder once: with v2 all parts are one. */
static bool is_first(const struct cgroup_place *p, int part)
{
    for (int i = 0; i < part; i++)
        if (strcmp(p->path[i], p->path[part]) == 0)
            return false;
    return *p->path[part] != '\0';
}

static bool make_folders(const struct cgroup_place *p, const char *name)
{
    char path[CGROUP_PATH + CGROUP_NAME + 2];
    for (int i = 0; i < CGROUP_PARTS; i++) {
        snprintf(path, sizeof path, "%s/%s", p->path[i], name);
        if (is_first(p, i) && mkdir(path, 0755) < 0 && errno != EEXIST)
            return false;
    }
    return true;
}

static bool limit_memory(const struct cgroup_place *p, const char *name, int64_t bytes)
{
    const char *at = p->path[CGROUP_MEMORY];
    if (!*at || bytes <= 0)
        return true;
    if (p->kind == CGROUP_V1) {
        if (!put_number(at, name, "memory.limit_in_bytes", bytes))
            return false;
        put_number(at, name, "memory.memsw.limit_in_bytes", bytes); /* not there without accounting of swap */
        return true;
    }
    put(at, name, "memory.swap.max", "0");
    put(at, name, "memory.oom.group", "1");
    return put_number(at, name, "memory.max", bytes);
}

static bool limit_cpu(const struct cgroup_place *p, const char *name, int64_t percent)
{
    const char *at = p->path[CGROUP_CPU];
    char text[64];
    if (!*at || percent <= 0)
        return true;
    if (p->kind == CGROUP_V1)
        return put_number(at, name, "cpu.cfs_period_us", 100000) &&
               put_number(at, name, "cpu.cfs_quota_us", percent * 1000);
    snprintf(text, sizeof text, "%lld 100000", (long long)percent * 1000);
    return put(at, name, "cpu.max", text);
}

bool cgroup_make(const struct cgroup_place *p, const char *name, const struct cgroup_limits *limits, struct err *e)
{
    const char *pids = p->path[CGROUP_PIDS];
    if (p->kind == CGROUP_NONE)
        return true;
    bool good = make_folders(p, name) && limit_memory(p, name, limits->mem_bytes) &&
                limit_cpu(p, name, limits->cpu_pct) &&
                (!*pids || limits->pids <= 0 || put_number(pids, name, "pids.max", limits->pids));
    int why = errno;
    if (!good)
        cgroup_remove(p, name);
    return good ||
           err_set(e, "a control group (%s) cannot be made or limited: %s", cgroup_kinds[p->kind], strerror(why));
}

bool cgroup_join(const struct cgroup_place *p, const char *name)
{
    bool good = true;
    for (int i = 0; i < CGROUP_PARTS; i++)
        good = (!is_first(p, i) || put(p->path[i], name, "cgroup.procs", "0")) && good;
    return good;
}

void cgroup_use(const struct cgroup_place *p, const char *name, struct cgroup_use *out)
{
    const char *memory = p->path[CGROUP_MEMORY];
    bool old = p->kind == CGROUP_V1;
    int64_t us = old ? -1 : number_of(p->path[CGROUP_CPU], name, "cpu.stat", "usage_usec");
    out->peak_bytes = number_of(memory, name, old ? "memory.max_usage_in_bytes" : "memory.peak", "");
    out->oom_kills = number_of(memory, name, old ? "memory.oom_control" : "memory.events", "oom_kill");
    out->pids_denied = number_of(p->path[CGROUP_PIDS], name, "pids.events", "max");
    out->cpu_ms = us < 0 ? -1 : us / 1000;
}

/* ---- its end ---- */

static const char *folder_of_members(const struct cgroup_place *p)
{
    static const int order[] = {CGROUP_KILL, CGROUP_PIDS, CGROUP_MEMORY, CGROUP_CPU};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++)
        if (*p->path[order[i]])
            return p->path[order[i]];
    return NULL;
}

static size_t signal_members(const char *folder, const char *name, int signo)
{
    char *text = malloc(PROCS), *rest = text;
    size_t count = 0;
    if (text && get(folder, name, "cgroup.procs", text, PROCS) > 0)
        for (const char *line; (line = strsep(&rest, "\n"));) {
            pid_t pid = atoi(line);
            if (pid > 1 && pid != getpid() && kill(pid, signo) == 0)
                count++;
        }
    free(text);
    return count;
}

size_t cgroup_kill(const struct cgroup_place *p, const char *name, int signo)
{
    const char *at = folder_of_members(p);
    if (!at)
        return 0;
    if (signo != SIGKILL)
        return signal_members(at, name, signo);
    size_t count = signal_members(at, name, 0);
    if (put(at, name, "cgroup.kill", "1"))
        return count;
    put(at, name, "freezer.state",
        "FROZEN"); /* so that nobody forks while we read; only there with the freezer of v1 */
    count = signal_members(at, name, SIGKILL);
    put(at, name, "freezer.state", "THAWED");
    return count;
}

bool cgroup_remove(const struct cgroup_place *p, const char *name)
{
    char path[CGROUP_PATH + CGROUP_NAME + 2];
    bool gone = true;
    for (int i = 0; i < CGROUP_PARTS; i++) {
        snprintf(path, sizeof path, "%s/%s", p->path[i], name);
        if (is_first(p, i) && rmdir(path) < 0 && errno != ENOENT)
            gone = false;
    }
    return gone;
}

static bool is_of(const char *name, const char *id)
{
    size_t len = strlen(name), tail = id ? strlen(id) : 0;
    if (strncmp(name, "davy-", 5) != 0 || len >= CGROUP_NAME)
        return false;
    return !id || (len > tail + 6 && name[len - tail - 1] == '-' && strcmp(name + len - tail, id) == 0);
}

size_t cgroup_sweep(const struct cgroup_place *p, const char *id)
{
    const char *at = folder_of_members(p);
    DIR *d = at ? opendir(at) : NULL;
    size_t count = 0;
    for (const struct dirent *entry; d && (entry = readdir(d));)
        if (is_of(entry->d_name, id)) {
            count += cgroup_kill(p, entry->d_name, SIGKILL);
            cgroup_remove(p, entry->d_name);
        }
    if (d)
        closedir(d);
    return count;
}
