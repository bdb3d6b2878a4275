/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy restart and davy commit --force: what the keys r and c do, for scripts and for who is in no mood for a dashboard. */
#include "cmd/davy.h"

#include "action/ask.h"
#include "action/errand.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "cmd/davy_memory.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { DAVY_FAILED = 2, ANSWER = 16 };

struct errand_options {
    bool yes, force, over_limit;
};
const struct option_row restart_options[] = {
    {"force", 0, NULL, "also when it ran three times within 15 minutes already", OPTION_FLAG,
     offsetof(struct errand_options, over_limit)},
    {"yes", 'y', NULL, "do not ask", OPTION_FLAG, offsetof(struct errand_options, yes)},
    {.name = NULL},
};
const struct option_row commit_options[] = {
    {"force", 0, NULL, "publish the bid although nothing changed (needed)", OPTION_FLAG,
     offsetof(struct errand_options, force)},
    {"over-limit", 0, NULL, "also when it ran three times within 15 minutes already", OPTION_FLAG,
     offsetof(struct errand_options, over_limit)},
    {"yes", 'y', NULL, "do not ask", OPTION_FLAG, offsetof(struct errand_options, yes)},
    {.name = NULL},
};

struct job {
    struct loop *loop;
    struct rig *rig;
    struct arena arena, snapshot;
    const struct model *model;
    const struct plan *plan;
    struct errand *errand;
    uint64_t printed; /* lines of output */
    int step;         /* announced; -1: none */
    bool told;        /* the result */
};

/* ---- before ---- */

static void row(const char *label, const char *text)
{
    if (text != NULL)
        printf("  %-7s %s\n", label, text);
}

static const char *window(struct arena *a, const struct model *m)
{
    char left[TIME_TEXT];
    if (!m->auction->has_window)
        return "not known: no block was ever seen";
    return arena_text(a, "ends in %s%s", m->auction->estimated ? "~" : "",
                      countdown(left, m->auction->window_end_ms - m->now_ms));
}

static void show_plan(struct job *j)
{
    const struct plan *p = j->plan;
    struct arena *a = &j->arena;
    printf("%s on %s, rig %s\n", p->kind == PLAN_RESTART ? "Restart the daemon" : "Force a commitment", j->model->host,
           j->model->rig_name);
    row("unit", p->unit);
    for (int i = 0; i < p->steps; i++)
        row(i == 0 ? "runs" : "then", plan_text(a, p->step[i].argv));
    row("in", text_safe(a, bytes_of(p->folder), 0));
    row("from", p->from);
    row("note", p->note);
    row("window", window(a, j->model));
    printf("%s\n", ask_consequence(a, p->kind, j->model));
    fflush(stdout);
}

static bool is_yes(const char *answer)
{
    return strcmp(answer, "y\n") == 0 || strcmp(answer, "yes\n") == 0;
}

static bool confirmed(const struct errand_options *o, struct err *e)
{
    char answer[ANSWER];
    if (o->yes)
        return true;
    if (!isatty(STDIN_FILENO))
        return err_set(e, "nothing was started: there is no terminal to ask on; --yes starts it without asking");
    printf("Go on? [y/N] ");
    fflush(stdout);
    if (fgets(answer, sizeof answer, stdin) == NULL || !is_yes(answer))
        return err_set(e, "nothing was started");
    return true;
}

static bool is_allowed(struct job *j, const struct davy_options *o, const struct errand_options *mine, struct err *e)
{
    const struct plan *p = j->plan;
    const char *limit = errand_limit(&j->arena, p->kind, rig_folder(j->rig), j->model->now_ms);
    if (o->read_only)
        return err_set(e, "--read-only: nothing can be started");
    if (!p->known)
        return err_set(e, "%s: %s; davy doctor tells how to set it", plan_kind_name(p->kind), p->why);
    if (limit != NULL && !mine->over_limit)
        return err_set(e, "%s; %s starts it all the same", limit, p->kind == PLAN_RESTART ? "--force" : "--over-limit");
    return true;
}

/* ---- while it runs ---- */

static void print_lines(struct job *j)
{
    const struct output_lines *l = errand_view(j->errand)->lines;
    if (l->count - j->printed > OUTPUT_LINES) {
        printf("[%llu lines are not shown]\n", (unsigned long long)(l->count - j->printed - OUTPUT_LINES));
        j->printed = l->count - OUTPUT_LINES;
    }
    for (; j->printed < l->count; j->printed++)
        puts(l->text[j->printed % OUTPUT_LINES]);
}

static void print_news(struct job *j)
{
    const struct output *o = errand_view(j->errand);
    print_lines(j);
    for (; j->step < o->step; j->step++)
        printf("-- %s\n", o->command[j->step + 1]);
    if (o->result != NULL && !j->told) {
        j->told = true;
        printf("-- %s%s\n", o->result, o->phase == OUTPUT_HEALTH ? "; waiting for what becomes of it" : "");
    }
    fflush(stdout);
    if (o->phase == OUTPUT_DONE) {
        if (o->health != NULL)
            printf("-- %s\n", o->health);
        loop_stop(j->loop, 0);
    }
}

static void on_news(void *ctx)
{
    print_news(ctx);
}

static void look(struct job *j)
{
    arena_reset(&j->snapshot);
    j->model = rig_model(j->rig, &j->snapshot);
    if (errand_waits(j->errand))
        errand_look(j->errand, j->model);
}

static void on_rig(void *ctx)
{
    look(ctx);
}

static void on_second(void *ctx)
{
    struct job *j = ctx;
    look(j);
    loop_timer(j->loop, loop_now() + 1000, on_second, j);
}

/* ^C is meant for the command, and when that is done for the waiting; a terminal that goes away is not, and a restart is not
 * left half done for it. */
static void on_signal(void *ctx, int signo)
{
    struct job *j = ctx;
    if (signo == SIGHUP || errand_waits(j->errand))
        loop_stop(j->loop, DAVY_FAILED);
    else
        errand_stop(j->errand);
}

static bool watch(struct job *j, struct err *e)
{
    static const int signals[] = {SIGHUP, SIGINT, SIGTERM};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        if (!loop_signal(j->loop, signals[i], on_signal, j, e))
            return false;
    loop_timer(j->loop, loop_now() + 1000, on_second, j);
    return rig_watch(j->rig, j->loop, on_rig, j, e);
}

static int carry_out(struct job *j, const struct errand_options *mine, struct err *e)
{
    struct errand_in in = {.plan = j->plan,
                           .model = j->model,
                           .dir = rig_folder(j->rig),
                           .origin = "command",
                           .forced = mine->over_limit,
                           .loop = j->loop,
                           .changed = on_news,
                           .ctx = j};
    signal(SIGPIPE, SIG_IGN);
    if (!watch(j, e) || (j->errand = errand_begin(&in, e)) == NULL)
        return davy_fail(e);
    davy_own_work(in.dir, j->model, j->plan->kind);
    print_news(j);
    int code = loop_run(j->loop);
    return code != 0 ? code : errand_good(j->errand) ? DAVY_OK : DAVY_FAILED;
}

/* ---- all ---- */

static bool open_job(struct job *j, const struct davy_options *o, enum plan_kind kind, struct err *e)
{
    struct rig_options options;
    if (!davy_rig_options(o, &options, e))
        return false;
    options.now_ms = NOT_KNOWN; /* what is done now is done now */
    options.hurry = true;
    j->loop = loop_open(e);
    j->rig = j->loop == NULL ? NULL : rig_open(&options, e);
    if (j->rig == NULL)
        return false;
    j->model = rig_model(j->rig, &j->snapshot);
    j->plan = plan_find(&j->arena, kind, j->model, rig_folder(j->rig));
    return true;
}

static void close_job(struct job *j)
{
    errand_leave(j->errand);
    rig_close(j->rig);
    loop_close(j->loop);
    arena_release(&j->arena);
    arena_release(&j->snapshot);
}

static int errand(const struct davy_options *o, enum plan_kind kind, const struct errand_options *mine)
{
    struct job j = {.step = -1};
    struct err e = {""};
    int code = DAVY_UNKNOWN;
    if (!open_job(&j, o, kind, &e) || !is_allowed(&j, o, mine, &e)) {
        davy_fail(&e);
    } else {
        show_plan(&j);
        code = confirmed(mine, &e) ? carry_out(&j, mine, &e) : davy_fail(&e);
    }
    close_job(&j);
    return code;
}

int davy_restart(const struct davy_options *o, int argc, char **argv)
{
    struct errand_options mine = {0};
    struct err e;
    int words = options_parse(restart_options, argc, argv, &mine, &e);
    if (words >= 0 && words < argc)
        davy_too_many(&e, "restart", argv[words]);
    return words < argc ? davy_fail(&e) : errand(o, PLAN_RESTART, &mine);
}

int davy_commit(const struct davy_options *o, int argc, char **argv)
{
    struct errand_options mine = {0};
    struct err e;
    int words = options_parse(commit_options, argc, argv, &mine, &e);
    if (words >= 0 && words < argc)
        davy_too_many(&e, "commit", argv[words]);
    else if (words >= 0 && !mine.force)
        err_set(&e, "davy commit wants --force: the auction miner commits by itself whenever something changed");
    return words < argc || !mine.force ? davy_fail(&e) : errand(o, PLAN_COMMIT, &mine);
}
