/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A simulated rig overwrites files, so it never touches a folder that may be a real one. */
#include "cmd/sim.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char mark[] = ".davy-sim";

static bool is_empty(int dir_fd)
{
    int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    int names = 0;
    for (struct dirent *entry = d ? readdir(d) : NULL; entry; entry = readdir(d))
        names += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
    if (d)
        closedir(d);
    return d && !names;
}

static bool is_ours(int dir_fd)
{
    struct stat s;
    return !fstatat(dir_fd, mark, &s, AT_SYMLINK_NOFOLLOW) && S_ISREG(s.st_mode);
}

/* err_set() is false, so that less one is the -1 of a descriptor that is none. */
int sim_folder_open(const char *dir, char path[4096], struct err *e)
{
    if (mkdir(dir, 0755) && errno != EEXIST)
        return err_set(e, "cannot make the folder %s: %s", dir, strerror(errno)) - 1;
    if (!realpath(dir, path))
        return err_set(e, "no folder %s: %s", dir, strerror(errno)) - 1;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return err_set(e, "cannot use the folder %s: %s", dir, strerror(errno)) - 1;
    if (!is_ours(fd) && !is_empty(fd)) {
        close(fd);
        return err_set(e, "%s has files that davy-sim did not make: give it a new or an empty folder", dir) - 1;
    }
    return fd;
}

int sim_folder_lock(int dir_fd, const char *dir, struct err *e)
{
    int fd = openat(dir_fd, mark, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0)
        return err_set(e, "cannot write %s/%s: %s", dir, mark, strerror(errno)) - 1;
    if (flock(fd, LOCK_EX | LOCK_NB)) {
        close(fd);
        return err_set(e, "another davy-sim feeds %s: stop it first, or take another folder", dir) - 1;
    }
    if (ftruncate(fd, 0) || dprintf(fd, "%ld\n", (long)getpid()) < 0) {
        close(fd);
        return err_set(e, "cannot write %s/%s: %s", dir, mark, strerror(errno)) - 1;
    }
    return fd;
}

pid_t sim_folder_owner(int dir_fd)
{
    char text[32] = "";
    int fd = openat(dir_fd, mark, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return 0;
    bool held = flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;
    ssize_t got = held ? read(fd, text, sizeof text - 1) : 0;
    close(fd);
    int64_t pid = 0;
    bool number = got > 0 && bytes_i64(bytes_trim((struct bytes){text, (size_t)got}), &pid);
    return number && pid > 0 && pid <= INT_MAX ? (pid_t)pid : 0;
}
