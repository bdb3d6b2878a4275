/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The theme of a dashboard while it runs: the key, davy.toml, its own file and a light terminal may change it. */
#ifndef DAVY_CMD_DAVY_DRESS_H
#define DAVY_CMD_DAVY_DRESS_H

#include "cmd/davy_theme.h"
#include "loop/watch.h"

struct dress {
    struct arena arena[2];      /* of the theme shown, and of the one that is tried */
    int live;
    const struct theme *theme;
    char name[512];             /* what was asked for: a name or a path */
    char path[4096];            /* its file; "": inside davy */
    char folder[4096], file[256]; /* where that really is */
    bool named;                 /* by somebody: then a light terminal changes nothing */
    bool light;                 /* the terminal said that its ground is */
    bool watching;              /* the file is watched: not before the first frame */
    enum color_depth depth;     /* that was asked for */
    char setting[128], graph[16];   /* what davy.toml said last */
    struct watch *watch;        /* of folder; NULL: nothing to watch, or nobody to ask */
    int watch_id;
};

#endif
