/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/json_members.h"

static json_t *row(const struct budget *b)
{
    json_t *o = json_object();
    put_text(o, "api", b->api);
    put_int(o, "used", b->used);
    put_int(o, "allowance", b->allowance);
    put_num(o, "used_pct", b->used_pct);
    put_text(o, "state", budget_state_name(b->state));
    put_num(o, "days_left", b->days_left);
    put_int(o, "daily_used", b->daily_used);
    put_int(o, "daily_limit", b->daily_limit);
    put_text(o, "display", b->display);
    put_int(o, "remaining", b->remaining);
    put_bool(o, "refusing", b->refusing);
    put_bool(o, "unbudgeted", b->unbudgeted);
    put_bool(o, "unused", b->unused);
    put_num(o, "burn_per_day", b->burn_per_day);
    put_text(o, "burn_source", b->burn_from_history ? "history" : "counter");
    put_int(o, "exhausted_at", b->exhausted_ms);
    put_num(o, "projected_pct", b->projected_pct);
    put_num(o, "month_cost_usd", b->month_cost_usd);
    put_num(o, "cost_per_1k", b->cost_per_1k);
    put_text(o, "model", b->model);
    put_text(o, "problem", b->problem);
    return o;
}

json_t *json_of_budgets(const struct model *m, struct arena *a)
{
    (void)a;
    json_t *list = json_array();
    for (size_t i = 0; i < m->budgets->count; i++)
        json_array_append_new(list, row(&m->budgets->row[i]));
    return list;
}

/* What holds for all budgets; "budgets" itself is a list. */
json_t *json_of_budget_cycle(const struct model *m, struct arena *a)
{
    (void)a;
    const struct budgets *b = m->budgets;
    json_t *o = json_object();
    put_bool(o, "known", b->known);
    put_int(o, "start", b->cycle_start_ms);
    put_int(o, "end", b->cycle_end_ms);
    put_num(o, "elapsed", b->elapsed_fraction);
    put_bool(o, "not_reset", b->not_reset);
    put_int(o, "last_reset", b->last_reset_ms);
    put_age(o, "overdue_s", b->overdue_reset_ms);
    put_text(o, "worst", budget_state_name(b->worst));
    put_int(o, "updated", b->updated_ms);
    return o;
}
