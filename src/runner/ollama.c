/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Three questions: which models are there (/api/tags), the answer itself as a stream of lines (/api/generate; closing the
 * connection ends it), and whether a GPU had a part in it (/api/ps). */
#include "runner/runner_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TAGS_MOST = 4 << 20,
    LINE_MOST = 1 << 20,
    TEXT_MOST = 1 << 20,
    LOAD_MS = 180000,
    STALL_MS = 30000,
    MOST_MS = 600000
};

static void on_silence(void *ctx);

static void fail(struct runner *r, enum node_code code, const char *why)
{
    loop_timer_stop(r->loop, on_silence, r);
    runner_finish(r, code, why);
}

static bool ask(struct runner *r, const char *path, const struct fetch_request *like, fetch_fn *fn)
{
    struct fetch_request q = *like;
    struct err e;
    char *url;
    if (asprintf(&url, "%s%s", r->talk.url, path) < 0)
        abort();
    q.url = url;
    q.plain = true; /* the owner's own address, and nothing of it is secret */
    r->talk.fetch = fetch_start(r->fetcher, &q, fn, r, &e);
    free(url);
    return r->talk.fetch != NULL;
}

/* ---- what failures mean ---- */

static bool has(const char *text, const char *word)
{
    return bytes_has_ci(bytes_of(text), word);
}

static enum node_code code_of(int status, const char *said)
{
    if (has(said, "out of memory") || has(said, "cudaMalloc failed") || has(said, "requires more system memory"))
        return E_VRAM;
    if (status == 404 || (has(said, "model") && has(said, "not found")))
        return E_MODEL;
    return status == 400 ? E_INVALID : E_BACKEND;
}

/* Ollama's own words are its owner's business, and may have paths in them: only what follows from them is told. */
static void fail_with(struct runner *r, int status, const char *said)
{
    enum node_code code = code_of(status, said);
    char why[100];
    snprintf(why, sizeof why, status == 200 ? "%s" : "%s (HTTP %d)",
             code == E_BACKEND ? "Ollama could not answer" : node_codes[code].help, status);
    fail(r, code, why);
}

/* ---- the end ---- */

static int64_t ms_of(const json_t *o, const char *key)
{
    int64_t ns = json_int(o, key);
    return ns > 0 ? ns / 1000000 : 0;
}

static void put_if(json_t *o, const char *key, int64_t value)
{
    if (value >= 0)
        json_object_set_new(o, key, json_integer(value));
}

static void put_metrics(struct runner *r, int64_t run_ms)
{
    const json_t *last = r->talk.last;
    int64_t out = json_int(last, "eval_count"), eval_ms = ms_of(last, "eval_duration"),
            busy = eval_ms + ms_of(last, "prompt_eval_duration");
    json_t *o = r->metrics = json_object();
    put_if(o, "duration_ms", run_ms);
    put_if(o, "tokens_in", json_int(last, "prompt_eval_count"));
    put_if(o, "tokens_out", out);
    put_if(o, "load_ms", ms_of(last, "load_duration"));
    put_if(o, "first_token_ms", r->talk.first_ms - r->began_ms);
    json_object_set_new(o, "gpu_seconds", json_real((double)busy / 1000));
    if (out >= 0 && eval_ms > 0)
        json_object_set_new(o, "tokens_per_s", json_real((double)out * 1000 / (double)eval_ms));
}

static void finish(struct runner *r, int gpu_used)
{
    const struct runner_talk *t = &r->talk;
    int64_t run_ms = loop_now() - r->began_ms;
    r->result = json_pack("{ss ss% ss sI sf}", "status", "completed", "output", t->text ? t->text : "", t->text_len,
                          "model", t->model, "tokens_processed",
                          (json_int_t)(json_int(t->last, "eval_count") > 0 ? json_int(t->last, "eval_count") : 0),
                          "execution_time", (double)run_ms / 1000);
    if (gpu_used >= 0)
        json_object_set_new(r->result, "gpu_used", json_boolean(gpu_used));
    if (t->asked)
        json_object_set_new(r->result, "model_requested", json_string(t->asked));
    put_metrics(r, run_ms);
    fail(r, r->result ? E_NONE : E_BACKEND, r->result ? "" : "Ollama answered with what is no text");
}

/* Not told: nobody knows, and nothing is claimed. */
static void on_ps(void *ctx, const struct fetch_answer *answer)
{
    struct runner *r = ctx;
    struct err e;
    json_t *o = answer->arrived && answer->status == 200 ? json_read(answer->body, "ps", &e) : NULL;
    const json_t *models = json_list(o, "models");
    int used = o ? 0 : -1;
    r->talk.fetch = NULL;
    for (size_t i = 0; i < json_array_size(models); i++)
        if (bytes_is(json_raw(json_array_get(models, i), "name"), r->talk.model))
            used = json_int(json_array_get(models, i), "size_vram") > 0;
    json_decref(o);
    finish(r, used);
}

/* ---- the stream ---- */

static void on_silence(void *ctx)
{
    struct runner *r = ctx;
    bool began = r->talk.first_ms > 0;
    ollama_close(r);
    fail(r, E_STALL, began ? "no token for too long" : "no first token for too long");
}

static bool stop(struct runner_talk *t, enum node_code code, const char *why)
{
    t->code = code;
    snprintf(t->why, sizeof t->why, "%s", why);
    return false;
}

static bool add_text(struct runner *r, struct bytes more)
{
    struct runner_talk *t = &r->talk;
    if (more.len > 0 && t->first_ms == 0)
        t->first_ms = loop_now();
    if (t->text_len + more.len > TEXT_MOST)
        return stop(t, E_OUTPUT_SIZE, "the answer is larger than 1 MiB");
    char *grown = realloc(t->text, t->text_len + more.len + 1);
    if (!grown)
        abort();
    memcpy(grown + t->text_len, more.at ? more.at : "", more.len);
    t->text = grown;
    t->text_len += more.len;
    return true;
}

static bool on_line(struct runner *r, struct bytes line)
{
    struct runner_talk *t = &r->talk;
    struct err e;
    json_t *o = line.len ? json_read(line, "line", &e) : json_object();
    const char *wrong = json_string_value(json_object_get(o, "error"));
    bool good = o && !wrong && add_text(r, json_raw(o, "response"));
    if (!o)
        stop(t, E_BACKEND, "Ollama sent a line that is no JSON");
    else if (wrong)
        stop(t, code_of(200, wrong), "Ollama broke off with an error");
    else if (json_is_true(json_object_get(o, "done"))) {
        json_decref(t->last);
        t->last = json_incref(o);
    }
    json_decref(o);
    return good;
}

/* Lines of an answer; all of an error. */
static bool on_part(void *ctx, int status, struct bytes piece)
{
    struct runner *r = ctx;
    struct runner_talk *t = &r->talk;
    if (t->line_len + piece.len > LINE_MOST)
        return stop(t, E_BACKEND, "Ollama sent a line without end");
    char *grown = realloc(t->line, t->line_len + piece.len + 1);
    if (!grown)
        abort();
    memcpy(grown + t->line_len, piece.at, piece.len);
    t->line = grown;
    t->line_len += piece.len;
    t->line[t->line_len] = '\0';
    struct bytes rest = {t->line, t->line_len}, line;
    bool good = true;
    while (status == 200 && good && bytes_line(&rest, &line))
        good = on_line(r, line);
    memmove(t->line, rest.at, rest.len);
    t->line_len = rest.len;
    t->line[rest.len] = '\0';
    loop_timer(r->loop, loop_now() + (t->first_ms ? t->how.stall_ms : t->how.load_ms), on_silence, r);
    return good;
}

static void on_generated(void *ctx, const struct fetch_answer *answer)
{
    struct runner *r = ctx;
    struct runner_talk *t = &r->talk;
    const char *reason = json_string_value(json_object_get(t->last, "done_reason"));
    struct fetch_request q = {.limit_ms = 5000, .limit = TAGS_MOST};
    t->fetch = NULL;
    loop_timer_stop(r->loop, on_silence, r);
    if (t->code != E_NONE)
        fail(r, t->code, t->why);
    else if (!answer->arrived && loop_now() - r->began_ms >= t->how.most_ms)
        fail(r, E_TIMEOUT, "longer than an answer may take");
    else if (answer->status != 200 && answer->status != 0)
        fail_with(r, answer->status, t->line ? t->line : "");
    else if (!answer->arrived || !t->last)
        fail(r, E_BACKEND,
             answer->arrived ? "Ollama ended without having said that it is done" : "the connection to Ollama broke");
    else if (!t->text_len || (reason && strcmp(reason, "load") == 0))
        fail(r, E_BACKEND, "Ollama answered with nothing");
    else if (!ask(r, "/api/ps", &q, on_ps))
        finish(r, -1);
}

/* ---- the question ---- */

static void generate(struct runner *r)
{
    static const char *const header[] = {"Content-Type: application/json", NULL};
    struct runner_talk *t = &r->talk;
    struct err e;
    json_t *o = json_read(bytes_of(t->request), "request", &e);
    json_object_set_new(o, "model", json_string(t->model));
    char *body = json_dumps(o, JSON_COMPACT);
    json_decref(o);
    struct fetch_request q = {
        .body = bytes_of(body), .header = header, .limit_ms = t->how.most_ms, .part = on_part, .patient = true};
    runner_tell(r, RUNNER_RUNNING, -1);
    r->began_ms = loop_now();
    loop_timer(r->loop, r->began_ms + t->how.load_ms, on_silence, r);
    if (!body || !ask(r, "/api/generate", &q, on_generated))
        fail(r, E_INTERNAL, "the address of Ollama in the settings cannot be asked");
    free(body);
}

static const char *name_at(const json_t *models, size_t i)
{
    return json_string_value(json_object_get(json_array_get(models, i), "name"));
}

/* false: not here, and no other one may stand in for it. */
static bool choose(struct runner *r, const json_t *models)
{
    struct runner_talk *t = &r->talk;
    for (size_t i = 0; i < json_array_size(models); i++)
        if (name_at(models, i) && strcmp(name_at(models, i), t->model) == 0)
            return true;
    if (!t->how.model_fallback || !name_at(models, 0))
        return false;
    t->asked = t->model;
    t->model = arena_copy(&r->a, bytes_of(name_at(models, 0)));
    return true;
}

static void on_tags(void *ctx, const struct fetch_answer *answer)
{
    struct runner *r = ctx;
    struct err e;
    json_t *o = answer->arrived && answer->status == 200 ? json_read(answer->body, "tags", &e) : NULL;
    const json_t *models = json_list(o, "models");
    r->talk.fetch = NULL;
    if (!answer->arrived)
        fail(r, E_BACKEND, "Ollama does not answer");
    else if (!models)
        fail(r, E_BACKEND, "Ollama does not say which models it has");
    else if (!choose(r, models))
        fail(r, E_MODEL, "the model is not here");
    else
        generate(r);
    json_decref(o);
}

void ollama_ask(struct runner *r)
{
    struct fetch_request q = {.limit_ms = 5000, .limit = TAGS_MOST};
    if (!ask(r, "/api/tags", &q, on_tags))
        fail(r, E_INTERNAL, "the address of Ollama in the settings cannot be asked");
}

static bool may_ask_for(const struct runner_ollama *how, const char *model)
{
    for (size_t i = 0; how->models && i < how->model_count; i++)
        if (strcmp(how->models[i], model) == 0)
            return true;
    return !how->models;
}

static int64_t or_default(int64_t value, int64_t otherwise)
{
    return value > 0 ? value : otherwise;
}

bool ollama_begin(struct runner *r, const struct runner_options *o, const struct job *job, struct err *e)
{
    struct runner_talk *t = &r->talk;
    const char *url = o->ollama.url ? o->ollama.url : "http://127.0.0.1:11434";
    size_t len = strlen(url);
    if (!may_ask_for(&o->ollama, job->model))
        return err_set(e, "this model is not allowed here");
    t->how = o->ollama;
    t->how.load_ms = or_default(o->ollama.load_ms, LOAD_MS);
    t->how.stall_ms = or_default(o->ollama.stall_ms, STALL_MS);
    t->how.most_ms = or_default(o->ollama.most_ms, MOST_MS);
    if (job->timeout_s > 0 && job->timeout_s * 1000 < t->how.most_ms)
        t->how.most_ms = job->timeout_s * 1000;
    t->url = arena_copy(&r->a, (struct bytes){url, len > 0 && url[len - 1] == '/' ? len - 1 : len});
    t->model = arena_copy(&r->a, bytes_of(job->model));
    json_t *body = json_read(bytes_of(job->params ? job->params : "{}"), "request", e);
    json_t *prompt = json_stringn(job->prompt.at ? job->prompt.at : "", job->prompt.len);
    bool good = body && prompt && json_object_set_new(body, "prompt", prompt) == 0 &&
                json_object_set_new(body, "stream", json_true()) == 0;
    t->request = good ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    return t->request || err_set(e, "the prompt is no text");
}

void ollama_close(struct runner *r)
{
    struct runner_talk *t = &r->talk;
    loop_timer_stop(r->loop, on_silence, r);
    fetch_cancel(t->fetch);
    json_decref(t->last);
    free(t->request);
    free(t->line);
    free(t->text);
    t->fetch = NULL;
    t->last = NULL;
    t->request = t->line = t->text = NULL;
}
