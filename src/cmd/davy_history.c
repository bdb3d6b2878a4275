/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy history: all tasks that a rig ever did, one by one or summed up, to standard output. The file is read once from its
 * start to its end; what is kept in memory does not grow with it. */
#include "cmd/davy_history.h"

#include "base/numtext.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "history/moment.h"
#include "loop/loop.h"

#include <stdlib.h>
#include <string.h>

enum { ID_CELLS = 128 };

struct history_options {
    const char *since, *until, *by, *where, *output;
    int64_t limit;
};
const struct option_row history_options[] = {
    {"by", 0, "WHAT", "sum up by llm, strategy, subnet, hour or day", OPTION_TEXT,
     offsetof(struct history_options, by)},
    {"limit", 0, "N", "only N rows: the newest, or the best of llm, strategy, subnet", OPTION_INT,
     offsetof(struct history_options, limit)},
    {"output", 'o', "FORM", "text, json or csv (text)", OPTION_TEXT, offsetof(struct history_options, output)},
    {"since", 0, "T", "tasks from T on: 2026-11-22, 2026-11-22T04:48, 24h, 7d, today", OPTION_TEXT,
     offsetof(struct history_options, since)},
    {"until", 0, "T", "tasks before T (now)", OPTION_TEXT, offsetof(struct history_options, until)},
    {"where", 0, "EXPR", "tasks that fit, such as 'score<0.5 and llm=gemini-pro'", OPTION_TEXT,
     offsetof(struct history_options, where)},
    {.name = NULL},
};

/* ---- records ---- */

static bool counts(const struct history_job *j, const struct record *r)
{
    return !r->replaced && (r->kind != RECORD_SYNTHETIC || j->synthetic) && r->t_ms > j->after_ms &&
           r->t_ms <= j->last_ms;
}

static bool is_plain(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] <= ' ' || text.at[i] > '~')
            return false;
    return text.len <= ID_CELLS;
}

/* The task_id as safe text, for one row; NULL when nobody wants it. It is taken of each record, so that its room is free. */
static const char *id_of(struct history_job *j, const struct record *r)
{
    if (!j->wants_ids)
        return NULL;
    struct bytes raw = texts_take(&j->ids, r->line);
    return is_plain(raw) ? arena_copy(&j->scratch, raw) : text_safe(&j->scratch, raw, ID_CELLS);
}

static struct where_row row_of(const struct history *h, const struct record *r, const char *id)
{
    return (struct where_row){r, history_name(h, r->llm), history_name(h, r->strategy), id};
}

/* A ring of the newest. */
static void keep(struct history_job *j, const struct where_row *row)
{
    size_t at = (size_t)(j->found % (uint64_t)j->limit);
    if (at >= j->kept_room) {
        size_t room = j->kept_room ? j->kept_room * 2 : 64;
        j->kept = realloc(j->kept, room * sizeof *j->kept);
        if (j->kept == NULL)
            abort();
        memset(j->kept + j->kept_room, 0, (room - j->kept_room) * sizeof *j->kept);
        j->kept_room = room;
    }
    free(j->kept[at].id);
    j->kept[at] = (struct history_kept){*row->record, row->id ? strdup(row->id) : NULL};
}

static void take(struct history_job *j, const struct history *h, const struct where_row *row)
{
    if (j->by == SUMS_ALL && j->limit == NOT_KNOWN)
        j->form->task(j, row);
    else if (j->by == SUMS_ALL)
        keep(j, row);
    sums_add(j->sums, h, row->record);
    j->found++;
}

static void visit(void *ctx, const struct history *h, const struct record *r)
{
    struct history_job *j = ctx;
    arena_reset(&j->scratch);
    struct where_row row = row_of(h, r, id_of(j, r));
    if (counts(j, r) && (j->where == NULL || where_holds(j->where, &row)))
        take(j, h, &row);
}

static void take_id(void *ctx, uint64_t line, struct bytes task_id)
{
    struct history_job *j = ctx;
    texts_put(&j->ids, line, task_id);
}

/* ---- printing ---- */

static void print_kept(struct history_job *j)
{
    uint64_t limit = (uint64_t)j->limit, count = j->found < limit ? j->found : limit;
    for (uint64_t i = j->found - count; i < j->found; i++) {
        const struct history_kept *k = &j->kept[i % limit];
        struct where_row row = row_of(j->history, &k->record, k->id);
        arena_reset(&j->scratch);
        j->form->task(j, &row);
    }
}

static void print_groups(struct history_job *j)
{
    const struct sums_row *row;
    size_t count = sums_rows(&j->arena, j->sums, j->history, &row), limit = count;
    bool times = j->by == SUMS_HOUR || j->by == SUMS_DAY;
    if (j->limit != NOT_KNOWN && (uint64_t)j->limit < count)
        limit = (size_t)j->limit;
    j->form->group(j, times ? row + (count - limit) : row, limit);
}

static void print_rest(struct history_job *j)
{
    struct sums_row total = sums_total(&j->arena, j->sums);
    if (j->by != SUMS_ALL)
        print_groups(j);
    else if (j->limit != NOT_KNOWN)
        print_kept(j);
    j->form->end(j, &total);
}

static void tell_bad_lines(const struct history_job *j)
{
    const struct history_note *note;
    size_t notes = history_notes(j->history, &note);
    const struct history_counts *c = &j->counts;
    char lines[NUM_TEXT], malformed[NUM_TEXT], invalid[NUM_TEXT], last[NUM_TEXT];
    if (c->malformed + c->invalid == 0)
        return;
    fprintf(stderr, "davy: %s, %s lines: %s no JSON objects, %s with a wrong score or time", j->shown,
            num_group(lines, (int64_t)c->lines), num_group(malformed, (int64_t)c->malformed),
            num_group(invalid, (int64_t)c->invalid));
    if (notes > 0)
        fprintf(stderr, "; last of them line %s: %s", num_group(last, (int64_t)note[notes - 1].line),
                note[notes - 1].why);
    fputs("\n", stderr);
}

/* ---- what is asked ---- */

static const struct {
    const char *name;
    enum sums_by by;
} ways[] = {
    {"llm", SUMS_LLM}, {"strategy", SUMS_STRATEGY}, {"subnet", SUMS_SUBNET}, {"hour", SUMS_HOUR}, {"day", SUMS_DAY},
};

static bool read_by(struct history_job *j, const char *by, struct err *e)
{
    j->by_name = by;
    for (size_t i = 0; by != NULL && i < sizeof ways / sizeof ways[0]; i++)
        if (strcmp(ways[i].name, by) == 0)
            return j->by = ways[i].by, true;
    return by == NULL || err_set(e, "--by %.40s: expected llm, strategy, subnet, hour or day", by);
}

static bool read_form(struct history_job *j, const char *name, struct err *e)
{
    static const struct history_form *const forms[] = {&history_csv, &history_json, &history_text};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++)
        if (strcmp(forms[i]->name, name != NULL ? name : "text") == 0)
            j->form = forms[i];
    return j->form != NULL || err_set(e, "-o %.40s: expected csv, json or text", name);
}

/* A moment that was said: when it is, and the last one before it. */
static bool read_moment(const char *option, const char *text, int64_t now_ms, int64_t *ms, int64_t *before,
                        struct err *e)
{
    struct moment m;
    struct err why;
    if (text == NULL)
        return true;
    if (!moment_parse(text, now_ms, &m, &why))
        return err_set(e, "%s: %s", option, why.text);
    *ms = m.ms;
    *before = m.ago ? m.ms : m.ms - 1;
    return true;
}

static bool read_times(struct history_job *j, const struct history_options *o, struct err *e)
{
    j->now_ms = j->options->now_ms != NOT_KNOWN ? j->options->now_ms : wall_now();
    j->since_ms = j->until_ms = NOT_KNOWN;
    j->after_ms = INT64_MIN;
    j->last_ms = j->now_ms;
    if (!read_moment("--since", o->since, j->now_ms, &j->since_ms, &j->after_ms, e) ||
        !read_moment("--until", o->until, j->now_ms, &j->until_ms, &j->last_ms, e))
        return false;
    return j->after_ms <= j->last_ms || o->until == NULL ||
           err_set(e, "--until %.40s lies before --since %.40s: no task can be found", o->until, o->since);
}

static bool read_where(struct history_job *j, const char *text, struct err *e)
{
    struct err why;
    if (text == NULL)
        return true;
    j->where_text = text_safe(&j->arena, bytes_of(text), 0);
    j->where = where_parse(&j->arena, text, &why);
    return j->where != NULL || err_set(e, "--where: %s", why.text);
}

static bool read_ask(struct history_job *j, const struct history_options *o, struct err *e)
{
    j->limit = o->limit;
    if (o->limit != NOT_KNOWN && o->limit < 1)
        return err_set(e, "--limit %lld: expected a number of rows, 1 or more", (long long)o->limit);
    return read_by(j, o->by, e) && read_form(j, o->output, e) && read_times(j, o, e) && read_where(j, o->where, e);
}

/* ---- all ---- */

static void set_up(struct history_job *j)
{
    const struct settings *s = j->settings;
    const struct history_rules rules = {.threshold = s->success_threshold, .count_synthetic = s->count_synthetic};
    j->synthetic = s->count_synthetic || where_asks(j->where, "synthetic", '\0');
    j->wants_ids = j->by == SUMS_ALL || where_asks(j->where, "id", '~');
    j->history = history_new(&rules);
    j->sums = sums_new(&j->arena, j->by, s, j->budgets);
    history_visit(j->history, visit, j);
    if (j->wants_ids)
        history_texts(j->history, take_id, j);
}

static void clean_up(struct history_job *j)
{
    for (size_t i = 0; i < j->kept_room; i++)
        free(j->kept[i].id);
    free(j->kept);
    history_free(j->history);
    texts_release(&j->ids);
    arena_release(&j->scratch);
    arena_release(&j->arena);
}

static bool run(struct history_job *j, struct err *e)
{
    if (!history_find(j, e))
        return false;
    set_up(j);
    if (!history_read(j, e))
        return false;
    j->counts = history_counts_at(j->history, j->now_ms);
    history_finish(j->history);
    print_rest(j);
    if (fflush(stdout) == 0)
        tell_bad_lines(j);
    return true;
}

int davy_history(const struct davy_options *o, int argc, char **argv)
{
    struct history_options mine = {.output = o->output, .limit = NOT_KNOWN};
    struct history_job *j = calloc(1, sizeof *j);
    struct err e = {""};
    if (j == NULL)
        abort();
    j->options = o;
    int words = options_parse(history_options, argc, argv, &mine, &e);
    if (words >= 0 && words < argc)
        davy_too_many(&e, "history", argv[words]);
    bool good = words == argc && read_ask(j, &mine, &e) && run(j, &e);
    clean_up(j);
    free(j);
    return good ? DAVY_OK : davy_fail(&e);
}
