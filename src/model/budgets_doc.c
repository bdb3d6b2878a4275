/* SPDX-License-Identifier: GPL-2.0-or-later */
/* token-budgets.json as it stands (rig-files.md 1.5). An entry that cannot be used costs only itself: its problem says
 * why. */
#include "base/json.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "history/names.h"
#include "model/budgets.h"

#include <math.h>
#include <string.h>

/* A whole number >= 0. Absent and null are "not known"; anything else is a problem of this entry. */
static int64_t tokens(struct arena *a, const json_t *entry, const char *key, const char **problem)
{
    const json_t *v = json_object_get(entry, key);
    int64_t n = json_int(entry, key);
    if (!v || json_is_null(v) || n >= 0)
        return v ? n : NOT_KNOWN;
    if (!*problem)
        *problem = arena_text(a, n == NOT_KNOWN ? "%s is not a whole number" : "%s is negative", key);
    return NOT_KNOWN;
}

static double cost(struct arena *a, const json_t *entry, const char **problem)
{
    static const char key[] = "cost_per_1k_tokens";
    const json_t *v = json_object_get(entry, key);
    double x = json_num(entry, key);
    if (!v || json_is_null(v) || x >= 0)
        return x;
    if (!*problem)
        *problem = arena_text(a, isnan(x) ? "%s is not a number" : "%s is negative", key);
    return (double)NAN;
}

/* A day is a time here too: "2024-01-01". */
static int64_t time_or_day(struct arena *a, const json_t *o, const char *key)
{
    struct bytes text = json_raw(o, key);
    if (text.len == 10)
        text = bytes_of(arena_text(a, "%.*sT00:00:00", (int)text.len, text.at));
    int64_t ms;
    return time_parse(text, 0, &ms) ? ms : json_time(o, key, 0);
}

static struct budget_row read_row(struct arena *a, const char *key, size_t key_len, const json_t *entry)
{
    struct budget_row r = {.api = text_safe(a, (struct bytes){key, key_len}, NAME_CELLS)};
    if (!json_is_object(entry))
        r.problem = "the entry is not an object";
    r.allowance = tokens(a, entry, "monthly_allowance", &r.problem);
    r.used = tokens(a, entry, "used_this_month", &r.problem);
    r.daily_limit = tokens(a, entry, "daily_limit", &r.problem);
    r.cost_per_1k = cost(a, entry, &r.problem);
    r.hard_limit = json_is_true(json_object_get(entry, "hard_limit"));
    r.model = json_text(a, entry, "model");
    r.type = json_text(a, entry, "api_type");
    r.last_reset_ms = time_or_day(a, entry, "last_reset");
    if (!r.problem && r.used == NOT_KNOWN)
        r.problem = "used_this_month is missing";
    return r;
}

static int64_t reset_day(const json_t *root)
{
    int64_t day = json_int(json_child(root, "tracking"), "reset_day_of_month");
    return day >= 1 && day <= 31 ? day : NOT_KNOWN;
}

static const struct budgets_doc *read_root(struct arena *a, const json_t *root, const char *name, struct err *e)
{
    const json_t *budgets = json_child(root, "budgets");
    if (!budgets) {
        err_set(e, "%s: expected an object with a \"budgets\" object in it", name);
        return NULL;
    }
    struct budgets_doc *doc = arena_alloc(a, sizeof *doc);
    struct budget_row *row = arena_array(a, json_object_size(budgets), sizeof *row);
    for (void *i = json_object_iter((json_t *)budgets); i; i = json_object_iter_next((json_t *)budgets, i)) {
        const char *key = json_object_iter_key(i);
        row[doc->count++] = read_row(a, key, strlen(key), json_object_iter_value(i));
    }
    doc->row = row;
    doc->reset_day = reset_day(root);
    doc->last_reset_ms = time_or_day(a, json_child(root, "tracking"), "last_reset");
    if (doc->last_reset_ms == NOT_KNOWN)
        doc->last_reset_ms = time_or_day(a, root, "last_reset");
    doc->updated_ms = json_time(root, "last_updated", 0);
    return doc;
}

const void *budgets_decode(struct arena *a, const struct decode_in *in, struct err *e)
{
    json_t *root = json_read(in->bytes, in->name, e);
    if (!root)
        return NULL;
    const struct budgets_doc *doc = read_root(a, root, in->name, e);
    json_decref(root);
    return doc;
}
