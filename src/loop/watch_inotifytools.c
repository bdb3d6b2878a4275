/* SPDX-License-Identifier: GPL-2.0-or-later */
/* libinotifytools 3.22.6, fenced in. The library keeps everything in globals, so there is one instance a process and this
 * is one of the two files with a mutable static. What it takes to use it safely, each met in practice:
 *  - its descriptor is hidden: it is found by its link in /proc/self/fd, and it is not CLOEXEC: set here;
 *  - it calls select() on it: a descriptor of 1024 or more aborts the process, so from 1000 on it is not used;
 *  - inotifytools_next_event(0) blocks for ever; next_events(0, 1) does not; more than one event busy-waits;
 *  - it buffers: after one wake-up it must be drained until it gives NULL;
 *  - a name it has seen stays mapped to its first watch even when that folder is gone and made anew, so each watch gets a
 *    spelling of its own (slashes and dots at the end);
 *  - adding a watch that it has loses memory: so the kernel is asked first, which gives it the same number;
 *  - removing the watch of a folder that is gone prints to stderr, so that is never done. */
#include "loop/watch_backend.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inotifytools/inotifytools.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FD_LIMIT = 1000, SERIAL_BITS = 32 };

static struct {
    bool taken;
    int fd;
    uint32_t serial;
} library;

static bool is_inotify(const char *number)
{
    char path[64], link[64];
    snprintf(path, sizeof path, "/proc/self/fd/%.16s", number);
    ssize_t n = readlink(path, link, sizeof link - 1);
    return n == (ssize_t)strlen("anon_inode:inotify") && memcmp(link, "anon_inode:inotify", (size_t)n) == 0;
}

/* The newest inotify descriptor at or above lowest, the first free one before the library took its own. */
static int find_fd(int lowest)
{
    char number[16];
    snprintf(number, sizeof number, "%d", lowest);
    if (is_inotify(number))
        return lowest;
    DIR *dir = opendir("/proc/self/fd");
    int found = -1;
    for (const struct dirent *d; dir != NULL && (d = readdir(dir)) != NULL;) {
        int fd = atoi(d->d_name);
        if (fd > found && is_inotify(d->d_name))
            found = fd;
    }
    if (dir != NULL)
        closedir(dir);
    return found;
}

static int lowest_free(void)
{
    int fd = open("/", O_PATH | O_CLOEXEC);
    if (fd >= 0)
        close(fd);
    return fd;
}

static bool library_start(int *fd, struct err *e)
{
    int lowest = lowest_free();
    if (lowest < 0 || lowest >= FD_LIMIT)
        return err_set(e, "libinotifytools: descriptor %d is too high for select()", lowest);
    if (!inotifytools_initialize())
        return err_set(e, "%s",
                       inotifytools_error() == EMFILE ? "no instances or descriptors left"
                                                      : strerror(inotifytools_error()));
    *fd = find_fd(lowest);
    if (*fd >= 0 && *fd < FD_LIMIT && fcntl(*fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(*fd, F_SETFL, O_NONBLOCK) == 0)
        return true;
    inotifytools_cleanup();
    return err_set(e, "libinotifytools: its descriptor cannot be found");
}

static void *tools_open(int *fd, struct err *e)
{
    if (library.taken) {
        err_set(e, "libinotifytools is in use already");
        return NULL;
    }
    if (!library_start(fd, e))
        return NULL;
    library.taken = true;
    library.fd = *fd;
    return &library;
}

static void tools_close(void *state)
{
    (void)state;
    inotifytools_cleanup();
    library.taken = false;
}

/* "dir/" and the bits of a serial number: "/" for 0, "./" for 1. All of them name the same folder. */
static bool spell(char out[PATH_MAX], const char *dir, uint32_t serial, struct err *e)
{
    size_t len = strlen(dir);
    if (len + 2 * SERIAL_BITS + 2 > PATH_MAX)
        return err_set(e, "its path is too long");
    memcpy(out, dir, len);
    out[len++] = '/';
    for (; serial > 0; serial >>= 1) {
        if (serial & 1)
            out[len++] = '.';
        out[len++] = '/';
    }
    out[len] = '\0';
    return true;
}

static int tools_add(void *state, const char *dir, struct err *e)
{
    (void)state;
    char name[PATH_MAX];
    int wd = inotify_add_watch(library.fd, dir, WATCH_MASK);
    if (wd >= 0 && inotifytools_filename_from_wd(wd) != NULL)
        return wd;
    if (!spell(name, dir, library.serial++, e))
        return -1;
    if (inotifytools_watch_file(name, WATCH_MASK))
        return inotifytools_wd_from_filename(name);
    int why = inotifytools_error();
    err_set(e, "%s", why == ENOSPC ? "no inotify watches left" : strerror(why));
    return -1;
}

static void tools_remove(void *state, int wd)
{
    (void)state;
    inotifytools_remove_watch_by_wd(wd); /* 3.22.6 forgets it without telling the kernel */
    inotify_rm_watch(library.fd, wd);
}

static bool tools_next(void *state, struct watch_raw_event *event)
{
    (void)state;
    const struct inotify_event *in = inotifytools_next_events(0, 1);
    if (in == NULL)
        return false;
    *event = (struct watch_raw_event){.wd = in->wd, .mask = in->mask, .name = in->len > 0 ? in->name : ""};
    return true;
}

const struct watch_backend_ops watch_inotifytools = {
    .name = "libinotifytools",
    .open = tools_open,
    .close = tools_close,
    .add = tools_add,
    .remove = tools_remove,
    .next = tools_next,
};
