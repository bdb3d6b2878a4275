/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What everybody may know of davy-watch: state/davy/watch.json, the samples of the daemon's uptime, the metrics. */
#include "cmd/watch.h"

#include "action/own.h"
#include "base/file.h"
#include "base/timetext.h"
#include "cmd/davy_place.h"
#include "sink/sink.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BORN_FIELD = 22, NAME_FIELD = 2, STAT_LIMIT = 4096, UPTIME_LIMIT = 64 << 10, DAY_HOURS = 24, EVERYBODYS = 0644 };
static const int64_t keep_ms = 300000;
static const char because[] = "nobody sees that davy-watch works";

/* Field 22 of "pid (name) state ...": the name may hold blanks and parentheses. */
static int64_t born(struct arena *a)
{
    struct bytes text, word = {NULL, 0};
    struct file_stat s;
    int64_t value = NOT_KNOWN;
    if (!file_read(a, "/proc/self/stat", STAT_LIMIT, &text, &s, NULL) || strrchr(text.at, ')') == NULL)
        return value;
    text = bytes_from(text, (size_t)(strrchr(text.at, ')') - text.at) + 1);
    for (int field = NAME_FIELD; field < BORN_FIELD; field++) {
        text = bytes_trim(text);
        word = (struct bytes){text.at, bytes_find(text, " ")};
        text = bytes_from(text, word.len);
    }
    bytes_i64(word, &value);
    return value;
}

static const char *own_path(struct watcher_state *w, const char *name)
{
    return arena_text(&w->arena, "%s/state/davy/%s", w->folder, name);
}

void watch_state_open(struct watcher_state *w)
{
    struct bytes text;
    struct file_stat s;
    json_t *root = NULL;
    w->uptime = uptime_none;
    w->started_ms = wall_now();
    w->born = born(&w->arena);
    for (int i = 0; i < RUNS; i++)
        w->next_ms[i] = NOT_KNOWN;
    if (file_read(&w->arena, own_path(w, "uptime.json"), UPTIME_LIMIT, &text, &s, NULL))
        root = json_read(text, "uptime.json", NULL);
    uptime_from_json(root, &w->uptime);
    json_decref(root);
}

/* ---- JSON files of our own ---- */

static void write_json(struct watcher_state *w, const char *name, json_t *o)
{
    struct err e;
    size_t len = json_dumpb(o, NULL, 0, JSON_COMPACT);
    char *text = arena_alloc(&w->arena, len + 2);
    json_dumpb(o, text, len, JSON_COMPACT);
    json_decref(o);
    text[len] = '\n';
    int folder = own_folder(w->folder, because, &e);
    const char *path = arena_text(&w->arena, "state/davy/%s", name);
    bool done = folder >= 0 && own_replace(folder, path, (struct bytes){text, len + 1}, because, &e);
    if (folder >= 0)
        close(folder);
    if (!done && w->failed_ms == 0)
        watch_say("error", "not_saved", "error", e.text, NULL);
}

static void note_uptime(struct watcher_state *w, const struct model *m)
{
    enum daemon_state s = m->daemon->state;
    bool unknown = s == DAEMON_UNKNOWN || s == DAEMON_NEVER, up = s == DAEMON_UP || s == DAEMON_STALE;
    uptime_note(&w->uptime, unknown ? UPTIME_UNKNOWN : up ? UPTIME_UP : UPTIME_DOWN, m->now_ms);
    if (loop_now() < w->uptime_kept_ms)
        return;
    w->uptime_kept_ms = loop_now() + keep_ms;
    write_json(w, "uptime.json", uptime_to_json(&w->uptime));
}

static json_t *next_json(const struct watcher_state *w)
{
    json_t *o = json_object();
    for (int i = 0; i < RUNS; i++)
        json_object_set_new(o, mail_run_name((enum mail_run)i), json_from_int(w->next_ms[i]));
    return o;
}

static json_t *notify_json(const struct watcher_state *w, const struct settings *s)
{
    const struct office *o = &w->office;
    const char *way = s->notify_chat != NULL ? "telegram" : s->notify_argv != NULL ? "command" : "nobody";
    return json_pack("{s:s, s:I, s:I, s:I, s:I, s:o}", "to", way, "waiting", (json_int_t)o->waiting, "arrived",
                     (json_int_t)o->arrived, "failed", (json_int_t)o->failed, "failing_s",
                     (json_int_t)(o->failing_ms / 1000), "error",
                     o->wrong.text[0] != '\0' ? json_string(o->wrong.text) : json_null());
}

void watch_state_write(struct watcher_state *w, const struct model *m)
{
    note_uptime(w, m);
    json_t *o =
        json_pack("{s:i, s:i, s:I, s:I, s:I, s:I, s:b, s:o, s:o, s:o}", "version", 1, "pid", (int)getpid(), "born",
                  (json_int_t)w->born, "beat", (json_int_t)wall_now(), "started", (json_int_t)w->started_ms,
                  "evaluations", (json_int_t)w->evaluations, "saving", w->failed_ms == 0, "uptime_24h",
                  json_from_num(uptime_share(&w->uptime, DAY_HOURS, m->now_ms)), "next", next_json(w), "notify",
                  notify_json(w, m->settings));
    write_json(w, "watch.json", o);
}

/* ---- metrics ---- */

static void put_own(FILE *out, const struct watcher_state *w, const struct model *m)
{
    double share = uptime_share(&w->uptime, DAY_HOURS, m->now_ms);
    const struct {
        const char *name, *type, *help;
        double value;
    } rows[] = {
        {"davy_watch_evaluations_total", "counter", "Evaluations since davy-watch started.", (double)w->evaluations},
        {"davy_watch_last_evaluation_timestamp_seconds", "gauge", "When davy-watch evaluated last.",
         (double)m->now_ms / 1000},
        {"davy_watch_messages_failing_seconds", "gauge", "For so long no message goes out; 0: they do.",
         (double)(w->office.failing_ms / 1000)},
        {"davy_watch_messages_failed_total", "counter", "Attempts to send a message that failed.",
         (double)w->office.failed},
        {"davy_watch_messages_sent_total", "counter", "Messages that arrived.", (double)w->office.arrived},
        {"davy_watch_messages_waiting", "gauge", "Messages that wait to be sent.", (double)w->office.waiting},
        {"davy_watch_saving", "gauge", "1: the journal of alerts can be written.", w->failed_ms == 0},
        {"davy_daemon_uptime_24h_ratio", "gauge", "Share of the minutes of a day in which the daemon was up.", share},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (isfinite(rows[i].value))
            fprintf(out, "# HELP %s %s\n# TYPE %s %s\n%s %.17g\n", rows[i].name, rows[i].help, rows[i].name,
                    rows[i].type, rows[i].name, rows[i].value);
}

/* Whoever reads the file sees the old one or the new one, whole. */
void watch_metrics_write(struct watcher_state *w, const struct model *m)
{
    char *text = NULL;
    size_t len = 0;
    struct err e = {"no memory for the metrics"};
    if (m->settings->watch_metrics == NULL)
        return;
    FILE *out = open_memstream(&text, &len);
    bool done = out != NULL && sink_prometheus.write(out, m, NULL, NULL, &w->arena, &e);
    if (done)
        put_own(out, w, m);
    done = out != NULL && fclose(out) == 0 && done;
    done = done && file_keep(davy_place(&w->arena, w->folder, m->settings->watch_metrics), (struct bytes){text, len},
                             EVERYBODYS, &e);
    if (!done && !w->broken_metrics)
        watch_say("error", "metrics_not_written", "error", e.text, NULL);
    w->broken_metrics = !done;
    free(text);
}
