/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Orders on files in the manner of the real writers: no lock, no fsync, one write() where they need one. */
#include "cmd/sim.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool failed(const char *path, struct err *e)
{
    return err_set(e, "cannot write %s: %s", path, strerror(errno));
}

static bool make_parent(int dir_fd, const char *path)
{
    char parent[256];
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        if ((size_t)(slash - path) >= sizeof parent)
            return true;
        memcpy(parent, path, (size_t)(slash - path));
        parent[slash - path] = '\0';
        if (mkdirat(dir_fd, parent, 0755) && errno != EEXIST)
            return false;
    }
    return true;
}

static bool write_all(int fd, struct bytes text)
{
    while (text.len) {
        ssize_t done = write(fd, text.at, text.len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        text = (struct bytes){text.at + done, text.len - (size_t)done};
    }
    return true;
}

static bool write_path(int dir_fd, const char *path, int how, unsigned mode, struct bytes text)
{
    int fd = openat(dir_fd, path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | how, mode);
    if (fd < 0)
        return false;
    bool done = write_all(fd, text);
    return !close(fd) && done;
}

static bool replace(int dir_fd, const char *path, unsigned mode, struct bytes text)
{
    char beside[256];
    snprintf(beside, sizeof beside, "%s.tmp", path);
    return write_path(dir_fd, beside, O_TRUNC, mode, text) && !renameat(dir_fd, beside, dir_fd, path);
}

bool sim_age(int dir_fd, enum sim_file file, int64_t age_ms, struct err *e)
{
    struct timespec now, times[2];
    clock_gettime(CLOCK_REALTIME, &now);
    times[0] = times[1] = (struct timespec){now.tv_sec - age_ms / 1000, now.tv_nsec};
    return !utimensat(dir_fd, sim_path(file), times, AT_SYMLINK_NOFOLLOW) || failed(sim_path(file), e);
}

static bool sim_remove(int dir_fd, const char *path, struct err *e)
{
    return !unlinkat(dir_fd, path, 0) || errno == ENOENT || err_set(e, "cannot remove %s: %s", path, strerror(errno));
}

bool sim_write(int dir_fd, const struct sim_order *o, struct err *e)
{
    const char *path = sim_path(o->file);
    if (o->act == SIM_REMOVE)
        return sim_remove(dir_fd, path, e);
    unsigned mode = o->executable ? 0755 : 0644;
    if (!make_parent(dir_fd, path))
        return failed(path, e);
    bool done = o->act == SIM_REPLACE
                    ? replace(dir_fd, path, mode, o->content)
                    : write_path(dir_fd, path, o->act == SIM_APPEND ? O_APPEND : O_TRUNC, mode, o->content);
    if (!done)
        return failed(path, e);
    return !o->age_ms || sim_age(dir_fd, o->file, o->age_ms, e);
}

bool sim_write_text(int dir_fd, enum sim_act act, enum sim_file file, struct bytes text, struct err *e)
{
    struct sim_order order = {.act = act, .file = file, .content = text};
    return sim_write(dir_fd, &order, e);
}
