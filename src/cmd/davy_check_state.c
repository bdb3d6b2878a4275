/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy check between its runs: when each check ran, in memory/heartbeat-state.json as the heartbeats of agents keep it, and what
 * only davy wants to know, in state/davy/check.json. */
#include "cmd/davy_check.h"

#include "action/own.h"
#include "base/file.h"
#include "base/json.h"
#include "base/json_set.h"
#include "base/timetext.h"
#include "model/night.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATE_MOST = 1 << 20, STATE_MODE = 0644, BOT_MONITOR_S = 600, TOKEN_BALANCE_S = 1800 };
static const char memory_name[] = "state/davy/check.json", outer_name[] = "lastChecks",
                  bittensor[] = "lastBittensorCheck";

/* ---- what is due ---- */

static const struct hb_line *line_of(const struct check *c, const char *name)
{
    const struct heartbeat *h = c->model->heartbeat;
    for (size_t i = 0; i < h->check_count; i++)
        if (strcmp(h->check[i].name, name) == 0)
            return &h->check[i];
    return NULL;
}

/* Strictly more than its interval ago; never, in the future, or not a time at all: due. */
static bool is_due(const struct check *c, const char *name, int64_t every_ms)
{
    const struct hb_line *l = line_of(c, name);
    if (l == NULL || l->at_ms == NOT_KNOWN || l->state == DUE_FUTURE)
        return true;
    return c->model->now_ms - l->at_ms > every_ms;
}

static void add_group(struct check *c, const char *outer, const char *name, int64_t every_s)
{
    int64_t every_ms = every_s * 1000 * (c->night ? NIGHT_FACTOR : 1);
    c->group[c->groups++] = (struct check_group){outer, name, every_ms, is_due(c, name, every_ms)};
}

void check_groups(struct check *c)
{
    const struct settings *s = rig_settings(c->rig);
    enum daemon_state d = c->model->daemon->state;
    if (s->own.processes > 0 || (d != DAEMON_UNKNOWN && d != DAEMON_NEVER))
        add_group(c, outer_name, "bot_monitor", BOT_MONITOR_S);
    if (c->model->budgets->known)
        add_group(c, outer_name, "token_balance", TOKEN_BALANCE_S);
    if (check_knows(c->model))
        add_group(c, NULL, bittensor, s->heartbeat_due_s);
    for (size_t i = 0; i < s->own.checks; i++)
        add_group(c, outer_name, s->own.check[i].name, s->own.check[i].every_s);
}

bool check_due(const struct check *c, const char *name)
{
    for (size_t i = 0; i < c->groups; i++)
        if (strcmp(c->group[i].name, name) == 0)
            return c->group[i].due;
    return false;
}

/* ---- what davy remembers ---- */

static void need_object(json_t *o, const char *key)
{
    if (!json_is_object(json_object_get(o, key)))
        json_object_set_new(o, key, json_object());
}

void check_recall(struct check *c)
{
    struct bytes text;
    struct file_stat s;
    const char *path = arena_text(&c->arena, "%s/%s", rig_folder(c->rig), memory_name);
    if (file_read(&c->arena, path, STATE_MOST, &text, &s, NULL))
        c->memory = json_read(text, memory_name, NULL);
    if (!json_is_object(c->memory)) {
        json_decref(c->memory);
        c->memory = json_object();
    }
    need_object(c->memory, "checks");
    need_object(c->memory, "processes");
    need_object(c->memory, "since");
}

static bool keep_memory(struct check *c, struct err *e)
{
    if (rig_settings(c->rig)->own.checks + rig_settings(c->rig)->own.processes == 0 && !c->since_changed)
        return true;
    static const char because[] = "davy check remembers nothing";
    int folder = own_folder(rig_folder(c->rig), because, e);
    if (folder < 0)
        return false;
    char *text = json_dumps(c->memory, JSON_INDENT(2));
    bool done = text != NULL ? own_replace(folder, memory_name, bytes_of(text), because, e)
                             : err_set(e, "%s: no memory", memory_name);
    close(folder);
    free(text);
    return done;
}

/* ---- the heartbeat's state ---- */

/* An ISO time stays one, for its readers; everything else becomes seconds of the epoch, which all readers understand. */
static const char *time_like(struct arena *a, struct bytes old, int64_t now_ms)
{
    char text[TIME_TEXT];
    int64_t ms;
    struct bytes inner =
        old.len > 2 && old.at[0] == '"' ? (struct bytes){old.at + 1, old.len - 2} : (struct bytes){NULL, 0};
    if (!time_parse(inner, 0, &ms))
        return arena_text(a, "%lld", (long long)(now_ms / 1000));
    return arena_text(a, "\"%s\"", time_iso(text, now_ms));
}

static struct bytes stamped(struct check *c, struct bytes text)
{
    for (size_t i = 0; i < c->groups; i++) {
        const struct check_group *g = &c->group[i];
        if (g->due)
            text = json_set(&c->arena, text, g->outer, g->name,
                            time_like(&c->arena, json_get(text, g->outer, g->name), c->model->now_ms));
    }
    return text;
}

static void forget(const struct check *c, json_t *root)
{
    for (size_t i = 0; i < c->groups; i++)
        json_object_del(c->group[i].outer != NULL ? json_object_get(root, c->group[i].outer) : root, c->group[i].name);
    if (json_object_size(json_object_get(root, outer_name)) == 0)
        json_object_del(root, outer_name); /* it may have been made just now */
}

/* Nothing but our stamps differs. */
static bool is_proven(const struct check *c, struct bytes before, struct bytes after, const char *name, struct err *e)
{
    json_t *old = json_read(before, name, e), *new = old != NULL ? json_read(after, name, e) : NULL;
    bool good = json_is_object(old) && json_is_object(new);
    if (good) {
        const json_t *last = json_object_get(old, outer_name);
        good = last == NULL || json_is_object(last);
        forget(c, old);
        forget(c, new);
        good = good && json_equal(old, new) != 0;
    }
    if (new != NULL && !good)
        err_set(e, "%.200s: expected an object with \"lastChecks\"; it was left as it is", name);
    json_decref(old);
    json_decref(new);
    return good;
}

static bool make_folder(struct check *c, const char *path, struct err *e)
{
    const char *slash = strrchr(path, '/');
    const char *folder = slash != NULL ? arena_text(&c->arena, "%.*s", (int)(slash - path), path) : ".";
    if (mkdir(folder, 0755) == 0 || errno == EEXIST)
        return true;
    return err_set(e, "the folder of %.200s cannot be made: %s", c->model->origin[DOC_HBSTATE].path, strerror(errno));
}

/* As the pattern's own script begins. */
static const char first_state[] =
    "{\n  \"lastChecks\": {},\n  \"alertThresholds\": {\n    \"tokens_remaining\": 10000000,\n"
    "    \"disk_percent\": 85,\n    \"bot_downtime_minutes\": 15\n  }\n}\n";

static bool keep_state(struct check *c, struct err *e)
{
    struct bytes before = {NULL, 0};
    struct file_stat s;
    const char *set = rig_settings(c->rig)->path[DOC_HBSTATE], *name = c->model->origin[DOC_HBSTATE].path;
    const char *path = *set == '/' ? set : arena_text(&c->arena, "%s/%s", rig_folder(c->rig), set);
    bool read = file_read(&c->arena, path, STATE_MOST, &before, &s, e);
    if (!read && s.exists)
        return false;
    if (!read && !make_folder(c, path, e))
        return false;
    if (!read || bytes_trim(before).len == 0) /* 0 bytes never heal themselves */
        before = bytes_of(first_state);
    else {
        json_t *root = json_read(before, name, e);
        json_decref(root);
        if (root == NULL)
            return false;
    }
    struct bytes after = stamped(c, before);
    return is_proven(c, before, after, name, e) && file_replace(path, after, STATE_MODE, e);
}

static bool anything_due(const struct check *c)
{
    for (size_t i = 0; i < c->groups; i++)
        if (c->group[i].due)
            return true;
    return false;
}

/* What cannot be kept is said on standard error, and is no reason to hide what was found. With --now nothing is kept: looking
 * back must not turn the clock of the others back. */
void check_keep(struct check *c)
{
    struct err e;
    if (!check_may_write(c))
        return;
    if (!keep_memory(c, &e))
        c->not_kept = arena_text(&c->arena, "%s", e.text);
    if (anything_due(c) && !keep_state(c, &e))
        c->not_kept = arena_text(&c->arena, "%s", e.text);
    if (c->not_kept != NULL)
        fprintf(stderr, "davy: %s\n", c->not_kept);
}
