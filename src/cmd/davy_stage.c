/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy stage: libdavystage for shell scripts. */
#include "cmd/davy_stage.h"

#include "base/utf8.h"
#include "stagelib/davy_stage.h"

#include <stdlib.h>
#include <string.h>

enum { WAIT_MS = 1000, STATUS_S = 30 };

const struct option_row stage_options[] = {
    {"details", 0, "JSON", "start, complete, failed: more about it, as '{\"posts\": 50}'", OPTION_TEXT,
     offsetof(struct stage_job, details)},
    {"file", 0, "FILE", "the status file (DAVY_STAGE_FILE, or as davy.toml says, or miner_status.json)", OPTION_TEXT,
     offsetof(struct stage_job, file)},
    {"follow", 'f', NULL, "log: only what is told from now on, as it comes", OPTION_FLAG,
     offsetof(struct stage_job, follow)},
    {"journal", 0, NULL, "log: for systemd: level instead of time in front", OPTION_FLAG,
     offsetof(struct stage_job, journal)},
    {"mode", 0, "MODE", "start, complete, failed, run: watchdog, direct, or what is true", OPTION_TEXT,
     offsetof(struct stage_job, mode)},
    {"output", 'o', "FORM", "show, log: text or json (text)", OPTION_TEXT, offsetof(struct stage_job, output)},
    {"status", 0, "S", "log -f: seconds between two status lines (30), 0: none", OPTION_INT,
     offsetof(struct stage_job, status_s)},
    {"user", 'u', "NAME", "start, complete, failed, run: the account that it is about", OPTION_TEXT,
     offsetof(struct stage_job, user)},
    {.name = NULL},
};

/* ---- telling ---- */

static void trouble(void *ctx, const char *sentence)
{
    struct stage_job *j = ctx;
    j->troubled = true;
    fprintf(stderr, "davy: %s\n", sentence);
}

bool stage_job_open(struct stage_job *j)
{
    struct stage_options o = {.file = j->path, .mode = j->mode, .tell = trouble, .ctx = j};
    return stage_open(&o) == 0;
}

int stage_job_close(struct stage_job *j)
{
    if (!stage_flush(WAIT_MS) && !j->troubled)
        fprintf(stderr, "davy: %s: somebody holds its lock; the stage was not written\n", j->path);
    stage_close();
    return DAVY_OK;
}

bool stage_job_number(struct stage_job *j, int *number, struct err *e)
{
    int64_t n;
    struct bytes word = bytes_of(j->word[1]);
    if (bytes_i64(word, &n) && n >= 0 && n <= 9999)
        *number = (int)n;
    else
        *number = stage_by_name(word);
    return *number >= 0 || err_set(e, "stage '%s': expected a number such as 3, or a name such as 'Vector Database'",
                                   text_safe(&j->arena, word, 40));
}

static int tell(struct stage_job *j)
{
    static const struct {
        const char *word;
        void (*tell)(int number, const char *message, const char *username, const char *details);
    } table[] = {{"complete", stage_complete}, {"failed", stage_failed}, {"start", stage_start}};
    struct err e;
    int number;
    if (!stage_job_number(j, &number, &e))
        return davy_fail(&e);
    if (!stage_job_open(j))
        return DAVY_UNKNOWN;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].word, j->word[0]) == 0)
            table[i].tell(number, j->word[2], j->user, j->details);
    return stage_job_close(j);
}

static int reset(struct stage_job *j)
{
    if (!stage_job_open(j))
        return DAVY_UNKNOWN;
    stage_reset();
    return stage_job_close(j);
}

/* ---- which word ---- */

static const struct stage_verb {
    const char *name;
    int least, most; /* words, with its own */
    bool command;    /* behind "--" */
    int (*run)(struct stage_job *j);
    const char *usage;
} verbs[] = {
    {"complete", 2, 3, false, tell, "complete N [TEXT] [--user NAME] [--details JSON]"},
    {"failed", 2, 3, false, tell, "failed N [TEXT] [--user NAME] [--details JSON]"},
    {"log", 1, 1, false, stage_job_log, "log [-f] [-o text|json] [--journal]"},
    {"reset", 1, 1, false, reset, "reset"},
    {"run", 2, 3, true, stage_job_run, "run N [TEXT] [--user NAME] -- CMD ARG..."},
    {"show", 1, 1, false, stage_job_show, "show [-o text|json]"},
    {"start", 2, 3, false, tell, "start N [TEXT] [--user NAME] [--details JSON]"},
};

static const struct stage_verb *verb_of(const char *name)
{
    for (size_t i = 0; name != NULL && i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

/* Words and options in any order, up to "--". */
static bool read_words(struct stage_job *j, int argc, char **argv, struct err *e)
{
    int end = 1;
    while (end < argc && strcmp(argv[end], "--") != 0)
        end++;
    j->command = end < argc ? argv + end + 1 : NULL;
    for (int at = 0; at < end - 1;) {
        int more = options_parse(stage_options, end - at, argv + at, j, e);
        if (more < 0)
            return false;
        at += more;
        if (at < end && j->words == STAGE_WORDS)
            return davy_too_many(e, "stage", argv[at]);
        if (at < end)
            j->word[j->words++] = argv[at];
    }
    return true;
}

static bool check(const struct stage_job *j, const struct stage_verb *v, struct err *e)
{
    if (v == NULL)
        return err_set(e, "davy stage start, complete, failed, reset, show, log or run; see davy stage --help");
    bool fits = j->words >= v->least && j->words <= v->most;
    if (!fits || v->command != (j->command != NULL && j->command[0] != NULL))
        return err_set(e, "usage: davy stage %s", v->usage);
    if (j->output != NULL && strcmp(j->output, "text") != 0 && strcmp(j->output, "json") != 0)
        return err_set(e, "-o %.40s: expected text or json", j->output);
    return j->status_s >= 0 || err_set(e, "--status: expected a number of seconds, 0 or more");
}

int davy_stage(const struct davy_options *o, int argc, char **argv)
{
    struct stage_job j = {.options = o, .status_s = STATUS_S, .output = o->output};
    struct err e;
    if (!read_words(&j, argc, argv, &e))
        return davy_fail(&e);
    const struct stage_verb *v = verb_of(j.word[0]);
    int code = DAVY_UNKNOWN;
    if (!check(&j, v, &e)) {
        davy_fail(&e);
    } else {
        j.path = stage_job_path(&j);
        code = v->run(&j);
    }
    arena_release(&j.arena);
    return code;
}
