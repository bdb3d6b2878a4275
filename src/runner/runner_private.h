/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of a runner, shared by runner*.c, inputs.c and ollama.c only. */
#ifndef DAVY_RUNNER_RUNNER_PRIVATE_H
#define DAVY_RUNNER_RUNNER_PRIVATE_H

#include "base/json.h"
#include "runner/launch.h"
#include "runner/runner.h"

#include <sodium.h>

enum { RUNNER_HOSTS = 64, RUNNER_REPORT = 16 << 20, RUNNER_ORPHANS = 512 };

struct runner_wanted {             /* an input that is being fetched, and those still to come */
    const struct job_input *input; /* copies of the job's */
    size_t count, at;
    int folder, file; /* input/, and the file that is being written; -1 */
    int64_t most, got;
    crypto_hash_sha256_state hash;
    int redirects;
    const char *const *hosts;
    size_t host_count;
    bool plain, private_ok;
    struct fetch *fetch;
};
struct runner_talk { /* with Ollama */
    struct runner_ollama how;
    const char *url; /* without a slash at its end */
    const char *model, *asked;
    char *request; /* malloc */
    struct fetch *fetch;
    char *line, *text; /* malloc: what came of the line that is not whole yet; the output */
    size_t line_len, text_len;
    int64_t first_ms; /* loop_now() of the first token; 0 */
    json_t *last;     /* the object with done: true */
    enum node_code code;
    char why[160];
};
struct runner {
    struct arena a;
    struct loop *loop;
    struct fetcher *fetcher;
    runner_done_fn *done;
    runner_news_fn *news;
    void *ctx;
    enum node_code code, stop; /* of what is not told by a child; what runner_stop() said */
    struct err why;
    bool child, over; /* over: done is about to be called */
    struct runner_wanted wanted;
    struct runner_talk talk;
    const char *program;
    json_t *result, *metrics; /* of what has no child */
    int spec, report, control;
    pid_t pid, leader;
    pid_t orphan[RUNNER_ORPHANS];
    size_t orphans;
    int rounds;
    bool pid_gone;
    char *text; /* of the report, malloc */
    size_t text_len, text_room;
    json_t *outcome; /* what the child told last */
    struct cgroup_place cgroup;
    const char *group, *mark;
    int64_t began_ms;
};

void runner_finish(struct runner *r, enum node_code code, const char *why); /* soon: done is called from the loop */
void runner_tell(struct runner *r, enum runner_phase phase, int percent);

/* cli and Python: what is to be run, or why not. */
enum node_code runner_plan(struct arena *a, const struct runner_options *o, const struct job *job, const char *folder,
                           struct launch *out, struct err *e);
bool runner_spawn(struct runner *r, struct err *e);
void runner_child_close(struct runner *r);
void runner_orphans_end(struct runner *r); /* then runner_finish() */
void runner_orphans_close(struct runner *r);
void runner_child_say(struct runner *r, char word);

/* Inline inputs are written, the others fetched one by one; then runner_go_on(). */
bool inputs_begin(struct runner *r, const struct runner_options *o, const struct job *job, const char *folder,
                  struct err *e);
void inputs_fetch(struct runner *r);
void inputs_close(struct runner *r);
void runner_go_on(struct runner *r);

bool ollama_begin(struct runner *r, const struct runner_options *o, const struct job *job, struct err *e);
void ollama_ask(struct runner *r);
void ollama_close(struct runner *r);

#endif
