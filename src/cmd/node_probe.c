/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks at the machine. nvidia-smi runs as a process of its own in its own group and has five seconds; one that does not die
 * (after some faults of the driver it cannot) is left alone, and there is never a second one beside it. */
#include "cmd/node_daemon.h"

#include "base/file.h"
#include "base/timetext.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    TOOL_LIMIT_MS = 5000,
    TOOL_BYTES = 64 << 10,
    PROC_BYTES = 1 << 20,
    ASK_LIMIT_MS = 3000,
    RC_UNKNOWN = 2,
    RC_LOST = 15
};
enum step { STEP_BANNER, STEP_QUERY, STEP_OLD, STEPS };

struct node_eye {
    struct loop *loop;
    struct fetcher *fetcher;
    const struct node_config *config;
    struct arena a; /* of the look under way */
    struct probe p;
    void (*fn)(void *ctx, const struct probe *p);
    void *ctx;
    enum step step;
    pid_t pid; /* 0: no tool runs; also one that was given up */
    int fd;    /* -1 */
    char text[TOOL_BYTES + 1];
    size_t length;
    bool looking, late, tool_done, ollama_done;
    const char *cuda; /* once a start; allocated */
    struct fetch *tags;
};

static void finish(struct node_eye *eye)
{
    if (!eye->looking || !eye->tool_done || !eye->ollama_done)
        return;
    eye->looking = false;
    eye->p.cuda = eye->cuda;
    eye->fn(eye->ctx, &eye->p);
}

/* ---- nvidia-smi ---- */

static void tool_next(struct node_eye *eye, enum step step);

static void tool_end(struct node_eye *eye, const char *state)
{
    eye->p.gpu_state = state;
    eye->tool_done = true;
    finish(eye);
}

static void close_pipe(struct node_eye *eye)
{
    if (eye->fd < 0)
        return;
    loop_fd_remove(eye->loop, eye->fd);
    close(eye->fd);
    eye->fd = -1;
}

static void judge(struct node_eye *eye, int status)
{
    struct bytes text = {eye->text, eye->length};
    int rc = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    bool old = eye->step == STEP_OLD;
    if (eye->late) {
        tool_end(eye, "nvidia-smi did not answer");
    } else if (eye->step == STEP_BANNER) {
        const char *version = probe_cuda(&eye->a, text);
        free((void *)eye->cuda);
        eye->cuda = version ? strdup(version) : NULL;
        tool_next(eye, STEP_QUERY);
    } else if (rc == RC_UNKNOWN && !old) {
        tool_next(eye, STEP_OLD);
    } else {
        eye->p.gpus = rc == 0 || rc == RC_LOST ? probe_gpus(&eye->a, text, old, eye->p.gpu) : 0;
        tool_end(eye, rc == 0         ? "ok"
                      : rc == RC_LOST ? "a GPU is lost"
                                      : arena_text(&eye->a, "nvidia-smi ended with %d", rc));
    }
}

static void on_late(void *ctx)
{
    struct node_eye *eye = ctx;
    if (eye->pid > 0)
        kill(-eye->pid, SIGKILL);
    eye->late = true;
    close_pipe(eye);
    if (eye->looking && !eye->tool_done)
        tool_end(eye, "nvidia-smi did not answer");
}

static void on_end(void *ctx, pid_t pid, int status)
{
    struct node_eye *eye = ctx;
    (void)pid;
    ssize_t n;
    while (eye->fd >= 0 && eye->length < TOOL_BYTES &&
           (n = read(eye->fd, eye->text + eye->length, TOOL_BYTES - eye->length)) > 0)
        eye->length += (size_t)n;
    eye->pid = 0;
    close_pipe(eye);
    loop_timer_stop(eye->loop, on_late, eye);
    if (eye->looking && !eye->tool_done)
        judge(eye, status);
}

static void on_text(void *ctx, uint32_t events)
{
    struct node_eye *eye = ctx;
    char spare[4096];
    (void)events;
    bool full = eye->length >= TOOL_BYTES;
    ssize_t n =
        full ? read(eye->fd, spare, sizeof spare) : read(eye->fd, eye->text + eye->length, TOOL_BYTES - eye->length);
    if (n > 0 && !full)
        eye->length += (size_t)n;
    if (n == 0 || (n < 0 && errno != EAGAIN))
        close_pipe(eye);
}

static pid_t spawn_tool(struct node_eye *eye, char *const *argv)
{
    int fd[2];
    pid_t pid = -1;
    posix_spawn_file_actions_t todo;
    posix_spawnattr_t how;
    sigset_t none;
    if (pipe2(fd, O_CLOEXEC) != 0)
        return -1;
    sigemptyset(&none);
    posix_spawn_file_actions_init(&todo);
    posix_spawn_file_actions_addopen(&todo, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&todo, fd[1], 1);
    posix_spawn_file_actions_addopen(&todo, 2, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&how);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&how, &none);
    char *const env[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", NULL};
    if (posix_spawn(&pid, argv[0], &todo, &how, argv, env) != 0)
        pid = -1;
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&todo);
    close(fd[1]);
    eye->fd = fd[0];
    fcntl(eye->fd, F_SETFL, O_NONBLOCK);
    return pid;
}

static void tool_next(struct node_eye *eye, enum step step)
{
    char *program = (char *)eye->config->is->nvidia_smi;
    char *const argv[STEPS][4] = {
        [STEP_BANNER] = {program, NULL},
        [STEP_QUERY] = {program, "--query-gpu=" PROBE_QUERY, "--format=csv,noheader,nounits", NULL},
        [STEP_OLD] = {program, "--query-gpu=" PROBE_QUERY_OLD, "--format=csv,noheader,nounits", NULL},
    };
    struct err e;
    eye->step = step;
    eye->length = 0;
    eye->late = false;
    pid_t pid = spawn_tool(eye, argv[step]);
    if (pid < 0 || !loop_fd(eye->loop, eye->fd, EPOLLIN, on_text, eye, &e) ||
        !loop_child(eye->loop, pid, on_end, eye, &e)) {
        close_pipe(eye);
        tool_end(eye, "absent");
        return;
    }
    eye->pid = pid;
    loop_timer(eye->loop, loop_now() + TOOL_LIMIT_MS, on_late, eye);
}

/* ---- Ollama ---- */

static void on_tags(void *ctx, const struct fetch_answer *answer)
{
    struct node_eye *eye = ctx;
    json_t *tags = answer->arrived && answer->status == 200 ? json_read(answer->body, "Ollama's models", NULL) : NULL;
    eye->tags = NULL;
    eye->p.ollama = tags != NULL;
    eye->p.models = probe_models(&eye->a, tags, eye->p.model);
    json_decref(tags);
    eye->ollama_done = true;
    finish(eye);
}

static void ask_ollama(struct node_eye *eye)
{
    const char *base = eye->config->is->ollama;
    struct err e;
    if (base)
        eye->tags = fetch_start(eye->fetcher,
                                &(struct fetch_request){.url = arena_text(&eye->a, "%s/api/tags", base),
                                                        .limit_ms = ASK_LIMIT_MS,
                                                        .limit = 1 << 20},
                                on_tags, eye, &e);
    eye->ollama_done = eye->tags == NULL;
}

/* ---- the rest ---- */

static struct bytes read_proc(struct node_eye *eye, const char *path)
{
    struct bytes text = {NULL, 0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *into = arena_alloc(&eye->a, PROC_BYTES);
    for (ssize_t n; fd >= 0 && text.len < PROC_BYTES && (n = read(fd, into + text.len, PROC_BYTES - text.len)) > 0;)
        text.len += (size_t)n;
    if (fd >= 0)
        close(fd);
    text.at = into;
    return text;
}

static void look_here(struct node_eye *eye)
{
    struct probe *p = &eye->p;
    struct utsname u;
    struct statvfs fs;
    cpu_set_t set;
    struct bytes mem = read_proc(eye, "/proc/meminfo");
    *p = (struct probe){.memory_bytes = probe_meminfo(mem, "MemTotal"),
                        .disk_total_mb = NOT_KNOWN,
                        .memory_free_bytes = probe_meminfo(mem, "MemAvailable"),
                        .disk_free_mb = NOT_KNOWN,
                        .cores = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : NOT_KNOWN};
    p->cpu_model = probe_cpu_model(&eye->a, read_proc(eye, "/proc/cpuinfo"));
    if (getloadavg(p->load, 3) != 3)
        p->load[0] = p->load[1] = p->load[2] = NAN;
    if (uname(&u) == 0) {
        p->host = arena_copy(&eye->a, bytes_of(u.nodename));
        p->arch = arena_copy(&eye->a, bytes_of(u.machine));
    }
    if (statvfs(eye->config->root, &fs) == 0 || statvfs(eye->config->dir, &fs) == 0) {
        p->disk_total_mb = (int64_t)(fs.f_blocks * fs.f_frsize >> 20);
        p->disk_free_mb = (int64_t)(fs.f_bavail * fs.f_frsize >> 20);
    }
}

struct node_eye *node_eye_open(struct loop *l, struct fetcher *f, const struct node_config *c)
{
    struct node_eye *eye = calloc(1, sizeof *eye);
    if (!eye)
        abort();
    eye->loop = l;
    eye->fetcher = f;
    eye->config = c;
    eye->fd = -1;
    return eye;
}

void node_eye_close(struct node_eye *eye)
{
    if (!eye)
        return;
    if (eye->pid > 0)
        kill(-eye->pid, SIGKILL);
    close_pipe(eye);
    free((void *)eye->cuda);
    arena_release(&eye->a);
    free(eye);
}

bool node_eye_look(struct node_eye *eye, void (*fn)(void *ctx, const struct probe *p), void *ctx)
{
    if (eye->looking)
        return false;
    arena_reset(&eye->a);
    look_here(eye);
    eye->looking = true;
    eye->tool_done = false;
    eye->fn = fn;
    eye->ctx = ctx;
    ask_ollama(eye);
    if (eye->pid > 0) { /* the one of before does not die */
        tool_end(eye, "nvidia-smi did not answer");
        return true;
    }
    tool_next(eye, eye->cuda ? STEP_QUERY : STEP_BANNER);
    return true;
}

struct probe_offer node_offer(const struct node_config *c, const char *id)
{
    return (struct probe_offer){.node_id = id,
                                .version = DAVY_VERSION,
                                .price = c->is->price,
                                .cpu_slots = (int)c->is->cpu_slots,
                                .gpu_slots = (int)c->is->gpu_slots,
                                .nominal_vram = true,
                                .command = c->command,
                                .task = c->task};
}
