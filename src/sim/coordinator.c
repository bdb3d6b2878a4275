/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which route a request takes, and who may take it. */
#include "sim/coordinator_private.h"

#include <string.h>

const char *const book_state_names[BOOK_STATES] = {"QUEUED", "RUNNING", "COMPLETED", "FAILED", "CANCELED", "EXPIRED"};

struct bytes json_bytes(struct arena *a, const json_t *value)
{
    size_t len = json_dumpb(value, NULL, 0, JSON_COMPACT | JSON_ENCODE_ANY);
    char *at = arena_alloc(a, len + 1);
    json_dumpb(value, at, len, JSON_COMPACT | JSON_ENCODE_ANY);
    return (struct bytes){at, len};
}

void answer_json(struct coordinator_call *k, int status, json_t *value)
{
    k->out->status = status;
    k->out->text = false;
    k->out->body = json_bytes(k->a, value);
    json_decref(value);
}

void answer_detail(struct coordinator_call *k, int status, const char *detail)
{
    answer_json(k, status, json_pack("{s:s}", "detail", detail));
}

void answer_text(struct coordinator_call *k, int status, const char *text)
{
    *k->out = (struct coordinator_answer){.status = status, .text = true, .body = bytes_of(text)};
}

static bool in_list(const char *list, const char *word)
{
    struct bytes rest = bytes_of(list);
    while (rest.len > 0 && *word) {
        struct bytes one = {rest.at, bytes_find(rest, ",")};
        if (bytes_is(one, word))
            return true;
        rest = bytes_from(rest, one.len + 1);
    }
    return false;
}

static bool is_known(const struct coordinator *c, enum route_who who, const char *key)
{
    const char *const list[] = {
        [ROUTE_MINER] = c->o.miner_keys, [ROUTE_CLIENT] = c->o.client_key, [ROUTE_ADMIN] = c->o.admin_key};
    return who == ROUTE_ANYBODY || in_list(list[who], key);
}

/* Whether path is of the form, and the word at its star. */
static bool fits(struct arena *a, const char *form, const char *path, const char **id)
{
    const char *star = strchr(form, '*');
    if (!star)
        return strcmp(form, path) == 0;
    size_t before = (size_t)(star - form), behind = strlen(star + 1), len = strlen(path);
    if (len <= before + behind || strncmp(form, path, before) != 0 || strcmp(path + len - behind, star + 1) != 0)
        return false;
    *id = arena_copy(a, (struct bytes){path + before, len - before - behind});
    return !strchr(*id, '/');
}

static const struct coordinator_route *find(struct coordinator_call *k, bool *elsewhere)
{
    static const struct coordinator_route *const tables[] = {miner_routes, node_routes, client_routes, admin_routes};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        for (const struct coordinator_route *t = tables[i]; t->path; t++) {
            if ((t->strict && !k->c->o.strict) || !fits(k->a, t->path, k->r->path, &k->id))
                continue;
            if (strcmp(t->method, k->r->method) == 0)
                return t;
            *elsewhere = true;
        }
    return NULL;
}

static const char *caller(const struct coordinator_route *route, const struct coordinator_request *r)
{
    return route->who == ROUTE_MINER && *r->miner ? r->miner : r->key;
}

/* In the order of the real server: the text of the body, the key, the members. */
static void enter(struct coordinator_call *k, const struct coordinator_route *route)
{
    struct err e;
    json_t *body = k->r->body.len ? json_read(k->r->body, "body", &e) : NULL;
    k->body = body;
    k->who = caller(route, k->r);
    if (k->r->body.len && !body)
        answer_json(k, 422,
                    json_pack("{s:[{s:s, s:[s,i], s:s, s:{}, s:{s:s}}]}", "detail", "type", "json_invalid", "loc",
                              "body", 0, "msg", "JSON decode error", "input", "ctx", "error", e.text));
    else if (!is_known(k->c, route->who, k->r->key))
        answer_detail(k, 401, "invalid api key");
    else
        route->run(k);
    json_decref(body);
}

void coordinator_ask(struct coordinator *c, const struct coordinator_request *r, struct arena *a,
                     struct coordinator_answer *out)
{
    struct coordinator_call k = {.c = c, .r = r, .a = a, .out = out, .id = ""};
    bool elsewhere = false;
    *out = (struct coordinator_answer){.status = 500};
    book_expire(c, r->now_ms);
    const struct coordinator_route *route = find(&k, &elsewhere);
    if (route)
        enter(&k, route);
    else
        answer_detail(&k, elsewhere ? 405 : 404, elsewhere ? "Method Not Allowed" : "Not Found");
}

struct coordinator *coordinator_open(const struct coordinator_options *o)
{
    struct arena first = {0};
    struct coordinator *c = arena_alloc(&first, sizeof *c);
    c->o = *o;
    c->arena = first;
    return c;
}

void coordinator_close(struct coordinator *c)
{
    struct arena all = c->arena; /* it lies in there itself */
    arena_release(&all);
}

struct coordinator_tally coordinator_tally(const struct coordinator *c)
{
    size_t n[BOOK_STATES] = {0}, receipts = 0;
    for (size_t i = 0; i < c->jobs; i++) {
        n[c->job[i].state]++;
        receipts += (size_t)c->job[i].receipts;
    }
    return (struct coordinator_tally){c->jobs,           n[BOOK_QUEUED], n[BOOK_RUNNING],
                                      n[BOOK_COMPLETED], n[BOOK_FAILED], n[BOOK_CANCELED],
                                      n[BOOK_EXPIRED],   receipts,       c->miners};
}
