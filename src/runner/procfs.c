/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process that forks twice and calls setsid() is nobody's child any more, but its parent is then the one who watches the job
 * (it is a subreaper), and it has the environment that it was born with. */
#include "runner/procfs.h"

#include <dirent.h>
#include <errno.h>
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
    int64_t rss, cpu;
    bool ours;
};
struct processes {
    struct process *at;
    size_t count, room;
};

bool procfs_put(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    size_t len = strlen(text);
    bool good = write(fd, text, len) == (ssize_t)len;
    int why = errno;
    close(fd);
    errno = why;
    return good;
}

ssize_t procfs_get(const char *path, char *out, size_t most)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    size_t len = 0;
    *out = '\0';
    if (fd < 0)
        return -1;
    for (ssize_t n = 1; n > 0 && len + 1 < most; len += n > 0 ? (size_t)n : 0)
        n = read(fd, out + len, most - 1 - len);
    out[len] = '\0';
    close(fd);
    return (ssize_t)len;
}

static ssize_t get(pid_t pid, const char *name, char *out, size_t most)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    return procfs_get(path, out, most);
}

/* The fields behind the name, which may hold anything, parentheses too. false: gone, or a zombie. */
static bool read_stat(struct process *p)
{
    char text[STAT_MOST], state;
    unsigned long user, system;
    long pages;
    int parent;
    if (get(p->pid, "stat", text, sizeof text) <= 0)
        return false;
    const char *behind = strrchr(text, ')');
    if (!behind ||
        sscanf(behind, ") %c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %*d %*d %*d %*d %*d %*d %*u %*u %ld",
               &state, &parent, &user, &system, &pages) != 5)
        return false;
    p->parent = parent;
    p->rss = pages * sysconf(_SC_PAGESIZE);
    p->cpu = (int64_t)(user + system) * 1000 / sysconf(_SC_CLK_TCK);
    return state != 'Z' && state != 'X';
}

static bool has_mark(pid_t pid, const char *mark, char *room)
{
    ssize_t length = mark ? get(pid, "environ", room, ENVIRON_MOST) : 0;
    for (const char *at = room; length > 0 && at < room + length; at += strlen(at) + 1)
        if (strcmp(at, mark) == 0)
            return true;
    return false;
}

static void add(struct processes *all, pid_t pid, pid_t root, const char *mark, char *room)
{
    struct process p = {.pid = pid, .fd = pidfd_open(pid, 0)};
    if (p.fd < 0)
        return;
    if (!read_stat(&p)) {
        close(p.fd);
        return;
    }
    p.ours = p.parent == root || has_mark(pid, mark, room);
    if (all->count == all->room) {
        all->room = all->room ? all->room * 2 : 256;
        all->at = reallocarray(all->at, all->room, sizeof *all->at);
        if (!all->at)
            abort();
    }
    all->at[all->count++] = p;
}

static struct processes look(pid_t root, const char *mark)
{
    struct processes all = {.at = NULL};
    char *room = malloc(ENVIRON_MOST);
    DIR *proc = room ? opendir("/proc") : NULL;
    for (const struct dirent *entry; proc && (entry = readdir(proc));) {
        pid_t pid = atoi(entry->d_name);
        if (pid > 1 && pid != getpid() && pid != root)
            add(&all, pid, root, mark, room);
    }
    if (proc)
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

static void add_bytes(pid_t pid, struct procfs_tree *out)
{
    char text[STAT_MOST];
    const char *at;
    if (get(pid, "io", text, sizeof text) <= 0)
        return;
    if ((at = strstr(text, "read_bytes: ")))
        out->read_bytes += atoll(at + 12);
    if ((at = strstr(text, "\nwrite_bytes: ")))
        out->written_bytes += atoll(at + 14);
}

void procfs_tree(pid_t root, const char *mark, int signo, struct procfs_tree *out)
{
    struct processes all = look(root, mark);
    adopt(&all);
    *out = (struct procfs_tree){0};
    for (size_t i = 0; i < all.count; i++) {
        const struct process *p = &all.at[i];
        if (p->ours && (!signo || pidfd_send_signal(p->fd, signo, NULL, 0) == 0)) {
            out->count++;
            out->rss_bytes += p->rss;
            out->cpu_ms += p->cpu;
            if (!signo)
                add_bytes(p->pid, out);
        }
        close(p->fd);
    }
    free(all.at);
}

size_t procfs_pids(pid_t root, const char *mark, pid_t *out, size_t most)
{
    struct processes all = look(root, mark);
    size_t count = 0;
    adopt(&all);
    for (size_t i = 0; i < all.count; i++) {
        if (all.at[i].ours && count < most)
            out[count++] = all.at[i].pid;
        close(all.at[i].fd);
    }
    free(all.at);
    return count;
}
