/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/job_part.h"

#include "base/json.h"

#include <string.h>

enum { TEXT_BYTES = 1 << 20, PATH_BYTES = 255, MODEL_BYTES = 200, TASK_BYTES = 64, ARTIFACT_MB = 100 };

/* The JSON text in the arena: the tree is the caller's and goes before the job does. */
static const char *text_of(struct arena *a, const json_t *v)
{
    size_t len = json_dumpb(v, NULL, 0, JSON_COMPACT | JSON_SORT_KEYS);
    char *text = arena_alloc(a, len + 1);
    json_dumpb(v, text, len, JSON_COMPACT | JSON_SORT_KEYS);
    return text;
}

static struct bytes kept(struct arena *a, const json_t *v)
{
    size_t len = json_string_length(v);
    return (struct bytes){arena_copy(a, (struct bytes){json_string_value(v), len}), len};
}

/* ---- cli ---- */

static bool words_of(struct arena *a, const json_t *list, size_t from, struct job *out, struct err *e)
{
    size_t count = json_array_size(list);
    if ((list && !json_is_array(list)) || count > JOB_ARGS)
        return err_set(e, "args must be a list of at most %d texts", JOB_ARGS);
    struct bytes *arg = arena_array(a, count + 1, sizeof *arg);
    for (size_t i = from; i < count; i++) {
        if (!json_is_string(json_array_get(list, i)))
            return err_set(e, "args must be a list of at most %d texts", JOB_ARGS);
        arg[i - from] = kept(a, json_array_get(list, i));
    }
    out->arg = arg;
    out->args = count > from ? count - from : 0;
    return true;
}

/* {"command": "x", "args": [...]} or {"command": ["x", ...]}, in the payload or in its runner. */
static bool cli_of(struct arena *a, const json_t *payload, struct job *out, struct err *e)
{
    const json_t *inner = json_child(payload, "runner"), *of = json_object_get(payload, "command") ? payload : inner;
    const json_t *command = json_object_get(of, "command"),
                 *name = json_is_array(command) ? json_array_get(command, 0) : command;
    if (!json_is_string(name))
        return err_set(e, "a cli job needs a command");
    struct bytes raw = kept(a, name);
    if (!job_name_is_good(raw))
        return err_set(e, "the command must be the name of an allow-list, not a path");
    out->command = raw.at;
    return json_is_array(command) ? words_of(a, command, 1, out, e)
                                  : words_of(a, json_object_get(of, "args"), 0, out, e);
}

/* ---- python ---- */

static bool is_task(struct bytes name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    if (!name.len || name.len > TASK_BYTES || *name.at < 'a' || *name.at > 'z')
        return false;
    for (size_t i = 0; i < name.len; i++)
        if (!name.at[i] || !strchr(letters, name.at[i]))
            return false;
    return true;
}

static bool python_of(struct arena *a, const json_t *payload, struct job *out, struct err *e)
{
    const json_t *task = json_object_get(payload, "task"), *params = json_object_get(payload, "params");
    if (!task)
        task = json_object_get(payload, "command");
    if (!json_is_string(task) || !is_task(kept(a, task)))
        return err_set(e, "a python job needs a task: small letters, digits and _");
    if (params && !json_is_object(params))
        return err_set(e, "params must be an object");
    out->command = kept(a, task).at;
    out->params = params ? text_of(a, params) : "{}";
    return true;
}

/* ---- ollama ---- */

static json_t *clamped(const json_t *v, double least, double most)
{
    double x = json_is_number(v) ? json_number_value(v) : least - 1;
    return x >= least && x <= most ? json_copy((json_t *)v) : NULL;
}

/* Of the options only those that are harmless, within their bounds; everything else is left out. */
static json_t *options_of(const json_t *asked)
{
    static const struct {
        const char *key;
        double least, most;
    } known[] = {{"num_predict", 1, 4096}, {"seed", -9e15, 9e15}, {"temperature", 0, 2}, {"top_p", 0, 1}};
    json_t *out = json_object();
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        json_t *v = clamped(json_object_get(asked, known[i].key), known[i].least, known[i].most);
        if (v)
            json_object_set_new(out, known[i].key, v);
    }
    const json_t *stop = json_object_get(asked, "stop");
    if (json_is_array(stop) && json_array_size(stop) <= 8)
        json_object_set(out, "stop", (json_t *)stop);
    return out;
}

static bool ollama_of(struct arena *a, const json_t *payload, struct job *out, struct err *e)
{
    const json_t *model = json_object_get(payload, "model"), *prompt = json_object_get(payload, "prompt");
    if ((model && !json_is_string(model)) || json_string_length(model) > MODEL_BYTES ||
        (prompt && !json_is_string(prompt)) || json_string_length(prompt) > TEXT_BYTES)
        return err_set(e, "model and prompt must be texts");
    out->model = model ? kept(a, model).at : "llama3.2:latest"; /* the reference's default */
    out->prompt = prompt ? kept(a, prompt) : (struct bytes){0};
    json_t *rest = json_object();
    static const char *const passed[] = {"system", "format", NULL};
    for (size_t i = 0; passed[i]; i++)
        if (json_object_get(payload, passed[i]))
            json_object_set(rest, passed[i], json_object_get(payload, passed[i]));
    json_object_set_new(rest, "options", options_of(json_object_get(payload, "options")));
    out->params = text_of(a, rest);
    json_decref(rest);
    return true;
}

static bool noop_of(struct arena *a, const json_t *payload, struct job *out, struct err *e)
{
    (void)a, (void)payload, (void)out, (void)e;
    return true;
}

/* ---- files ---- */

static bool inline_of(struct arena *a, const json_t *map, struct job_input *in, size_t *count, struct err *e)
{
    const char *name;
    json_t *v;
    json_object_foreach((json_t *)map, name, v)
    {
        if (*count == JOB_INPUTS || !job_name_is_good(bytes_of(name)) || !json_is_string(v) ||
            json_string_length(v) > TEXT_BYTES)
            return err_set(e, "inputs must be at most %d plain names with texts of at most 1 MiB", JOB_INPUTS);
        in[(*count)++] = (struct job_input){.name = arena_copy(a, bytes_of(name)), .text = kept(a, v)};
    }
    return true;
}

/* The last part of the path, without query. */
static struct bytes name_in(const char *url)
{
    size_t len = strcspn(url, "?#");
    const char *end = url + len, *from = end;
    while (from > url && from[-1] != '/')
        from--;
    return (struct bytes){from, (size_t)(end - from)};
}

/* "https://..." or {"url", "name", "sha256"}. */
static bool url_of(struct arena *a, const json_t *v, struct job_input *out, struct err *e)
{
    const json_t *url = json_is_object(v) ? json_object_get(v, "url") : v;
    if (!json_is_string(url) || strlen(json_string_value(url)) != json_string_length(url) ||
        json_string_length(url) > 2048)
        return err_set(e, "input.urls must be addresses");
    struct bytes name =
        json_is_object(v) && json_object_get(v, "name") ? json_raw(v, "name") : name_in(json_string_value(url));
    struct bytes sha256 = json_raw(v, "sha256");
    if (!job_name_is_good(name))
        return err_set(e, "an input's name must be plain");
    if (json_object_get(v, "sha256") && sha256.len != 64)
        return err_set(e, "an input's sha256 must be 64 hexadecimal digits");
    *out = (struct job_input){.name = arena_copy(a, name), .url = kept(a, url).at};
    out->sha256 = sha256.len ? arena_copy(a, sha256) : NULL;
    return true;
}

static bool inputs_of(struct arena *a, const json_t *payload, struct job *out, struct err *e)
{
    const json_t *input = json_child(payload, "input"), *urls = json_object_get(input, "urls");
    struct job_input *in = arena_array(a, JOB_INPUTS, sizeof *in);
    if (!inline_of(a, json_child(input, "inline"), in, &out->inputs, e))
        return false;
    if (urls && (!json_is_array(urls) || json_array_size(urls) + out->inputs > JOB_INPUTS))
        return err_set(e, "input.urls must be a list of at most %d", JOB_INPUTS);
    for (size_t i = 0; i < json_array_size(urls); i++)
        if (!url_of(a, json_array_get(urls, i), &in[out->inputs++], e))
            return false;
    for (size_t i = 0; i < out->inputs; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(in[i].name, in[k].name) == 0)
                return err_set(e, "two inputs have one name");
    out->input = in;
    return true;
}

static bool is_below(struct bytes path)
{
    struct bytes part = {path.at, 0};
    if (!path.len || path.len > PATH_BYTES)
        return false;
    for (size_t i = 0; i <= path.len; i++) {
        if (i < path.len && path.at[i] != '/')
            continue;
        part.len = (size_t)(path.at + i - part.at);
        if (!job_name_is_good(part))
            return false;
        part.at = path.at + i + 1;
    }
    return true;
}

static bool artifact_of(struct arena *a, const json_t *v, struct job_artifact *out, struct err *e)
{
    struct bytes path = json_raw(v, "path");
    int64_t mb = json_int(v, "max_mb");
    if (!is_below(path))
        return err_set(e, "an artifact's path must be plain names below the workspace");
    const char *type = json_text(a, v, "type");
    out->path = arena_copy(a, path);
    out->type = type && strlen(type) <= 100 ? type : "application/octet-stream";
    out->most_bytes = (mb > 0 && mb <= 1 << 20 ? mb : ARTIFACT_MB) << 20;
    return true;
}

static bool artifacts_of(struct arena *a, const json_t *payload, struct job *out, struct err *e)
{
    const json_t *list = json_object_get(payload, "artifacts");
    if (list && (!json_is_array(list) || json_array_size(list) > JOB_INPUTS))
        return err_set(e, "artifacts must be a list of at most %d", JOB_INPUTS);
    struct job_artifact *artifact = arena_array(a, json_array_size(list) + 1, sizeof *artifact);
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!artifact_of(a, json_array_get(list, i), &artifact[out->artifacts++], e))
            return false;
    out->artifact = artifact;
    return true;
}

bool job_parts_of(struct arena *a, const json_t *payload, struct job *out, struct err *e)
{
    static bool (*const of[])(struct arena *, const json_t *, struct job *, struct err *) = {
        [JOB_CLI] = cli_of, [JOB_PYTHON] = python_of, [JOB_OLLAMA] = ollama_of, [JOB_NOOP] = noop_of};
    return of[out->runner](a, payload, out, e) && inputs_of(a, payload, out, e) && artifacts_of(a, payload, out, e);
}
