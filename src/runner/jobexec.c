/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runner/jobexec.h"

#include "base/json.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SPEC_MOST = 32 << 20 };

void jobexec_tell(json_t *line)
{
    char *text = json_dumps(line, JSON_COMPACT);
    size_t len = text ? strlen(text) : 0;
    if (text)
        text[len++] = '\n'; /* in place of the NUL */
    for (size_t at = 0; at < len;) {
        ssize_t n = write(LAUNCH_REPORT, text + at, len - at);
        if (n < 0 && errno != EINTR)
            break; /* the node is dead; so is the job, soon */
        at += n > 0 ? (size_t)n : 0;
    }
    free(text);
    json_decref(line);
}

static bool read_spec(struct arena *a, struct launch *out, struct err *e)
{
    struct stat s;
    if (fstat(LAUNCH_SPEC, &s) < 0 || s.st_size <= 0 || s.st_size > SPEC_MOST)
        return err_set(e, "this is for the node itself: it tells what to run by descriptor %d", LAUNCH_SPEC);
    char *text = arena_alloc(a, (size_t)s.st_size + 1);
    ssize_t n = pread(LAUNCH_SPEC, text, (size_t)s.st_size, 0);
    json_t *o = n == s.st_size ? json_read((struct bytes){text, (size_t)n}, "job", e) : NULL;
    bool good = o && launch_read(a, o, out);
    json_decref(o);
    return good || err_set(e, "what is to be run cannot be read");
}

static void keep_to_ourselves(void)
{
    static const int own[] = {LAUNCH_SPEC, LAUNCH_REPORT, LAUNCH_CONTROL};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        fcntl(own[i], F_SETFD, FD_CLOEXEC);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, SIG_IGN); /* of a service that is stopped: the node decides */
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    umask(077);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

static bool prepare(struct jobexec *w)
{
    const struct launch *l = &w->l;
    if (!place_open(l->folder, &w->place, &w->why) || !place_link_inputs(&w->place, (uid_t)l->uid) ||
        (l->uid >= 0 && !place_give(&w->place, (uid_t)l->uid))) {
        w->code = errno == ENOSPC || errno == EDQUOT || errno == EIO || errno == EROFS ? E_DISK : E_SANDBOX;
        return err_set(&w->why, "the workspace cannot be made ready: %s", strerror(errno));
    }
    w->program = place_open_program(l->program, l->program_sha256, true, &w->code, &w->why);
    if (w->program < 0)
        return false;
    w->task = l->task ? place_open_program(l->task, l->task_sha256, false, &w->code, &w->why) : -1;
    if (l->task && w->task < 0)
        return false;
    w->code = place_check_words(&w->place, l, &w->why);
    return w->code == E_NONE;
}

static bool make_group(struct jobexec *w)
{
    struct launch_limits *of = &w->l.limits;
    struct cgroup_limits limits = {of->mem_mb << 20, of->nproc, of->cpu_pct};
    if (w->l.cgroup_must && w->l.cgroup.kind == CGROUP_NONE)
        return w->code = E_SANDBOX, err_set(&w->why, "no control group can be made here, and the node must have one");
    if (cgroup_make(&w->l.cgroup, w->l.group, &limits, &w->why))
        return true;
    if (w->l.cgroup_must)
        return w->code = E_SANDBOX, false;
    w->l.cgroup = (struct cgroup_place){.kind = CGROUP_NONE};
    return true;
}

static void run(struct jobexec *w)
{
    struct err e;
    w->began_ms = loop_now();
    if (!prepare(w) || !make_group(w) || !jobexec_start(w))
        return;
    if (!jobexec_watch(w, &e)) {
        jobexec_kill(w);
        w->code = E_INTERNAL;
        w->why = e;
    }
}

/* What is left of a group when the last process went is a matter of moments: the loop above waited for the processes. */
static void release(struct jobexec *w)
{
    cgroup_remove(&w->l.cgroup, w->l.group);
    place_close(&w->place);
    loop_close(w->loop);
    free(w->answer);
    arena_release(&w->a);
}

int jobexec_main(void)
{
    struct jobexec w = {
        .params = -1, .reply = -1, .status = -1, .listener = -1, .program = -1, .task = -1, .percent = -1};
    struct err e;
    w.out.in = w.out.file = w.err.in = w.err.file = -1;
    w.said.failed = CHILD_STEPS;
    w.place = (struct place){-1, -1, -1, -1, -1};
    keep_to_ourselves();
    w.loop = sodium_init() >= 0 ? loop_open(&e) : NULL;
    if (!w.loop || !read_spec(&w.a, &w.l, &e)) {
        jobexec_tell(
            json_pack("{s{ssss}}", "outcome", "code", "E_INTERNAL", "message", "the job could not be handed over"));
        return 3;
    }
    run(&w);
    jobexec_tell(json_pack("{so}", "outcome", jobexec_outcome(&w)));
    release(&w);
    return 0;
}
