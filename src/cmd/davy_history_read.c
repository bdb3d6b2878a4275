/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the history from its start to where it ended when it was opened, and tells how far it is when somebody looks. */
#include "cmd/davy_history.h"

#include "base/file.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "loop/loop.h"
#include "source/pair.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 128 * 1024, FIRST_MS = 500, STEP_MS = 100, BAR = 30 };

struct progress {
    bool wanted, drawn;
    int64_t size, done;
    int64_t begun_ms, drawn_ms; /* loop clock */
};

/* ---- signals ---- */

/* Nothing is left to do but to go, and nothing is half done but the output: as if the signal had killed us, but 128 + signo
 * is what whoever started davy sees. */
static void leave(int signo)
{
    _exit(128 + signo);
}

static void leave_clean(int signo)
{
    static const char erase[] = "\r\033[K";
    ssize_t n = write(STDERR_FILENO, erase, sizeof erase - 1);
    (void)n;
    _exit(128 + signo);
}

/* What was ignored when davy was started (nohup) stays so; but who closes a pipe never wants to hear of it. */
static void on_signals(void (*handler)(int signo))
{
    static const int signals[] = {SIGHUP, SIGINT, SIGPIPE, SIGTERM};
    struct sigaction a = {.sa_handler = handler}, before;
    sigemptyset(&a.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        if (signals[i] == SIGPIPE || sigaction(signals[i], NULL, &before) < 0 || before.sa_handler != SIG_IGN)
            sigaction(signals[i], &a, NULL);
}

/* ---- the bar ---- */

/* Rows that are printed while it is read are a bar of their own. */
static bool wants_bar(const struct history_job *j)
{
    const char *term = getenv("TERM");
    bool rows = j->by == SUMS_ALL && j->limit == NOT_KNOWN && isatty(STDOUT_FILENO);
    return !rows && isatty(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
}

static void draw(struct progress *p, int64_t now_ms)
{
    static const char full[BAR + 1] = "##############################";
    char left[TIME_TEXT];
    double elapsed_s = (double)(now_ms - p->begun_ms) / 1000, speed = (double)p->done / elapsed_s;
    int64_t left_ms = (int64_t)((double)(p->size - p->done) / speed * 1000);
    int part = (int)(p->done * BAR / p->size);
    if (!p->drawn)
        on_signals(leave_clean);
    fprintf(stderr, "\r%3d%% [%-*.*s] %.0f MB/s, %s left\033[K", (int)(p->done * 100 / p->size), BAR, part, full,
            speed / 1e6, duration_short(left, left_ms));
    p->drawn = true;
    p->drawn_ms = now_ms;
}

static void progress(struct progress *p, int64_t bytes)
{
    p->done += bytes;
    if (!p->wanted || p->done >= p->size)
        return;
    int64_t now_ms = loop_now();
    if (now_ms - p->begun_ms >= FIRST_MS && now_ms - p->drawn_ms >= STEP_MS)
        draw(p, now_ms);
}

static void erase(struct progress *p)
{
    if (!p->drawn)
        return;
    fputs("\r\033[K", stderr);
    on_signals(leave);
}

/* ---- the file ---- */

struct reading {
    struct history_job *job;
    struct progress *progress;
};

static void take_glanced(void *ctx, struct glance *glance)
{
    const struct reading *r = ctx;
    history_feed_glance(r->job->history, glance);
    progress(r->progress, (int64_t)glance->block.len);
}

/* With a second thread, as long as there is much to read. */
static void read_long(struct history_job *j, int fd, struct progress *p)
{
    struct pair *pair = p->size >= PAIR_WORTH ? pair_new() : NULL;
    int64_t before = -1;
    while (pair != NULL && !ferror(stdout) && p->size - p->done >= PAIR_WORTH && p->done > before) {
        before = p->done;
        pair_read(pair, fd, p->done, p->done + PAIR_STEP, take_glanced, &(struct reading){j, p});
    }
    pair_free(pair);
}

static size_t next_block(int fd, char *block, const struct progress *p)
{
    int64_t left = p->size - p->done;
    ssize_t n;
    do
        n = left > 0 ? pread(fd, block, left < BLOCK ? (size_t)left : BLOCK, (off_t)p->done) : 0;
    while (n < 0 && errno == EINTR);
    if (n >= 0)
        errno = 0;
    return n > 0 ? (size_t)n : 0;
}

/* Who cannot write any more need not read. */
static bool read_blocks(struct history_job *j, int fd, struct progress *p, struct err *e)
{
    char *block = malloc(BLOCK);
    size_t n;
    if (block == NULL)
        abort();
    read_long(j, fd, p);
    while (!ferror(stdout) && (n = next_block(fd, block, p)) > 0) {
        history_feed(j->history, (struct bytes){block, n});
        progress(p, (int64_t)n);
    }
    int error = errno;
    erase(p);
    free(block);
    return ferror(stdout) || error == 0 || err_set(e, "%.200s cannot be read: %s", j->shown, strerror(error));
}

static bool no_history(const struct history_job *j, const struct file_stat *s, struct err *e)
{
    if (s->exists)
        return false;
    struct arena scratch = {0};
    err_set(e, "%.100s is not there in %.120s; -C names another rig, history in davy.toml another file", j->shown,
            text_safe(&scratch, bytes_of(j->dir), 0));
    arena_release(&scratch);
    return false;
}

bool history_read(struct history_job *j, struct err *e)
{
    struct file_stat s;
    int fd = file_open(j->path, &s, e);
    if (fd < 0)
        return no_history(j, &s, e);
    struct progress p = {.wanted = wants_bar(j), .size = s.size, .begun_ms = loop_now()};
    on_signals(leave);
    j->form->begin(j);
    bool good = read_blocks(j, fd, &p, e);
    close(fd);
    return good;
}
