/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/audit.h"

#include "action/own.h"
#include "base/file.h"
#include "base/json.h"
#include "base/timetext.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TAIL = 256 * 1024, NOTE = 512 };
static const char log_name[] = "state/davy/audit.jsonl", lock_name[] = "state/davy/action.lock",
                  because[] = "without the audit log davy starts nothing";

/* ---- opening ---- */

/* Returns -1, for a descriptor that is none. */
static int cannot(struct err *e, const char *name, const char *what)
{
    return own_cannot(e, name, what, because);
}

bool audit_open(struct audit *x, const char *dir, struct err *e)
{
    *x = (struct audit){-1, -1};
    int folder = own_folder(dir, because, e);
    if (folder < 0)
        return false;
    x->fd = own_file(folder, log_name, because, e);
    x->lock_fd = x->fd < 0 ? -1 : own_file(folder, lock_name, because, e);
    close(folder);
    if (x->lock_fd >= 0)
        return true;
    audit_close(x);
    return false;
}

void audit_close(struct audit *x)
{
    if (x->fd >= 0)
        close(x->fd);
    if (x->lock_fd >= 0)
        close(x->lock_fd); /* and with its last copy the lock is free */
    *x = (struct audit){-1, -1};
}

/* ---- one at a time ---- */

static bool taken(struct audit *x, int64_t now_ms, struct err *e)
{
    char text[NOTE], ago[TIME_TEXT], since[TIME_TEXT];
    struct arena a = {0};
    ssize_t got = pread(x->lock_fd, text, sizeof text, 0);
    json_t *note = got > 0 ? json_read((struct bytes){text, (size_t)got}, lock_name, NULL) : NULL;
    const char *user = json_text(&a, note, "user"), *action = json_text(&a, note, "action");
    int64_t at = json_int(note, "since"), pid = json_int(note, "pid");
    if (user && action && at != NOT_KNOWN)
        err_set(e, "%.40s of %.40s runs already, since %s UTC (%s; pid %lld): one action at a time", action, user,
                time_clock_s(since, at), duration_short(ago, now_ms > at ? now_ms - at : 0), (long long)pid);
    else
        err_set(e, "another action runs already on this rig: one at a time");
    json_decref(note);
    arena_release(&a);
    return false;
}

bool audit_lock(struct audit *x, enum plan_kind kind, const char *user, int64_t now_ms, struct err *e)
{
    char text[NOTE];
    if (flock(x->lock_fd, LOCK_EX | LOCK_NB) < 0)
        return errno == EWOULDBLOCK ? taken(x, now_ms, e) : cannot(e, lock_name, "locked") > 0;
    json_t *note = json_pack("{s:s, s:s, s:I, s:I}", "action", plan_kind_name(kind), "user", user, "since",
                             (json_int_t)now_ms, "pid", (json_int_t)getpid());
    size_t len = note ? json_dumpb(note, text, sizeof text - 1, JSON_COMPACT) : 0;
    json_decref(note);
    if (len == 0 || len >= sizeof text)
        return err_set(e, "cannot put together the note in %s", lock_name);
    text[len] = '\n';
    if (ftruncate(x->lock_fd, 0) < 0 || write(x->lock_fd, text, len + 1) != (ssize_t)(len + 1))
        return cannot(e, lock_name, "written") > 0;
    return true;
}

/* ---- lines ---- */

static json_t *steps(const struct plan *p)
{
    json_t *all = json_array();
    for (int i = 0; i < p->steps; i++) {
        json_t *argv = json_array();
        for (const char *const *word = p->step[i].argv; *word; word++)
            json_array_append_new(argv, json_from_text(*word));
        json_array_append_new(all, argv);
    }
    return all;
}

static json_t *number_or_null(int value)
{
    return value < 0 ? json_null() : json_integer(value);
}

static void add_result(json_t *o, const struct audit_record *r)
{
    json_object_set_new(o, "exit", number_or_null(r->exit));
    json_object_set_new(o, "signal", number_or_null(r->signal));
    json_object_set_new(o, "timed_out", json_boolean(r->timed_out));
    json_object_set_new(o, "duration_ms", json_integer(r->duration_ms));
    json_object_set_new(o, "health", json_from_text(r->health));
    json_object_set_new(o, "health_text", json_from_text(r->health_text));
    json_object_set_new(o, "error", json_from_text(r->error));
}

static void add_who(json_t *o, const struct who *who, const char *host, const char *dir)
{
    json_object_set_new(o, "user", json_from_text(who->user));
    json_object_set_new(o, "sudo_user", json_from_text(who->sudo_user));
    json_object_set_new(o, "login_uid", json_from_text(who->login));
    json_object_set_new(o, "tty", json_from_text(who->tty));
    json_object_set_new(o, "ssh_client", json_from_text(who->ssh));
    json_object_set_new(o, "host", json_from_text(host));
    json_object_set_new(o, "rig", json_from_text(dir));
}

static json_t *record(const struct audit_record *r)
{
    char time[TIME_TEXT];
    const struct plan *p = r->plan;
    json_t *o = json_object();
    json_object_set_new(o, "version", json_integer(1));
    json_object_set_new(o, "event", json_string(r->ended ? "ended" : "begun"));
    json_object_set_new(o, "id", json_from_text(r->id));
    json_object_set_new(o, "action", json_string(plan_kind_name(p->kind)));
    json_object_set_new(o, "begun", json_integer(r->begun_ms));
    json_object_set_new(o, "begun_at", json_string(time_iso(time, r->begun_ms)));
    add_who(o, &r->who, r->host, r->dir);
    json_object_set_new(o, "origin", json_from_text(r->origin));
    json_object_set_new(o, "forced", json_boolean(r->forced));
    json_object_set_new(o, "from", json_from_text(p->from));
    json_object_set_new(o, "unit", json_from_text(p->unit));
    json_object_set_new(o, "argv", steps(p));
    json_object_set_new(o, "folder", json_from_text(p->folder));
    if (r->ended)
        add_result(o, r);
    return o;
}

/* A line that a full disk has cut stays a line of its own. */
static bool after_a_torn_line(int fd)
{
    struct stat s;
    char last;
    return fstat(fd, &s) == 0 && s.st_size > 0 && pread(fd, &last, 1, s.st_size - 1) == 1 && last != '\n';
}

static bool append(struct audit *x, json_t *o, struct err *e) /* steals o */
{
    struct arena a = {0};
    char *text = json_dumps(o, JSON_COMPACT);
    json_decref(o);
    if (!text)
        return err_set(e, "cannot put together the line for %s", log_name);
    const char *line = arena_text(&a, "%s%s\n", after_a_torn_line(x->fd) ? "\n" : "", text);
    size_t len = strlen(line);
    errno = ENOSPC; /* of a write that is cut short */
    bool done = write(x->fd, line, len) == (ssize_t)len || cannot(e, log_name, "written") > 0;
    free(text);
    arena_release(&a);
    return done;
}

bool audit_write(struct audit *x, const struct audit_record *r, struct err *e)
{
    return append(x, record(r), e);
}

bool audit_note(struct audit *x, const struct audit_note *n, struct err *e)
{
    char time[TIME_TEXT];
    json_t *o = json_object();
    json_object_set_new(o, "version", json_integer(1));
    json_object_set_new(o, "event", json_string("done"));
    json_object_set_new(o, "action", json_from_text(n->action));
    json_object_set_new(o, "at", json_integer(n->at_ms));
    json_object_set_new(o, "done_at", json_string(time_iso(time, n->at_ms)));
    json_object_set_new(o, "text", json_from_text(n->text));
    add_who(o, &n->who, n->host, n->dir);
    json_object_set_new(o, "forced", json_boolean(n->forced));
    return append(x, o, e);
}

/* ---- looking back ---- */

static size_t begun_in(struct arena *a, struct bytes text, enum plan_kind kind, int64_t begun_ms[AUDIT_MOST])
{
    struct bytes line;
    size_t count = 0;
    while (bytes_line(&text, &line)) {
        json_t *o = json_read(line, log_name, NULL);
        const char *event = json_text(a, o, "event"), *action = json_text(a, o, "action");
        int64_t at = json_int(o, "begun");
        if (event && action && at != NOT_KNOWN && strcmp(event, "begun") == 0 &&
            strcmp(action, plan_kind_name(kind)) == 0)
            begun_ms[count++ % AUDIT_MOST] = at;
        json_decref(o);
    }
    return count < AUDIT_MOST ? count : AUDIT_MOST;
}

size_t audit_begun(const struct audit *x, enum plan_kind kind, int64_t begun_ms[AUDIT_MOST])
{
    struct stat s;
    struct arena a = {0};
    if (fstat(x->fd, &s) < 0)
        return 0;
    off_t from = s.st_size > TAIL ? s.st_size - TAIL : 0;
    char *text = arena_alloc(&a, TAIL);
    ssize_t got = pread(x->fd, text, TAIL, from);
    size_t count = begun_in(&a, (struct bytes){text, got > 0 ? (size_t)got : 0}, kind, begun_ms);
    arena_release(&a);
    return count;
}

size_t audit_peek(const char *dir, enum plan_kind kind, int64_t begun_ms[AUDIT_MOST])
{
    struct arena a = {0};
    struct file_stat s;
    struct audit x = {file_open(arena_text(&a, "%s/%s", dir, log_name), &s, NULL), -1};
    size_t count = x.fd < 0 ? 0 : audit_begun(&x, kind, begun_ms);
    audit_close(&x);
    arena_release(&a);
    return count;
}
