/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a rig has an auction's configuration but no miner of ours runs, the dashboard has davy-mine follow the chain: it
 * writes a line for each block. davy itself asks no network. */
#include "action/spawn.h"
#include "base/json.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "cmd/davy_dash.h"
#include "cmd/davy_place.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATIENCE_MS = 10000, AGAIN_MS = 60000, LINE_MOST = 8192, ERROR_CELLS = 180 };

struct chase {
    struct dash *dash;
    int64_t start_ms; /* loop clock, before which nothing is started; 0: it is not wanted */
    pid_t pid;        /* 0: none */
    int out;
    size_t len;
    char line[LINE_MOST];
};

/* ---- what it says ------------------------------------------------------------------------------------------------- */

static void take_line(struct chase *c, struct bytes line)
{
    struct arena a = {0};
    json_t *o = json_read(line, "a line of davy-mine follow", NULL);
    struct auction_told t = {.block = json_int(o, "block"),
                             .at_ms = json_time(o, "block_time", 0),
                             .finalized = json_int(o, "finalized"),
                             .tempo = json_int(o, "tempo"),
                             .block_s = json_num(o, "block_interval_s")};
    const char *error = json_text(&a, o, "error");
    if (error != NULL)
        snprintf(t.error, sizeof t.error, "%s", text_safe(&a, bytes_of(error), ERROR_CELLS));
    if (json_is_object(o))
        rig_head(c->dash->rig, &t);
    json_decref(o);
    arena_release(&a);
}

static void on_text(void *ctx, uint32_t events)
{
    struct chase *c = ctx;
    struct bytes line, rest;
    ssize_t n = read(c->out, c->line + c->len, sizeof c->line - c->len);
    if (n <= 0) {
        if ((events & EPOLLHUP) && (n == 0 || errno != EINTR))
            loop_fd_events(c->dash->loop, c->out, 0);
        return;
    }
    c->len += (size_t)n;
    rest = (struct bytes){c->line, c->len};
    bool any = false;
    for (; bytes_line(&rest, &line); any = true)
        take_line(c, line);
    memmove(c->line, rest.at, rest.len);
    c->len = rest.len < sizeof c->line ? rest.len : 0;
    if (any)
        dash_changed(c->dash);
    c->dash->shown = any ? NULL : c->dash->shown; /* not a matter of the clock alone */
}

/* ---- when it runs ------------------------------------------------------------------------------------------------- */

static void on_end(void *ctx, pid_t pid, int status)
{
    struct chase *c = ctx;
    (void)pid;
    (void)status;
    loop_fd_remove(c->dash->loop, c->out);
    close(c->out);
    c->pid = 0;
    c->len = 0;
    c->start_ms = loop_now() + AGAIN_MS;
    rig_head(c->dash->rig, NULL);
    dash_changed(c->dash);
}

static void start(struct chase *c, const char *config)
{
    char path[4096];
    struct stat there;
    struct err e;
    int line[2];
    const char *argv[] = {"davy-mine", "follow", "-C", rig_folder(c->dash->rig), config, NULL};
    const char *program = davy_program(path, "davy-mine");
    struct plan_step step = {.program = program, .argv = argv};
    c->start_ms = loop_now() + AGAIN_MS;
    if (stat(program, &there) != 0 || pipe2(line, O_CLOEXEC) != 0)
        return;
    bool runs = spawn_step(&step, rig_folder(c->dash->rig), line[1], &c->pid, &e);
    close(line[1]);
    c->out = line[0];
    if (runs && loop_child(c->dash->loop, c->pid, on_end, c, &e) &&
        loop_fd(c->dash->loop, c->out, EPOLLIN, on_text, c, &e))
        return;
    if (runs)
        kill(c->pid, SIGTERM);
    else
        close(c->out);
    c->pid = runs ? c->pid : 0;
}

/* A miner of ours writes its status every few seconds; a clock that stands still follows nothing. */
static bool is_wanted(const struct dash *d)
{
    const struct model *m = d->model;
    const struct origin *status = &m->origin[DOC_AUCTION];
    bool miner = status->state == ORIGIN_OK && !(m->auction->status && m->auction->status->stopped);
    return m->settings->follow && m->auction->config && !m->auction->config->no_network &&
           m->origin[DOC_CONFIG].state == ORIGIN_OK && !miner && d->options->now_ms == NOT_KNOWN;
}

void dash_follow(struct dash *d)
{
    struct chase *c = d->chase;
    bool wanted = is_wanted(d);
    if (c == NULL && wanted && (c = d->chase = calloc(1, sizeof *c)) != NULL)
        c->dash = d;
    if (c == NULL)
        return;
    if (!wanted && c->pid > 0)
        kill(c->pid, SIGTERM);
    if (!wanted)
        c->start_ms = 0;
    else if (c->start_ms == 0)
        c->start_ms = loop_now() + PATIENCE_MS; /* a miner that starts, or writes, needs a moment */
    else if (c->pid == 0 && loop_now() >= c->start_ms)
        start(c, d->model->settings->path[DOC_CONFIG]);
}

void dash_follow_stop(struct dash *d)
{
    if (d->chase == NULL)
        return;
    if (d->chase->pid > 0) {
        kill(d->chase->pid, SIGTERM);
        loop_fd_remove(d->loop, d->chase->out);
        close(d->chase->out);
    }
    free(d->chase);
    d->chase = NULL;
}
