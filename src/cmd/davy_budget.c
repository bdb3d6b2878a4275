/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy budget: the token budgets as a table, and a new month for them. */
#include "cmd/davy.h"

#include "action/audit.h"
#include "base/file.h"
#include "base/numtext.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "model/budgets_reset.h"
#include "sink/json_members.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LIMIT = 1 << 20, ANSWER = 16, API_CELLS = 24, BUDGET_MODE = 0644 };

struct budget_options {
    const char *output;
    bool force, yes;
};
const struct option_row budget_options[] = {
    {"force", 0, NULL, "reset: also when no reset is due", OPTION_FLAG, offsetof(struct budget_options, force)},
    {"output", 'o', "FORM", "show: text or json (text)", OPTION_TEXT, offsetof(struct budget_options, output)},
    {"yes", 'y', NULL, "reset: do not ask", OPTION_FLAG, offsetof(struct budget_options, yes)},
    {.name = NULL},
};

struct job {
    const struct davy_options *options;
    const struct budget_options *mine;
    struct rig *rig;
    struct arena arena;
    const struct model *model;
};

/* ---- show ---- */

/* An API's name, cut to its column; names hold wide characters. */
static void put_api(struct arena *a, const char *api)
{
    const char *shown = text_safe(a, bytes_of(api), API_CELLS);
    printf("%s%*s", shown, API_CELLS - text_width(shown), "");
}

static void put_row(struct job *j, const struct budget *b)
{
    char used[NUM_TEXT], most[NUM_TEXT], percent[NUM_TEXT], left[TIME_TEXT] = "-";
    if (b->days_left < 1000)
        duration_short(left, (int64_t)(b->days_left * 86400000));
    put_api(&j->arena, b->api);
    printf(" %12s %12s %6s %9s  %s%s%s%s\n", num_group(used, b->used), num_group(most, b->allowance),
           num_percent(percent, b->used_pct / 100, 0), left,
           b->unbudgeted ? "without a budget" : budget_state_name(b->state), b->refusing ? ", tasks are refused" : "",
           b->problem != NULL ? "; " : "", b->problem != NULL ? b->problem : "");
}

static void put_cycle(const struct budgets *b)
{
    char from[TIME_TEXT], to[TIME_TEXT], last[TIME_TEXT] = "n/a";
    if (b->last_reset_ms != NOT_KNOWN)
        time_minute(last, b->last_reset_ms);
    printf("\nmonth       %s to %s\nlast reset  %s\n", time_minute(from, b->cycle_start_ms),
           time_minute(to, b->cycle_end_ms), last);
    if (b->not_reset)
        puts("A new month began and the counters were not reset: davy budget reset does it.");
}

static void show_text(struct job *j)
{
    const struct budgets *b = j->model->budgets;
    printf("%-*s %12s %12s %6s %9s  %s\n", API_CELLS, "API", "used", "allowance", "part", "lasts", "state");
    for (size_t i = 0; i < b->count; i++)
        put_row(j, &b->row[i]);
    put_cycle(b);
}

static void show_json(struct job *j)
{
    json_t *o = json_object();
    put_int(o, "version", 1);
    put_int(o, "now", j->model->now_ms);
    put(o, "budgets", json_of_budgets(j->model, &j->arena));
    put(o, "budget_cycle", json_of_budget_cycle(j->model, &j->arena));
    json_dumpf(o, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    puts("");
    json_decref(o);
}

/* A file that cannot be read is no empty table. */
static bool is_known(const struct job *j, struct err *e)
{
    const struct origin *o = &j->model->origin[DOC_BUDGETS];
    if (j->model->budgets->known && o->state != ORIGIN_INVALID)
        return true;
    if (o->error != NULL)
        return err_set(e, "%s", o->error);
    return err_set(e, "%.200s is not there: no budgets are known", o->path);
}

static bool show(struct job *j, struct err *e)
{
    const char *form = j->mine->output != NULL ? j->mine->output : "text";
    bool json = strcmp(form, "json") == 0;
    if (!json && strcmp(form, "text") != 0)
        return err_set(e, "-o %.40s: expected text or json", form);
    if (!json && !is_known(j, e))
        return false;
    (json ? show_json : show_text)(j);
    return true;
}

/* ---- reset ---- */

static const char *path_of(struct job *j)
{
    const char *path = rig_settings(j->rig)->path[DOC_BUDGETS];
    return *path == '/' ? path : arena_text(&j->arena, "%s/%s", rig_folder(j->rig), path);
}

static bool is_due(const struct job *j, struct err *e)
{
    const struct budgets *b = j->model->budgets;
    char since[TIME_TEXT];
    if (j->options->read_only)
        return err_set(e, "--read-only: nothing can be changed");
    if (!is_known(j, e))
        return false;
    if (b->not_reset || j->mine->force)
        return true;
    return err_set(e,
                   "no reset is due: the month began on %s and the counters belong to it; --force resets all the same",
                   time_minute(since, b->cycle_start_ms));
}

static bool is_yes(const char *answer)
{
    return strcmp(answer, "y\n") == 0 || strcmp(answer, "yes\n") == 0;
}

static bool confirmed(const struct job *j, struct err *e)
{
    char answer[ANSWER];
    if (j->mine->yes)
        return true;
    if (!isatty(STDIN_FILENO))
        return err_set(e, "nothing was changed: there is no terminal to ask on; --yes resets without asking");
    printf("Go on? [y/N] ");
    fflush(stdout);
    return (fgets(answer, sizeof answer, stdin) != NULL && is_yes(answer)) || err_set(e, "nothing was changed");
}

static void show_plan(struct job *j)
{
    char text[NUM_TEXT];
    const struct budgets *b = j->model->budgets;
    printf("Reset the budgets of rig %s: used_this_month becomes 0 in %s\n", j->model->rig_name,
           j->model->origin[DOC_BUDGETS].path);
    for (size_t i = 0; i < b->count; i++)
        if (!b->row[i].unbudgeted)
            printf("  %s: %s tokens were used\n", b->row[i].api, num_group(text, b->row[i].used));
    puts("What is used from now on counts for this month. A miner that is spending just now may write its own number "
         "over it.");
    fflush(stdout);
}

/* What was used, for whoever looks back. */
static const char *used_text(struct job *j)
{
    const struct budgets *b = j->model->budgets;
    const char *text = "";
    for (size_t i = 0; i < b->count; i++)
        if (!b->row[i].unbudgeted && b->row[i].used != NOT_KNOWN)
            text =
                arena_text(&j->arena, "%s%s%s %lld", text, *text ? ", " : "", b->row[i].api, (long long)b->row[i].used);
    return text;
}

/* The file as it is now, not as it was when the question was asked; and once more just before it is replaced. */
static bool replace(struct job *j, const char *path, int64_t now_ms, struct err *e)
{
    struct bytes before, after, again;
    struct file_stat s;
    const char *name = j->model->origin[DOC_BUDGETS].path;
    if (!file_read(&j->arena, path, LIMIT, &before, &s, e) ||
        !budgets_reset(&j->arena, before, name, now_ms, &after, e) || !file_read(&j->arena, path, LIMIT, &again, &s, e))
        return false;
    if (!bytes_equal(before, again))
        return err_set(e, "%.200s was just written to by somebody else: nothing was changed, try again", name);
    return file_replace(path, after, BUDGET_MODE, e);
}

static int64_t clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool carry_out(struct job *j, struct err *e)
{
    struct audit log;
    const char *path = path_of(j);
    int64_t now = j->options->now_ms != NOT_KNOWN ? j->options->now_ms : clock_ms();
    struct audit_note note = {.action = "budget reset",
                              .text = used_text(j),
                              .who = who_am_i(&j->arena),
                              .host = j->model->host,
                              .dir = j->model->rig_dir,
                              .forced = j->mine->force,
                              .at_ms = clock_ms()};
    if (!audit_open(&log, rig_folder(j->rig), e))
        return false;
    bool done = replace(j, path, now, e) && audit_note(&log, &note, e);
    audit_close(&log);
    if (done)
        printf("The counters are 0 since %s.\n", time_minute((char[TIME_TEXT]){0}, now));
    return done;
}

static bool reset(struct job *j, struct err *e)
{
    if (j->mine->output != NULL)
        return err_set(e, "budget reset: -o is for davy budget show");
    if (!is_due(j, e))
        return false;
    show_plan(j);
    return confirmed(j, e) && carry_out(j, e);
}

/* ---- both ---- */

static int run(struct job *j, bool (*action)(struct job *j, struct err *e))
{
    struct rig_options options;
    struct err e;
    if (davy_rig_options(j->options, &options, &e)) {
        davy_keep(j->options, &options);
        j->rig = rig_open(&options, &e);
    }
    if (j->rig == NULL)
        return davy_fail(&e);
    j->model = rig_model(j->rig, &j->arena);
    bool done = action(j, &e);
    arena_release(&j->arena);
    rig_close(j->rig);
    return done ? DAVY_OK : davy_fail(&e);
}

int davy_budget(const struct davy_options *o, int argc, char **argv)
{
    static const struct {
        const char *word;
        bool (*action)(struct job *j, struct err *e);
    } actions[] = {{"reset", reset}, {"show", show}};
    struct budget_options mine = {.output = o->output};
    struct job j = {.options = o, .mine = &mine};
    struct err e = {""};
    const char *word;
    if (!davy_one_word(budget_options, argc, argv, &mine, &word, &e))
        return davy_fail(&e);
    for (size_t i = 0; word != NULL && i < sizeof actions / sizeof actions[0]; i++)
        if (strcmp(actions[i].word, word) == 0)
            return run(&j, actions[i].action);
    err_set(&e, "budget: say show or reset; see davy budget --help");
    return davy_fail(&e);
}
