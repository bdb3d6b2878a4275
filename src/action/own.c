/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/own.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int refuse(struct err *e, const char *path, const char *why, const char *because)
{
    err_set(e, "%s %s; %s", path, why, because);
    return -1;
}

int own_cannot(struct err *e, const char *path, const char *what, const char *because)
{
    err_set(e, "%s cannot be %s: %s; %s", path, what, strerror(errno), because);
    return -1;
}

/* What root makes in somebody's rig is that somebody's, or the owner's own davy could never write there again. Where the
 * file system does not do that it stays root's. */
static void give_away(int fd, int parent)
{
    struct stat s;
    bool theirs = geteuid() == 0 && fstat(parent, &s) == 0 && s.st_uid != 0;
    if (theirs && fchown(fd, s.st_uid, s.st_gid) < 0)
        errno = 0;
}

struct folder {
    const char *name, *path;
    mode_t mode;
    int flags;
};
/* state/ may be a link of the owner's, to a larger disk; state/davy/ is ours and is none. */
static const struct folder folders[] = {{"state", "state", 0755, 0}, {"davy", "state/davy", 0700, O_NOFOLLOW}};

static int open_folder(int parent, const struct folder *f, const char *because, struct err *e)
{
    struct stat s;
    bool made = mkdirat(parent, f->name, f->mode) == 0;
    int fd = openat(parent, f->name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | f->flags);
    if (fd < 0)
        return own_cannot(e, f->path, made ? "opened" : "made or opened", because);
    if (made)
        give_away(fd, parent);
    if (fstat(fd, &s) == 0 && !(s.st_mode & S_IWOTH))
        return fd;
    close(fd);
    return refuse(e, f->path, "may be written to by everybody: chmod o-w it", because);
}

int own_folder(const char *dir, const char *because, struct err *e)
{
    int rig = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (rig < 0)
        return own_cannot(e, "the rig's folder", "opened", because);
    int state = open_folder(rig, &folders[0], because, e);
    int davy = state < 0 ? -1 : open_folder(state, &folders[1], because, e);
    close(rig);
    if (state >= 0)
        close(state);
    return davy;
}

/* Looked at before it is opened: opening a FIFO or a device already does something. */
static bool is_plain(const struct stat *s)
{
    return S_ISREG(s->st_mode) && s->st_nlink <= 1;
}

int own_file(int folder, const char *path, const char *because, struct err *e)
{
    static const char odd[] = "is not a plain file of one name: remove it";
    struct stat s;
    const char *name = strrchr(path, '/') + 1;
    bool there = fstatat(folder, name, &s, AT_SYMLINK_NOFOLLOW) == 0;
    if (there && !is_plain(&s))
        return refuse(e, path, odd, because);
    int fd = openat(folder, name, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
    if (fd < 0)
        return own_cannot(e, path, "written", because);
    if (!there)
        give_away(fd, folder);
    if (fstat(fd, &s) == 0 && is_plain(&s))
        return fd;
    close(fd);
    return refuse(e, path, odd, because);
}

bool own_replace(int folder, const char *path, struct bytes text, const char *because, struct err *e)
{
    char new_path[128];
    snprintf(new_path, sizeof new_path, "%s.new", path);
    const char *new_name = strrchr(new_path, '/') + 1;
    unlinkat(folder, new_name, 0);
    int fd = own_file(folder, new_path, because, e);
    if (fd < 0)
        return false;
    bool done =
        write(fd, text.at, text.len) == (ssize_t)text.len; /* some thousand bytes of a plain file: all, or no room */
    close(fd);
    done = done && renameat(folder, new_name, folder, strrchr(path, '/') + 1) == 0;
    if (!done) {
        own_cannot(e, path, "written", because);
        unlinkat(folder, new_name, 0);
    }
    return done;
}
