/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-mine commit: publish what config.toml says, when the chain does not have it yet, has it too old, or when forced. */
#include "cmd/mine.h"

#include "auction/commitment.h"
#include "auction/publish.h"
#include "base/file.h"
#include "base/timetext.h"
#include "chain/hex.h"
#include "cmd/mine_publish.h"
#include "cmd/mine_wallet.h"

#include <string.h>

enum { CONFIG_MOST = 1 << 20, LIMIT_USUAL_S = 90, LIMIT_MOST_S = 3600, POLL_MS = 3000 };
struct commit_options {
    bool force;
    int64_t limit_s, poll_ms;
};
const struct option_row mine_commit_options[] = {
    {"force", 0, NULL, "publish also what the chain has already", OPTION_FLAG, offsetof(struct commit_options, force)},
    {"limit", 0, "SECONDS", "how long to wait for the finalized chain to show it (90)", OPTION_INT,
     offsetof(struct commit_options, limit_s)},
    {"poll", 0, "MS", "how often to look (3000)", OPTION_INT, offsetof(struct commit_options, poll_ms)},
    {.name = NULL},
};

struct commit {
    struct arena a;
    const struct auction_config *config;
    const char *text;
    struct endpoints endpoints;
    struct mine_chain chain;
    struct wallet *wallet;
    struct mine_publish publish;
    struct publish_advice advice;
    struct mine_published done;
};

static bool read_config(struct commit *c, const char *path, struct err *e)
{
    struct bytes toml;
    struct file_stat s;
    if (!file_read(&c->a, path, CONFIG_MOST, &toml, &s, e) || !(c->config = auction_config_parse(&c->a, toml, path, e)))
        return false;
    if (c->config->netuid < 0 || c->config->netuid > UINT16_MAX)
        return err_set(e, "%s: bittensor.netuid must be 0 to 65535", path);
    c->text = commitment_text(&c->a, c->config, e);
    return c->text != NULL;
}

static bool open_chain(struct commit *c, const struct commit_options *o, struct err *e)
{
    struct loop *l = loop_open(e);
    c->publish = (struct mine_publish){.loop = l,
                                       .chain = &c->chain,
                                       .wallet = c->wallet,
                                       .netuid = (uint16_t)c->config->netuid,
                                       .text = bytes_of(c->text),
                                       .limit_ms = o->limit_s * 1000,
                                       .poll_ms = o->poll_ms};
    return l && endpoints_of(&c->a, &c->config->network, 1, &c->endpoints, e) &&
           (c->publish.rpc = mine_rpc_open(l, &c->endpoints, NULL, e)) &&
           mine_chain_load(c->publish.rpc, &c->a, &c->chain, e);
}

static bool open_wallet(struct commit *c, struct err *e)
{
    const struct auction_config *f = c->config;
    const char *path = mine_wallet_path(&c->a, f->wallet_directory, f->wallet_name, f->hotkey_name);
    c->wallet = mine_guard_secrets(e) ? mine_wallet_open(path, e) : NULL;
    return c->wallet && (c->wallet->can_sign || err_set(e, "%s has no secret: it cannot sign", path));
}

/* A record that cannot be read counts as changed, as in the original. */
static void decide(struct commit *c, bool force)
{
    struct commitment_record r = {0};
    bool present = false;
    struct err unread;
    bool known = force || mine_publish_record(&c->publish, &c->a, NULL, &r, &present, &unread);
    c->advice = publish_decide(&(struct publish_facts){.text = c->text,
                                                       .workers = c->config->total_workers,
                                                       .force = force,
                                                       .known = known,
                                                       .record = present && r.is_raw ? r.text : (struct bytes){NULL, 0},
                                                       .record_block = present ? (int64_t)r.block : NOT_KNOWN,
                                                       .head = (int64_t)c->chain.head});
}

static bool commit(struct commit *c, const char *path, const struct commit_options *o, struct err *e)
{
    if (!read_config(c, path, e) || !open_wallet(c, e) || !open_chain(c, o, e))
        return false;
    decide(c, o->force);
    return !c->advice.publish || mine_publish(&c->publish, &c->a, &c->done, e);
}

static int tell(struct commit *c)
{
    static const char *const why[] = {[PUBLISH_NOTHING] = "no workers",
                                      [PUBLISH_UNCHANGED] = "unchanged",
                                      [PUBLISH_CHANGED] = "changed",
                                      [PUBLISH_STALE] = "stale",
                                      [PUBLISH_FORCED] = "forced"};
    json_t *o = json_pack("{sb ss ss sI}", "published", (int)c->advice.publish, "why", why[c->advice.why], "text",
                          c->text, "head", (json_int_t)c->chain.head);
    if (c->advice.publish) {
        struct bytes hash = {(const char *)c->done.hash, HASH_BYTES};
        json_object_set_new(o, "extrinsic", json_string(hex_text(&c->a, hash)));
        json_object_set_new(o, "nonce", json_integer((json_int_t)c->done.nonce));
        json_object_set_new(o, "block", json_integer((json_int_t)c->done.block));
        json_object_set_new(o, "finalized", json_integer((json_int_t)c->done.finalized));
    }
    return mine_print(o);
}

static void leave(struct commit *c)
{
    mine_wallet_close(c->wallet);
    if (c->publish.rpc)
        mine_rpc_close(c->publish.rpc);
    if (c->publish.loop)
        loop_close(c->publish.loop);
    arena_release(&c->a);
}

int mine_commit(int argc, char **argv)
{
    struct err e;
    struct commit_options o = {.limit_s = LIMIT_USUAL_S, .poll_ms = POLL_MS};
    struct commit c = {.a = {0}};
    int words = mine_words(mine_commit_options, argc, argv, 1, &o, &e);
    if (words < 0)
        return mine_complain(&e);
    if (o.limit_s < 1 || o.limit_s > LIMIT_MOST_S || o.poll_ms < 10 || o.poll_ms > LIMIT_MOST_S) {
        err_set(&e, "--limit must be 1 to %d seconds, --poll 10 to %d milliseconds", LIMIT_MOST_S, LIMIT_MOST_S);
        return mine_complain(&e);
    }
    bool ok = commit(&c, words > 0 ? argv[1] : "config.toml", &o, &e);
    int code = ok ? tell(&c) : mine_failed(&e);
    leave(&c);
    return code;
}
