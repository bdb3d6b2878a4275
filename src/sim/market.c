/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The chain's clock and the auctions: a block every 12 s, a window every 60 blocks, a result soon after a window begins,
 * a new commitment every 360 blocks (auction.md 2 and 5). Writes auction-status.json and config.toml. */
#include "sim/actors.h"

#include "auction/window.h"

#include <inttypes.h>

enum { RENEW_BLOCKS = 360, PRICE_MILLI = 970, OVERPRICE_MILLI = 1080 };
static const struct {
    const char *hashrate;
    int64_t mph, count; /* thousandths of a PH */
} bids[SIM_BIDS] = {{"0.1", 100, 5}, {"0.25", 250, 4}, {"0.45", 450, 2}};

static int64_t block_gap(const struct sim *s)
{
    return pace_ms(s, BLOCK_SECONDS);
}

int64_t market_block_ms(const struct sim *s)
{
    const int64_t least = 100; /* what davy-mine takes for a chain */
    int64_t ms = (int64_t)(BLOCK_SECONDS * 1000 / s->setup.speed);
    return ms > least ? ms : least;
}

void market_open(struct sim *s, int64_t at_ms)
{
    int64_t block = 7500000 + random_between(&s->random, 0, 400000);
    s->market = (struct sim_market){.block = block, .block_ms = at_ms};
    s->market.commit_block = block - random_between(&s->random, 20, RENEW_BLOCKS - 60);
    s->market.commit_ms = at_ms - (block - s->market.commit_block) * block_gap(s);
}

static int64_t our_price(const struct sim *s)
{
    return s->setup.scenario->overpriced ? OVERPRICE_MILLI : PRICE_MILLI;
}

/* Validators drop a commitment after 150 minutes. */
static bool may_win(const struct sim *s, int64_t at_ms)
{
    const int64_t dropped_ms = 150 * 60000;
    return s->market.price_milli >= our_price(s) && at_ms - s->market.commit_ms < dropped_ms;
}

/* Our bids, biggest workers first, into what the budget leaves beside the others'. */
static void settle(struct sim *s, const struct window *w, int64_t at_ms)
{
    struct sim_market *m = &s->market;
    m->has_result = true;
    m->missed = 0;
    m->result_index = w->index;
    m->result_base = w->base;
    m->result_start = w->start;
    m->result_end = w->end;
    m->result_ms = at_ms;
    m->budget_mph = random_between(&s->random, 3200, 9800);
    m->commitments = random_between(&s->random, 9, 17);
    m->price_milli = random_between(&s->random, 930, 1040);
    int64_t left = may_win(s, at_ms) ? m->budget_mph * random_between(&s->random, 12, 45) / 100 : 0;
    for (int i = SIM_BIDS - 1; i >= 0; i--) {
        int64_t fit = left / bids[i].mph;
        m->won[i] = fit < bids[i].count ? fit : bids[i].count;
        left -= m->won[i] * bids[i].mph;
    }
}

static bool processed(const struct sim_market *m, const struct window *w)
{
    return m->has_result && m->result_base == w->base && m->result_index == w->index;
}

static void close_window(struct sim *s, const struct window *w, int64_t at_ms)
{
    struct sim_market *m = &s->market;
    bool missing = s->setup.scenario->auction_missed && !filling(s);
    if (missing || m->skip > 0) {
        if (m->block != w->end)
            return;
        m->missed++;
        m->skip -= m->skip > 0;
    } else if (!processed(m, w) && m->block > w->start) {
        settle(s, w, at_ms);
    }
}

int64_t blocks_act(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    struct sim_market *m = &s->market;
    m->block++;
    m->block_ms = at_ms;
    struct window w = window_of(m->block, SIM_NETUID, SIM_TEMPO);
    close_window(s, &w, at_ms);
    bool renews = filling(s) || !s->setup.scenario->commit_old;
    if (renews && m->block - m->commit_block >= RENEW_BLOCKS) {
        m->commit_block = m->block;
        m->commit_ms = at_ms;
    }
    market_document(s, at_ms, out);
    return at_ms + block_gap(s);
}

static void forget_commitment(struct sim *s, int64_t now_ms)
{
    const int64_t age_ms = 3 * 3600000;
    s->market.commit_ms = now_ms - age_ms;
    s->market.commit_block = s->market.block - age_ms / block_gap(s);
}

/* A real miner goes on from here: its commitment was there before this window began, and what came of it is its own to tell. */
static void hand_over(struct sim_market *m, int64_t now_ms, int64_t gap_ms)
{
    enum { BEFORE = 5 };
    int64_t latest = window_of(m->block, SIM_NETUID, SIM_TEMPO).start - BEFORE;
    m->has_result = false;
    m->missed = 0;
    if (m->commit_block > latest)
        m->commit_block = latest;
    m->commit_ms = now_ms - (m->block - m->commit_block) * gap_ms;
}

/* Missed windows: the last result is made five windows old. A lost chain: everything in the file is ten minutes old. */
void market_settle(struct sim *s, int64_t now_ms)
{
    struct sim_market *m = &s->market;
    const struct sim_scenario *sc = s->setup.scenario;
    if (s->setup.network) {
        hand_over(m, now_ms, block_gap(s));
        return;
    }
    if (sc->auction_missed) {
        struct window w = window_of(m->block - 5 * WINDOW_BLOCKS, SIM_NETUID, SIM_TEMPO);
        settle(s, &w, now_ms - 5 * WINDOW_BLOCKS * block_gap(s));
        m->missed = 4;
    } else if (!m->has_result) {
        struct window w = window_of(m->block, SIM_NETUID, SIM_TEMPO);
        settle(s, &w, m->block_ms);
    }
    if (sc->commit_old)
        forget_commitment(s, now_ms);
    if (!sc->chain_lost)
        return;
    const int64_t ago = 10 * 60000;
    m->block_ms -= ago;
    m->commit_ms -= ago;
    m->result_ms -= ago;
}

/* Without zeros at the end. */
static void put_price(struct sim_text *t, int64_t milli)
{
    put(t, "%" PRId64 ".%03" PRId64, milli / 1000, milli % 1000);
    while (t->at[t->len - 1] == '0')
        t->len--;
    if (t->at[t->len - 1] == '.')
        t->len--;
}

static void put_bids(struct sim_text *t, const struct sim *s)
{
    put(t, "[");
    for (int i = 0; i < SIM_BIDS; i++) {
        put(t, "%s{\"hashrate\": \"%s\", \"price\": \"", i ? ", " : "", bids[i].hashrate);
        put_price(t, our_price(s));
        put(t, "\", \"count\": %" PRId64 ", \"won\": %" PRId64 "}", bids[i].count, s->market.won[i]);
    }
    put(t, "]");
}

/* The canonical text of config.toml. */
static void put_commitment_text(struct sim_text *t, const struct sim *s)
{
    put(t, "2;b;BTC,");
    put_price(t, our_price(s));
    for (int i = 0; i < SIM_BIDS; i++)
        put(t, "%s%s:%" PRId64, i ? "," : "=", bids[i].hashrate, bids[i].count);
}

struct bytes market_commitment(const struct sim *s, struct arena *a)
{
    struct sim_text t = {.arena = a};
    put_commitment_text(&t, s);
    return put_done(&t);
}

static void put_commitment(struct sim_text *t, const struct sim *s)
{
    put(t, "{\"text\": \"");
    put_commitment_text(t, s);
    put(t, "\", \"block\": %" PRId64 ", \"at\": ", s->market.commit_block);
    put_epoch(t, stamp(s, s->market.commit_ms));
    put(t, ", \"published\": true}");
}

static void put_result(struct sim_text *t, const struct sim *s)
{
    const struct sim_market *m = &s->market;
    int64_t won = 0, all = 0;
    for (int i = 0; i < SIM_BIDS; i++) {
        won += m->won[i];
        all += bids[i].count;
    }
    put(t, "{\"window\": %" PRId64 ", \"start\": %" PRId64 ", \"end\": %" PRId64 ", \"at\": ", m->result_index,
        m->result_start, m->result_end);
    put_epoch(t, stamp(s, m->result_ms));
    put(t, ", \"budget_ph\": ");
    put_real(t, (double)m->budget_mph / 1000);
    put(t, ", \"commitments\": %" PRId64 ", \"won\": %" PRId64 ", \"lost\": %" PRId64 ", \"price\": \"", m->commitments,
        won, all - won);
    put_price(t, m->price_milli);
    put(t, "\", \"bids\": ");
    put_bids(t, s);
    if (s->setup.scenario->chain_trouble)
        put(t, ", \"solver\": {\"name\": \"exact\", \"agree\": false, \"objective\": {\"value\": 8050000, \"cost\": "
               "8000000}, \"cbc\": {\"value\": 8000000, \"cost\": 7950000}}");
    put(t, "}");
}

static void put_chain(struct sim_text *t, const struct sim *s)
{
    const int64_t late = 40;
    if (s->setup.scenario->chain_trouble)
        put(t,
            ", \"finalized\": %" PRId64 ", \"connected\": false, \"endpoint\": null, \"error\": \"no endpoint "
            "answers: entrypoint-finney.opentensor.ai:443: it answers HTTP 503\"",
            s->market.block - late);
    else
        put(t, ", \"connected\": true, \"endpoint\": \"wss://entrypoint-finney.opentensor.ai:443\", \"error\": null");
}

void market_document(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    if (filling(s))
        return;
    const struct sim_market *m = &s->market;
    struct sim_text t = {.arena = out->arena};
    put(&t, "{\"version\": 1, \"network\": \"finney\", \"netuid\": %d, \"tempo\": %d, \"block\": %" PRId64, SIM_NETUID,
        SIM_TEMPO, m->block);
    put(&t, ", \"block_time\": ");
    put_epoch(&t, stamp(s, m->block_ms));
    put_chain(&t, s);
    put(&t, ",\n \"commitment\": ");
    put_commitment(&t, s);
    put(&t, ",\n \"last_result\": ");
    if (m->has_result)
        put_result(&t, s);
    else
        put(&t, "null");
    put(&t, ",\n \"missed_windows\": %" PRId64 ", \"updated_at\": ", m->missed);
    put_epoch(&t, stamp(s, at_ms));
    put(&t, "}\n");
    emit_document(s, out, SIM_REPLACE, SIM_AUCTION_STATUS, put_done(&t));
}

static void put_places(struct sim_text *t, const struct sim *s)
{
    const char *network = s->setup.network;
    put(t, "# The auction miner's bids. Made up by davy-sim.\n[bittensor]\nnetwork = ");
    put_string(t, network ? network : "finney");
    put(t,
        "\nnetuid = %d\n\n[wallet]\nname = \"openclawd-miner\"\nhotkey_name = \"default\"\ndirectory = ", SIM_NETUID);
    put_string(t, network ? arena_text(t->arena, "%s/wallets", s->setup.dir) : "~/.bittensor/wallets");
    put(t, "\n\n");
}

/* Nothing outside of the rig's folder is touched, whatever the environment says. */
static void put_mine(struct sim_text *t, const struct sim *s)
{
    put(t, "\n[mine]\nrouting = \"none\"\nsolver = \"exact\"\nshare = \"1\"\nblock_time_s = ");
    put_real(t, (double)market_block_ms(s) / 1000);
    put(t, "\n");
}

void market_config(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    (void)at_ms;
    struct sim_text t = {.arena = out->arena};
    put_places(&t, s);
    put(&t, "[workers]\nprice_multiplier = \"");
    put_price(&t, our_price(s));
    put(&t, "\"\n");
    if (s->setup.scenario->config_broken)
        put(&t, "hashrates = [\"0.1\", \"0.2\"]\n");
    put(&t, "\n[workers.worker_sizes]\n");
    for (int i = 0; i < SIM_BIDS; i++)
        put(&t, "\"%s\" = %" PRId64 "\n", bids[i].hashrate, bids[i].count);
    if (s->setup.network)
        put_mine(&t, s);
    struct sim_order *o = emit_document(s, out, SIM_REPLACE, SIM_CONFIG, put_done(&t));
    if (o)
        o->age_ms = 3 * (int64_t)86400000; /* older than the commitment made from it */
}
