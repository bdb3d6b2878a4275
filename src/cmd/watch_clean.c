/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rotated logs that are too old: beside the log, named as it with something behind, plain files, and nothing else. */
#include "cmd/watch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST = 1000 };

/* miner.log.1, miner.log.2.gz, other.log.2026-11-01; never miner.log itself. */
static bool is_rotated(const char *name)
{
    const char *log = strstr(name, ".log.");
    return log != NULL && log != name && log[5] != '\0';
}

static bool is_old(int folder, const char *name, int64_t days, int64_t now_ms)
{
    struct stat s;
    if (fstatat(folder, name, &s, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(s.st_mode) || s.st_nlink != 1)
        return false;
    return now_ms / 1000 - s.st_mtim.tv_sec > days * 86400;
}

static int open_folder(const char *log_path, struct err *e)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s", log_path);
    char *slash = strrchr(path, '/');
    if (slash != NULL)
        *slash = '\0';
    int fd = open(slash != NULL ? path : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 && errno != ENOENT)
        err_set(e, "the folder of the logs cannot be read: %s", strerror(errno));
    return fd;
}

size_t watch_clean(const char *log_path, int64_t days, int64_t now_ms, struct err *e)
{
    int fd = open_folder(log_path, e);
    DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
    size_t gone = 0;
    if (d == NULL && fd >= 0)
        close(fd);
    for (const struct dirent *x = d != NULL ? readdir(d) : NULL; x != NULL && gone < MOST; x = readdir(d)) {
        if (!is_rotated(x->d_name) || !is_old(fd, x->d_name, days, now_ms))
            continue;
        if (unlinkat(fd, x->d_name, 0) == 0)
            gone++;
        else
            err_set(e, "an old log cannot be removed: %s", strerror(errno));
    }
    if (d != NULL)
        closedir(d);
    return gone;
}
