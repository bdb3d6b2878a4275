/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The job "commitment" (auction.md 5): what config.toml says is on the chain, and never older than 72 minutes. */
#include "auction/bids.h"
#include "auction/publish.h"
#include "auction/window.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "chain/hex.h"
#include "cmd/mine_event.h"
#include "cmd/mine_job.h"
#include "cmd/mine_publish.h"
#include "cmd/mine_wallet.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN = 50, POLL_LEAST_MS = 200, POLL_MOST_MS = 3000, MS = 1000 };

static const char int64_most[] = "9223372036854775807";
static const char *const why_words[] = {[PUBLISH_NOTHING] = "no workers",
                                        [PUBLISH_UNCHANGED] = "unchanged",
                                        [PUBLISH_CHANGED] = "changed",
                                        [PUBLISH_STALE] = "stale",
                                        [PUBLISH_FORCED] = "forced"};

struct look { /* at the chain */
    bool known, present;
    struct commitment_record record;
    struct publish_advice advice;
};

/* ---- what the log says of it -------------------------------------------------------------------------------------- */

static void say(const struct mine_run *r, enum mine_level level, const char *event, json_t *fields)
{
    mine_event(r->task->log_fd, level, event, fields);
}

/* Texts of the chain are anybody's: 50 characters of safe text. */
static json_t *shown(struct mine_run *r, const struct look *x)
{
    bool text = x->present && x->record.is_raw;
    return text ? json_string(text_safe(&r->a, x->record.text, SHOWN)) : json_null();
}

static void say_fetched(struct mine_run *r, const struct look *x)
{
    bool raw = x->present && x->record.is_raw;
    say(r, MINE_INFO, "Fetched commitment from chain",
        json_pack("{ss ss sI sb so}", "hotkey", mine_short(&r->a, r->setup.hotkey), "data_type", raw ? "bytes" : "None",
                  "data_len", (json_int_t)(raw ? x->record.text.len : 0), "has_data", (int)raw, "commit_block",
                  x->present ? json_integer((json_int_t)x->record.block) : json_null()));
    if (raw)
        say(r, MINE_INFO, "Decoded commitment", json_pack("{so}", "value", shown(r, x)));
    else
        say(r, MINE_INFO, "No existing commitment found on-chain",
            json_pack("{ss}", "hotkey", mine_short(&r->a, r->setup.hotkey)));
}

static void say_checked(struct mine_run *r, const struct look *x)
{
    const struct publish_advice *v = &x->advice;
    say(r, MINE_INFO, "Checking commitment change",
        json_pack("{so ss# sb so so so sb}", "current", shown(r, x), "new", r->setup.text,
                  strnlen(r->setup.text, SHOWN), "changed", (int)!v->same, "current_block",
                  json_integer((json_int_t)r->chain.head), "commitment_block",
                  x->present ? json_integer((json_int_t)x->record.block) : json_null(), "commitment_age_sec",
                  json_from_int(v->age_s), "commitment_stale", (int)v->stale));
    if (v->why == PUBLISH_UNCHANGED)
        say(r, MINE_INFO, "Commitment unchanged; skipping update", NULL);
    if (v->why == PUBLISH_STALE)
        say(r, MINE_INFO, "Commitment stale; refreshing",
            json_pack("{sI}", "commitment_age_sec", (json_int_t)v->age_s));
    if (v->why == PUBLISH_CHANGED)
        say(r, MINE_INFO, "Commitment changed, will update",
            json_pack("{sI sI}", "current_len", (json_int_t)(x->present ? x->record.text.len : 0), "new_len",
                      (json_int_t)strlen(r->setup.text)));
}

/* [["BTC", price, {"0.25": 4}]], the price in 10^-18 parts. */
static json_t *bids_of(struct mine_run *r)
{
    const struct auction_config *c = r->setup.config;
    json_t *sizes = json_object();
    struct fp18 price = fp18_of(c->price_multiplier);
    for (size_t i = 0; i < c->worker_count; i++) {
        json_int_t before = json_integer_value(json_object_get(sizes, c->worker[i].hashrate));
        json_object_set_new(sizes, c->worker[i].hashrate, json_integer(before + (json_int_t)c->worker[i].count));
    }
    const char *units = fp18_units_text(&r->a, price);
    bool fits =
        strlen(units) < strlen(int64_most) || (strlen(units) == strlen(int64_most) && strcmp(units, int64_most) < 0);
    json_t *number = fits ? json_integer(strtoll(units, NULL, 10)) : json_string(units);
    return json_pack("[[soo]]", "BTC", number, sizes);
}

static void say_updated(struct mine_run *r)
{
    say(r, MINE_INFO, "Published miner bidding commitment",
        json_pack("{sI}", "bytes_len", (json_int_t)strlen(r->setup.text)));
    say(r, MINE_INFO, "Miner commitment updated",
        json_pack("{so sb sI}", "bids", bids_of(r), "force", (int)r->task->force, "worker_count",
                  (json_int_t)r->setup.config->total_workers));
}

/* ---- the status file ---------------------------------------------------------------------------------------------- */

/* text: as the chain has it. at: of the block, counted back from the head at 12 s a block. */
static void tell(struct mine_run *r, struct bytes text, bool present, uint64_t block, enum publish_why why)
{
    int64_t ago_ms = r->chain.head > block ? (int64_t)(r->chain.head - block) * r->setup.mine->block_ms : 0;
    json_t *o = json_null();
    if (present)
        o = json_pack("{ss sI sI sf sb ss sf}", "text", text_safe(&r->a, text, COMMITMENT_BYTES), "bytes",
                      (json_int_t)text.len, "block", (json_int_t)block, "at", (double)(wall_now() - ago_ms) / MS,
                      "published", 1, "why", why_words[why], "checked_at", (double)wall_now() / MS);
    json_object_set_new(r->patch, "commitment", o);
}

/* ---- the job ------------------------------------------------------------------------------------------------------ */

static struct mine_publish asking(struct mine_run *r, const struct wallet *w, int64_t limit_ms)
{
    int64_t poll = r->setup.mine->block_ms / 4;
    return (struct mine_publish){.loop = r->loop,
                                 .rpc = r->rpc,
                                 .chain = &r->chain,
                                 .wallet = w,
                                 .netuid = (uint16_t)r->setup.config->netuid,
                                 .text = bytes_of(r->setup.text),
                                 .limit_ms = limit_ms,
                                 .poll_ms = r->task->poll_ms > 0   ? r->task->poll_ms
                                            : poll < POLL_LEAST_MS ? POLL_LEAST_MS
                                            : poll < POLL_MOST_MS  ? poll
                                                                   : POLL_MOST_MS};
}

static void look_at(struct mine_run *r, struct look *x)
{
    struct wallet only_public = {.can_sign = false};
    struct err why = {""};
    memcpy(only_public.public_key, r->setup.account, sizeof r->setup.account);
    struct mine_publish p = asking(r, &only_public, 0);
    x->known = mine_publish_record(&p, &r->a, NULL, &x->record, &x->present, &why);
    if (x->known)
        say_fetched(r, x);
    else
        say(r, MINE_WARNING, "Failed to fetch current commitment from chain",
            json_pack("{ss ss ss}", "error", why.text, "error_type", "RpcError", "hotkey",
                      mine_short(&r->a, r->setup.hotkey)));
    x->advice = publish_decide(
        &(struct publish_facts){.text = r->setup.text,
                                .workers = r->setup.config->total_workers,
                                .force = r->task->force,
                                .known = x->known,
                                .record = x->present && x->record.is_raw ? x->record.text : (struct bytes){NULL, 0},
                                .record_block = x->present ? (int64_t)x->record.block : NOT_KNOWN,
                                .head = (int64_t)r->chain.head});
}

static bool publish(struct mine_run *r, const struct look *x, struct err *e)
{
    struct mine_published done = {.block = 0};
    struct wallet *w = mine_guard_secrets(e) ? mine_wallet_open(r->setup.wallet, e) : NULL;
    struct mine_publish p = asking(r, w, r->task->confirm_ms);
    bool ok = w && (w->can_sign || err_set(e, "%s has no secret: it cannot sign", r->setup.wallet)) &&
              mine_publish(&p, &r->a, &done, e);
    mine_wallet_close(w);
    if (!ok)
        return false;
    struct bytes hash = {(const char *)done.hash, HASH_BYTES};
    if (done.finalized > r->chain.head)
        r->chain.head = done.finalized;
    say_updated(r);
    tell(r, bytes_of(r->setup.text), true, done.block, x->advice.why);
    json_object_set_new(r->patch, "published",
                        json_pack("{ss sI sI sI}", "extrinsic", hex_text(&r->a, hash), "nonce", (json_int_t)done.nonce,
                                  "block", (json_int_t)done.block, "finalized", (json_int_t)done.finalized));
    return true;
}

static bool can_commit(struct mine_run *r, struct err *e)
{
    mine_setup_account(&r->setup);
    if (!r->setup.has_account) {
        say(r, MINE_EXCEPTION, "Unable to load wallet for miner hotkey",
            json_pack("{ss}", "error", r->setup.nobody.text));
        say(r, MINE_ERROR, "Cannot commit without hotkey", NULL);
        return err_set(e, "%s", r->setup.nobody.text);
    }
    if (!r->setup.text) {
        say(r, MINE_EXCEPTION, "Invalid miner workers config; cannot build commitment",
            json_pack("{ss}", "error", r->setup.unbuilt.text));
        return err_set(e, "%s", r->setup.unbuilt.text);
    }
    return true;
}

bool mine_commitment_run(struct mine_run *r, struct err *e)
{
    struct look x = {.known = false};
    if (!can_commit(r, e) || !mine_run_connect(r, e))
        return false;
    look_at(r, &x);
    bool raw = x.present && x.record.is_raw;
    if (x.known)
        tell(r, raw ? x.record.text : (struct bytes){"", 0}, raw, x.present ? x.record.block : 0, x.advice.why);
    if (!r->task->force)
        say_checked(r, &x);
    if (!x.advice.publish)
        return true;
    bool ok = publish(r, &x, e);
    if (!ok)
        say(r, MINE_ERROR, "Commitment not published", json_pack("{ss}", "error", e->text));
    return ok;
}
