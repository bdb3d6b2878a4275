/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/davy_place.h"

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

const char *davy_place(struct arena *a, const char *dir, const char *path)
{
    return *path == '/' ? path : arena_text(a, "%s/%s", dir, path);
}
