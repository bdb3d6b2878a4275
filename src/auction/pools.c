/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/pools.h"

#include "base/json.h"
#include "base/timetext.h"
#include "base/toml.h"
#include "base/toml_map.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#define TH_PER_PH 1000.0
#define WEIGHTS 4294967296.0 /* 2^32 */

const char *const route_state_names[ROUTE_STATES] = {"updated",    "same",     "no file",    "no section",
                                                     "no entries", "no match", "no hashrate"};

const char *pools_target(struct arena *a, double ph)
{
    char *text = arena_text(a, "%.3f", ph > 0 ? ph * TH_PER_PH : 0.0);
    size_t len = strlen(text);
    while (text[len - 1] == '0')
        len--;
    len -= text[len - 1] == '.';
    return arena_text(a, "%.*sTH/s", (int)len, text);
}

static bool same_name(const json_t *entry, const char *name)
{
    struct bytes is = bytes_trim(json_raw(entry, "name")), want = bytes_trim(bytes_of(name));
    return is.len == want.len && is.len > 0 && strncasecmp(is.at, want.at, is.len) == 0;
}

/* ---- one change after the other, and what the file shall mean afterwards ------------------------------------------- */

struct editing {
    struct arena *arena;
    const char *file;
    struct bytes text;
    json_t *root; /* what it shall mean */
    bool changed;
    struct err *err;
};

static bool begin(struct editing *w, struct bytes text)
{
    w->text = text;
    w->root = toml_read(text, w->file, w->err);
    return w->root != NULL;
}

/* value: as JSON and as TOML; both NULL: it goes away. Takes the JSON. */
static bool change(struct editing *w, const char *path, json_t *table, const char *key, json_t *value, const char *toml)
{
    struct err why = {.text = ""};
    struct bytes made = toml_edit(w->arena, w->text, path, key, toml, &why);
    if (value)
        json_object_set_new(table, key, value);
    else
        json_object_del(table, key);
    if (made.at == NULL)
        return err_set(w->err, "%s: %.200s", w->file, why.text);
    w->text = made;
    w->changed = true;
    return true;
}

/* Whether the text says what it shall, and nothing else has changed. */
static bool finish(struct editing *w, bool ok)
{
    struct err why;
    json_t *now = ok && w->changed ? toml_read(w->text, w->file, &why) : NULL;
    bool good = ok && (!w->changed || (now && json_equal(now, w->root)));
    if (ok && !good)
        err_set(w->err,
                "%s cannot be changed without touching the rest of it: write [[pools.main]] and [[routing.goal]] "
                "as tables of their own",
                w->file);
    json_decref(now);
    json_decref(w->root);
    return good;
}

/* ---- pools.toml --------------------------------------------------------------------------------------------------- */

static bool set_pool(struct editing *w, size_t number, json_t *pool, const char *target)
{
    const char *path = arena_text(w->arena, "pools" TOML_SEP "main" TOML_SEP "%zu" TOML_SEP, number);
    bool ok = true;
    if (!bytes_is(json_raw(pool, "target_hashrate"), target) ||
        !json_is_string(json_object_get(pool, "target_hashrate")))
        ok = change(w, path, pool, "target_hashrate", json_string(target), arena_text(w->arena, "\"%s\"", target));
    if (ok && json_object_get(pool, "weight"))
        ok = change(w, path, pool, "weight", NULL, NULL);
    return ok;
}

static bool set_pools(struct editing *w, json_t *list, const char *name, const char *target, struct pools_change *out)
{
    size_t i;
    json_t *pool;
    json_array_foreach(list, i, pool)
    {
        if (!same_name(pool, name))
            continue;
        out->matched++;
        if (!set_pool(w, i, pool, target))
            return false;
    }
    out->state = out->matched == 0 ? ROUTE_NO_MATCH : w->changed ? ROUTE_UPDATED : ROUTE_SAME;
    return true;
}

bool pools_update(struct arena *a, struct bytes text, const char *file, const char *name, const char *target,
                  struct pools_change *out, struct err *e)
{
    struct editing w = {.arena = a, .file = file, .err = e};
    struct pools_change made = {.state = ROUTE_NO_SECTION};
    if (!begin(&w, text))
        return false;
    json_t *pools = json_object_get(w.root, "pools"), *list = json_object_get(pools, "main");
    bool ok = true;
    if (json_is_object(pools))
        made.state = ROUTE_NO_ENTRIES;
    if (json_is_array(list) && json_array_size(list) > 0)
        ok = set_pools(&w, list, name, target, &made);
    made.text = w.text;
    if (!finish(&w, ok))
        return false;
    *out = made;
    return true;
}

/* ---- active_profile.toml ------------------------------------------------------------------------------------------ */

struct goal {
    json_t *table; /* NULL: not found */
    const char *path;
};

static void look(struct arena *a, json_t *routing, size_t number, const char *name, struct goal *out)
{
    size_t i;
    json_t *goal;
    json_array_foreach(json_object_get(routing, "goal"), i, goal)
    {
        if (!out->table && bytes_is(json_raw(goal, "name"), name))
            *out = (struct goal){
                goal, arena_text(a, "routing" TOML_SEP "%zu" TOML_SEP "goal" TOML_SEP "%zu" TOML_SEP, number, i)};
    }
}

static struct goal goal_of(struct editing *w, const char *name)
{
    struct goal found = {NULL, NULL};
    size_t i;
    json_t *routing;
    json_array_foreach(json_object_get(w->root, "routing"), i, routing)
    {
        look(w->arena, routing, i, name, &found);
    }
    return found;
}

static int64_t weight_of(const struct goal *g)
{
    const json_t *weight = json_object_get(g->table, "hr_weight");
    return json_is_integer(weight) ? json_integer_value(weight) : NOT_KNOWN;
}

static bool set_weight(struct editing *w, const struct goal *g, int64_t weight)
{
    return weight_of(g) == weight || change(w, g->path, g->table, "hr_weight", json_integer(weight),
                                            arena_text(w->arena, "%lld", (long long)weight));
}

static bool set_goals(struct editing *w, struct braiins_change *out)
{
    struct goal luxor = goal_of(w, "InfiniteHashLuxorGoal"), usual = goal_of(w, "MinerDefaultGoal");
    out->state = ROUTE_NO_MATCH;
    if (!luxor.table || !usual.table)
        return true;
    out->old_luxor = weight_of(&luxor);
    out->old_usual = weight_of(&usual);
    bool ok = set_weight(w, &luxor, out->luxor) && set_weight(w, &usual, out->usual);
    out->state = w->changed ? ROUTE_UPDATED : ROUTE_SAME;
    return ok;
}

bool braiins_update(struct arena *a, struct bytes text, const char *file, double won_ph, double lost_ph,
                    struct braiins_change *out, struct err *e)
{
    struct editing w = {.arena = a, .file = file, .err = e};
    struct braiins_change made = {.state = ROUTE_NO_HASHRATE, .old_luxor = NOT_KNOWN, .old_usual = NOT_KNOWN};
    double total = won_ph + lost_ph;
    if (!begin(&w, text))
        return false;
    if (total > 0) {
        made.luxor = (int64_t)fmin(fmax(rint(WEIGHTS * won_ph / total), 0), WEIGHTS);
        made.usual = (int64_t)WEIGHTS - made.luxor;
    }
    bool ok = total <= 0 || set_goals(&w, &made);
    made.text = w.text;
    if (!finish(&w, ok))
        return false;
    *out = made;
    return true;
}
