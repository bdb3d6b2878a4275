/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a job leaves goes: its inputs and its work at once, its folder when nobody will ask for it any more. */
#include "cmd/node_daemon.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH = 64, FAILED_TIMES = 7 };

/* All below name in the folder at fd, and name itself. Never follows a link: a job may have left some. */
static void remove_tree(int at, const char *name, int depth)
{
    if (unlinkat(at, name, 0) == 0 || depth == 0)
        return;
    int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir && fd >= 0)
        close(fd);
    for (const struct dirent *f; dir && (f = readdir(dir));)
        if (strcmp(f->d_name, ".") != 0 && strcmp(f->d_name, "..") != 0)
            remove_tree(dirfd(dir), f->d_name, depth - 1);
    if (dir)
        closedir(dir);
    unlinkat(at, name, AT_REMOVEDIR);
}

void node_store_close_job(struct node_daemon *d, const char *id)
{
    struct arena a = {0};
    unlink(arena_text(&a, "%s/outbox/%s.json", d->config.root, id));
    int fd = open(node_store_path(&a, d, id, ""), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0) {
        remove_tree(fd, "input", DEPTH);
        remove_tree(fd, "work", DEPTH);
        close(fd);
    }
    arena_release(&a);
}

void node_store_again(struct node_daemon *d, const char *id)
{
    struct arena a = {0};
    int fd = open(node_store_path(&a, d, id, ""), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0) {
        remove_tree(fd, "work", DEPTH);
        remove_tree(fd, "output", DEPTH);
        close(fd);
    }
    arena_release(&a);
}

static bool is_old(struct node_daemon *d, const char *id, int64_t now_ms)
{
    struct arena a = {0};
    struct stat s;
    bool there = stat(node_store_path(&a, d, id, "state.json"), &s) == 0;
    arena_release(&a);
    int64_t age_ms = there ? now_ms - (int64_t)s.st_mtim.tv_sec * 1000 : 0, keep_ms = d->config.is->keep_h * 3600000;
    if (age_ms <= keep_ms)
        return false;
    json_t *state = node_store_read(d, id, "state.json");
    const char *word = json_string_value(json_object_get(state, "state"));
    bool over = word && agent_job_over(agent_job_state_of(word));
    bool well = over && agent_job_state_of(word) == JOB_DONE;
    json_decref(state);
    return over && (well || age_ms > keep_ms * FAILED_TIMES);
}

void node_store_sweep(struct node_daemon *d, int64_t now_ms)
{
    struct arena a = {0};
    DIR *dir = opendir(arena_text(&a, "%s/jobs", d->config.root));
    for (const struct dirent *f; dir && (f = readdir(dir));)
        if (job_id_is_good(bytes_of(f->d_name)) && agent_find(&d->agent, f->d_name) < 0 &&
            !node_store_has_entry(d, f->d_name) && is_old(d, f->d_name, now_ms))
            remove_tree(dirfd(dir), f->d_name, DEPTH);
    if (dir)
        closedir(dir);
    arena_release(&a);
}
