/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One module's first process: a session of its own, its output a pipe, nothing else of ours. */
#include "cmd/run.h"

#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NOT_STARTED = 126, NOT_FOUND = 127 };

static void give_up(const char *what)
{
    dprintf(STDERR_FILENO, "davy-run: %s: %s\n", what, strerror(errno));
    _exit(errno == ENOENT ? NOT_FOUND : NOT_STARTED);
}

static void become(const char *name)
{
    errno = 0;
    const struct passwd *p = getpwnam(name);
    if (p == NULL)
        errno = errno != 0 ? errno : ENOENT;
    if (p == NULL || (p->pw_uid != geteuid() &&
                      (initgroups(name, p->pw_gid) != 0 || setgid(p->pw_gid) != 0 || setuid(p->pw_uid) != 0)))
        give_up(name);
    setenv("HOME", p->pw_dir, 1);
    setenv("USER", name, 1);
    setenv("LOGNAME", name, 1);
}

static void set_environment(const struct run_start *s)
{
    const char *key, *equals = strchr(s->mark, '=');
    char name[64];
    json_t *value;
    json_object_foreach((json_t *)s->env, key, value) setenv(key, json_string_value(value), 1);
    snprintf(name, sizeof name, "%.*s", (int)(equals - s->mark), s->mark);
    setenv(name, equals + 1, 1);
    unsetenv("NOTIFY_SOCKET"); /* systemd's word is with davy-run */
    unsetenv("WATCHDOG_USEC");
}

static void plain_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    for (int signo = 1; signo < NSIG; signo++)
        signal(signo, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

static void child(const struct run_start *s, int out)
{
    int null = open("/dev/null", O_RDONLY);
    setsid();
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(out, STDERR_FILENO) < 0)
        _exit(NOT_STARTED);
    closefrom(STDERR_FILENO + 1);
    plain_signals();
    if (s->user != NULL)
        become(s->user);
    if (chdir(s->folder) != 0)
        give_up(s->folder);
    set_environment(s);
    execvp(s->argv[0], s->argv);
    give_up(s->argv[0]);
}

pid_t run_start(const struct run_start *s, int *out_fd, struct err *e)
{
    int line[2];
    if (pipe2(line, O_CLOEXEC) != 0)
        line[0] = line[1] = -1;
    pid_t pid = line[0] >= 0 ? fork() : -1;
    if (pid == 0)
        child(s, line[1]);
    if (pid < 0)
        err_set(e, "no %s: %s", line[0] >= 0 ? "process" : "pipe", strerror(errno));
    if (line[1] >= 0)
        close(line[1]);
    if (pid < 0 && line[0] >= 0)
        close(line[0]);
    if (pid < 0)
        return -1;
    fcntl(line[0], F_SETFL, O_NONBLOCK);
    *out_fd = line[0];
    return pid;
}
