/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runner/child.h"

#include "runner/procfs.h"
#include "runner/runner.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/ioprio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { HIGH = 32, FD_TASK = 5, FD_PROGRAM = 6, FD_STATUS = 7, FD_FREE = 8, CAPS = 64 };
enum { AS_TIMES = 4, MEMLOCK = 64 << 10, STACK = 8 << 20 };
const char *const child_steps[CHILD_STEPS] = {
    [CHILD_GROUP] = "control group", [CHILD_NICE] = "nice",
    [CHILD_IO] = "ionice",           [CHILD_USER] = "user",
    [CHILD_LIMITS] = "limits",       [CHILD_OOM] = "oom score",
    [CHILD_FOLDER] = "folder",       [CHILD_PRIVILEGES] = "no new privileges",
    [CHILD_LANDLOCK] = "landlock",   [CHILD_SECCOMP] = "seccomp",
    [CHILD_NETWORK] = "network",     [CHILD_MOUNT] = "private tmp",
    [CHILD_EXEC] = "exec",
};

/* ---- talking ---- */

static void say(int status, const struct child_said *said, int listener)
{
    char room[CMSG_SPACE(sizeof(int))] = {0};
    struct iovec part = {(void *)(uintptr_t)said, sizeof *said};
    struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1};
    if (listener >= 0) {
        m.msg_control = room;
        m.msg_controllen = sizeof room;
        struct cmsghdr *c = CMSG_FIRSTHDR(&m);
        c->cmsg_level = SOL_SOCKET;
        c->cmsg_type = SCM_RIGHTS;
        c->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(c), &listener, sizeof listener);
    }
    sendmsg(status, &m, MSG_NOSIGNAL);
}

bool child_hear(int status, struct child_said *out, int *listener)
{
    char room[CMSG_SPACE(sizeof(int))];
    struct iovec part = {out, sizeof *out};
    struct msghdr m = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
    *listener = -1;
    if (recvmsg(status, &m, MSG_CMSG_CLOEXEC) != (ssize_t)sizeof *out)
        return false;
    const struct cmsghdr *c = CMSG_FIRSTHDR(&m);
    if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
        memcpy(listener, CMSG_DATA(c), sizeof *listener);
    return true;
}

static _Noreturn void fail(struct child_said *said, int status, enum child_step step)
{
    said->why = errno;
    said->failed = step;
    say(status, said, -1);
    _exit(127);
}

/* ---- limits ---- */

static bool limit(int what, int64_t most)
{
    struct rlimit now;
    rlim_t want = most < 0 ? RLIM_INFINITY : (rlim_t)most;
    if (getrlimit((__rlimit_resource_t)what, &now) < 0)
        return false;
    if (now.rlim_max != RLIM_INFINITY && want > now.rlim_max)
        want = now.rlim_max;
    struct rlimit set = {want, want};
    return setrlimit((__rlimit_resource_t)what, &set) == 0;
}

static bool limit_cpu(int64_t seconds)
{
    struct rlimit set = {(rlim_t)seconds, (rlim_t)seconds + 5}; /* XCPU first, so that it can be told from a KILL */
    return seconds <= 0 || setrlimit(RLIMIT_CPU, &set) == 0 || limit(RLIMIT_CPU, seconds);
}

/* Address space says little about memory, and GPU programs reserve far more than they use: it is the last resort where no
 * control group counts, and then a wide one. */
static bool set_limits(const struct launch *l)
{
    const struct launch_limits *of = &l->limits;
    bool counted = *l->cgroup.path[CGROUP_MEMORY] != '\0';
    return limit(RLIMIT_CORE, 0) && limit_cpu(of->cpu_s) && limit(RLIMIT_FSIZE, of->fsize_mb << 20) &&
           limit(RLIMIT_NPROC, of->nproc) && limit(RLIMIT_NOFILE, of->nofile) && limit(RLIMIT_STACK, STACK) &&
           limit(RLIMIT_MEMLOCK, l->gpu ? -1 : MEMLOCK) &&
           (l->gpu || counted || limit(RLIMIT_AS, (of->mem_mb << 20) * AS_TIMES));
}

static bool set_io(int64_t level)
{
    int value = IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, (int)level);
    return syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, value) == 0;
}

static void note(struct child_said *said, enum child_step step, bool good)
{
    said->missing |= good ? 0 : 1u << step;
}

/* ---- who the job is ---- */

static void drop_bounding(void)
{
    for (int i = 0; i < CAPS; i++)
        prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
}

static bool drop_capabilities(void)
{
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {{0}};
    return syscall(SYS_capset, &header, none) == 0;
}

/* A GPU's devices may belong to groups (video, render): those stay when the node has them. */
static bool become_user(const struct launch *l)
{
    drop_bounding();
    if (l->uid >= 0) {
        if (!l->gpu && setgroups(0, NULL) < 0)
            return false;
        if (setresgid((gid_t)l->uid, (gid_t)l->uid, (gid_t)l->uid) < 0 ||
            setresuid((uid_t)l->uid, (uid_t)l->uid, (uid_t)l->uid) < 0)
            return false;
    }
    return drop_capabilities();
}

/* As the job's user and by name, because programs go by HOME and TMPDIR. */
static bool enter_folder(const struct launch *l, const struct stat *work)
{
    char path[4096];
    struct stat here;
    int n = snprintf(path, sizeof path, "%s/work", l->folder);
    return n < (int)sizeof path && chdir(path) == 0 && stat(".", &here) == 0 && here.st_ino == work->st_ino &&
           here.st_dev == work->st_dev;
}

/* ---- descriptors ---- */

static bool place_fd(int high, int at)
{
    return high < 0 ? (close(at), true) : dup2(high, at) == at;
}

static bool place_all(const struct child_start *c)
{
    const int from[] = {
        open("/dev/null", O_RDONLY | O_CLOEXEC), c->out, c->err, c->params, c->reply, c->task, c->program, c->status};
    int high[sizeof from / sizeof *from];
    enum { COUNT = sizeof from / sizeof *from };
    for (int i = 0; i < COUNT; i++)
        high[i] = from[i] < 0 ? -1 : fcntl(from[i], F_DUPFD_CLOEXEC, HIGH);
    for (int i = 0; i < COUNT; i++)
        if (!place_fd(high[i], i))
            return false;
    fcntl(FD_STATUS, F_SETFD, FD_CLOEXEC);
    return close_range(FD_FREE, ~0u, 0) == 0;
}

/* The interpreter of a script opens it again by /dev/fd, so its descriptor stays; of a program nothing stays. */
static bool is_script(int fd)
{
    char head[2];
    return pread(fd, head, sizeof head, 0) == (ssize_t)sizeof head && head[0] == '#' && head[1] == '!';
}

static void reset_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    for (int i = 1; i < NSIG; i++)
        signal(i, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* ---- all of it ---- */

static void limit_first(const struct child_start *c, struct child_said *said)
{
    const struct launch *l = c->l;
    if (!cgroup_join(&l->cgroup, l->group)) {
        if (l->cgroup_must)
            fail(said, c->status, CHILD_GROUP);
        note(said, CHILD_GROUP, false);
    }
    note(said, CHILD_NICE, setpriority(PRIO_PROCESS, 0, (int)l->limits.nice) == 0);
    note(said, CHILD_IO, set_io(l->limits.io_level));
    note(said, CHILD_OOM, procfs_put("/proc/self/oom_score_adj", "500"));
}

static void become(const struct launch *l, const struct stat *work, struct child_said *said)
{
    if (!set_limits(l))
        fail(said, FD_STATUS, CHILD_LIMITS);
    if (!become_user(l))
        fail(said, FD_STATUS, CHILD_USER);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* behind the change of user, which clears it */
    if (!enter_folder(l, work))
        fail(said, FD_STATUS, CHILD_FOLDER);
    umask(077);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        fail(said, FD_STATUS, CHILD_PRIVILEGES);
}

/* Without any way to keep it from the network nothing runs that may not have it. */
static void shut_in(const struct launch *l, const struct sandbox_namespaces *n, struct child_said *said, int *listener)
{
    bool may_file = (l->without & RUNNER_NO_LANDLOCK) == 0, may_call = (l->without & RUNNER_NO_SECCOMP) == 0;
    int task = l->task ? FD_TASK : -1;
    said->landlock = may_file ? sandbox_landlock(l, FD_PROGRAM, task, n) : 0;
    note(said, CHILD_LANDLOCK, said->landlock > 0);
    bool filtered = may_call && sandbox_seccomp(l->network, listener);
    note(said, CHILD_SECCOMP, filtered);
    errno = EPERM;
    if (!l->network && !filtered && !n->network)
        fail(said, FD_STATUS, CHILD_NETWORK);
}

static void leave_host(const struct child_start *c, struct sandbox_namespaces *n, struct child_said *said)
{
    if ((c->l->without & RUNNER_NO_NAMESPACE) == 0)
        sandbox_namespaces(c->l, n);
    if (n->lost)
        fail(said, c->status, CHILD_USER);
    note(said, CHILD_MOUNT, n->tmp);
    note(said, CHILD_NETWORK, c->l->network || n->network);
    said->network_namespace = n->network;
    said->tmp = n->tmp;
}

_Noreturn void child_run(const struct child_start *c)
{
    struct child_said said = {.failed = CHILD_STEPS};
    struct sandbox_namespaces n = {0};
    struct stat work = {0};
    int listener = -1;
    setsid();
    reset_signals();
    limit_first(c, &said);
    leave_host(c, &n, &said);
    if (fstat(c->work, &work) < 0 || !place_all(c))
        fail(&said, c->status, CHILD_LIMITS);
    become(c->l, &work, &said);
    if (!is_script(FD_PROGRAM))
        fcntl(FD_PROGRAM, F_SETFD, FD_CLOEXEC);
    shut_in(c->l, &n, &said, &listener);
    say(FD_STATUS, &said, listener);
    syscall(SYS_execveat, FD_PROGRAM, "", c->l->argv, c->l->env, AT_EMPTY_PATH);
    fail(&said, FD_STATUS, CHILD_EXEC);
}
