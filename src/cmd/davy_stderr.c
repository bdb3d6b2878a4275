/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/davy.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MOST = 16 * 1024 };

void stderr_catch(struct stderr_guard *g)
{
    g->saved = -1;
    g->memory = memfd_create("davy-stderr", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (g->memory < 0)
        return;
    /* A library that complains for ever must not eat the memory: what is beyond the end is refused. */
    if (ftruncate(g->memory, MOST) == 0)
        fcntl(g->memory, F_ADD_SEALS, F_SEAL_GROW);
    fflush(stderr);
    g->saved = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (g->saved >= 0)
        dup2(g->memory, STDERR_FILENO);
}

static void print(const struct stderr_guard *g)
{
    static char text[MOST];
    off_t end = lseek(g->memory, 0, SEEK_CUR);
    ssize_t n = end > 0 ? pread(g->memory, text, end > MOST ? MOST : (size_t)end, 0) : 0;
    for (ssize_t at = 0; at < n;) {
        ssize_t wrote = write(STDERR_FILENO, text + at, (size_t)(n - at));
        if (wrote <= 0)
            return;
        at += wrote;
    }
}

void stderr_release(struct stderr_guard *g)
{
    if (g->memory < 0)
        return;
    fflush(stderr);
    if (g->saved >= 0) {
        dup2(g->saved, STDERR_FILENO);
        close(g->saved);
    }
    print(g);
    close(g->memory);
    g->memory = g->saved = -1;
}
