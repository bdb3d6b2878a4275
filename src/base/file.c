/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/file_name.h"

enum { LEAST_READ = 4096 };

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

static bool failed(const char *path, int error, struct err *e)
{
    char name[FILE_NAME];
    file_name(name, path);
    if (error == ENOENT || error == ENOTDIR)
        return err_set(e, "%s is not there", name);
    if (error == EACCES)
        return err_set(e, "%s cannot be read by this user; chmod it or run davy as its owner", name);
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
    if (!look(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &x))
        return failed(path, errno, e);
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
        return failed(path, errno, e), -1;
    /* Once more: it may have been replaced in between, and only this is what will be read. */
    if (!look(fd, "", AT_EMPTY_PATH, &x))
        failed(path, errno, e);
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
            return failed(path, errno, e);
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
