/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The files of the node's jobs. */
#include "cmd/node_daemon.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MOST = 16 << 20 };

void node_point(const char *name)
{
    const char *at = getenv("DAVY_NODE_DIES_AT");
    if (at && strcmp(at, name) == 0)
        raise(SIGKILL);
}

const char *node_store_path(struct arena *a, const struct node_daemon *d, const char *id, const char *name)
{
    return arena_text(a, "%s/jobs/%s%s%s", d->config.root, id, *name ? "/" : "", name);
}

static const char *entry_path(struct arena *a, const struct node_daemon *d, const char *folder, const char *id)
{
    return arena_text(a, "%s/%s/%s.json", d->config.root, folder, id);
}

/* ---- the workspace ---- */

static bool make(const char *path, mode_t mode, struct err *e)
{
    struct stat s;
    if (mkdir(path, mode) != 0 && errno != EEXIST)
        return err_set(e, "%.200s: %s", path, strerror(errno));
    if (lstat(path, &s) != 0 || !S_ISDIR(s.st_mode) || s.st_uid != geteuid())
        return err_set(e, "%.200s must be a folder of the node's own user", path);
    return chmod(path, mode) == 0 || err_set(e, "%.200s: %s", path, strerror(errno));
}

static bool make_all(struct node_daemon *d, struct err *e)
{
    static const char *const folder[] = {"", "/jobs", "/outbox", "/dead", "/control"};
    const mode_t passed =
        geteuid() == 0 ? 0711 : 0700; /* root's jobs are other users, on their way to their own folder */
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s", d->config.root);
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0755); /* what is there stays; what cannot be made shows below */
        *slash = '/';
    }
    for (size_t i = 0; i < sizeof folder / sizeof *folder; i++) {
        snprintf(path, sizeof path, "%s%s", d->config.root, folder[i]);
        if (!make(path, i < 2 ? passed : 0700, e))
            return false;
    }
    return true;
}

static bool lock(struct node_daemon *d, struct err *e)
{
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/lock", d->config.root);
    d->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (d->lock_fd < 0)
        return err_set(e, "%.200s: %s", path, strerror(errno));
    return flock(d->lock_fd, LOCK_EX | LOCK_NB) == 0 ||
           err_set(e, "%.200s: another davy-node works in this folder", d->config.root);
}

static bool name_node(struct node_daemon *d, struct err *e)
{
    struct arena a = {0};
    struct bytes text;
    struct file_stat s;
    char host[48] = "node";
    const char *path = arena_text(&a, "%s/node_id", d->config.root);
    if (d->config.is->id) {
        snprintf(d->id, sizeof d->id, "%s", d->config.is->id);
    } else if (file_read(&a, path, JOB_NAME, &text, &s, NULL) && job_id_is_good(bytes_trim(text))) {
        text = bytes_trim(text);
        snprintf(d->id, sizeof d->id, "%.*s", (int)text.len, text.at);
    } else {
        gethostname(host, sizeof host - 1);
        snprintf(d->id, sizeof d->id, "%s-%04x", host, (unsigned)(wall_now() & 0xffff));
        if (!job_id_is_good(bytes_of(d->id)))
            snprintf(d->id, sizeof d->id, "node-%04x", (unsigned)(wall_now() & 0xffff));
        if (!file_replace(path, bytes_of(d->id), 0600, e)) {
            arena_release(&a);
            return false;
        }
    }
    arena_release(&a);
    return true;
}

bool node_store_open(struct node_daemon *d, struct err *e)
{
    return make_all(d, e) && lock(d, e) && name_node(d, e);
}

/* ---- a job ---- */

static void sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

bool node_store_job(struct node_daemon *d, const char *id, struct bytes manifest, struct err *e)
{
    struct arena a = {0};
    const char *folder = node_store_path(&a, d, id, "");
    bool good = make(folder, 0700, e) && file_replace(node_store_path(&a, d, id, "manifest.json"), manifest, 0600, e);
    if (good)
        sync_folder(arena_text(&a, "%s/jobs", d->config.root));
    arena_release(&a);
    return good;
}

static bool put(struct node_daemon *d, const char *path, const json_t *value, bool durable, struct err *e)
{
    char *text = json_dumps(value, JSON_COMPACT);
    bool good = text && (durable ? file_replace : file_keep)(path, bytes_of(text), 0600, e);
    (void)d;
    free(text);
    return good;
}

bool node_store_state(struct node_daemon *d, int job, bool durable, struct err *e)
{
    const struct agent_job *j = &d->agent.job[job];
    const struct node_job *n = &d->job[job];
    struct arena a = {0};
    int64_t deadline = j->deadline_ms == INT64_MAX ? 0 : wall_now() + j->deadline_ms - loop_now();
    json_t *state = json_pack("{si ss ss si si sb sb sb ss sI sI sI si}", "v", 1, "job_id", j->id, "state",
                              agent_job_states[j->state], "attempt", j->attempt, "crashes", j->crashes, "gpu", j->gpu,
                              "restartable", j->restartable, "canceled", j->canceled, "code", node_codes[j->code].name,
                              "assigned_at_ms", (json_int_t)n->assigned_wall_ms, "started_at_ms",
                              (json_int_t)n->started_wall_ms, "deadline_at_ms", (json_int_t)deadline, "slot", j->slot);
    bool good = put(d, node_store_path(&a, d, j->id, "state.json"), state, durable, e);
    json_decref(state);
    arena_release(&a);
    return good;
}

bool node_store_report(struct node_daemon *d, int job, struct err *e)
{
    const char *id = d->agent.job[job].id;
    const json_t *report = d->job[job].report;
    struct arena a = {0};
    bool good =
        put(d, node_store_path(&a, d, id, "result.json"), report, false, e); /* the entry below is the sure one */
    node_point("after_result");
    good = good && node_store_state(d, job, false, e);
    node_point("after_collect");
    good = good && put(d, entry_path(&a, d, "outbox", id), report, true, e);
    node_point("after_outbox");
    arena_release(&a);
    return good;
}

static json_t *read_json(struct arena *a, const char *path)
{
    struct bytes text;
    struct file_stat s;
    json_t *value = file_read(a, path, FILE_MOST, &text, &s, NULL) ? json_read(text, "a file of the node", NULL) : NULL;
    if (value && !json_is_object(value)) {
        json_decref(value);
        value = NULL;
    }
    arena_release(a);
    return value;
}

json_t *node_store_read(struct node_daemon *d, const char *id, const char *name)
{
    struct arena a = {0};
    return read_json(&a, node_store_path(&a, d, id, name));
}

json_t *node_store_entry(struct node_daemon *d, const char *id)
{
    struct arena a = {0};
    return read_json(&a, entry_path(&a, d, "outbox", id));
}

bool node_store_has_entry(const struct node_daemon *d, const char *id)
{
    struct arena a = {0};
    struct stat s;
    bool there = lstat(entry_path(&a, d, "outbox", id), &s) == 0;
    arena_release(&a);
    return there;
}

void node_store_bury(struct node_daemon *d, const char *id, const char *why)
{
    struct arena a = {0};
    const char *from = entry_path(&a, d, "outbox", id), *to = entry_path(&a, d, "dead", id);
    json_t *entry = node_store_entry(d, id);
    struct err e;
    if (entry) {
        json_object_set_new(entry, "dead", json_string(why));
        json_object_set_new(entry, "dead_at_ms", json_integer(wall_now()));
        if (put(d, to, entry, true, &e))
            unlink(from);
    }
    json_decref(entry);
    arena_release(&a);
}

bool node_store_unbury(struct node_daemon *d, const char *id)
{
    struct arena a = {0};
    bool good = unlink(entry_path(&a, d, "dead", id)) == 0;
    arena_release(&a);
    return good;
}

size_t node_store_dead(const struct node_daemon *d)
{
    struct arena a = {0};
    size_t n = 0;
    DIR *dir = opendir(arena_text(&a, "%s/dead", d->config.root));
    for (const struct dirent *f; dir && (f = readdir(dir));)
        n += *f->d_name != '.';
    if (dir)
        closedir(dir);
    arena_release(&a);
    return n;
}
