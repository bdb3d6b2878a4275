/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/config.h"

#include "auction/commitment.h"
#include "auction/fp18.h"
#include "auction/pyint.h"
#include "base/json.h"
#include "base/toml.h"
#include "base/toml_map.h"
#include "base/utf8.h"

#include <math.h>
#include <string.h>

enum { QUOTE_CELLS = 40 }; /* of foreign text inside a sentence */
#define HASHRATE_HELP "write hashrate in PH and count, as in \"0.25\" = 4"
#define LIST_HELP "write PH in quotes, as in hashrates = [\"0.5\"]"

struct reading { /* what all steps need */
    struct arena *arena;
    const char *name;
    struct bytes toml;
    struct err *err;
    struct auction_config *out;
    const char *sizes; /* path of the table of sizes */
};

/* The line where the entry or the table at a path (base/toml_map.h) stands; 0: nowhere. */
static unsigned line_of(const struct reading *r, const char *path)
{
    struct toml_map m;
    struct err e;
    size_t at = 0;
    if (path == NULL || !toml_map_make(r->arena, r->toml, &m, &e))
        return 0;
    for (size_t i = 1; i < m.tables && at == 0; i++)
        if (strcmp(m.table[i].path, path) == 0)
            at = m.table[i].begin;
    for (size_t i = 0; i < m.places && at == 0; i++)
        if (strncmp(m.place[i].path, path, strlen(path)) == 0) /* it, or what is in it */
            at = m.place[i].value;
    unsigned line = at > 0;
    for (size_t i = 0; i + 1 < at; i++) /* a table begins behind its header's line end */
        line += r->toml.at[i] == '\n';
    return line;
}

/* "config.toml line 9: what is wrong: what helps". */
static bool fail(const struct reading *r, const char *path, const char *what, const char *help)
{
    unsigned line = line_of(r, path);
    if (line > 0)
        return err_set(r->err, "%s line %u: %s: %s", r->name, line, what, help);
    return err_set(r->err, "%s: %s: %s", r->name, what, help);
}

static bool fail_key(const struct reading *r, const char *path, const char *what, const char *key, const char *help)
{
    return fail(r, path, arena_text(r->arena, "%s%s", what, key), help);
}

static const char *path_of(const struct reading *r, const char *table, const char *key)
{
    return arena_text(r->arena, "%s" TOML_SEP "%s" TOML_SEP, table, key);
}

static const char *quote(const struct reading *r, struct bytes text)
{
    return text_safe(r->arena, text, QUOTE_CELLS);
}

/* ---- the strict tables -------------------------------------------------------------------------------------------- */

static bool known_key(const char *const *keys, const char *key)
{
    for (; *keys; keys++)
        if (strcmp(*keys, key) == 0)
            return true;
    return false;
}

/* The table, where it holds exactly these keys; NULL with the sentence. */
static const json_t *strict_table(const struct reading *r, const json_t *root, const char *table,
                                  const char *const *keys)
{
    const json_t *t = json_child(root, table);
    if (!t) {
        fail(r, NULL, arena_text(r->arena, "the table [%s] is missing", table), "add it");
        return NULL;
    }
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)t, key, value)
    {
        if (!known_key(keys, key)) {
            fail(r, path_of(r, table, key),
                 arena_text(r->arena, "unknown key in [%s]: %s", table, quote(r, bytes_of(key))), "take it out");
            return NULL;
        }
    }
    for (; *keys; keys++) {
        if (!json_object_get(t, *keys)) {
            fail(r, arena_text(r->arena, "%s" TOML_SEP, table),
                 arena_text(r->arena, "[%s] %s is missing", table, *keys), "add it");
            return NULL;
        }
    }
    return t;
}

static bool take_text(const struct reading *r, const json_t *t, const char *table, const char *key, const char **out)
{
    *out = json_text(r->arena, t, key);
    return *out ? true
                : fail(r, path_of(r, table, key), arena_text(r->arena, "[%s] %s must be a string", table, key),
                       "put it in quotes");
}

static bool read_bittensor(const struct reading *r, const json_t *root)
{
    static const char *const keys[] = {"network", "netuid", NULL};
    const json_t *t = strict_table(r, root, "bittensor", keys);
    if (!t || !take_text(r, t, "bittensor", "network", &r->out->network))
        return false;
    const json_t *netuid = json_object_get(t, "netuid");
    if (!json_is_integer(netuid))
        return fail(r, path_of(r, "bittensor", "netuid"), "[bittensor] netuid must be an integer",
                    "write the number without quotes");
    r->out->netuid = json_integer_value(netuid);
    return true;
}

static bool read_wallet(const struct reading *r, const json_t *root)
{
    static const char *const keys[] = {"name", "hotkey_name", "directory", NULL};
    const json_t *t = strict_table(r, root, "wallet", keys);
    return t && take_text(r, t, "wallet", "name", &r->out->wallet_name) &&
           take_text(r, t, "wallet", "hotkey_name", &r->out->hotkey_name) &&
           take_text(r, t, "wallet", "directory", &r->out->wallet_directory);
}

/* ---- [workers] ---------------------------------------------------------------------------------------------------- */

static bool int_of_real(double v, int64_t *out)
{
    if (!isfinite(v))
        return false;
    *out = v >= 9e18 ? INT64_MAX / 10 : v <= -9e18 ? -(INT64_MAX / 10) : (int64_t)v;
    return true;
}

static bool int_of(const json_t *value, int64_t *out)
{
    if (json_is_string(value))
        return pyint_parse((struct bytes){json_string_value(value), json_string_length(value)}, out);
    if (json_is_real(value))
        return int_of_real(json_real_value(value), out);
    if (json_is_boolean(value) || json_is_integer(value)) {
        *out = json_is_integer(value) ? json_integer_value(value) : json_is_true(value);
        return true;
    }
    return false;
}

static const char *value_text(const struct reading *r, const json_t *value)
{
    if (json_is_object(value) || json_is_array(value))
        return json_is_object(value) ? "{...}" : "[...]";
    if (json_is_real(value))
        return arena_text(r->arena, "%g", json_real_value(value));
    return json_is_string(value) ? quote(r, bytes_of(json_string_value(value))) : "no number";
}

/* One entry of the table of sizes goes to sizes under its trimmed key, where a later one replaces it. */
static bool read_size(const struct reading *r, const char *key, const json_t *value, json_t *sizes)
{
    struct bytes text = fp18_trim(bytes_of(key));
    const char *path = arena_text(r->arena, "%s%s" TOML_SEP, r->sizes, key);
    if (text.len == 0)
        return fail(r, path, "workers.worker_sizes has empty/non-string hashrate key", HASHRATE_HELP);
    const char *shown = quote(r, text);
    struct fp18 size;
    if (!fp18_parse(text, &size))
        return fail_key(r, path, "invalid workers.worker_sizes hashrate: ", shown, HASHRATE_HELP);
    if (fp18_compare(size, fp18_of(WORKER_MAX_PH)) > 0)
        return fail_key(r, path,
                        "workers.worker_sizes hashrate exceeds v2 max worker size (" WORKER_MAX_PH " PH): ", shown,
                        "make more and smaller workers of it");
    int64_t count = 0;
    if (!int_of(value, &count))
        return fail(r, path,
                    arena_text(r->arena, "invalid workers.worker_sizes count for %s: %s", shown, value_text(r, value)),
                    json_is_object(value) ? "put the hashrate in quotes, as in \"0.25\" = 4" : "give a whole number");
    if (count <= 0)
        return fail_key(r, path, "workers.worker_sizes count must be > 0 for ", shown,
                        "give the number of workers, or take the line out");
    return json_object_setn_new(sizes, text.at, text.len, json_integer(count)) == 0 ||
           fail(r, NULL, "out of memory", "free some");
}

static bool keep_sizes(const struct reading *r, const json_t *sizes)
{
    struct worker_size *w = arena_array(r->arena, json_object_size(sizes), sizeof *w);
    size_t n = 0;
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)sizes, key, value)
    {
        int64_t count = json_integer_value(value), room = INT64_MAX - r->out->total_workers;
        w[n++] = (struct worker_size){text_safe(r->arena, bytes_of(key), 0), count};
        r->out->total_workers += count < room ? count : room;
        r->out->total_ph += fp18_double(fp18_of(key)) * (double)count;
    }
    if (n == 0)
        return fail(r, r->sizes, "workers.worker_sizes is empty or invalid", HASHRATE_HELP);
    if (r->out->total_workers > COMMITMENT_WORKERS)
        return fail(r, r->sizes,
                    arena_text(r->arena,
                               "workers.worker_sizes total worker count exceeds v2 commitment limit (%d): %lld",
                               COMMITMENT_WORKERS, (long long)r->out->total_workers),
                    "make fewer and larger workers");
    r->out->worker = w;
    r->out->worker_count = n;
    return true;
}

static bool read_sizes(const struct reading *r, const json_t *table)
{
    json_t *sizes = json_object();
    const char *key;
    json_t *value;
    bool good = true;
    json_object_foreach((json_t *)table, key, value)
    {
        good = good && read_size(r, key, value, sizes);
    }
    good = good && keep_sizes(r, sizes);
    json_decref(sizes);
    return good;
}

static bool read_list(const struct reading *r, const json_t *list)
{
    size_t n = json_array_size(list);
    struct worker_size *w = arena_array(r->arena, n, sizeof *w);
    for (size_t i = 0; i < n; i++) {
        const json_t *entry = json_array_get(list, i);
        struct bytes text = {json_string_value(entry), json_string_length(entry)};
        if (!json_is_string(entry) || fp18_trim(text).len == 0)
            return fail(r, path_of(r, "workers", "hashrates"), "workers.hashrates contains empty/non-string hashrate",
                        LIST_HELP);
        struct fp18 size;
        if (!fp18_parse(text, &size))
            return fail_key(r, path_of(r, "workers", "hashrates"),
                            "invalid workers.hashrates hashrate: ", quote(r, text), LIST_HELP);
        w[i] = (struct worker_size){text_safe(r->arena, fp18_trim(text), 0), 1};
        r->out->total_ph += fp18_double(size);
    }
    if (n == 0)
        return fail(r, path_of(r, "workers", "hashrates"), "workers.hashrates is empty", LIST_HELP);
    r->out->worker = w;
    r->out->worker_count = n;
    r->out->total_workers = (int64_t)n;
    return true;
}

/* Its text is not judged at load; a number instead of a text only fails when the commitment is built. */
static bool read_price(const struct reading *r, const json_t *workers)
{
    const json_t *price = json_object_get(workers, "price_multiplier");
    if (!price)
        return fail(r, "workers" TOML_SEP, "[workers] price_multiplier is missing", "add price_multiplier = \"1.0\"");
    r->out->price_multiplier = json_text(r->arena, workers, "price_multiplier");
    if (!r->out->price_multiplier) {
        const char *shown = json_is_integer(price) ? arena_text(r->arena, "%lld", (long long)json_integer_value(price))
                                                   : value_text(r, price);
        r->out->price_multiplier = shown;
        r->out->warning =
            arena_text(r->arena, "price_multiplier %s must be quoted: a number cannot be published", shown);
    }
    return true;
}

static bool read_workers(struct reading *r, const json_t *root)
{
    const json_t *workers = json_child(root, "workers");
    if (!workers)
        return fail(r, NULL, "the table [workers] is missing", "add it");
    const json_t *rates = json_object_get(workers, "hashrates"), *sizes = json_object_get(workers, "worker_sizes");
    if (!read_price(r, workers))
        return false;
    if (rates && sizes)
        return fail(r, path_of(r, "workers", "hashrates"),
                    "workers config must specify only one of 'hashrates' or 'worker_sizes'", "take one out");
    if (!rates && !sizes)
        return fail(r, "workers" TOML_SEP,
                    "workers config must specify 'hashrates' (list for v1, dict for v2) or 'worker_sizes' (v2)",
                    "add hashrates = [\"0.5\"]");
    if (sizes && !json_is_object(sizes))
        return fail(r, path_of(r, "workers", "worker_sizes"),
                    "workers.worker_sizes must be a dict of hashrate_str -> count_int", HASHRATE_HELP);
    if (rates && !json_is_array(rates) && !json_is_object(rates))
        return fail(r, path_of(r, "workers", "hashrates"), "workers.hashrates must be a list (v1) or dict (v2)",
                    LIST_HELP);
    r->out->is_list = json_is_array(rates);
    r->sizes = path_of(r, "workers", sizes ? "worker_sizes" : "hashrates");
    return r->out->is_list ? read_list(r, rates) : read_sizes(r, sizes ? sizes : rates);
}

/* ---- what loads and is useless all the same ----------------------------------------------------------------------- */

static bool is_network(struct bytes text)
{
    static const char *const names[] = {"archive", "finney", "local", "test", NULL};
    static const char *const schemes[] = {"http://", "https://", "ws://", "wss://", NULL};
    for (const char *const *name = names; *name; name++)
        if (bytes_is(text, *name))
            return true;
    for (const char *const *scheme = schemes; *scheme; scheme++)
        if (bytes_starts(text, *scheme))
            return true;
    return false;
}

static void look_ahead(const struct reading *r)
{
    struct err e = {0};
    if (r->out->warning)
        return;
    struct fp18 price = fp18_of(r->out->price_multiplier);
    r->out->price = fp18_double(price);
    r->out->commitment = commitment_text(r->arena, r->out, &e);
    if (!r->out->commitment)
        r->out->warning = arena_text(r->arena, "no commitment can be built: %s", e.text);
    else if (fp18_compare(price, fp18_of(PRICE_MAX)) > 0)
        r->out->warning = arena_text(r->arena, "price_multiplier %s is above " PRICE_MAX ": these bids never win",
                                     r->out->price_multiplier);
    else if (fp18_compare(price, fp18_of("0")) <= 0)
        r->out->warning =
            arena_text(r->arena, "price_multiplier %s is not above 0: these bids never win", r->out->price_multiplier);
}

const struct auction_config *auction_config_parse(struct arena *a, struct bytes toml, const char *name, struct err *e)
{
    json_t *root = toml_read(toml, name, e);
    if (!root)
        return NULL;
    struct auction_config *out = arena_alloc(a, sizeof *out);
    struct reading r = {a, name, toml, e, out, NULL};
    bool good = read_bittensor(&r, root) && read_wallet(&r, root) && read_workers(&r, root);
    json_decref(root);
    if (!good)
        return NULL;
    look_ahead(&r);
    out->no_network = !is_network(bytes_of(out->network));
    return out;
}
