/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-mine node: what endpoints say, and whether davy could mine with them. Asks a few questions and signs nothing. */
#include "cmd/mine.h"

#include "chain/hex.h"
#include "chain/portable.h"
#include "cmd/mine_chain.h"

enum { ENDPOINTS_MOST = 16, LIMIT_USUAL_S = 45, LIMIT_MOST_S = 600, NETUID_USUAL = 89, NETUID_MOST = 65535, TRIES = 3 };
struct node_options {
    int64_t netuid, limit_s;
};
const struct option_row mine_node_options[] = {
    {"netuid", 0, "N", "the subnet whose tempo is asked (89)", OPTION_INT, offsetof(struct node_options, netuid)},
    {"limit", 0, "SECONDS", "how long to try in all (45)", OPTION_INT, offsetof(struct node_options, limit_s)},
    {.name = NULL},
};

struct visit {
    struct arena a;
    struct loop *loop;
    struct mine_rpc *rpc;
    struct endpoints endpoints;
    struct mine_chain chain;
    uint64_t tempo;
    bool has_tempo;
};

static bool read_tempo(struct visit *v, uint16_t netuid, struct err *e)
{
    char id[2] = {(char)(netuid & 0xff), (char)(netuid >> 8)};
    struct bytes keys[1] = {{id, sizeof id}}, value;
    struct scale_out key = {.arena = &v->a};
    const struct metadata *m = v->chain.metadata;
    const struct storage_item *item = metadata_storage(m, "SubtensorModule", "Tempo");
    bool present = false;
    if (!metadata_key(m, &key, "SubtensorModule", "Tempo", keys, 1, e) ||
        !mine_chain_value(v->rpc, &v->a, scale_bytes(&key), NULL, &value, &present, e))
        return false;
    v->has_tempo = present && portable_number((struct portable){m, item->value, value}, &v->tempo);
    return true;
}

static bool look(struct visit *v, const struct node_options *o, int count, char **word, struct err *e)
{
    struct mine_rpc_limits limits = {.try_ms = o->limit_s * 1000 / TRIES, .all_ms = o->limit_s * 1000};
    if (!endpoints_of(&v->a, (const char *const *)word, (size_t)count, &v->endpoints, e) || !(v->loop = loop_open(e)) ||
        !(v->rpc = mine_rpc_open(v->loop, &v->endpoints, &limits, e)))
        return false;
    return mine_chain_load(v->rpc, &v->a, &v->chain, e) && mine_chain_can_sign(&v->chain, e) &&
           read_tempo(v, (uint16_t)o->netuid, e);
}

/* How addresses of this chain begin; null where it does not say. */
static json_t *prefix_json(const struct metadata *m)
{
    uint64_t prefix;
    const struct pallet_constant *c = metadata_constant(m, "System", "SS58Prefix");
    if (!c || !portable_number((struct portable){m, c->type, c->value}, &prefix))
        return json_null();
    return json_integer((json_int_t)prefix);
}

static json_t *endpoints_json(const struct endpoints *s)
{
    json_t *list = json_array();
    for (size_t i = 0; i < s->count; i++) {
        const struct endpoint *p = &s->at[i];
        json_array_append_new(list, json_pack("{ss sI sI so so}", "host", p->host, "asked", (json_int_t)p->asked,
                                              "failed", (json_int_t)p->failed, "latency_ms",
                                              p->latency_ms < 0 ? json_null() : json_integer(p->latency_ms), "why",
                                              p->why.text[0] ? json_string(p->why.text) : json_null()));
    }
    return list;
}

static void tell_chain(json_t *o, struct visit *v)
{
    const struct mine_chain *c = &v->chain;
    struct bytes genesis = {(const char *)c->genesis, sizeof c->genesis};
    json_t *more = json_pack(
        "{ss sI sI sI sI sI so so}", "genesis", hex_text(&v->a, genesis), "spec_version", (json_int_t)c->spec_version,
        "transaction_version", (json_int_t)c->transaction_version, "head", (json_int_t)c->head, "finalized",
        (json_int_t)c->finalized, "metadata", (json_int_t)c->metadata->version, "tempo",
        v->has_tempo ? json_integer((json_int_t)v->tempo) : json_null(), "ss58_prefix", prefix_json(c->metadata));
    json_object_update(o, more);
    json_decref(more);
}

static int tell(struct visit *v, bool ok, const struct err *e)
{
    struct endpoint *by = v->rpc ? mine_rpc_endpoint(v->rpc) : NULL;
    json_t *o = json_pack("{sb so so}", "usable", (int)ok, "why", ok ? json_null() : json_string(e->text), "endpoint",
                          by ? json_string(by->host) : json_null());
    if (v->chain.metadata)
        tell_chain(o, v);
    json_object_set_new(o, "endpoints", endpoints_json(&v->endpoints));
    mine_print(o);
    return ok ? MINE_OK : MINE_FAILED;
}

static void leave(struct visit *v)
{
    if (v->rpc)
        mine_rpc_close(v->rpc);
    if (v->loop)
        loop_close(v->loop);
    arena_release(&v->a);
}

int mine_node(int argc, char **argv)
{
    struct err e;
    struct node_options o = {NETUID_USUAL, LIMIT_USUAL_S};
    struct visit v = {.a = {0}};
    int words = mine_words(mine_node_options, argc, argv, ENDPOINTS_MOST, &o, &e);
    if (words < 0)
        return mine_complain(&e);
    if (words == 0 || o.netuid < 0 || o.netuid > NETUID_MOST || o.limit_s < 1 || o.limit_s > LIMIT_MOST_S) {
        err_set(&e, "say endpoints: davy-mine node finney [ADDRESS...] [--netuid 0 to 65535] [--limit 1 to %d]",
                LIMIT_MOST_S);
        return mine_complain(&e);
    }
    bool ok = look(&v, &o, words, argv + 1, &e);
    int code = v.rpc ? tell(&v, ok, &e) : mine_complain(&e);
    leave(&v);
    return code;
}
