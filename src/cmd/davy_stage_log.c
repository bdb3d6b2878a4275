/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy stage log: the events of the status file as the lines that the miner's own reporter prints; -f goes on. */
#include "cmd/davy_stage.h"

#include "base/timetext.h"
#include "loop/loop.h"
#include "loop/watch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

enum { SECOND_MS = 1000, POLL_MS = 2000, INFO = 6, ERROR = 3 };

struct stage_log {
    struct stage_job *job;
    struct loop *loop;
    struct watch *watch;
    const char *name;      /* of the file in its folder */
    int64_t seq, at_ms;    /* the newest that was printed, of davy's writers and of others; NOT_KNOWN */
    struct arena scratch;  /* of one line */
    struct arena current;  /* what the file says now */
    struct stage_told now; /* the current stage, if any */
    const char *mode;      /* NULL */
    bool has_now;
    bool silent;                      /* what was there before is not printed */
    char trouble[sizeof(struct err)]; /* told already */
};

/* ---- one line ---- */

/* As Python's logging writes it: local time, so that davy reads it as it reads the miner's own log. */
static const char *prefix(struct stage_log *l, int64_t at_ms, bool bad)
{
    time_t at = (time_t)(at_ms / SECOND_MS);
    char text[32] = "";
    struct tm t;
    if (l->job->journal)
        return arena_text(&l->scratch, "<%d>", bad ? ERROR : INFO);
    if (localtime_r(&at, &t) == NULL || strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &t) == 0)
        return "";
    return arena_text(&l->scratch, "%s,%03d - davy.stage - %s - ", text, (int)(at_ms % SECOND_MS),
                      bad ? "ERROR" : "INFO");
}

static bool is_json(const struct stage_log *l)
{
    return l->job->output != NULL && strcmp(l->job->output, "json") == 0;
}

static void put_json(json_t *line)
{
    char *text = line != NULL ? json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(16)) : NULL;
    if (text == NULL)
        abort();
    puts(text);
    free(text);
    json_decref(line);
}

static void put_line(struct stage_log *l, int64_t at_ms, bool bad, const char *text, const json_t *event)
{
    if (!is_json(l)) {
        printf("%s%s\n", prefix(l, at_ms, bad), text);
        return;
    }
    json_t *line =
        json_pack("{s:o, s:s, s:s}", "at_ms", json_from_int(at_ms), "level", bad ? "ERROR" : "INFO", "text", text);
    if (event != NULL)
        json_object_set(line, "event", (json_t *)event);
    put_json(line);
}

static void put_event(struct stage_log *l, const struct stage_told *t, const json_t *event)
{
    put_line(l, t->at_ms, t->text.status == STAGE_STATUS_FAILED, stage_text_line(&l->scratch, &t->text), event);
}

/* ---- the file ---- */

/* Whether it was not printed yet. Two writers: those that number their events, and those that do not. */
static bool is_new(struct stage_log *l, const struct stage_told *t, int64_t *seq, int64_t *at_ms)
{
    bool numbered = t->seq != NOT_KNOWN;
    if (numbered ? t->seq <= l->seq : t->at_ms == NOT_KNOWN || t->at_ms <= l->at_ms)
        return false;
    if (numbered && t->seq > *seq)
        *seq = t->seq;
    if (!numbered && t->at_ms > *at_ms)
        *at_ms = t->at_ms;
    return true;
}

static void say_missed(int64_t before, int64_t first)
{
    if (before != NOT_KNOWN && first != NOT_KNOWN && first > before + 1)
        fprintf(stderr, "davy: %lld events came and went between two looks\n", (long long)(first - before - 1));
}

static void print_new(struct stage_log *l, const json_t *root)
{
    int64_t seq = l->seq, at_ms = l->at_ms, first = NOT_KNOWN;
    size_t i;
    json_t *event;
    json_array_foreach(json_object_get(root, "stage_history"), i, event)
    {
        struct stage_told t = stage_told_of(&l->scratch, event);
        if (!is_new(l, &t, &seq, &at_ms))
            continue;
        if (t.seq != NOT_KNOWN && (first == NOT_KNOWN || t.seq < first))
            first = t.seq;
        if (!l->silent)
            put_event(l, &t, event);
    }
    say_missed(l->seq, first);
    l->seq = seq;
    l->at_ms = at_ms;
}

static void keep_now(struct stage_log *l, const json_t *root)
{
    const json_t *now = json_child(root, "current_stage");
    arena_reset(&l->current);
    l->has_now = now != NULL;
    l->mode = json_text(&l->current, root, "mode");
    if (now != NULL)
        l->now = stage_told_of(&l->current, now);
}

/* The miner's start deletes the file or begins a new one: numbers begin again then. */
static void look_for_restart(struct stage_log *l, const json_t *root)
{
    int64_t events = json_int(root, "events");
    if (events != NOT_KNOWN && l->seq != NOT_KNOWN && events < l->seq)
        l->seq = 0;
}

static bool look(struct stage_log *l, struct err *e)
{
    arena_reset(&l->scratch);
    struct arena mine = l->job->arena;
    l->job->arena = (struct arena){0};
    json_t *root = stage_job_read(l->job, e);
    arena_release(&l->job->arena);
    l->job->arena = mine;
    if (root == NULL)
        return false;
    look_for_restart(l, root);
    keep_now(l, root);
    print_new(l, root);
    fflush(stdout);
    json_decref(root);
    return true;
}

/* ---- following ---- */

static void look_again(struct stage_log *l)
{
    struct err e;
    if (look(l, &e))
        l->trouble[0] = '\0';
    else if (strcmp(l->trouble, e.text) != 0) {
        snprintf(l->trouble, sizeof l->trouble, "%s", e.text);
        fprintf(stderr, "davy: %s; waiting\n", e.text);
    }
    if (ferror(stdout))
        loop_stop(l->loop, DAVY_OK);
}

static void on_files(void *ctx, uint32_t events)
{
    struct stage_log *l = ctx;
    struct watch_event ev;
    bool ours = false;
    (void)events;
    while (watch_next(l->watch, &ev))
        ours = ours || ev.what == WATCH_OVERFLOW || (ev.what == WATCH_WRITTEN && strcmp(ev.name, l->name) == 0);
    if (ours)
        look_again(l);
}

static void on_poll(void *ctx)
{
    struct stage_log *l = ctx;
    look_again(l);
    loop_timer(l->loop, loop_now() + POLL_MS, on_poll, l);
}

static void on_status(void *ctx)
{
    struct stage_log *l = ctx;
    arena_reset(&l->scratch);
    const char *modules = stage_job_modules(l->job, &l->scratch);
    put_line(l, wall_now(), false,
             stage_status_line(&l->scratch, l->mode != NULL ? l->mode : stage_job_mode(l->job, &l->scratch), modules,
                               l->has_now ? &l->now.text : NULL, l->has_now ? l->now.status : ""),
             NULL);
    fflush(stdout);
    loop_timer(l->loop, loop_now() + l->job->status_s * SECOND_MS, on_status, l);
}

static void on_signal(void *ctx, int signo)
{
    struct stage_log *l = ctx;
    (void)signo;
    loop_stop(l->loop, DAVY_OK);
}

static bool hook_up(struct stage_log *l, struct err *e)
{
    const char *slash = strrchr(l->job->path, '/');
    const char *dir =
        slash == NULL ? "." : arena_text(&l->job->arena, "%.*s", (int)(slash - l->job->path + 1), l->job->path);
    struct err why;
    l->name = slash != NULL ? slash + 1 : l->job->path;
    l->loop = loop_open(e);
    l->watch = l->loop != NULL ? watch_open(WATCH_AUTO) : NULL;
    if (l->watch == NULL || !loop_signal(l->loop, SIGINT, on_signal, l, e) ||
        !loop_signal(l->loop, SIGTERM, on_signal, l, e))
        return false;
    bool watched = !watch_polling(l->watch) && watch_add(l->watch, dir, &why) >= 0;
    if (watched && !loop_fd(l->loop, watch_fd(l->watch), EPOLLIN, on_files, l, e))
        return false;
    if (!watched)
        loop_timer(l->loop, loop_now() + POLL_MS, on_poll, l);
    if (l->job->status_s > 0)
        loop_timer(l->loop, loop_now() + l->job->status_s * SECOND_MS, on_status, l);
    return true;
}

static int follow(struct stage_log *l)
{
    struct err e = {""};
    signal(SIGPIPE, SIG_IGN);
    if (!hook_up(l, &e))
        return davy_fail(&e);
    l->silent = true;
    look_again(l);
    l->silent = false;
    return loop_run(l->loop);
}

int stage_job_log(struct stage_job *j)
{
    struct stage_log *l = calloc(1, sizeof *l);
    struct err e;
    if (l == NULL)
        abort();
    l->job = j;
    l->seq = l->at_ms = NOT_KNOWN;
    int code = j->follow ? follow(l) : look(l, &e) ? DAVY_OK : davy_fail(&e);
    if (l->watch != NULL)
        watch_close(l->watch);
    loop_close(l->loop);
    arena_release(&l->scratch);
    arena_release(&l->current);
    free(l);
    return code;
}
