/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a job and the list that allows it to what is run. All that is decided here is decided by lists and options. */
#include "runner/runner_private.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_UID = 62000, ENV_OWN = 12, EXTRA_CPU_S = 60, RUNTIME_S = 3600, GRACE_MS = 5000, MEM_MB = 16384 };

/* The task is read from the descriptor that was checked; its folder is nowhere on the path. */
static const char shim[] = "import json, os, sys, types\n"
                           "name = sys.argv[1]\n"
                           "with os.fdopen(3, 'rb') as f: params = json.load(f)\n"
                           "with os.fdopen(5, 'rb') as f: source = f.read()\n"
                           "module = types.ModuleType('tasks.' + name)\n"
                           "module.__file__ = name + '.py'\n"
                           "exec(compile(source, name + '.py', 'exec'), module.__dict__)\n"
                           "text = json.dumps(module.run(**params), allow_nan=False)\n"
                           "with os.fdopen(4, 'w', encoding='utf-8') as f: f.write(text)\n";

static int64_t or_default(int64_t value, int64_t otherwise)
{
    return value > 0 ? value : otherwise;
}

static int64_t least(int64_t a, int64_t b)
{
    return a > 0 && (b <= 0 || a < b) ? a : b;
}

/* ---- limits ---- */

static void limits_of(const struct runner_options *o, const struct job *job, int64_t runtime_s,
                      struct launch_limits *out)
{
    const struct runner_limits *of = &o->limits;
    int64_t seconds = least(job->timeout_s, least(runtime_s, or_default(of->runtime_s, RUNTIME_S)));
    int64_t threads = or_default(job->cpu_threads, sysconf(_SC_NPROCESSORS_ONLN));
    *out = (struct launch_limits){.runtime_ms = seconds * 1000,
                                  .grace_ms = or_default(of->grace_ms, GRACE_MS),
                                  .stall_ms = of->stall_s * 1000,
                                  .mem_mb = or_default(of->mem_mb, MEM_MB),
                                  .nproc = or_default(of->nproc, 256),
                                  .nofile = or_default(of->nofile, 1024),
                                  .log_mb = or_default(of->log_mb, 16),
                                  .cpu_s = seconds * threads + EXTRA_CPU_S,
                                  .cpu_pct = job->cpu_threads * 100,
                                  .nice = of->nice ? of->nice : 10,
                                  .io_level = of->io_level ? of->io_level : 6};
}

static void limits_of_list(const struct allow *list, struct launch_limits *out)
{
    out->mem_mb = or_default(list->mem_mb, out->mem_mb);
    out->nproc = or_default(list->nproc, out->nproc);
    out->nofile = or_default(list->nofile, out->nofile);
    out->cpu_pct = least(list->cpu_pct, out->cpu_pct);
    out->nice = or_default(list->nice, out->nice);
    out->output_mb = list->output_mb;
    out->fsize_mb = or_default(list->fsize_mb, list->output_mb);
}

/* ---- what every child gets ---- */

static void env_of(struct arena *a, const struct runner_options *o, const struct job *job, const struct allow *list,
                   struct launch *out)
{
    const char **env = arena_array(a, (list ? list->envs : 0) + ENV_OWN, sizeof *env);
    size_t n = 0;
    out->mark = arena_text(a, "DAVY_JOB_ID=%s", job->id);
    env[n++] = out->mark;
    env[n++] = arena_text(a, "AITBC_JOB_ID=%s", job->id);
    env[n++] = "PATH=/usr/local/bin:/usr/bin:/bin";
    env[n++] = "LANG=C.UTF-8";
    env[n++] = arena_text(a, "HOME=%s/work", out->folder);
    env[n++] = arena_text(a, "TMPDIR=%s/work/tmp", out->folder);
    env[n++] = arena_text(a, "DAVY_OUTPUT=%s/output", out->folder);
    env[n++] = arena_text(a, "CUDA_VISIBLE_DEVICES=%s", out->gpu && o->gpu ? o->gpu : "");
    if (job->cpu_threads > 0)
        env[n++] = arena_text(a, "OMP_NUM_THREADS=%lld", (long long)job->cpu_threads);
    for (size_t i = 0; list && i < list->envs; i++)
        env[n++] = list->env[i];
    out->env = env;
}

static void common_of(struct arena *a, const struct runner_options *o, const struct job *job, const char *folder,
                      struct launch *out)
{
    uid_t first = o->first_uid ? o->first_uid : FIRST_UID;
    static const char *const none[] = {NULL};
    out->id = job->id;
    out->folder = folder;
    out->group = arena_text(a, "davy-%d-%.*s", o->slot, JOB_ID, job->id);
    out->artifact = job->artifact;
    out->artifacts = job->artifacts;
    out->cgroup = o->cgroup;
    out->cgroup_must = o->cgroup_must;
    out->gpu = job->gpu;
    out->uid = geteuid() == 0 ? (int64_t)first + o->slot : -1;
    out->without = o->without;
    out->readable = none;
}

/* ---- cli ---- */

static void words_of(struct arena *a, const struct allow *list, const struct job *job, const struct allow_place *place,
                     struct launch *out)
{
    static const enum launch_path_kind kinds[] = {
        [ALLOW_PATH_IN] = LAUNCH_IN, [ALLOW_PATH_OUT] = LAUNCH_OUT, [ALLOW_ENUM] = LAUNCH_WORD};
    const char **argv = arena_array(a, job->args + 2, sizeof *argv);
    enum launch_path_kind *kind = arena_array(a, job->args + 1, sizeof *kind);
    argv[0] = list->argv0 ? list->argv0 : list->path;
    for (size_t i = 0; i < job->args; i++) {
        const struct allow_item *item = &list->rule[place[i].rule].item[place[i].item];
        argv[i + 1] = arena_copy(a, job->arg[i]);
        kind[i + 1] = kinds[item->kind];
    }
    out->argv = argv;
    out->kind = kind;
    out->words = job->args + 1;
}

static enum node_code plan_cli(struct arena *a, const struct runner_options *o, const struct job *job,
                               struct launch *out, struct err *e)
{
    struct allow_place place[ALLOW_TOKENS];
    const struct allow *list = lists_command(o->lists, job->command);
    if (!list)
        return err_set(e, "this command is not allowed here"), E_DENY;
    if (!allow_argv(list, job->arg, job->args, place, e))
        return E_DENY;
    int64_t *ok = arena_array(a, list->ok_exits + 1, sizeof *ok);
    for (size_t i = 0; i < list->ok_exits; i++)
        ok[i] = list->ok_exit[i];
    out->ok_exit = ok;
    out->ok_exits = list->ok_exits;
    out->gpu = job->gpu || list->gpu;
    out->network = list->network;
    out->program = list->path;
    out->program_sha256 = list->sha256;
    out->progress = list->progress;
    limits_of(o, job, list->runtime_s, &out->limits);
    limits_of_list(list, &out->limits);
    words_of(a, list, job, place, out);
    env_of(a, o, job, list, out);
    return E_NONE;
}

/* ---- Python ---- */

/* bin/python3 of a virtual environment needs what stands beside bin/. */
static const char *prefix_of(struct arena *a, const char *interpreter)
{
    const char *end = strrchr(interpreter, '/');
    struct bytes prefix = {interpreter, end ? (size_t)(end - interpreter) : 0};
    while (prefix.len && prefix.at[prefix.len - 1] != '/')
        prefix.len--;
    return prefix.len > 1 ? arena_copy(a, prefix) : "/usr";
}

static void words_of_python(struct arena *a, const struct runner_options *o, const struct job *job, struct launch *out)
{
    const char *python = o->python ? o->python : "/usr/bin/python3";
    const char *const fixed[] = {python, "-I", "-B", "-c", shim, job->command};
    const char **argv = arena_array(a, sizeof fixed / sizeof *fixed + 1, sizeof *argv),
               **read = arena_array(a, 2, sizeof *read);
    memcpy(argv, fixed, sizeof fixed);
    read[0] = prefix_of(a, python);
    out->program = python;
    out->argv = argv;
    out->words = sizeof fixed / sizeof *fixed;
    out->kind = arena_array(a, out->words, sizeof *out->kind);
    out->readable = read;
}

static enum node_code plan_python(struct arena *a, const struct runner_options *o, const struct job *job,
                                  struct launch *out, struct err *e)
{
    const struct task *task = o->task_folder ? lists_task(o->lists, job->command) : NULL;
    json_t *params = task ? json_read(bytes_of(job->params), "params", e) : NULL;
    bool takes = params && task_takes(task, params, e);
    json_decref(params);
    if (!task)
        return err_set(e, "this task is not allowed here"), E_DENY;
    if (!takes)
        return E_DENY;
    out->task = arena_text(a, "%s/%s.py", o->task_folder, task->name);
    out->task_sha256 = task->sha256;
    out->params = job->params;
    out->gpu = job->gpu || task->gpu;
    out->network = task->network;
    limits_of(o, job, task->runtime_s, &out->limits);
    out->limits.mem_mb = or_default(task->mem_mb, out->limits.mem_mb);
    out->limits.output_mb = out->limits.fsize_mb = task->output_mb;
    words_of_python(a, o, job, out);
    env_of(a, o, job, NULL, out);
    return E_NONE;
}

enum node_code runner_plan(struct arena *a, const struct runner_options *o, const struct job *job, const char *folder,
                           struct launch *out, struct err *e)
{
    *out = (struct launch){.uid = -1};
    common_of(a, o, job, folder, out);
    enum node_code code = job->runner == JOB_CLI ? plan_cli(a, o, job, out, e) : plan_python(a, o, job, out, e);
    if (code == E_NONE && out->gpu && !o->gpu)
        return err_set(e, "the job needs a GPU, and none is usable here"), E_NOGPU;
    return code;
}
