/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_route_write.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MODE_BITS = 07777, FOLDER_MODE = 0755, MARK_MODE = 0644 };

static bool fail(const char *path, struct err *e)
{
    return err_set(e, "%.200s cannot be written: %s", path, strerror(errno));
}

static bool write_all(int fd, struct bytes text)
{
    while (text.len > 0) {
        ssize_t n = write(fd, text.at, text.len);
        if (n < 0 && errno != EINTR)
            return false;
        text = bytes_from(text, n > 0 ? (size_t)n : 0);
    }
    return true;
}

/* Same inode: a file that is mounted on its own cannot be renamed over. Written before it is cut, so that it is never empty. */
static bool write_into(const char *path, struct bytes text, struct err *e)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    bool ok = fd >= 0 && write_all(fd, text) && ftruncate(fd, (off_t)text.len) == 0 && fsync(fd) == 0;
    if (!ok)
        fail(path, e);
    if (fd >= 0)
        close(fd);
    return ok;
}

bool mine_rewrite(const char *path, struct bytes text, bool in_place, struct err *e)
{
    char real[PATH_MAX];
    struct stat before;
    if (realpath(path, real) == NULL || stat(real, &before) != 0)
        return fail(path, e);
    if (in_place)
        return write_into(real, text, e);
    if (!file_replace(real, text, before.st_mode & MODE_BITS, e))
        return false;
    if (geteuid() == 0 && (before.st_uid != 0 || before.st_gid != 0) && lchown(real, before.st_uid, before.st_gid) != 0)
        return fail(path, e);
    return true;
}

/* All folders above the last part. */
static void make_folders(const char *path)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    for (char *c = folder + 1; *c; c++) {
        if (*c != '/')
            continue;
        *c = 0;
        mkdir(folder, FOLDER_MODE); /* what is wrong shows when the file is made */
        *c = '/';
    }
}

bool mine_touch(const char *path, struct err *e)
{
    make_folders(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, MARK_MODE);
    bool ok = fd >= 0 && futimens(fd, NULL) == 0;
    if (!ok)
        fail(path, e);
    if (fd >= 0)
        close(fd);
    return ok;
}
