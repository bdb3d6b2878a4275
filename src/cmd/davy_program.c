/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other programs of the family. */
#include "cmd/davy.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *davy_program(char out[4096], const char *name)
{
    struct stat s;
    ssize_t n = readlink("/proc/self/exe", out, 4095);
    out[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(out, '/');
    size_t room = slash != NULL ? 4096 - (size_t)(slash + 1 - out) : 0;
    if (slash != NULL && snprintf(slash + 1, room, "%s", name) < (int)room && stat(out, &s) == 0 && S_ISREG(s.st_mode))
        return out;
    snprintf(out, 4096, "%s", name);
    return out;
}

static bool is_name(const char *text)
{
    return *text != '\0' && strlen(text) < 40 && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text);
}

int davy_run_other(const char *name, char **argv)
{
    struct err e;
    char path[4096], program[64];
    if (is_name(name)) {
        snprintf(program, sizeof program, "davy-%s", name);
        argv[0] = program;
        execvp(davy_program(path, program), argv);
        if (errno != ENOENT) {
            err_set(&e, "cannot run davy-%s: %s", name, strerror(errno));
            return davy_fail(&e);
        }
    }
    davy_no_command(&e, name);
    return davy_fail(&e);
}
