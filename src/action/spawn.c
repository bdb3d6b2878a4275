/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>

/* A name, or the beginning of one before a '*'. A miner's own variables (CUDA_VISIBLE_DEVICES, VIRTUAL_ENV, ...) stay: a
 * daemon that davy restarts shall find what it found when its owner started it. */
static const char *const left_out[] = {
    "BASHOPTS",
    "BASH_ENV",
    "BASH_FUNC_*",
    "CDPATH",
    "COLUMNS",
    "ENV",
    "GLOBIGNORE",
    "IFS",
    "LD_*",
    "LINES",
    "PS4",
    "SHELLOPTS",
    "SSH_*",
    "STY",
    "TERM",
    "TERMCAP",
    "TERM_*",
    "TMUX*",
    "WINDOW*",
    "DISPLAY",
    "XAUTHORITY",
    "SUDO_*",
    "COLORTERM",
    "GCONV_*",
    "GIO_*",
    "PERL5OPT",
    "PYTHONSTARTUP",
    "DAVY_TELEGRAM_TOKEN",
    "CREDENTIALS_DIRECTORY",
    "NOTIFY_SOCKET",
    "WATCHDOG_*",
};

static bool matches(const char *variable, const char *pattern)
{
    size_t len = strcspn(pattern, "*");
    return strncmp(variable, pattern, len) == 0 && (pattern[len] == '*' || variable[len] == '=');
}

static bool is_left_out(const char *variable)
{
    for (size_t i = 0; i < sizeof left_out / sizeof *left_out; i++)
        if (matches(variable, left_out[i]))
            return true;
    return false;
}

char **spawn_environment(struct arena *a, char *const *ours)
{
    static const char term[] = "TERM=dumb";
    size_t count = 0, used = 0;
    while (ours[count])
        count++;
    char **out = arena_array(a, count + 2, sizeof *out);
    for (size_t i = 0; i < count; i++)
        if (!is_left_out(ours[i]))
            out[used++] = ours[i];
    out[used] = arena_copy(a, bytes_of(term));
    return out;
}

static void add_files(posix_spawn_file_actions_t *files, const char *folder, int out_fd)
{
    posix_spawn_file_actions_addopen(files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(files, out_fd, 1);
    posix_spawn_file_actions_adddup2(files, out_fd, 2);
    posix_spawn_file_actions_addclosefrom_np(files, 3);
    posix_spawn_file_actions_addchdir_np(files, folder);
}

static void set_signals(posix_spawnattr_t *how)
{
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(how, &none);
    posix_spawnattr_setsigdefault(how, &all);
    posix_spawnattr_setflags(how, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

bool spawn_step(const struct plan_step *step, const char *folder, int out_fd, pid_t *pid, struct err *e)
{
    struct arena a = {0};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&how);
    add_files(&files, folder, out_fd);
    set_signals(&how);
    int wrong = posix_spawn(pid, step->program, &files, &how, (char *const *)(uintptr_t)step->argv,
                            spawn_environment(&a, environ));
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&how);
    arena_release(&a);
    return wrong == 0 || err_set(e, "%s cannot be started in %s: %s%s", step->argv[0], folder, strerror(wrong),
                                 wrong == ENOEXEC ? "; a script needs a first line such as #!/bin/sh" : "");
}
