/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small files of the kernel, and what /proc tells of processes. */
#ifndef DAVY_RUNNER_PROCFS_H
#define DAVY_RUNNER_PROCFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

bool procfs_put(const char *path, const char *text);          /* in one write; errno says why not. Makes no file */
ssize_t procfs_get(const char *path, char *out, size_t most); /* NUL at the end; its length, -1 */

struct procfs_tree {
    size_t count;      /* processes below root that are no zombies, root itself not counted */
    int64_t rss_bytes; /* of all of them together; what they share counts as often as it is mapped */
    int64_t cpu_ms, read_bytes, written_bytes;
};
/* All descendants of root, and whoever has the mark ("NAME=value") in the environment it was born with, together with their
 * descendants. mark NULL: descendants only. signo 0: only looks. Each signal goes to the process that was looked at (pidfd). */
size_t procfs_pids(pid_t root, const char *mark, pid_t *out, size_t most); /* the same processes, their numbers */
void procfs_tree(pid_t root, const char *mark, int signo, struct procfs_tree *out);

#endif
