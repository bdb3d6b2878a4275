/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The allow-list of one command: which program a job may run, and every shape that its arguments may have. A job names the
 * command by the list's name, never by a path; each argument must belong to one rule, in full; whatever no rule takes is denied.
 * Rules are tried in the order of the file at each position, so what an argument means never depends on what comes later. */
#ifndef DAVY_NODE_ALLOW_H
#define DAVY_NODE_ALLOW_H

#include "base/arena.h"
#include "base/err.h"

enum allow_kind {
    ALLOW_LITERAL,  /* equal byte for byte */
    ALLOW_REGEX,    /* the whole argument is one match of a POSIX extended expression, and no path, option or address */
    ALLOW_PATH_IN,  /* the same, and names a file below work/ (who runs it opens it there) */
    ALLOW_PATH_OUT, /* the same, and names a file that does not exist yet, below output/ or work/ */
    ALLOW_INT,      /* a decimal number within min..max */
    ALLOW_ENUM      /* one of a list */
};
struct allow_item {
    enum allow_kind kind;
    const char *text; /* literal or expression */
    int64_t min, max;
    const char *const *one_of;
    size_t one_of_count;
};
struct allow_rule {
    const struct allow_item *item;
    size_t items;
    int64_t most; /* how often it may be used */
    bool required;
};
struct allow {
    const char *name, *path, *argv0; /* argv0 NULL: the path */
    const char *sha256;              /* hexadecimal; NULL: not compared */
    const struct allow_rule *rule;
    size_t rules;
    const char *const *env; /* "NAME=value"; nothing else is inherited */
    size_t envs;
    int64_t args_bytes, runtime_s, output_mb;               /* most of each */
    int64_t mem_mb, nproc, nofile, fsize_mb, nice, cpu_pct; /* 0: the node's own limit */
    bool gpu, restartable, network;
    const int *ok_exit;
    size_t ok_exits;
    const char *progress; /* expression with one group; NULL */
};

/* file: its name, for sentences and for the default of .name. Everything that is unknown or wrong refuses the whole file. */
bool allow_read(struct arena *a, struct bytes yaml, const char *file, struct allow *out, struct err *e);

enum { ALLOW_TOKENS = 256, ALLOW_TOKEN_BYTES = 4096 };
struct allow_place {
    size_t rule, item; /* which one took the argument */
};
/* place: as many as tokens, or NULL. The sentence has the place of the first argument that no rule takes, never its text: that is
 * the job's, and goes to others. */
bool allow_argv(const struct allow *list, const struct bytes *token, size_t tokens, struct allow_place *place,
                struct err *e);

#endif
