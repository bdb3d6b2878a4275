/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "source/rig.h"

#include "base/utf8.h"
#include "source/rig_private.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SLICE = 1 << 20, HURRY_MS = 30 };

int64_t rig_now(const struct rig *r)
{
    return r->fixed_now_ms != NOT_KNOWN ? r->fixed_now_ms : wall_now();
}

const struct settings *rig_settings(const struct rig *r)
{
    return r->docs.settings;
}

void rig_range(struct rig *r, int range)
{
    r->docs.range = range;
}

const char *rig_folder(const struct rig *r)
{
    return r->dir;
}

uint64_t rig_changes(const struct rig *r)
{
    return r->changes;
}

static struct fetch_in rig_fetch_in(struct rig *r)
{
    return (struct fetch_in){
        .wall_ms = wall_now(),
        .loop_ms = loop_now(),
        .budget = SLICE,
        .local_offset_s = r->local_offset_s,
        .check = r->check,
        .take_events = r->watch != NULL ? rig_take_events : NULL,
        .ctx = r,
    };
}

static const char *second_place(const struct settings *s, enum doc_id id)
{
    return id == DOC_STATUS ? s->status_second : NULL;
}

/* The settings' own file is where --config says, whatever the settings say. */
static const char *path_of(const struct rig *r, enum doc_id id)
{
    if (id == DOC_SETTINGS)
        return r->config != NULL ? r->config : "davy.toml";
    const char *path = r->docs.settings->path[id];
    return path != NULL ? path : settings_default()->path[id];
}

static struct history_rules rules_of(const struct settings *s)
{
    return (struct history_rules){.threshold = s->success_threshold, .count_synthetic = s->count_synthetic};
}

static void open_source(struct rig *r, enum doc_id id)
{
    struct history_rules rules = rules_of(r->docs.settings);
    source_init(&r->source[id], id, r->dir, path_of(r, id), second_place(r->docs.settings, id), r->local_offset_s);
    if (id == DOC_HISTORY)
        folded_rules(&r->source[id], &r->index, &rules);
}

static bool is_as_set(const struct rig *r, enum doc_id id)
{
    const struct source *s = &r->source[id];
    struct history_rules want = rules_of(r->docs.settings);
    if (!source_is_at(s, r->dir, path_of(r, id), second_place(r->docs.settings, id)))
        return false;
    return id != DOC_HISTORY || history_follows(s->fold, &want);
}

/* After davy.toml changed: sources whose path is another one now start anew. */
static void reopen_moved(struct rig *r)
{
    for (int id = 0; id < DOC_COUNT; id++) {
        struct source *s = &r->source[id];
        if (id == DOC_SETTINGS || is_as_set(r, (enum doc_id)id))
            continue;
        source_release(s);
        docs_set(&r->docs, (enum doc_id)id, NULL);
        r->index.tried = false;
        open_source(r, (enum doc_id)id);
    }
}

static bool fetch_one(struct rig *r, enum doc_id id, const struct fetch_in *in)
{
    struct source *s = &r->source[id];
    const void *before = s->doc;
    if (id == DOC_HISTORY && r->before_history != NULL && s->index != NULL && !s->index->tried)
        r->before_history();
    bool differs = source_fetch(s, in);
    if (s->doc == NULL || s->doc == before)
        return differs;
    docs_set(&r->docs, id, s->doc);
    if (id == DOC_SETTINGS)
        reopen_moved(r);
    return differs;
}

bool rig_fetch(struct rig *r)
{
    if (r->watch != NULL)
        rig_take_events(r);
    struct fetch_in in = rig_fetch_in(r);
    bool differs = false, pid = false, fetched = false;
    /* The settings first: they say where the others are. */
    for (int i = 0; i < DOC_COUNT; i++) {
        enum doc_id id = i == 0 ? DOC_SETTINGS : (enum doc_id)(i <= DOC_SETTINGS ? i - 1 : i);
        struct source *s = &r->source[id];
        if ((!s->dirty && s->due_ms > in.loop_ms) || source_postponed(s, in.loop_ms))
            continue;
        fetched = true;
        bool one = fetch_one(r, id, &in);
        differs = differs || one;
        pid = pid || (one && (id == DOC_PID || id == DOC_STATE || id == DOC_SETTINGS));
    }
    if (pid)
        rig_probe(r);
    if (fetched)
        r->fetched_ms = loop_now();
    r->changes += differs;
    return differs;
}

static int64_t earliest_due(const struct rig *r)
{
    int64_t due = INT64_MAX;
    for (int i = 0; i < DOC_COUNT; i++) {
        const struct source *s = &r->source[i];
        if (s->origin.state != ORIGIN_INVALID && s->due_ms < due)
            due = s->due_ms;
        if (s->dirty)
            due = 0;
    }
    return due;
}

static void sleep_until(int64_t at_ms)
{
    int64_t left = at_ms - loop_now();
    if (left > 0)
        nanosleep(&(struct timespec){.tv_sec = left / 1000, .tv_nsec = left % 1000 * 1000000}, NULL);
}

/* Everything once: torn documents get their second looks, streams are read to their end. In a hurry (a dashboard) the
 * rest of a long stream is left to the loop. */
static void read_all(struct rig *r, bool hurry)
{
    int64_t end = loop_now() + HURRY_MS;
    do {
        rig_fetch(r);
        int64_t due = earliest_due(r);
        if (due == INT64_MAX || (hurry && (due > end || loop_now() > end)))
            break;
        sleep_until(due);
    } while (true);
    rig_probe(r);
    r->unsettled_ms = 0;
}

static bool set_dir(struct rig *r, const char *dir, struct err *e)
{
    struct stat s;
    char whole[PATH_MAX];
    if (realpath(dir, whole) == NULL || stat(whole, &s) < 0)
        return err_set(e, "%s: %s; -C wants the folder of a rig", dir, strerror(errno));
    if (!S_ISDIR(s.st_mode))
        return err_set(e, "%s is not a folder; -C wants the folder of a rig", dir);
    snprintf(r->dir, sizeof r->dir, "%s", whole);
    memcpy(r->index.rig, r->dir, sizeof r->index.rig);
    const char *slash = strrchr(r->dir, '/');
    snprintf(r->name, sizeof r->name, "%.255s", slash[1] != '\0' ? slash + 1 : "/");
    r->probe.dir = r->dir;
    return true;
}

static int32_t local_offset(int64_t now_ms)
{
    time_t now = (time_t)(now_ms / 1000);
    struct tm local = {0};
    localtime_r(&now, &local);
    return (int32_t)local.tm_gmtoff;
}

/* A --config that cannot be used is an error; a davy.toml that cannot be used is a fact shown on the screen. */
static bool read_settings(struct rig *r, struct err *e)
{
    struct fetch_in in = rig_fetch_in(r);
    r->docs.settings = settings_default();
    open_source(r, DOC_SETTINGS);
    const struct source *s = &r->source[DOC_SETTINGS];
    for (fetch_one(r, DOC_SETTINGS, &in); s->failing_ms != NOT_KNOWN && s->due_ms != INT64_MAX;
         fetch_one(r, DOC_SETTINGS, &in)) {
        sleep_until(s->due_ms);
        in = rig_fetch_in(r);
    }
    if (r->config == NULL || s->origin.state == ORIGIN_OK)
        return true;
    if (s->origin.error != NULL)
        return err_set(e, "%s", s->origin.error);
    return err_set(e, "%s is not there; --config wants a davy.toml", r->config);
}

static struct rig *rig_new(const struct rig_options *o)
{
    struct rig *r = calloc(1, sizeof *r);
    if (r == NULL)
        abort();
    r->fixed_now_ms = o->now_ms;
    r->backend = o->backend;
    r->check = o->check;
    r->before_history = o->before_history;
    memcpy(r->index.cache, o->cache, sizeof r->index.cache);
    r->index.write = o->keep;
    r->pidfd = -1;
    r->local_offset_s = local_offset(rig_now(r));
    if (gethostname(r->host, sizeof r->host - 1) < 0)
        r->host[0] = '\0';
    return r;
}

/* --config is relative to where davy was started, not to the rig. */
static const char *absolute(const char *path)
{
    return path == NULL ? NULL : realpath(path, NULL);
}

struct rig *rig_open(const struct rig_options *o, struct err *e)
{
    struct rig *r = rig_new(o);
    r->config = absolute(o->config);
    if (o->config != NULL && r->config == NULL)
        r->config = strdup(o->config);
    if (!set_dir(r, o->dir != NULL ? o->dir : ".", e)) {
        free((void *)(uintptr_t)r->config);
        free(r);
        return NULL;
    }
    r->docs.settings = settings_default();
    for (int id = 0; id < DOC_COUNT; id++)
        if (id != DOC_SETTINGS)
            open_source(r, (enum doc_id)id);
    if (!read_settings(r, e)) {
        rig_close(r);
        return NULL;
    }
    read_all(r, o->hurry);
    return r;
}

static const char *polling_notice(const struct rig *r, struct arena *a)
{
    const struct source *first = NULL;
    int count = 0;
    for (int i = 0; i < DOC_COUNT; i++) {
        count += r->source[i].origin.polling;
        if (r->source[i].origin.polling && first == NULL)
            first = &r->source[i];
    }
    if (first == NULL)
        return NULL;
    const char *why = first->place[first->chosen].why_polled;
    const char *more = count > 1 ? arena_text(a, " and %d more", count - 1) : "";
    return arena_text(a, "polling %s%s every 2 s (%s)", first->origin.path, more, why);
}

bool rig_polls(const struct rig *r)
{
    for (int i = 0; i < DOC_COUNT; i++)
        if (r->source[i].origin.polling)
            return true;
    return r->watch != NULL && watch_notice(r->watch) != NULL;
}

static const char *notice(struct rig *r, struct arena *a)
{
    const struct source *h = &r->source[DOC_HISTORY];
    if (h->stream.fd >= 0 && !h->caught_up && h->place[0].seen.size > 0)
        return ahead_text(&h->ahead, a, h->stream.offset, h->place[0].seen.size, loop_now());
    if (r->watch == NULL)
        return NULL;
    const char *text = watch_notice(r->watch);
    return text != NULL ? text : polling_notice(r, a);
}

static void fill_origins(const struct rig *r, struct origin *out, int64_t now_ms)
{
    for (int i = 0; i < DOC_COUNT; i++) {
        out[i] = r->source[i].origin;
        int64_t stale = doc_rows[i].stale_ms;
        if (out[i].state == ORIGIN_OK && stale > 0 && out[i].mtime_ms != NOT_KNOWN && now_ms - out[i].mtime_ms > stale)
            out[i].state = ORIGIN_STALE;
    }
}

void rig_head(struct rig *r, const struct auction_told *told)
{
    r->has_told = told != NULL;
    if (told != NULL)
        r->told = *told;
}

struct model *rig_model(struct rig *r, struct arena *a)
{
    const struct settings *s = r->docs.settings;
    struct origin *origins = arena_array(a, DOC_COUNT, sizeof *origins);
    int64_t now = rig_now(r);
    r->docs.newest = r->source[DOC_HISTORY].ahead.newest;
    const struct scores *scores = rig_scores(r, now);
    fill_origins(r, origins, now);
    struct model_in in = {
        .now_ms = now,
        .rig_name = s->rig_name != NULL ? s->rig_name : text_safe(a, bytes_of(r->name), 0),
        .rig_dir = text_safe(a, bytes_of(r->dir), 0),
        .host = s->rig_host != NULL ? s->rig_host : text_safe(a, bytes_of(r->host), 0),
        .notice = notice(r, a),
        .docs = &r->docs,
        .origin = origins,
        .page = rig_page(r),
        .record = rig_record(r),
        .find = rig_find(r, scores),
        .scores = scores,
        .told = r->has_told ? &r->told : NULL,
    };
    return model_build(a, &in);
}
