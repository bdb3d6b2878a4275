/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "loop/watch.h"

#include "loop/watch_backend.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

struct watch_dir { /* wd -1: free */
    int wd;
    dev_t dev;
    ino_t ino;
    bool doubtful; /* events were lost: its watch may be gone, and a new folder may have its inode number */
};
struct watch {
    const struct watch_backend_ops *ops;
    void *state;
    int fd;
    struct watch_dir *dir;
    int dir_count;
    char notice[160];
};

/* File systems whose changes come from other machines or from a user's program: inotify sees only our own. */
static const uint32_t not_watchable[] = {
    0x6969,     /* NFS */
    0x517B,     /* SMB */
    0xFE534D42, /* SMB2 */
    0xFF534D42, /* CIFS */
    0x65735546, /* FUSE, so sshfs too */
    0x01021997, /* 9p */
    0x00c36400, /* Ceph */
    0x5346414F, /* AFS */
};

struct watch *watch_open_with(const struct watch_backend_ops *ops)
{
    int fd = -1;
    void *state = ops->open(&fd, NULL);
    struct watch *w = state == NULL ? NULL : calloc(1, sizeof *w);
    if (w == NULL)
        return NULL;
    w->ops = ops;
    w->state = state;
    w->fd = fd;
    return w;
}

static const struct watch_backend_ops *backend_of(enum watch_backend b)
{
    static const struct watch_backend_ops *const table[] = {
        [WATCH_AUTO] = &watch_inotifytools,
        [WATCH_INOTIFYTOOLS] = &watch_inotifytools,
        [WATCH_RAW] = &watch_raw,
        [WATCH_POLL] = &watch_poll,
    };
    return table[b];
}

static bool try_open(struct watch *w, const struct watch_backend_ops *ops, struct err *why)
{
    w->fd = -1;
    w->ops = ops;
    w->state = ops->open(&w->fd, why);
    return w->state != NULL;
}

struct watch *watch_open(enum watch_backend wanted)
{
    struct watch *w = calloc(1, sizeof *w);
    if (w == NULL)
        abort();
    struct err why = {"asked for"};
    if (!try_open(w, backend_of(wanted), &why) && !try_open(w, &watch_raw, &why))
        try_open(w, &watch_poll, NULL);
    if (watch_polling(w))
        snprintf(w->notice, sizeof w->notice, "polling every 2 s (inotify: %.100s)", why.text);
    return w;
}

void watch_still(struct watch *w)
{
    for (int i = 0; w != NULL && i < w->dir_count; i++)
        if (w->dir[i].wd >= 0) {
            w->ops->remove(w->state, w->dir[i].wd);
            w->dir[i].wd = -1;
        }
}

void watch_close(struct watch *w)
{
    if (w == NULL)
        return;
    w->ops->close(w->state);
    free(w->dir);
    free(w);
}

int watch_fd(const struct watch *w)
{
    return w->fd;
}

bool watch_polling(const struct watch *w)
{
    return w->ops == &watch_poll;
}

const char *watch_notice(const struct watch *w)
{
    return w->notice[0] != '\0' ? w->notice : NULL;
}

static bool watchable(const char *dir, struct stat *s, struct err *e)
{
    struct statfs fs;
    if (stat(dir, s) < 0 || statfs(dir, &fs) < 0)
        return err_set(e, "%s", strerror(errno));
    for (size_t i = 0; i < sizeof not_watchable / sizeof not_watchable[0]; i++)
        if ((uint32_t)fs.f_type == not_watchable[i])
            return err_set(e, "a network file system");
    return true;
}

static int room(struct watch *w)
{
    for (int i = 0; i < w->dir_count; i++)
        if (w->dir[i].wd < 0)
            return i;
    struct watch_dir *more = reallocarray(w->dir, (size_t)w->dir_count + 1, sizeof *more);
    if (more == NULL)
        return -1;
    w->dir = more;
    w->dir[w->dir_count].wd = -1;
    return w->dir_count++;
}

static int known(const struct watch *w, const struct stat *s)
{
    for (int i = 0; i < w->dir_count; i++)
        if (w->dir[i].wd >= 0 && w->dir[i].dev == s->st_dev && w->dir[i].ino == s->st_ino)
            return i;
    return -1;
}

int watch_add(struct watch *w, const char *dir, struct err *e)
{
    struct stat s;
    if (!watchable(dir, &s, e))
        return -1;
    int id = known(w, &s);
    if (id >= 0 && !w->dir[id].doubtful)
        return id;
    int wd = w->ops->add(w->state, dir, e);
    if (wd >= 0 && id < 0)
        id = room(w);
    if (id >= 0)
        w->dir[id] = (struct watch_dir){.wd = wd, .dev = s.st_dev, .ino = s.st_ino};
    return wd < 0 ? -1 : id;
}

void watch_remove(struct watch *w, int id)
{
    if (id < 0 || id >= w->dir_count || w->dir[id].wd < 0)
        return;
    if (!w->dir[id].doubtful) /* a watch that is gone already cannot be removed; one that is not is harmless */
        w->ops->remove(w->state, w->dir[id].wd);
    w->dir[id].wd = -1;
}

static int id_of(const struct watch *w, int wd)
{
    for (int i = 0; i < w->dir_count; i++)
        if (w->dir[i].wd == wd)
            return i;
    return -1;
}

/* The directory is lost. A moved one still has its watch, which must go; a deleted one took it along. */
static void dir_lost(struct watch *w, int id, uint32_t mask)
{
    if (mask & IN_MOVE_SELF)
        watch_remove(w, id);
    w->dir[id].wd = -1;
}

static bool what_of(uint32_t mask, enum watch_what *what)
{
    static const struct {
        uint32_t mask;
        enum watch_what what;
    } table[] = {
        {IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED, WATCH_DIR_GONE},
        {IN_DELETE | IN_MOVED_FROM, WATCH_GONE},
        {IN_CLOSE_WRITE | IN_MOVED_TO, WATCH_WRITTEN},
        {IN_MODIFY, WATCH_MODIFIED},
        {IN_CREATE, WATCH_CREATED},
        {IN_ATTRIB, WATCH_RIGHTS},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        *what = table[i].what;
        if (mask & table[i].mask)
            return true;
    }
    return false;
}

static bool translate(struct watch *w, const struct watch_raw_event *in, struct watch_event *ev)
{
    *ev = (struct watch_event){.id = -1, .what = WATCH_OVERFLOW, .name = ""};
    if (in->mask & IN_Q_OVERFLOW) {
        for (int i = 0; i < w->dir_count; i++)
            w->dir[i].doubtful = true;
        return true;
    }
    int id = in->wd < 0 ? -1 : id_of(w, in->wd);
    if (id < 0 || !what_of(in->mask, &ev->what))
        return false;
    ev->id = id;
    ev->name = in->name;
    if ((in->mask & (IN_CREATE | IN_ISDIR)) == (IN_CREATE | IN_ISDIR))
        ev->what = WATCH_WRITTEN; /* a folder is whole when it is there */
    if (ev->what == WATCH_DIR_GONE)
        dir_lost(w, id, in->mask);
    return true;
}

bool watch_next(struct watch *w, struct watch_event *ev)
{
    struct watch_raw_event in;
    while (w->ops->next(w->state, &in))
        if (translate(w, &in, ev))
            return true;
    return false;
}
