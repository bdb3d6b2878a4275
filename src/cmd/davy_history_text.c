/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy history -o text: a table for people, and a line with what it comes to. */
#include "cmd/davy_history.h"

#include "base/numtext.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "cmd/davy_table.h"

#include <langinfo.h>
#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Widths are made for the first rows: the others are not known yet when these are printed. */
enum { FIRST_ROWS = 256, TASK_CELLS = 7, GROUP_CELLS = 14, PIPE_WIDTH = 80 };

static const struct table_column task_columns[TASK_CELLS] = {
    {"time", .right = false},  {"score", .right = true},  {"tokens", .right = true}, {"llm", .cut = true},
    {"strategy", .cut = true}, {"subnet", .right = true}, {"task", .cut = true},
};
static const struct table_column group_columns[GROUP_CELLS] = {
    {NULL, .cut = true}, /* what it is summed up by */
    {"tasks", .right = true},
    {"mean", .right = true},
    {"success", .right = true},
    {"p10", .right = true, .leaves = 3},
    {"p50", .right = true, .leaves = 2},
    {"p90", .right = true, .leaves = 3},
    {"tokens", .right = true},
    {"share", .right = true, .leaves = 6},
    {"TAO", .right = true, .leaves = 4},
    {"TAO/1K", .right = true, .leaves = 1},
    {"cost", .right = true, .leaves = 5},
    {"first", .leaves = 8},
    {"last", .leaves = 7},
};

struct history_page {
    struct table table;
    struct table_column column[GROUP_CELLS];
    const char *first[FIRST_ROWS][TASK_CELLS]; /* until the widths are made */
    size_t waiting;
    bool begun;
};

/* ---- numbers ---- */

static const char *fixed(struct arena *a, double v, int decimals)
{
    char text[NUM_TEXT];
    return isnan(v) ? NULL : arena_text(a, "%s", num_fixed(text, v, decimals));
}

static const char *percent(struct arena *a, double v)
{
    char text[NUM_TEXT];
    return isnan(v) ? NULL : arena_text(a, "%s", num_percent(text, v, 0));
}

static const char *grouped(struct arena *a, int64_t v)
{
    char text[NUM_TEXT];
    return arena_text(a, "%s", num_group(text, v));
}

static const char *dollars(struct arena *a, double v)
{
    return isnan(v) ? NULL : arena_text(a, "$%s", fixed(a, v, 2));
}

static const char *minute(struct arena *a, int64_t ms)
{
    char text[TIME_TEXT];
    return ms == NOT_KNOWN ? NULL : arena_text(a, "%.16s", time_minute(text, ms));
}

static const char *second(struct arena *a, int64_t ms)
{
    char text[TIME_TEXT];
    time_iso(text, ms);
    return arena_text(a, "%.*s %.8s", (int)strcspn(text, "T"), text, text + strcspn(text, "T") + 1);
}

static const char *tokens(struct arena *a, int64_t v)
{
    char text[NUM_TEXT];
    return arena_text(a, "%s", num_short(text, v));
}

static const char *name_of(const char *name)
{
    return *name != '\0' ? name : "unknown";
}

/* ---- the page ---- */

/* Lines for people fit their terminal; those for other programs are whole. */
static int line_most(const struct history_job *j)
{
    struct winsize size;
    if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return j->by == SUMS_ALL ? 0 : PIPE_WIDTH;
}

static void begin(struct history_job *j)
{
    bool tasks = j->by == SUMS_ALL;
    j->page = arena_alloc(&j->arena, sizeof *j->page);
    memcpy(j->page->column, group_columns, sizeof group_columns);
    j->page->column[0].title = j->by_name;
    j->page->table = (struct table){.column = tasks ? task_columns : j->page->column,
                                    .count = tasks ? TASK_CELLS : GROUP_CELLS,
                                    .most = line_most(j),
                                    .ascii = j->options->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0};
}

/* ---- task by task ---- */

static void task_cells(struct arena *a, const struct where_row *row, const char *cell[TASK_CELLS])
{
    const struct record *r = row->record;
    cell[0] = second(a, r->t_ms);
    cell[1] = isnan(r->score) ? history_kind(r) : fixed(a, r->score, 2);
    cell[2] = grouped(a, r->tokens);
    cell[3] = arena_copy(a, bytes_of(name_of(row->llm)));
    cell[4] = arena_copy(a, bytes_of(name_of(row->strategy)));
    cell[5] = r->subnet < 0 ? NULL : arena_text(a, "%d", (int)r->subnet);
    cell[6] = arena_copy(a, bytes_of(row->id != NULL && *row->id != '\0' ? row->id : "-"));
}

static void print_first(struct history_job *j)
{
    struct history_page *p = j->page;
    p->begun = true;
    for (size_t i = 0; i < p->waiting; i++)
        table_see(&p->table, p->first[i]);
    table_fit(&p->table);
    table_head(&p->table);
    for (size_t i = 0; i < p->waiting; i++)
        table_row(&p->table, &j->arena, p->first[i]);
}

static void task(struct history_job *j, const struct where_row *row)
{
    const char *cell[TASK_CELLS];
    struct history_page *p = j->page;
    if (p->begun) {
        task_cells(&j->scratch, row, cell);
        table_row(&p->table, &j->scratch, cell);
        return;
    }
    task_cells(&j->arena, row, p->first[p->waiting++]);
    if (p->waiting == FIRST_ROWS)
        print_first(j);
}

/* ---- in groups ---- */

static const char *group_name(struct history_job *j, const struct sums_row *row)
{
    return j->by == SUMS_HOUR && row->start_ms != NOT_KNOWN ? minute(&j->arena, row->start_ms) : row->group.name;
}

static void group_cells(struct history_job *j, const struct sums_row *row, const char *cell[GROUP_CELLS])
{
    struct arena *a = &j->arena;
    const struct score_group *g = &row->group;
    const char *cells[GROUP_CELLS] = {
        group_name(j, row),
        grouped(a, g->count),
        fixed(a, g->mean, 2),
        percent(a, g->success),
        fixed(a, row->p10, 2),
        fixed(a, row->p50, 2),
        fixed(a, row->p90, 2),
        tokens(a, g->tokens),
        percent(a, g->share),
        fixed(a, g->tao, 4),
        fixed(a, g->roi, 4),
        dollars(a, g->cost_usd),
        history_by_time(j) ? NULL : minute(a, row->first_ms),
        history_by_time(j) ? NULL : minute(a, row->last_ms),
    };
    memcpy(cell, cells, sizeof cells);
}

static void group(struct history_job *j, const struct sums_row *rows, size_t count)
{
    struct table *t = &j->page->table;
    const char *(*cell)[GROUP_CELLS] = arena_array(&j->arena, count + 1, sizeof *cell);
    struct sums_row all = sums_total(&j->arena, j->sums);
    all.start_ms = NOT_KNOWN;
    for (size_t i = 0; i <= count; i++) {
        group_cells(j, i < count ? &rows[i] : &all, cell[i]);
        table_see(t, cell[i]);
    }
    table_fit(t);
    for (size_t i = 0; i <= count && j->found > 0; i++) {
        if (i == 0)
            table_head(t);
        if (i == count)
            table_rule(t);
        table_row(t, &j->arena, cell[i]);
    }
    j->rows = count;
}

/* ---- what it comes to ---- */

static const char *scores(struct arena *a, const struct sums_row *all)
{
    const struct score_group *g = &all->group;
    if (g->count == 0)
        return "none scored";
    return arena_text(a, "%s scored: mean %s, p10 %s, p50 %s, p90 %s, %s successful", grouped(a, g->count),
                      fixed(a, g->mean, 2), fixed(a, all->p10, 2), fixed(a, all->p50, 2), fixed(a, all->p90, 2),
                      percent(a, g->success));
}

static void put_sum(struct history_job *j, const struct sums_row *all)
{
    struct arena *a = &j->arena;
    const struct score_group *g = &all->group;
    const char *some = "", *tao = "", *cost = "";
    if (j->limit != NOT_KNOWN && (uint64_t)j->limit < j->found)
        some = arena_text(a, " (the newest %lld are shown)", (long long)j->limit);
    if (!isnan(g->tao))
        tao = arena_text(a, ", %s TAO", fixed(a, g->tao, 4));
    if (!isnan(g->cost_usd))
        cost = arena_text(a, ", %s", dollars(a, g->cost_usd));
    puts("");
    wrap_put(stdout, 0, 0,
             arena_text(a, "%s task%s%s, %s; %s tokens%s%s", grouped(a, (int64_t)j->found), j->found == 1 ? "" : "s",
                        some, scores(a, all), tokens(a, g->tokens), cost, tao));
}

static void end(struct history_job *j, const struct sums_row *total)
{
    if (j->found == 0)
        puts("No task fits.");
    else if (j->by == SUMS_ALL) {
        if (!j->page->begun)
            print_first(j);
        put_sum(j, total);
    }
}

const struct history_form history_text = {"text", begin, task, group, end};
