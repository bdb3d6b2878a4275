/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the status file is, and what is in it. */
#include "cmd/davy_stage.h"

#include "base/file.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "cmd/davy_keymap.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SETTINGS_MOST = 1 << 20, STATUS_MOST = 8 << 20 };

static const char *in_rig(struct stage_job *j, const char *path)
{
    const char *dir = j->options->dir;
    return path[0] == '/' || dir == NULL ? path : arena_text(&j->arena, "%s/%s", dir, path);
}

/* As davy.toml says. One that is wrong is told, and does not stop a miner. */
static const char *in_settings(struct stage_job *j)
{
    const char *config = j->options->config, *path = config != NULL ? config : in_rig(j, "davy.toml");
    struct decode_in in = {.name = path, .check = davy_check_keys};
    const struct settings *s = NULL;
    struct file_stat st;
    struct err e;
    if (file_read(&j->arena, path, SETTINGS_MOST, &in.bytes, &st, &e))
        s = settings_decode(&j->arena, &in, &e);
    else if (!st.exists && config == NULL)
        return NULL;
    if (s == NULL)
        fprintf(stderr, "davy: %s\n", e.text);
    return s != NULL ? s->path[DOC_STATUS] : NULL;
}

const char *stage_job_path(struct stage_job *j)
{
    const char *said = getenv("DAVY_STAGE_FILE");
    if (j->file != NULL)
        return j->file;
    if (said != NULL && *said != '\0')
        return said;
    const char *path = in_settings(j);
    return in_rig(j, path != NULL ? path : "miner_status.json");
}

json_t *stage_job_read(struct stage_job *j, struct err *e)
{
    struct file_stat s;
    struct bytes text;
    if (!file_read(&j->arena, j->path, STATUS_MOST, &text, &s, e))
        return NULL;
    return text.len > 0 ? json_read(text, text_safe(&j->arena, bytes_of(j->path), 0), e) : json_object();
}

static const char *run_path(struct stage_job *j, struct arena *a)
{
    const char *dir = j->options->dir;
    return dir == NULL ? "state/davy/run.json" : arena_text(a, "%s/state/davy/run.json", dir);
}

static json_t *read_run(struct stage_job *j, struct arena *a)
{
    struct file_stat s;
    struct bytes text;
    struct err e;
    const char *path = run_path(j, a);
    return file_read(a, path, SETTINGS_MOST, &text, &s, &e) ? json_read(text, path, &e) : NULL;
}

const char *stage_job_mode(struct stage_job *j, struct arena *a)
{
    json_t *root = read_run(j, a);
    const char *mode = json_text(a, root, "mode");
    json_decref(root);
    return mode;
}

const char *stage_job_modules(struct stage_job *j, struct arena *a)
{
    const char *name, *all = "";
    json_t *module, *root = read_run(j, a);
    int number = 0;
    json_object_foreach((json_t *)json_child(root, "modules"), name, module)
    {
        const char *state = json_text(a, module, "state");
        bool runs = state != NULL && strcmp(state, "running") == 0;
        all =
            arena_text(a, "%s%sModule %d: %s", all, number > 0 ? " | " : "", number + 1, runs ? "Running" : "Stopped");
        number++;
    }
    json_decref(root);
    return all;
}

static int32_t local_offset_s(void)
{
    time_t now = time(NULL);
    struct tm t;
    return localtime_r(&now, &t) != NULL ? (int32_t)t.tm_gmtoff : 0;
}

static const char *text_or(struct arena *a, const json_t *o, const char *key, const char *instead)
{
    const char *text = json_text(a, o, key);
    return text != NULL ? text : instead;
}

struct stage_told stage_told_of(struct arena *a, const json_t *event)
{
    int64_t number = json_int(event, "stage_number");
    const char *name = stage_name(number >= 0 && number < STAGE_COUNT ? (int)number : -1);
    struct stage_told t = {
        .text = {.number = number >= 0 && number <= 9999 ? (int)number : 0,
                 .name = bytes_of(text_or(a, event, "stage_name", name != NULL ? name : "Unknown")),
                 .username = bytes_of(text_or(a, event, "username", "")),
                 .message = bytes_of(text_or(a, event, "message", ""))},
        .status = text_or(a, event, "status", "unknown"),
        .at_ms = json_time(event, "updated_at", local_offset_s()),
        .started_ms = json_time(event, "started_at", local_offset_s()),
        .seq = json_int(event, "seq"),
    };
    t.text.status = stage_status_of(bytes_of(t.status));
    if (t.at_ms == NOT_KNOWN)
        t.at_ms = json_time(event, "timestamp", local_offset_s());
    return t;
}
