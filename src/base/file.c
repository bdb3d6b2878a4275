/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/file.h"
#include "base/file_name.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { LEAST_READ = 4096, TRIES = 16, MODE_BITS = 07777 };

static int64_t stamp_ms(struct statx_timestamp t)
{
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void describe(struct file_stat *s, const struct statx *x)
{
    s->exists = true;
    s->dev = makedev(x->stx_dev_major, x->stx_dev_minor);
    s->ino = x->stx_ino;
    s->size = (int64_t)x->stx_size;
    s->mtime_ms = stamp_ms(x->stx_mtime);
    s->mtime_ns_part = x->stx_mtime.tv_nsec % 1000000;
    s->btime_ms = x->stx_mask & STATX_BTIME ? stamp_ms(x->stx_btime) : 0;
}

/* flags 0 with an empty path: of the descriptor itself. */
static bool look(int fd, const char *path, int flags, struct statx *x)
{
    return statx(fd, path, flags | AT_NO_AUTOMOUNT, STATX_BASIC_STATS | STATX_BTIME, x) == 0;
}

struct wrong_kind {
    unsigned type;
    const char *is;
};
static const struct wrong_kind wrong_kinds[] = {
    {S_IFBLK, "a block device"}, {S_IFCHR, "a character device"}, {S_IFDIR, "a folder"},
    {S_IFIFO, "a FIFO"},         {S_IFSOCK, "a socket"},
};

static bool is_regular(const char *path, unsigned mode, struct err *e)
{
    char name[FILE_NAME];
    const char *is = "something else";
    if (S_ISREG(mode))
        return true;
    for (size_t i = 0; i < sizeof wrong_kinds / sizeof *wrong_kinds; i++)
        if (wrong_kinds[i].type == (mode & S_IFMT))
            is = wrong_kinds[i].is;
    return err_set(e, "%s is %s, not a file; davy will not open it", file_name(name, path), is);
}

static bool read_failed(const char *path, int error, struct err *e)
{
    char name[FILE_NAME];
    file_name(name, path);
    if (error == ENOENT || error == ENOTDIR)
        return err_set(e, "%s is not there", name);
    if (error == EACCES)
        return err_set(e, "%s cannot be read by this user; chmod it (or its folder) or run davy as its owner", name);
    return err_set(e, "%s cannot be read: %s", name, strerror(error));
}

/* A link that somebody else can place must not lead davy to files that only davy may read. */
static bool may_follow(const char *path, const struct statx *x, struct err *e)
{
    char name[FILE_NAME];
    if (x->stx_uid == 0 || x->stx_uid == geteuid())
        return true;
    return err_set(e, "%s is a symbolic link of user %u; davy follows only links of root and its own",
                   file_name(name, path), x->stx_uid);
}

/* Looked at before it is opened, because opening a device or a FIFO already does something. *flags: how to open it. */
static bool may_open(const char *path, int *flags, struct file_stat *s, struct err *e)
{
    struct statx x;
    if (!look(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &x)) {
        s->exists = errno != ENOENT && errno != ENOTDIR; /* in a folder that may not be entered: nobody knows */
        return read_failed(path, errno, e);
    }
    describe(s, &x);
    *flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | O_NOFOLLOW;
    if (!S_ISLNK(x.stx_mode))
        return is_regular(path, x.stx_mode, e);
    if (!may_follow(path, &x, e))
        return false;
    *flags &= ~O_NOFOLLOW;
    if (!look(AT_FDCWD, path, 0, &x)) {
        char name[FILE_NAME];
        return err_set(e, "%s is a link that leads nowhere (%s)", file_name(name, path), strerror(errno));
    }
    return is_regular(path, x.stx_mode, e);
}

int file_open(const char *path, struct file_stat *s, struct err *e)
{
    int flags = 0;
    struct statx x;
    *s = (struct file_stat){0};
    if (!may_open(path, &flags, s, e))
        return -1;
    int fd = open(path, flags);
    if (fd < 0)
        return read_failed(path, errno, e), -1;
    /* Once more: it may have been replaced in between, and only this is what will be read. */
    if (!look(fd, "", AT_EMPTY_PATH, &x))
        read_failed(path, errno, e);
    else if (is_regular(path, x.stx_mode, e))
        return describe(s, &x), fd;
    close(fd);
    return -1;
}

static bool too_large(const char *path, size_t limit, struct err *e)
{
    char name[FILE_NAME];
    return err_set(e, "%s is larger than %zu bytes; davy does not read that much of it", file_name(name, path), limit);
}

static ssize_t read_some(int fd, char *at, size_t len)
{
    ssize_t got;
    do
        got = read(fd, at, len);
    while (got < 0 && errno == EINTR);
    return got;
}

struct block {
    char *at;
    size_t len, size; /* one byte of size is kept for the NUL */
};

static void make_room(struct arena *a, struct block *b)
{
    if (b->len + 1 < b->size)
        return;
    b->at = arena_grow(a, b->at, b->len, b->size * 2);
    b->size *= 2;
}

/* To the end, whatever the size was said to be: files grow, and those of /proc say 0. */
static bool read_all(struct arena *a, int fd, size_t limit, struct block *b, const char *path, struct err *e)
{
    for (;;) {
        make_room(a, b);
        ssize_t got = read_some(fd, b->at + b->len, b->size - b->len - 1);
        if (got < 0)
            return read_failed(path, errno, e);
        if (got == 0)
            return b->at[b->len] = '\0', true;
        b->len += (size_t)got;
        if (b->len > limit)
            return too_large(path, limit, e);
    }
}

bool file_read(struct arena *a, const char *path, size_t limit, struct bytes *out, struct file_stat *s, struct err *e)
{
    int fd = file_open(path, s, e);
    if (fd < 0)
        return false;
    if ((uint64_t)s->size > limit) {
        close(fd);
        return too_large(path, limit, e);
    }
    struct block b = {.size = (size_t)s->size + 2};
    if (b.size < LEAST_READ)
        b.size = LEAST_READ;
    b.at = arena_alloc(a, b.size);
    bool done = read_all(a, fd, limit, &b, path, e);
    close(fd);
    if (done)
        *out = (struct bytes){b.at, b.len};
    return done;
}

/* ---- replacing: so that no reader and no power cut ever sees half of a file ---- */

struct replacement {
    const char *path;    /* as the caller calls it, for sentences */
    char real[PATH_MAX]; /* behind links */
    char temporary[PATH_MAX];
    int fd;
    bool fresh; /* must not be there yet */
    bool soft;  /* nobody waits for the disk */
    struct err *e;
};

static bool write_failed(const struct replacement *r, const char *verb)
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
        return errno = ENAMETOOLONG, write_failed(r, "written");
    memcpy(r->real, r->path, strlen(r->path) + 1);
    if (r->fresh || lstat(r->path, &st) || !S_ISLNK(st.st_mode))
        return true;
    if (st.st_uid != 0 && st.st_uid != geteuid())
        return errno = EPERM, write_failed(r, "written through a link of somebody else");
    return realpath(r->path, r->real) || write_failed(r, "written");
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
            return write_failed(r, "written");
        r->fd = open(r->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (r->fd >= 0)
            return true;
        if (errno != EEXIST)
            break;
    }
    return write_failed(r, "written");
}

/* The file there keeps its owner and mode; giving it back to its owner works for root only, and need not. */
static bool adopt(const struct replacement *r, unsigned mode)
{
    struct stat st;
    if (!r->fresh && stat(r->real, &st) == 0) {
        if (!S_ISREG(st.st_mode))
            return errno = EINVAL, write_failed(r, "replaced (it is no file)");
        mode = st.st_mode & MODE_BITS;
        if (fchown(r->fd, st.st_uid, st.st_gid) && st.st_uid == geteuid())
            mode &= ~07000u;
    }
    return fchmod(r->fd, mode) == 0 || write_failed(r, "written");
}

static bool write_all(const struct replacement *r, struct bytes content)
{
    while (content.len) {
        ssize_t put = write(r->fd, content.at, content.len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return write_failed(r, "written");
        content = bytes_from(content, (size_t)put);
    }
    return r->soft || fsync(r->fd) == 0 || write_failed(r, "written");
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

/* Where the file system knows no exclusive rename, a second name that must be new does the same. */
static bool move(const struct replacement *r)
{
    if (!r->fresh)
        return rename(r->temporary, r->real) == 0;
    if (renameat2(AT_FDCWD, r->temporary, AT_FDCWD, r->real, RENAME_NOREPLACE) == 0)
        return true;
    return (errno == EINVAL || errno == ENOSYS) && link(r->temporary, r->real) == 0 && unlink(r->temporary) == 0;
}

static bool finish(struct replacement *r, struct bytes content, unsigned mode)
{
    bool written = adopt(r, mode) && write_all(r, content);
    if (close(r->fd) && written)
        written = write_failed(r, "written");
    if (written && !move(r))
        written = write_failed(r, r->fresh ? "made" : "replaced");
    if (!written)
        unlink(r->temporary);
    return written;
}

static bool put_in_place(struct replacement *r, struct bytes content, unsigned mode)
{
    if (!resolve(r) || !create(r) || !finish(r, content, mode & MODE_BITS))
        return false;
    if (!r->soft)
        sync_folder(r);
    return true;
}

bool file_replace(const char *path, struct bytes content, unsigned mode, struct err *e)
{
    return put_in_place(&(struct replacement){.path = path, .e = e}, content, mode);
}

bool file_keep(const char *path, struct bytes content, unsigned mode, struct err *e)
{
    return put_in_place(&(struct replacement){.path = path, .soft = true, .e = e}, content, mode);
}

bool file_create(const char *path, struct bytes content, unsigned mode, struct err *e)
{
    return put_in_place(&(struct replacement){.path = path, .fresh = true, .e = e}, content, mode);
}
