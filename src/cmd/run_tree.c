/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process that forks twice and calls setsid() is nobody's child any more, but it has the environment it was born with. Both
 * are looked at, and signals go to the process that was looked at (pidfd), not to whoever has its number by then. */
#include "cmd/run.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

enum { ENVIRON_MOST = 256 << 10, STAT_MOST = 1024 };

struct process {
    pid_t pid, parent;
    int fd; /* pidfd */
    bool ours;
};
struct processes {
    struct process *at;
    size_t count, room;
};

static ssize_t read_proc(pid_t pid, const char *name, char *out, size_t most)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t length = 0;
    for (ssize_t n = 1; fd >= 0 && n > 0 && length<most - 1; length += n> 0 ? (size_t)n : 0)
        n = read(fd, out + length, most - 1 - length);
    out[length] = '\0';
    if (fd >= 0)
        close(fd);
    return fd >= 0 ? (ssize_t)length : -1;
}

/* The fields behind the name, which may hold anything, parentheses too. */
static bool read_stat(pid_t pid, pid_t *parent, char *state, uint64_t *born)
{
    char text[STAT_MOST];
    unsigned long long ticks = 0;
    int p = 0;
    if (read_proc(pid, "stat", text, sizeof text) <= 0)
        return false;
    const char *behind = strrchr(text, ')');
    if (behind == NULL ||
        sscanf(behind, ") %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu", state, &p,
               &ticks) != 3)
        return false;
    *parent = p;
    *born = ticks;
    return true;
}

uint64_t run_tree_born(pid_t pid)
{
    pid_t parent;
    char state;
    uint64_t born;
    return read_stat(pid, &parent, &state, &born) && state != 'Z' ? born : 0;
}

static bool has_mark(pid_t pid, const char *mark, char *room)
{
    ssize_t length = read_proc(pid, "environ", room, ENVIRON_MOST);
    for (const char *at = room; length > 0 && at < room + length; at += strlen(at) + 1)
        if (strcmp(at, mark) == 0)
            return true;
    return false;
}

static void add(struct processes *all, pid_t pid, const char *mark, pid_t root, char *room)
{
    struct process p = {.pid = pid, .fd = pidfd_open(pid, 0)};
    uint64_t born;
    char state;
    if (p.fd < 0)
        return;
    if (!read_stat(pid, &p.parent, &state, &born) || state == 'Z') {
        close(p.fd);
        return;
    }
    p.ours = pid == root || (root == getpid() && p.parent == root) || has_mark(pid, mark, room);
    if (all->count == all->room) {
        all->room = all->room > 0 ? all->room * 2 : 256;
        all->at = realloc(all->at, all->room * sizeof *all->at);
        if (all->at == NULL)
            abort();
    }
    all->at[all->count++] = p;
}

static struct processes look(const char *mark, pid_t root)
{
    struct processes all = {.at = NULL};
    char *room = malloc(ENVIRON_MOST);
    DIR *proc = room != NULL ? opendir("/proc") : NULL;
    for (struct dirent *entry; proc != NULL && (entry = readdir(proc)) != NULL;) {
        int pid = atoi(entry->d_name);
        if (pid > 1 && pid != getpid())
            add(&all, pid, mark, root, room);
    }
    if (proc != NULL)
        closedir(proc);
    free(room);
    return all;
}

static bool is_ours(const struct processes *all, pid_t pid)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->at[i].pid == pid)
            return all->at[i].ours;
    return false;
}

/* Children of ours are ours, until there are no more. */
static void adopt(struct processes *all)
{
    for (bool more = true; more;) {
        more = false;
        for (size_t i = 0; i < all->count; i++)
            if (!all->at[i].ours && is_ours(all, all->at[i].parent))
                more = all->at[i].ours = true;
    }
}

size_t run_tree_signal(const char *mark, pid_t root, int signo)
{
    struct processes all = look(mark, root);
    size_t count = 0;
    adopt(&all);
    for (size_t i = 0; i < all.count; i++) {
        if (all.at[i].ours && pidfd_send_signal(all.at[i].fd, signo, NULL, 0) == 0)
            count++;
        close(all.at[i].fd);
    }
    free(all.at);
    return count;
}
