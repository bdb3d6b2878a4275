/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/mine_config.h"

#include "auction/fp18.h"
#include "auction/schedule.h"
#include "auction/window.h"
#include "base/near.h"
#include "base/toml.h"
#include "base/json.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

enum { QUOTE_CELLS = 40, BLOCK_MOST_S = 600, LIMIT_MOST_S = 110 /* a job has 120 */ };

static const double BLOCK_LEAST_S = 0.1;

struct row {
    const char *key;
    size_t offset;   /* of a const char * */
    const char *env; /* NULL: none */
    const char *usual;
    const char *words; /* what it may be, between blanks; NULL: anything */
};
static const struct row texts[] = {
    {"share", offsetof(struct mine_config, share), NULL, "1", NULL},
    {"solver", offsetof(struct mine_config, solver), NULL, "both", " both cbc exact "},
    {"cbc", offsetof(struct mine_config, cbc), NULL, "cbc", NULL},
    {"routing", offsetof(struct mine_config, routing), "APS_MINER_PROXY_MODE", "auto", " auto ihp braiins none "},
    {"pools", offsetof(struct mine_config, pools), "APS_MINER_POOLS_CONFIG_PATH", "", NULL},
    {"pool_name", offsetof(struct mine_config, pool_name), "APS_MINER_SUBNET_POOL_NAME", "central-proxy", NULL},
    {"pools_signal", offsetof(struct mine_config, pools_signal), "APS_MINER_IHP_RELOAD_SENTINEL",
     "/root/src/proxy/.reload-ihp", NULL},
    {"profile", offsetof(struct mine_config, profile), "BRAIINSPROXY_ACTIVE_PROFILE",
     "/root/src/brainsproxy/active_profile.toml", NULL},
    {"profile_signal", offsetof(struct mine_config, profile_signal), "BRAIINSPROXY_RELOAD_SENTINEL",
     "/root/src/brainsproxy/.reconfigure", NULL},
    {"metrics", offsetof(struct mine_config, metrics), NULL, "", NULL},
    {"healthz", offsetof(struct mine_config, healthz), NULL, "", NULL},
};
enum { TEXTS = sizeof texts / sizeof texts[0] };
static const char *const others[] = {"in_place",  "exec",         "cbc_limit_s", "exec_limit_s",
                                     "endpoints", "block_time_s", "job_limit_s"};
enum { OTHERS = sizeof others / sizeof others[0] };

struct reading {
    struct arena *arena;
    struct bytes toml;
    const char *name;
    struct err *err;
    const json_t *table; /* [mine]; NULL: none */
    struct mine_config *out;
};

static bool fail(const struct reading *r, const char *key, const char *what)
{
    unsigned line = toml_line(r->toml, arena_text(r->arena, "mine.%s", key));
    return line > 0 ? err_set(r->err, "%s line %u: [mine] %s %s", r->name, line, key, what)
                    : err_set(r->err, "%s: [mine] %s %s", r->name, key, what);
}

static bool is_word(const char *words, const char *text)
{
    char padded[QUOTE_CELLS];
    size_t len = strlen(text);
    if (len == 0 || len + 3 > sizeof padded || strchr(text, ' '))
        return false;
    padded[0] = ' ';
    memcpy(padded + 1, text, len);
    memcpy(padded + len + 1, " ", 2);
    return strstr(words, padded) != NULL;
}

/* The environment's word is trimmed and in any case; one that is none of the words counts as not said, as in the original. */
static const char *of_environment(const struct reading *r, const struct row *row, mine_env_fn *env)
{
    struct bytes text = bytes_trim(bytes_of(row->env ? env(row->env) : NULL));
    char *word = arena_copy(r->arena, text);
    for (char *c = word; row->words && *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    return text.len > 0 && (!row->words || is_word(row->words, word)) ? word : row->usual;
}

static bool read_text(const struct reading *r, const struct row *row, mine_env_fn *env)
{
    const json_t *value = json_object_get(r->table, row->key);
    const char **to = (const char **)((char *)r->out + row->offset);
    *to = of_environment(r, row, env);
    if (!value)
        return true;
    if (!json_is_string(value) || strlen(json_string_value(value)) != json_string_length(value))
        return fail(r, row->key, "must be a text: put it in quotes");
    *to = arena_copy(r->arena, json_raw(r->table, row->key));
    if (row->words && !is_word(row->words, *to))
        return fail(r, row->key, arena_text(r->arena, "must be one of%s", row->words));
    return true;
}

static bool read_limit(const struct reading *r, const char *key, int64_t usual, int64_t most, int64_t *to)
{
    const json_t *value = json_object_get(r->table, key);
    *to = value ? json_integer_value(value) : usual;
    if (value && (!json_is_integer(value) || *to < 1 || *to > most))
        return fail(r, key, arena_text(r->arena, "must be 1 to %d seconds: a job has 120", (int)most));
    return true;
}

/* out has room for most texts and a NULL. */
static bool read_list(const struct reading *r, const char *key, size_t most, const char *like, const char **out)
{
    const json_t *list = json_object_get(r->table, key);
    size_t n = json_array_size(list);
    const char *wrong = arena_text(r->arena, "must be a list of 1 to %zu texts: %s", most, like);
    if (list && (!json_is_array(list) || n == 0 || n > most))
        return fail(r, key, wrong);
    for (size_t i = 0; i < n; i++) {
        const json_t *word = json_array_get(list, i);
        if (!json_is_string(word) || strlen(json_string_value(word)) != json_string_length(word))
            return fail(r, key, wrong);
        out[i] = arena_copy(r->arena, bytes_of(json_string_value(word)));
    }
    return true;
}

static bool read_lists(const struct reading *r)
{
    struct mine_config *c = r->out;
    return read_list(r, "exec", MINE_EXEC_MOST, "[\"/usr/local/bin/hook\", \"--option\"]", c->exec) &&
           (c->exec[0] == NULL || c->exec[0][0] != 0 || fail(r, "exec", "needs a program as its first text")) &&
           read_list(r, "endpoints", MINE_ENDPOINTS_MOST, "[\"archive\", \"https://my.node:9944\"]", c->endpoints);
}

static bool read_block_time(const struct reading *r)
{
    const json_t *value = json_object_get(r->table, "block_time_s");
    double s = value ? json_number_value(value) : BLOCK_SECONDS;
    if (value && (!json_is_number(value) || !(s >= BLOCK_LEAST_S && s <= BLOCK_MOST_S)))
        return fail(r, "block_time_s", "must be 0.1 to 600 seconds");
    r->out->block_ms = llround(s * 1000);
    return true;
}

static bool read_share(const struct reading *r)
{
    struct fp18 share;
    if (strcmp(r->out->share, "chain") == 0)
        return true;
    return (fp18_parse(bytes_of(r->out->share), &share) && !share.negative && fp18_compare(share, fp18_of("1")) <= 0) ||
           fail(r, "share", "must be \"chain\", or a number of 0 to 1 in quotes: \"1\"");
}

static bool known_key(const char *key)
{
    for (size_t i = 0; i < TEXTS; i++)
        if (strcmp(texts[i].key, key) == 0)
            return true;
    for (size_t i = 0; i < OTHERS; i++)
        if (strcmp(others[i], key) == 0)
            return true;
    return false;
}

static bool check_keys(const struct reading *r)
{
    const char *key, *near = NULL;
    json_t *value;
    json_object_foreach((json_t *)r->table, key, value)
    {
        if (known_key(key))
            continue;
        for (size_t i = 0; i < TEXTS + OTHERS && !near; i++) {
            const char *known = i < TEXTS ? texts[i].key : others[i - TEXTS];
            near = near_enough(bytes_of(key), bytes_of(known)) ? known : NULL;
        }
        const char *shown = text_safe(r->arena, bytes_of(key), QUOTE_CELLS);
        return near ? err_set(r->err, "%s: [mine] has no key %s; did you mean %s?", r->name, shown, near)
                    : err_set(r->err, "%s: [mine] has no key %s", r->name, shown);
    }
    return true;
}

static bool read_all(const struct reading *r, mine_env_fn *env)
{
    const json_t *in_place = json_object_get(r->table, "in_place");
    for (size_t i = 0; i < TEXTS; i++)
        if (!read_text(r, &texts[i], env))
            return false;
    r->out->in_place = json_is_true(in_place);
    if (in_place && !json_is_boolean(in_place))
        return fail(r, "in_place", "must be true or false");
    return check_keys(r) && read_limit(r, "cbc_limit_s", 40, LIMIT_MOST_S, &r->out->cbc_limit_s) &&
           read_limit(r, "exec_limit_s", 30, LIMIT_MOST_S, &r->out->exec_limit_s) &&
           read_limit(r, "job_limit_s", JOB_LIMIT_S, JOB_LIMIT_S, &r->out->job_limit_s) && read_lists(r) &&
           read_block_time(r) && read_share(r);
}

const struct mine_config *mine_config_parse(struct arena *a, struct bytes toml, const char *name, mine_env_fn *env,
                                            struct err *e)
{
    json_t *root = toml_read(toml, name, e);
    if (!root)
        return NULL;
    const json_t *table = json_object_get(root, "mine");
    struct mine_config *out = arena_alloc(a, sizeof *out);
    struct reading r = {a, toml, name, e, json_is_object(table) ? table : NULL, out};
    bool good = !table || json_is_object(table) || err_set(e, "%s: mine must be a table: [mine]", name);
    good = good && read_all(&r, env);
    json_decref(root);
    return good ? out : NULL;
}

double mine_config_share(const struct mine_config *c)
{
    struct arena a = {0};
    struct fp18 share;
    double out = strcmp(c->share, "chain") != 0 && fp18_parse(bytes_of(c->share), &share) ? fp18_ratio(&a, share) : NAN;
    arena_release(&a);
    return out;
}
