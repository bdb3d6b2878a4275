/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is told of a task and of a group, whatever the form. The names are an interface. */
#include "cmd/davy_history.h"

#include "base/timetext.h"

#include <math.h>
#include <stdlib.h>

enum { NUMBER_TEXT = 32, DIGITS_SHORT = 15, DIGITS_EXACT = 17 };

/* As short as it can be for the same double; "" when it is not known. */
static const char *number_text(char out[NUMBER_TEXT], double v)
{
    out[0] = '\0';
    for (int digits = DIGITS_SHORT; isfinite(v) && digits <= DIGITS_EXACT; digits++) {
        snprintf(out, NUMBER_TEXT, "%.*g", digits, v);
        if (strtod(out, NULL) == v)
            break;
    }
    return out;
}

const char *history_kind(const struct record *r)
{
    static const char *const kinds[] = {
        [RECORD_FUTURE] = "future", [RECORD_INVALID] = "invalid",     [RECORD_PENDING] = "pending",
        [RECORD_SCORED] = "scored", [RECORD_SYNTHETIC] = "synthetic",
    };
    return kinds[r->kind];
}

bool history_by_time(const struct history_job *j)
{
    return j->by == SUMS_HOUR || j->by == SUMS_DAY;
}

static void put_double(struct history_job *j, const struct history_writer *w, const char *name, double v)
{
    char text[NUMBER_TEXT];
    w->number(j, name, number_text(text, v));
}

void history_put_whole(struct history_job *j, const struct history_writer *w, const char *name, int64_t v)
{
    char text[NUMBER_TEXT] = "";
    if (v != NOT_KNOWN)
        snprintf(text, sizeof text, "%lld", (long long)v);
    w->number(j, name, text);
}

static const char *known(const char *name)
{
    return name != NULL && *name != '\0' ? name : NULL;
}

void history_put_task(struct history_job *j, const struct history_writer *w, const struct where_row *row)
{
    const struct record *r = row->record;
    w->time(j, "at", r->t_ms);
    w->text(j, "task_id", known(row->id));
    w->text(j, "kind", history_kind(r));
    put_double(j, w, "score", r->score);
    history_put_whole(j, w, "tokens", r->tokens);
    w->text(j, "llm", known(row->llm));
    w->text(j, "strategy", known(row->strategy));
    history_put_whole(j, w, "subnet", r->subnet < 0 ? NOT_KNOWN : r->subnet);
    put_double(j, w, "tao", r->tao);
}

void history_put_sums(struct history_job *j, const struct history_writer *w, const struct sums_row *row)
{
    const struct score_group *g = &row->group;
    history_put_whole(j, w, "count", g->count);
    put_double(j, w, "mean", g->mean);
    put_double(j, w, "success_rate", g->success);
    put_double(j, w, "p10", row->p10);
    put_double(j, w, "p50", row->p50);
    put_double(j, w, "p90", row->p90);
    history_put_whole(j, w, "tokens", g->tokens);
    history_put_whole(j, w, "records", row->records);
    put_double(j, w, "share", g->share);
    put_double(j, w, "tao", g->tao);
    put_double(j, w, "roi", g->roi);
    put_double(j, w, "cost_usd", g->cost_usd);
    w->time(j, "first", row->first_ms);
    w->time(j, "last", row->last_ms);
}

void history_put_group(struct history_job *j, const struct history_writer *w, const struct sums_row *row)
{
    w->text(j, "name", row->group.name);
    if (history_by_time(j))
        w->time(j, "start", row->start_ms);
    history_put_sums(j, w, row);
    if (!history_by_time(j))
        w->flag(j, "best", row->group.best);
}
