/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy.toml and the files of the rig. */
#include "cmd/davy_doctor.h"

#include "base/file.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "cmd/davy_keymap.h"

#include <string.h>
#include <sys/stat.h>

enum { TOML_MOST = 1 << 20, PATHS_LIKE_A_RIG = 2 };

static const char *const purposes[DOC_COUNT] = {
    [DOC_AUCTION] = "chain head, commitment, last result of the auction",
    [DOC_BUDGETS] = "budgets per API",
    [DOC_CHECKLIST] = "the list of heartbeat checks",
    [DOC_CONFIG] = "the auction miner's configuration",
    [DOC_HBSTATE] = "when each heartbeat check last ran",
    [DOC_HISTORY] = "scores, success, tokens, best LLM",
    [DOC_LOG] = "log lines, errors",
    [DOC_METRICS] = "TAO earned, for the ROI",
    [DOC_PID] = "does the daemon run",
    [DOC_RUN] = "modules that davy-run keeps running",
    [DOC_STATE] = "what the daemon says of itself",
    [DOC_STATUS] = "the stage that the miner is in",
};

static const char *join(struct doctor *d, const char *path)
{
    return path[0] == '/' ? path : arena_text(&d->arena, "%s/%s", d->dir, path);
}

/* ---- davy.toml ---- */

static void all_faults(struct doctor *d, const char *path)
{
    struct settings_fault fault[SETTINGS_FAULTS];
    struct decode_in in = {.name = "davy.toml", .check = davy_check_keys};
    struct file_stat s;
    struct err e;
    if (!file_read(&d->arena, path, TOML_MOST, &in.bytes, &s, &e)) {
        doctor_say(d, MARK_PROBLEM, "davy.toml", NULL, "%s", e.text);
        return;
    }
    size_t count = settings_check(&d->arena, &in, fault);
    for (size_t i = 0; i < count; i++)
        doctor_say(d, MARK_PROBLEM, "davy.toml", NULL, "%s", fault[i].text);
}

static void settings(struct doctor *d)
{
    const struct origin *o = &d->model->origin[DOC_SETTINGS];
    const char *path = join(d, o->path);
    if (o->state == ORIGIN_INVALID)
        all_faults(d, path);
    else if (o->state == ORIGIN_OK)
        doctor_say(d, MARK_OK, "davy.toml", NULL, "%s", path);
    else
        doctor_say(d, MARK_OK, "davy.toml", NULL,
                   "none, so davy looks at the usual places; davy config --example prints one to begin with");
}

/* ---- files ---- */

static const char *size_text(struct doctor *d, int64_t bytes)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB"};
    double v = (double)bytes / 1000;
    size_t i = 0;
    if (bytes < 1000)
        return arena_text(&d->arena, "%lld byte%s", (long long)bytes, bytes == 1 ? "" : "s");
    for (; v >= 1000 && i < 3; i++)
        v /= 1000;
    return arena_text(&d->arena, "%.*f %s", v < 10, v, units[i]);
}

static void usable(struct doctor *d, enum doc_id id)
{
    const struct origin *o = &d->model->origin[id];
    struct stat s;
    bool there = stat(join(d, o->path), &s) == 0, old = o->state == ORIGIN_STALE, empty = there && s.st_size == 0;
    const char *size = there ? size_text(d, s.st_size) : "gone meanwhile";
    const char *age = o->mtime_ms == NOT_KNOWN ? "" : doctor_span(d, d->model->now_ms - o->mtime_ms);
    const char *fix = old ? "see whether what writes it still runs" : empty ? "see what should write it" : NULL;
    doctor_say(d, old || empty ? MARK_NOTE : MARK_OK, doctor_safe(d, o->path), fix, "%s; %s%s%s%s%s", purposes[id],
               size, *age ? ", written " : "", age, *age ? " ago" : "", old ? ", which is too old for it" : "");
}

/* As a TOML string. */
static const char *quoted(struct doctor *d, const char *path)
{
    size_t n = strlen(path);
    char *out = arena_array(&d->arena, n + 2, 2), *to = out;
    *to++ = '"';
    for (const char *c = path; *c; c++) {
        if (*c == '"' || *c == '\\')
            *to++ = '\\';
        *to++ = *c;
    }
    *to = '"';
    return doctor_safe(d, out);
}

/* The lines of davy.toml that name the path; keys above all tables have no table. */
static const char *setting_for(struct doctor *d, enum doc_id id, const char *path)
{
    const char *key = doc_rows[id].key, *dot = strchr(key, '.');
    if (dot == NULL)
        return arena_text(&d->arena, "in davy.toml, above the first [table]:\n%s = %s", key, quoted(d, path));
    return arena_text(&d->arena, "in davy.toml:\n[%.*s]\n%s = %s", (int)(dot - key), key, dot + 1, quoted(d, path));
}

static void missing(struct doctor *d, enum doc_id id, const struct near_miss *near)
{
    const char *path = doctor_safe(d, d->model->origin[id].path);
    if (near->found[0] != '\0')
        doctor_say(d, MARK_NOTE, path, setting_for(d, id, near->found), "not there (%s); there is %s", purposes[id],
                   near->found);
    else
        doctor_say(d, MARK_NOTE, path, NULL, "not there (%s); key %s", purposes[id], doc_rows[id].key);
}

/* "x.json line 1: ..." below the name of the file needs no second "x.json". */
static const char *without_name(const char *error, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    size_t len = strlen(name);
    if (strncmp(error, name, len) != 0 || (error[len] != ' ' && error[len] != ':'))
        return error;
    return error + len + strspn(error + len, ": ");
}

static void unusable(struct doctor *d, enum doc_id id)
{
    const struct origin *o = &d->model->origin[id];
    const char *why = o->error != NULL ? without_name(o->error, o->path) : "cannot be used";
    doctor_say(d, MARK_PROBLEM, doctor_safe(d, o->path),
               arena_text(&d->arena,
                          "correct it; or, if it is another program's, let %s in davy.toml name the right one",
                          doc_rows[id].key),
               "%s (for: %s)", why, purposes[id]);
}

static bool is_missing(const struct origin *o)
{
    return o->state == ORIGIN_MISSING || o->state == ORIGIN_WAITING;
}

/* The folder that a found file would be a rig's file of: "x/state/miner.pid", wanted as "state/miner.pid", gives "x". */
static size_t rig_part(const struct near_miss *m)
{
    size_t all = strlen(m->found), tail = strlen(m->wanted);
    bool fits = all > tail + 1 && m->found[all - tail - 1] == '/' && strcmp(m->found + all - tail, m->wanted) == 0;
    return fits ? all - tail - 1 : 0;
}

static int same_rig(const struct near_miss *miss, const struct near_miss *one, size_t len)
{
    int same = 0;
    for (int i = 0; i < DOC_COUNT; i++)
        same += rig_part(&miss[i]) == len && memcmp(miss[i].found, one->found, len) == 0;
    return same;
}

/* Several files that all would fit one other folder: that is the rig. */
static bool other_rig(struct doctor *d, const struct near_miss *miss)
{
    int most = PATHS_LIKE_A_RIG - 1, best = -1;
    for (int i = 0; i < DOC_COUNT; i++) {
        size_t len = rig_part(&miss[i]);
        int same = len == 0 ? 0 : same_rig(miss, &miss[i], len);
        best = same > most ? i : best;
        most = same > most ? same : most;
    }
    if (best < 0)
        return false;
    const char *dir = join(d, arena_text(&d->arena, "%.*s", (int)rig_part(&miss[best]), miss[best].found));
    doctor_say(d, MARK_PROBLEM, "folder", arena_text(&d->arena, "davy -C %s", doctor_safe(d, dir)),
               "none of a rig's files is here; the rig seems to be %s", dir);
    return true;
}

static bool is_empty(const struct doctor *d)
{
    for (int i = 0; i < DOC_COUNT; i++)
        if (i != DOC_SETTINGS && !is_missing(&d->model->origin[i]))
            return false;
    return true;
}

static void empty(struct doctor *d, struct near_miss *miss)
{
    if (!other_rig(d, miss))
        doctor_say(
            d, MARK_PROBLEM, "folder",
            "davy -C DIR, with the folder that the miner runs in (it has state/ and config/); or davy demo, which "
            "shows a simulated rig",
            "none of a rig's files is here");
    for (int i = 0; i < DOC_COUNT; i++)
        miss[i].found[0] = '\0'; /* what is wrong is the folder, not each file's place */
}

void doctor_files(struct doctor *d)
{
    struct near_miss *miss = arena_array(&d->arena, DOC_COUNT, sizeof *miss);
    for (int i = 0; i < DOC_COUNT; i++)
        miss[i].wanted = is_missing(&d->model->origin[i]) && i != DOC_SETTINGS ? d->model->origin[i].path : "";
    doctor_near(&d->arena, d->dir, miss, DOC_COUNT);
    if (is_empty(d))
        empty(d, miss);
    settings(d);
    d->section = "Files of the rig";
    for (int i = 0; i < DOC_COUNT; i++) {
        const struct origin *o = &d->model->origin[i];
        if (i == DOC_SETTINGS)
            continue;
        if (is_missing(o))
            missing(d, (enum doc_id)i, &miss[i]);
        else if (o->state == ORIGIN_INVALID)
            unusable(d, (enum doc_id)i);
        else
            usable(d, (enum doc_id)i);
    }
}
