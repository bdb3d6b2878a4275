/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-node job: one job file, run by hand as the node would run it. */
#include "cmd/node.h"

#include "base/file.h"
#include "runner/runner.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MOST = 4 << 20, PATH_MOST = 4096 };

struct asked {
    const char *folder, *lists, *tasks, *python, *ollama, *gpu, *root, *host, *without;
    int64_t runtime_s, grace_ms, mem_mb, stall_s, load_ms, stall_ms, most_mb, slot;
    bool must, noop, fallback, plain, private_ok, news;
};
const struct option_row node_job_options[] = {
    {"allowlist", 0, "FOLDER", "the allow-lists; without it no command and no task may run", OPTION_TEXT,
     offsetof(struct asked, lists)},
    {"cgroup-must", 0, NULL, "a job without a control group is not run", OPTION_FLAG, offsetof(struct asked, must)},
    {"cgroup-root", 0, "FOLDER", "where control groups are (/sys/fs/cgroup)", OPTION_TEXT,
     offsetof(struct asked, root)},
    {"folder", 'f', "FOLDER", "the job's own, made when it is not there (JOB_ID in the current one)", OPTION_TEXT,
     offsetof(struct asked, folder)},
    {"gpu", 0, "UUID", "the GPU of jobs that need one; without it those fail", OPTION_TEXT,
     offsetof(struct asked, gpu)},
    {"grace-ms", 0, "MS", "between asking a job to end and ending it (5000)", OPTION_INT,
     offsetof(struct asked, grace_ms)},
    {"host", 0, "NAME", "inputs may be fetched from there: NAME or *.NAME; without it none are", OPTION_TEXT,
     offsetof(struct asked, host)},
    {"input-mb", 0, "N", "how large one input may be (1024)", OPTION_INT, offsetof(struct asked, most_mb)},
    {"load-ms", 0, "MS", "how long Ollama may take to begin (180000)", OPTION_INT, offsetof(struct asked, load_ms)},
    {"mem-mb", 0, "N", "memory of a job (16384)", OPTION_INT, offsetof(struct asked, mem_mb)},
    {"model-fallback", 0, NULL, "another model than the one asked for is better than none", OPTION_FLAG,
     offsetof(struct asked, fallback)},
    {"news", 0, NULL, "print a line of JSON for each step too", OPTION_FLAG, offsetof(struct asked, news)},
    {"noop", 0, NULL, "jobs that do nothing may run", OPTION_FLAG, offsetof(struct asked, noop)},
    {"ollama", 0, "URL", "where Ollama is (http://127.0.0.1:11434)", OPTION_TEXT, offsetof(struct asked, ollama)},
    {"plain-http", 0, NULL, "inputs may come over http:// too", OPTION_FLAG, offsetof(struct asked, plain)},
    {"private-hosts", 0, NULL, "inputs may come from private addresses too", OPTION_FLAG,
     offsetof(struct asked, private_ok)},
    {"python", 0, "FILE", "the interpreter of tasks (/usr/bin/python3)", OPTION_TEXT, offsetof(struct asked, python)},
    {"slot", 0, "N", "the slot: root's jobs run as user 62000 + N", OPTION_INT, offsetof(struct asked, slot)},
    {"stall-ms", 0, "MS", "how long Ollama may be silent (30000)", OPTION_INT, offsetof(struct asked, stall_ms)},
    {"stall-s", 0, "S", "how long a program may print nothing (for ever)", OPTION_INT, offsetof(struct asked, stall_s)},
    {"tasks", 0, "FOLDER", "the files of Python tasks", OPTION_TEXT, offsetof(struct asked, tasks)},
    {"time", 0, "S", "the longest time of a job (3600)", OPTION_INT, offsetof(struct asked, runtime_s)},
    {"without", 0, "WORDS",
     "do without: cgroup, namespace, seccomp, landlock (to see what a machine that lacks them does)", OPTION_TEXT,
     offsetof(struct asked, without)},
    {.name = NULL},
};

struct by_hand {
    const struct tool *tool;
    struct loop *loop;
    struct runner *runner;
    int code;
    bool news;
};

static void say(json_t *line)
{
    char *text = json_dumps(line, JSON_COMPACT | JSON_ENCODE_ANY);
    printf("%s\n", text ? text : "{}");
    fflush(stdout);
    free(text);
    json_decref(line);
}

static void on_news(void *ctx, const struct runner_news *news)
{
    static const char *const word[] = {
        [RUNNER_PREP] = "prep", [RUNNER_RUNNING] = "running", [RUNNER_COLLECT] = "collect"};
    const struct by_hand *b = ctx;
    if (b->news)
        say(json_pack("{ss si ss si}", "phase", word[news->phase], "pid", (int)news->pid, "group", news->group,
                      "percent", news->percent));
}

static void on_done(void *ctx, const struct runner_outcome *o)
{
    struct by_hand *b = ctx;
    json_t *artifacts = json_array();
    for (size_t i = 0; i < o->artifacts; i++)
        json_array_append_new(artifacts, json_pack("{ss ss ss sI ss}", "path", o->artifact[i].path, "type",
                                                   o->artifact[i].type, "where", o->artifact[i].where, "bytes",
                                                   (json_int_t)o->artifact[i].bytes, "sha256", o->artifact[i].sha256));
    say(json_pack("{ss ss sO sO sO so sI}", "code", node_codes[o->code].name, "message", o->message, "result",
                  (json_t *)o->result, "metrics", (json_t *)o->metrics, "sandbox", (json_t *)o->sandbox, "artifacts",
                  artifacts, "run_ms", (json_int_t)o->run_ms));
    b->code = o->code == E_NONE ? TOOL_OK : TOOL_FAILED;
    loop_stop(b->loop, 0);
}

static void on_signal(void *ctx, int signo)
{
    (void)signo;
    runner_stop(((struct by_hand *)ctx)->runner, E_CANCELED);
}

static void options_of(const struct asked *q, const char *const *host, struct runner_options *out)
{
    *out = (struct runner_options){.cgroup_must = q->must,
                                   .noop_on = q->noop,
                                   .python = q->python,
                                   .task_folder = q->tasks,
                                   .slot = (int)q->slot,
                                   .gpu = q->gpu,
                                   .news = on_news};
    out->ollama = (struct runner_ollama){
        .url = q->ollama, .load_ms = q->load_ms, .stall_ms = q->stall_ms, .model_fallback = q->fallback};
    out->limits = (struct runner_limits){
        .runtime_s = q->runtime_s, .grace_ms = q->grace_ms, .mem_mb = q->mem_mb, .stall_s = q->stall_s};
    out->inputs = (struct runner_inputs){.hosts = host,
                                         .host_count = q->host != NULL,
                                         .plain = q->plain,
                                         .private_ok = q->private_ok,
                                         .most_mb = q->most_mb};
}

static bool without(const struct asked *q, const char *word)
{
    return q->without && strstr(q->without, word);
}

static void sandbox_of(const struct asked *q, struct runner_options *out)
{
    out->without = (without(q, "namespace") ? RUNNER_NO_NAMESPACE : 0u) |
                   (without(q, "seccomp") ? RUNNER_NO_SECCOMP : 0u) |
                   (without(q, "landlock") ? RUNNER_NO_LANDLOCK : 0u);
    if (!without(q, "cgroup"))
        cgroup_probe(q->root, NULL, &out->cgroup);
}

static bool own_folder(struct arena *a, const char *asked, const struct job *job, const char **out, struct err *e)
{
    const char *name = asked ? asked : job->id;
    if (mkdir(name, 0700) < 0 && errno != EEXIST)
        return err_set(e, "%.200s cannot be made: %s", name, strerror(errno));
    char *path = realpath(name, NULL);
    *out = path ? arena_copy(a, bytes_of(path)) : NULL;
    free(path);
    return *out || err_set(e, "%.200s: %s", name, strerror(errno));
}

static bool listen(struct by_hand *b, struct err *e)
{
    b->loop = loop_open(e);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    return b->loop && loop_signal(b->loop, SIGINT, on_signal, b, e) && loop_signal(b->loop, SIGTERM, on_signal, b, e);
}

static bool run(struct by_hand *b, const struct asked *q, const struct job *job, const char *folder, struct err *e)
{
    struct runner_options o;
    const char *const host[] = {q->host};
    const struct fetcher_options web = {.agent = NULL};
    options_of(q, host, &o);
    sandbox_of(q, &o);
    o.lists = q->lists ? lists_open(q->lists, e) : NULL;
    o.fetcher = (!q->lists || o.lists) && listen(b, e) ? fetcher_open(b->loop, &web, e) : NULL;
    b->runner = o.fetcher ? runner_start(b->loop, &o, job, folder, on_done, b, e) : NULL;
    bool good = b->runner && (loop_run(b->loop) == 0 || err_set(e, "the loop ended"));
    fetcher_close(o.fetcher);
    loop_close(b->loop);
    lists_close(o.lists);
    return good;
}

/* As a coordinator of either dialect sends it, or {"job_id", ...} with everything of the payload beside it. */
static bool read_job(struct arena *a, const char *path, struct job *out, struct err *e)
{
    struct file_stat s;
    struct bytes in;
    if (!file_read(a, path, FILE_MOST, &in, &s, e))
        return false;
    json_t *o = json_read(in, path, e), *whole = NULL;
    enum job_dialect dialect = json_object_get(o, "payload") ? JOB_MINERS_V1 : JOB_NODES_V1;
    if (o && dialect == JOB_NODES_V1 && !json_object_get(o, "job"))
        whole = json_pack("{sO}", "job", o);
    enum node_code code = o ? job_read(a, whole ? whole : o, dialect, out, e) : E_INVALID;
    json_decref(whole);
    json_decref(o);
    return code == E_NONE;
}

int node_job(const struct tool *t, int argc, char **argv)
{
    struct arena a = {0};
    struct asked q = {.folder = NULL};
    struct by_hand b = {.tool = t, .code = TOOL_FAILED};
    struct job job;
    struct err e;
    const char *folder;
    int words = tool_words(t, node_job_options, argc, argv, 1, &q, &e);
    if (words == 0)
        err_set(&e, "say the file of a job: davy-node job --help");
    b.news = q.news;
    bool good = words == 1 && read_job(&a, argv[1], &job, &e) && own_folder(&a, q.folder, &job, &folder, &e) &&
                run(&b, &q, &job, folder, &e);
    arena_release(&a);
    return good ? b.code : tool_complain(t, &e);
}
