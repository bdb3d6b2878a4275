/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writing a whole file so that no reader and no power cut ever sees half of it. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_name.h"

enum { TRIES = 16, MODE_BITS = 07777 };

struct replacement {
    const char *path;    /* as the caller calls it, for sentences */
    char real[PATH_MAX]; /* behind links */
    char temporary[PATH_MAX];
    int fd;
    struct err *e;
};

static bool failed(const struct replacement *r, const char *verb)
{
    char name[FILE_NAME];
    int error = errno;
    return err_set(r->e, "%s cannot be %s: %s", file_name(name, r->path), verb, strerror(error));
}

/* rename() would put a file in the place of a link; people who link their settings want the target written. */
static bool resolve(struct replacement *r)
{
    struct stat st;
    if (strlen(r->path) >= sizeof r->real)
        return errno = ENAMETOOLONG, failed(r, "written");
    memcpy(r->real, r->path, strlen(r->path) + 1);
    if (lstat(r->path, &st) || !S_ISLNK(st.st_mode))
        return true;
    if (st.st_uid != 0 && st.st_uid != geteuid())
        return errno = EPERM, failed(r, "written through a link of somebody else");
    return realpath(r->path, r->real) || failed(r, "written");
}

static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

static bool name_temporary(struct replacement *r)
{
    uint64_t random;
    size_t folder = folder_length(r->real);
    if (getrandom(&random, sizeof random, 0) != sizeof random)
        return false;
    int len = snprintf(r->temporary, sizeof r->temporary, "%.*s.davy-%016llx.tmp", (int)folder, r->real,
                       (unsigned long long)random);
    errno = ENAMETOOLONG;
    return len > 0 && (size_t)len < sizeof r->temporary;
}

static bool create(struct replacement *r)
{
    for (int i = 0; i < TRIES; i++) {
        if (!name_temporary(r))
            return failed(r, "written");
        r->fd = open(r->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (r->fd >= 0)
            return true;
        if (errno != EEXIST)
            break;
    }
    return failed(r, "written");
}

/* The file there keeps its owner and mode; giving it back to its owner works for root only, and need not. */
static bool adopt(const struct replacement *r, unsigned mode)
{
    struct stat st;
    if (stat(r->real, &st) == 0) {
        if (!S_ISREG(st.st_mode))
            return errno = EINVAL, failed(r, "replaced (it is no file)");
        mode = st.st_mode & MODE_BITS;
        if (fchown(r->fd, st.st_uid, st.st_gid) && st.st_uid == geteuid())
            mode &= ~07000u;
    }
    return fchmod(r->fd, mode) == 0 || failed(r, "written");
}

static bool write_all(const struct replacement *r, struct bytes content)
{
    while (content.len) {
        ssize_t put = write(r->fd, content.at, content.len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return failed(r, "written");
        content = bytes_from(content, (size_t)put);
    }
    return fsync(r->fd) == 0 || failed(r, "written");
}

/* The rename itself is on disk only when the folder is; file systems without folder fsync say EINVAL. */
static void sync_folder(const struct replacement *r)
{
    char folder[PATH_MAX] = ".";
    size_t len = folder_length(r->real);
    if (len) {
        memcpy(folder, r->real, len);
        folder[len] = '\0';
    }
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    fsync(fd);
    close(fd);
}

static bool finish(struct replacement *r, struct bytes content, unsigned mode)
{
    bool written = adopt(r, mode) && write_all(r, content);
    if (close(r->fd) && written)
        written = failed(r, "written");
    if (written && rename(r->temporary, r->real))
        written = failed(r, "replaced");
    if (!written)
        unlink(r->temporary);
    return written;
}

bool file_replace(const char *path, struct bytes content, unsigned mode, struct err *e)
{
    struct replacement r = {.path = path, .e = e};
    if (!resolve(&r) || !create(&r) || !finish(&r, content, mode & MODE_BITS))
        return false;
    sync_folder(&r);
    return true;
}
