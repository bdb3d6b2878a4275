/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How it ended: of everything that is true at once the worst is told. */
#include "runner/jobexec.h"

#include "base/json.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

struct verdict {
    enum node_code code;
    struct err why;
};

static void also(struct verdict *v, enum node_code code, const char *why)
{
    if (code == E_NONE || (v->code != E_NONE && node_code_worse(v->code, code) == v->code))
        return;
    v->code = code;
    err_set(&v->why, "%s", why);
}

/* ---- what the program says about GPUs ---- */

static enum node_code gpu_code(const char *text)
{
    static const struct {
        const char *word;
        enum node_code code;
    } known[] = {{"CUDA out of memory", E_VRAM},        {"CUDA_ERROR_OUT_OF_MEMORY", E_VRAM},
                 {"cudaErrorMemoryAllocation", E_VRAM}, {"HIP out of memory", E_VRAM},
                 {"CUDA_ERROR_NO_DEVICE", E_NOGPU},     {"no CUDA-capable device", E_NOGPU},
                 {"cudaErrorNoDevice", E_NOGPU},        {"GPU is lost", E_NOGPU}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strstr(text, known[i].word))
            return known[i].code;
    return E_NONE;
}

/* ---- the leader's end ---- */

static void judge_signal(const struct jobexec *w, int signo, struct verdict *v)
{
    static const struct {
        int signo;
        enum node_code code;
        const char *why;
    } known[] = {{SIGXCPU, E_CPU, "more processor time than allowed"},
                 {SIGXFSZ, E_OUTPUT_SIZE, "a file larger than allowed"},
                 {SIGSYS, E_SANDBOX, "a system call that jobs may not make"}};
    char why[80];
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].signo == signo) {
            also(v, known[i].code, known[i].why);
            return;
        }
    snprintf(why, sizeof why, "the program died of signal %d (%s)", signo,
             sigabbrev_np(signo) ? sigabbrev_np(signo) : "?");
    if (w->code == E_NONE)
        also(v, E_SIGNAL, why);
}

static bool is_ok(const struct launch *l, int code)
{
    for (size_t i = 0; i < l->ok_exits; i++)
        if (l->ok_exit[i] == code)
            return true;
    return code == 0 && !l->ok_exits;
}

/* A failure has a better name than its exit code, where its reason is known. */
static void judge_exit(struct jobexec *w, int exit_code, const char *tail, struct verdict *v)
{
    char why[80];
    enum node_code gpu = w->l.gpu ? gpu_code(tail) : E_NONE;
    snprintf(why, sizeof why, "the program ended with exit code %d", exit_code);
    if (is_ok(&w->l, exit_code))
        return;
    if (w->egress_denied > 0)
        also(v, E_NET_DENY, "the job tried to use the network, which it may not");
    else if (gpu != E_NONE)
        also(v, gpu, gpu == E_VRAM ? "the GPU's memory is full" : "no GPU could be used");
    else if (w->l.task)
        also(v, E_RUNNER, "the task raised an error");
    else
        also(v, E_EXIT, why);
    if (w->out.failed || w->err.failed || place_is_full(&w->place))
        also(v, E_DISK, "the workspace is full");
}

static void judge_setup(const struct jobexec *w, struct verdict *v)
{
    char why[200];
    enum child_step step = w->said.failed;
    if (w->heard && step == CHILD_STEPS)
        return;
    snprintf(why, sizeof why, "the limits of the job cannot be set (%s): %s",
             w->heard ? child_steps[step] : "nothing was said", w->heard ? strerror(w->said.why) : "it died before");
    if (step == CHILD_EXEC) {
        snprintf(why, sizeof why, "the program cannot be started: %s", strerror(w->said.why));
        also(v, E_EXEC, why);
    } else if (step == CHILD_FOLDER)
        also(v, E_SANDBOX, "the job's user cannot reach the workspace: every folder above it needs mode 0711 at least");
    else if (w->code == E_NONE)
        also(v, E_SANDBOX, why);
}

static void judge_end(struct jobexec *w, const char *tail, struct verdict *v)
{
    struct cgroup_use use;
    bool died = w->leader_gone && WIFSIGNALED(w->leader_status), ran = w->heard && w->said.failed == CHILD_STEPS;
    int code = w->leader_gone && WIFEXITED(w->leader_status) ? WEXITSTATUS(w->leader_status) : -1;
    cgroup_use(&w->l.cgroup, w->l.group, &use);
    judge_setup(w, v);
    if (use.oom_kills > 0 && (died || !is_ok(&w->l, code)))
        also(v, E_OOM, "more memory than allowed");
    if (ran && died)
        judge_signal(w, WTERMSIG(w->leader_status), v);
    if (ran && code >= 0)
        judge_exit(w, code, tail, v);
    if (w->stuck)
        also(v, E_SANDBOX, "a process of the job could not be ended");
}

/* ---- what it made ---- */

static json_t *artifacts_json(struct jobexec *w, struct verdict *v)
{
    json_t *out = json_array();
    for (size_t i = 0; i < w->l.artifacts; i++) {
        const struct job_artifact *of = &w->l.artifact[i];
        struct checked got;
        struct err e = {""};
        enum node_code code = place_artifact(&w->place, of, &got, &e);
        also(v, code, e.text);
        if (code == E_NONE)
            json_array_append_new(out, json_pack("{ss ss ss sI ss}", "path", of->path, "type", of->type, "where",
                                                 got.where, "bytes", (json_int_t)got.bytes, "sha256", got.sha256));
    }
    return out;
}

static json_t *collect(struct jobexec *w, struct verdict *v)
{
    char why[80];
    if (v->code != E_NONE)
        return json_array();
    jobexec_tell(json_pack("{ss}", "phase", "collect"));
    snprintf(why, sizeof why, "more output than %lld MB", (long long)w->l.limits.output_mb);
    if (place_bytes(&w->place) > w->l.limits.output_mb << 20)
        also(v, E_OUTPUT_SIZE, why);
    return artifacts_json(w, v);
}

static json_t *answer_json(const struct jobexec *w, struct verdict *v)
{
    json_error_t wrong;
    if (!w->l.task || v->code != E_NONE)
        return NULL;
    json_t *o = w->answer_len <= JOBEXEC_REPLY ? json_loadb(w->answer, w->answer_len, JSON_DECODE_ANY, &wrong) : NULL;
    if (!o)
        also(v, E_RUNNER,
             w->answer_len > JOBEXEC_REPLY ? "the task's answer is larger than 1 MiB" : "the task's answer is no JSON");
    return o;
}

/* ---- the report ---- */

static int64_t mb(int64_t bytes)
{
    return (bytes + (1 << 20) - 1) >> 20;
}

static void put(json_t *o, const char *key, int64_t value)
{
    json_object_set_new(o, key, json_integer(value));
}

static int64_t run_ms(const struct jobexec *w)
{
    return w->leader_gone && w->heard ? w->ended_ms - w->forked_ms : 0;
}

static void put_end(json_t *o, const struct jobexec *w)
{
    if (w->leader_gone && w->heard && WIFEXITED(w->leader_status))
        put(o, "exit_code", WEXITSTATUS(w->leader_status));
    if (w->leader_gone && WIFSIGNALED(w->leader_status))
        put(o, "signal", WTERMSIG(w->leader_status));
}

static json_t *metrics_json(struct jobexec *w)
{
    struct cgroup_use use;
    json_t *o = json_object();
    cgroup_use(&w->l.cgroup, w->l.group, &use);
    put(o, "prep_ms", (w->forked_ms ? w->forked_ms : loop_now()) - w->began_ms);
    if (!w->leader_gone)
        return o;
    put(o, "duration_ms", run_ms(w));
    put(o, "cpu_user_ms", w->user_us / 1000);
    put(o, "cpu_sys_ms", w->system_us / 1000);
    put(o, "cpu_ms", (w->user_us + w->system_us) / 1000);
    put(o, "max_rss_mb", mb(use.peak_bytes > 0 ? use.peak_bytes : w->max_rss_bytes));
    put(o, "io_read_mb", mb(w->read_bytes));
    put(o, "io_write_mb", mb(w->written_bytes));
    put(o, "log_truncated_bytes", capture_dropped(&w->out) + capture_dropped(&w->err));
    put(o, "egress_denied", w->egress_denied);
    if (use.pids_denied > 0)
        put(o, "pids_denied", use.pids_denied);
    put_end(o, w);
    return o;
}

static json_t *sandbox_json(const struct jobexec *w)
{
    json_t *missing = json_array();
    const char *network = w->l.network ? "host" : w->said.network_namespace ? "namespace" : "seccomp";
    if (!w->heard)
        return json_object();
    for (int i = 0; i < CHILD_STEPS; i++)
        if (w->said.missing >> i & 1)
            json_array_append_new(missing, json_string(child_steps[i]));
    return json_pack("{ss ss si sb so}", "cgroup", cgroup_kinds[w->l.cgroup.kind], "network", network, "landlock",
                     w->said.landlock, "tmp", w->said.tmp, "missing", missing);
}

static json_t *result_json(struct jobexec *w, json_t *answer, const char *out, const char *err)
{
    json_t *o = json_object();
    put_end(o, w);
    if (w->leader_gone) {
        json_object_set_new(o, "stdout", json_string("stdout.log"));
        json_object_set_new(o, "stderr", json_string("stderr.log"));
        json_object_set_new(o, "stdout_tail", json_from_text(out));
        json_object_set_new(o, "stderr_tail", json_from_text(err));
    }
    if (answer)
        json_object_set_new(o, "output", answer);
    return o;
}

json_t *jobexec_outcome(struct jobexec *w)
{
    struct verdict v = {.code = w->code, .why = w->why};
    const char *out = capture_tail(&w->a, &w->out), *err = capture_tail(&w->a, &w->err);
    if (w->leader_gone || w->heard)
        judge_end(w, err, &v);
    json_t *answer = answer_json(w, &v), *artifacts = collect(w, &v), *metrics = metrics_json(w);
    capture_close(&w->out);
    capture_close(&w->err);
    if (v.code == E_NONE)
        *v.why.text = '\0';
    return json_pack("{ss ss so so so so sI}", "code", node_codes[v.code].name, "message", v.why.text, "result",
                     result_json(w, answer, out, err), "metrics", metrics, "sandbox", sandbox_json(w), "artifacts",
                     artifacts, "run_ms", (json_int_t)run_ms(w));
}
