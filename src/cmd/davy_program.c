/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other programs of the family. */
#include "cmd/davy.h"
#include "cmd/davy_place.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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
