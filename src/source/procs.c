/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/procs.h"

#include "base/file.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "model/cmdline.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CMDLINE_MOST = 1 << 17, STAT_MOST = 4096, PID_MOST = 64, PIDS_MOST = 4194304 };

static struct procs_found found(enum procs_state state, int64_t pid, const char *text)
{
    return (struct procs_found){state, pid, text};
}

/* Z and X are no longer alive, whatever kill(pid, 0) says. The name before it may hold anything, so from the last ')'. */
static bool is_alive(struct arena *a, const char *proc, int64_t pid)
{
    struct bytes text;
    struct file_stat s;
    const char *path = arena_text(a, "%s/%lld/stat", proc, (long long)pid);
    if (!file_read(a, path, STAT_MOST, &text, &s, NULL))
        return false;
    const char *end = memrchr(text.at, ')', text.len);
    return end && end[1] == ' ' && end[2] && !strchr("ZXx", end[2]);
}

static bool is_meant(struct arena *a, const char *proc, int64_t pid, const char *match)
{
    struct bytes text;
    struct file_stat s;
    const char *path = arena_text(a, "%s/%lld/cmdline", proc, (long long)pid);
    return file_read(a, path, CMDLINE_MOST, &text, &s, NULL) && cmdline_is(text, match);
}

/* ---- by pid file ---- */

static struct procs_found by_pid(struct arena *a, const struct process_setting *p, const char *dir, const char *proc)
{
    struct bytes text;
    struct file_stat s;
    struct err e;
    int64_t pid;
    const char *path = *p->pid_file == '/' ? p->pid_file : arena_text(a, "%s/%s", dir, p->pid_file);
    if (!file_read(a, path, PID_MOST, &text, &s, &e))
        return s.exists ? found(PROCS_UNKNOWN, NOT_KNOWN, arena_text(a, "%s", e.text))
                        : found(PROCS_DOWN, NOT_KNOWN, arena_text(a, "%s is not there", p->pid_file));
    if (!bytes_i64(bytes_trim(text), &pid) || pid < 2 || pid > PIDS_MOST)
        return found(PROCS_UNKNOWN, NOT_KNOWN,
                     arena_text(a, "%s: expected one process id, found \"%s\"", p->pid_file, text_safe(a, text, 20)));
    if (!is_alive(a, proc, pid))
        return found(PROCS_DOWN, pid, arena_text(a, "process %lld of %s does not run", (long long)pid, p->pid_file));
    if (p->match && !is_meant(a, proc, pid, p->match))
        return found(PROCS_DOWN, pid,
                     arena_text(a, "process %lld of %s is another program now", (long long)pid, p->pid_file));
    return found(PROCS_UP, pid, arena_text(a, "process %lld runs", (long long)pid));
}

/* ---- by command line ---- */

/* Ourselves, our parents (a shell or cron with the text in it), are not meant. */
static bool is_ancestor(struct arena *a, const char *proc, int64_t pid)
{
    enum { DEPTH = 64 };
    int64_t at = getpid();
    for (int i = 0; i < DEPTH && at > 1; i++) {
        struct bytes text;
        struct file_stat s;
        if (at == pid)
            return true;
        if (!file_read(a, arena_text(a, "%s/%lld/stat", proc, (long long)at), STAT_MOST, &text, &s, NULL))
            return false;
        const char *end = memrchr(text.at, ')', text.len);
        at = end && strlen(end) > 4 ? strtoll(end + 4, NULL, 10) : 0;
    }
    return false;
}

static struct procs_found by_match(struct arena *a, const struct process_setting *p, const char *proc)
{
    DIR *dir = opendir(proc);
    int64_t pid, seen = 0, hit = NOT_KNOWN;
    if (!dir)
        return found(PROCS_UNKNOWN, NOT_KNOWN, arena_text(a, "%s cannot be read", proc));
    for (struct dirent *d = readdir(dir); d && hit == NOT_KNOWN; d = readdir(dir)) {
        struct arena scratch = {0};
        bool is_pid = bytes_i64(bytes_of(d->d_name), &pid) && pid > 1;
        seen += is_pid;
        if (is_pid && is_meant(&scratch, proc, pid, p->match) && is_alive(&scratch, proc, pid) &&
            !is_ancestor(&scratch, proc, pid))
            hit = pid;
        arena_release(&scratch);
    }
    closedir(dir);
    if (seen == 0)
        return found(PROCS_UNKNOWN, NOT_KNOWN, arena_text(a, "%s lists no processes", proc));
    if (hit == NOT_KNOWN)
        return found(PROCS_DOWN, NOT_KNOWN, arena_text(a, "no process with \"%s\" in its command line", p->match));
    return found(PROCS_UP, hit, arena_text(a, "process %lld runs", (long long)hit));
}

struct procs_found procs_look(struct arena *a, const struct process_setting *p, const char *dir, const char *proc)
{
    return p->pid_file ? by_pid(a, p, dir, proc) : by_match(a, p, proc);
}
