/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_status.h"

#include "auction/window.h"
#include "base/file.h"
#include "base/timetext.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATUS_MOST = 4 << 20, EVERYBODYS = 0644, OWN = 0600, FOLDER = 0755, MS = 1000, TEMPO_USUAL = 360 };
static const int64_t clocks_agree_ms = 60000;

static double seconds_now(void)
{
    return (double)wall_now() / MS;
}

/* ---- the file ----------------------------------------------------------------------------------------------------- */

json_t *mine_status_read(const char *dir)
{
    struct arena a = {0};
    struct bytes text;
    struct file_stat s;
    json_t *o = file_read(&a, arena_text(&a, "%s/" MINE_STATUS, dir), STATUS_MOST, &text, &s, NULL)
                    ? json_read(text, MINE_STATUS, NULL)
                    : NULL;
    arena_release(&a);
    if (json_is_object(o))
        return o;
    json_decref(o);
    return json_object();
}

static json_t *without_memory(const json_t *status)
{
    json_t *out = json_deep_copy(status), *one;
    size_t i;
    json_array_foreach(json_object_get(out, "endpoints"), i, one) json_object_del(one, "_memory");
    return out;
}

bool mine_status_write(const char *dir, const json_t *status, struct err *e)
{
    struct arena a = {0};
    json_t *o = without_memory(status);
    json_object_set_new(o, "version", json_integer(1));
    json_object_set_new(o, "updated_at", json_real(seconds_now()));
    char *text = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(15));
    bool ok =
        text ? file_keep(arena_text(&a, "%s/" MINE_STATUS, dir), bytes_of(arena_text(&a, "%s\n", text)), EVERYBODYS, e)
             : err_set(e, "the status cannot be written as JSON");
    free(text);
    json_decref(o);
    arena_release(&a);
    return ok;
}

/* ---- windows ------------------------------------------------------------------------------------------------------ */

static json_t *windows_of(json_t *status)
{
    json_t *list = json_object_get(status, "windows");
    if (!json_is_array(list)) {
        list = json_array();
        json_object_set_new(status, "windows", list);
    }
    return list;
}

static int64_t last_end(const json_t *list)
{
    return json_int(json_array_get(list, json_array_size(list) - 1), "end");
}

static void add_window(json_t *list, const struct window *w, const char *state, int64_t won, int64_t lost)
{
    json_array_append_new(list, json_pack("{si sI sI ss sI sI}", "index", w->index, "start", (json_int_t)w->start,
                                          "end", (json_int_t)w->end, "state", state, "won", (json_int_t)won, "lost",
                                          (json_int_t)lost));
    while (json_array_size(list) > WINDOWS_KEPT)
        json_array_remove(list, 0);
}

/* Windows between the newest that is known and the one that begins at start: nobody processed them. */
static void add_missed(json_t *list, int64_t start, int64_t epoch_start)
{
    int64_t end = last_end(list);
    if (end == NOT_KNOWN || end >= start)
        return;
    int64_t most = (int64_t)WINDOWS_KEPT * (WINDOW_BLOCKS + 1);
    struct window w = window_at(start - end > most ? start - most : end + 1, epoch_start);
    for (; w.start < start; w = window_at(w.end + 1, epoch_start))
        add_window(list, &w, "missed", 0, 0);
}

/* The result of a window, which may be told many times while it lasts. */
static void note_result(json_t *status, const json_t *result)
{
    json_t *list = windows_of(status);
    int64_t start = json_int(result, "start"), netuid = json_int(status, "netuid"), tempo = json_int(status, "tempo");
    int64_t won = json_int(result, "won"), lost = json_int(result, "lost");
    struct window w = window_of(start, netuid, tempo > 0 ? tempo : TEMPO_USUAL);
    size_t n = json_array_size(list);
    if (start == NOT_KNOWN || netuid == NOT_KNOWN)
        return;
    if (n > 0 && json_int(json_array_get(list, n - 1), "start") >= start)
        json_array_remove(list, n - 1);
    else
        add_missed(list, start, w.epoch_start);
    add_window(list, &w, won > 0 ? "won" : lost > 0 ? "lost" : "none", won, lost);
}

/* Whole windows that have passed since the one that was processed last. */
static void count_missed(json_t *status)
{
    const json_t *last = json_child(status, "last_result");
    int64_t start = json_int(last, "start"), head = json_int(status, "block"), netuid = json_int(status, "netuid");
    int64_t tempo = json_int(status, "tempo");
    json_int_t missed = 0;
    if (start == NOT_KNOWN || head == NOT_KNOWN || netuid == NOT_KNOWN)
        return;
    struct window now = window_of(head, netuid, tempo > 0 ? tempo : TEMPO_USUAL);
    struct window w = window_at(start, now.epoch_start);
    for (w = window_at(w.end + 1, now.epoch_start); w.start < now.start && missed < MS;
         w = window_at(w.end + 1, now.epoch_start))
        missed++;
    json_object_set_new(status, "missed_windows", json_integer(missed));
}

/* ---- what is told ------------------------------------------------------------------------------------------------- */

static json_t *child_of(json_t *o, const char *key)
{
    json_t *child = json_object_get(o, key);
    if (!json_is_object(child)) {
        child = json_object();
        json_object_set_new(o, key, child);
    }
    return child;
}

static void raise_head(json_t *status, const json_t *result)
{
    int64_t head = json_int(result, "head"), before = json_int(status, "block");
    if (head == NOT_KNOWN || (before != NOT_KNOWN && before >= head))
        return;
    json_object_set_new(status, "block", json_integer(head));
    json_object_set_new(status, "block_time", json_real(seconds_now()));
}

/* Of the jobs' last runs, the first that failed. */
static json_t *trouble_of(const json_t *status)
{
    const json_t *jobs = json_object_get(status, "jobs");
    for (int i = 0; i < JOB_COUNT; i++) {
        json_t *why = json_object_get(json_object_get(jobs, mine_job_names[i]), "why");
        if (json_is_string(why))
            return json_incref(why);
    }
    return json_null();
}

void mine_status_ran(json_t *status, enum mine_job job, const json_t *result, const struct err *why, int64_t took_ms)
{
    json_t *patch = json_object_get(result, "patch"), *o = child_of(child_of(status, "jobs"), mine_job_names[job]);
    const char *error = result ? json_string_value(json_object_get(result, "error")) : why->text;
    json_object_update(status, patch);
    if (json_object_get(result, "endpoints"))
        json_object_set(status, "endpoints", json_object_get(result, "endpoints"));
    if (json_object_get(patch, "last_result"))
        note_result(status, json_object_get(patch, "last_result"));
    raise_head(status, result);
    if (json_int(result, "head") != NOT_KNOWN)
        json_object_set_new(status, "connected", json_true());
    else if (json_object_get(result, "endpoints"))
        json_object_set_new(status, "connected", json_false());
    count_missed(status);
    json_object_set_new(o, "ok", json_boolean(error == NULL));
    json_object_set_new(o, "why", error ? json_string(error) : json_null());
    json_object_set_new(o, "ran_at", json_real(seconds_now() - (double)took_ms / MS));
    json_object_set_new(o, "took_s", json_real((double)took_ms / MS));
    json_object_set_new(status, "error", trouble_of(status));
}

/* The chain's own clock, unless it is another than ours. */
static double time_of(const json_t *line)
{
    double now = seconds_now(), said = json_num(line, "block_time");
    return said > now - (double)clocks_agree_ms / MS && said <= now ? said : now;
}

void mine_status_head(json_t *status, const json_t *line)
{
    static const char *const same[] = {"finalized", "block_interval_s", "endpoint", "endpoints"};
    json_t *block = json_object_get(line, "block");
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        if (json_object_get(line, same[i]))
            json_object_set(status, same[i], json_object_get(line, same[i]));
    json_object_set_new(status, "connected", json_boolean(json_is_integer(block)));
    if (json_is_integer(block)) {
        json_object_set(status, "block", block);
        json_object_set_new(status, "block_time", json_real(time_of(line)));
    }
    count_missed(status);
}

/* ---- one service -------------------------------------------------------------------------------------------------- */

static int open_lock(const char *dir, int flags)
{
    struct arena a = {0};
    int fd = open(arena_text(&a, "%s/state/davy/mine.lock", dir), O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, OWN);
    arena_release(&a);
    return fd;
}

int mine_lock(const char *dir, struct err *e)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    struct arena a = {0};
    mkdir(arena_text(&a, "%s/state", dir), FOLDER);
    mkdir(arena_text(&a, "%s/state/davy", dir), FOLDER);
    arena_release(&a);
    int fd = open_lock(dir, O_CREAT);
    if (fd < 0) {
        err_set(e, "%s/state/davy/mine.lock: %s", dir, strerror(errno));
        return -1;
    }
    if (fcntl(fd, F_SETLK, &whole) == 0)
        return fd;
    err_set(e, "another davy-mine runs this rig (%s/state/davy/mine.lock): stop it first", dir);
    close(fd);
    return -1;
}

/* 0: nobody. */
static pid_t lock_holder(const char *dir)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int fd = open_lock(dir, 0);
    bool held = fd >= 0 && fcntl(fd, F_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
    if (fd >= 0)
        close(fd);
    return held && whole.l_pid > 0 ? whole.l_pid : 0;
}

static bool has_folder(const char *dir)
{
    struct arena a = {0};
    struct stat s;
    bool there = stat(arena_text(&a, "%s/state", dir), &s) == 0 && S_ISDIR(s.st_mode);
    arena_release(&a);
    return there;
}

bool mine_status_once(const char *dir, enum mine_job job, const json_t *result, struct err *e)
{
    pid_t service = lock_holder(dir);
    if (service > 0) {
        kill(service, SIGUSR1);
        return true;
    }
    if (!has_folder(dir))
        return true;
    json_t *status = mine_status_read(dir);
    mine_status_ran(status, job, result, NULL, 0);
    bool ok = mine_status_write(dir, status, e);
    json_decref(status);
    return ok;
}
