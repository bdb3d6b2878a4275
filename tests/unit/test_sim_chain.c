/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulated chain as pure steps: its blocks, its branches, its people, and what it says to what is sent. */
#include "sim/chain_rpc.h"

#include "auction/gather.h"
#include "auction/window.h"
#include "chain/commitments.h"
#include "chain/hex.h"
#include "chain/neurons.h"
#include "chain/portable.h"
#include "chain/sr25519.h"
#include "chain/ss58.h"
#include "sim/runtime.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { BEGIN = 1000, NETUID = 1, BLOCK_MS = 100 };
#define PRICES "ALPHA_TAO=0.037639265281541704;TAO_USDC=45;HASHP_USDC=50;cap=0.4"

struct world {
    struct sim_chain c;
    struct chain_node n;
    struct arena a;
    struct sr25519 key;
};
static const struct sim_chain_setup usual = {.seed = 7,
                                             .netuid = NETUID,
                                             .tempo = 360,
                                             .head = BEGIN,
                                             .block_ms = BLOCK_MS,
                                             .lag = 3,
                                             .miners = 4,
                                             .validators = 2,
                                             .prices = PRICES};

static struct world *open_as(const struct sim_chain_setup *setup)
{
    struct world *w = test_calloc(1, sizeof *w);
    uint8_t seed[32];
    memset(seed, 1, sizeof seed);
    chain_open(&w->c, setup, 0);
    w->n.chain = &w->c;
    sr25519_from_seed(&w->key, seed);
    chain_register(&w->c, w->key.public_key, 0);
    return w;
}

static int begin(void **state)
{
    if (sodium_init() < 0)
        return 1;
    *state = open_as(&usual);
    return 0;
}

static int finish(void **state)
{
    struct world *w = *state;
    chain_close(&w->c);
    arena_release(&w->a);
    test_free(w);
    return 0;
}

struct wish { /* what an extrinsic is to be; zero: as it should be */
    uint64_t nonce, spec, immortal, other_genesis, spoil, netuid;
    int64_t born; /* blocks before the head */
    uint32_t period;
    const char *text;
};

static struct bytes signed_as(struct world *w, const struct wish *x)
{
    static const uint8_t random[32] = {1};
    struct extrinsic_terms t = {.spec_version = RUNTIME_SPEC_VERSION + (uint32_t)x->spec,
                                .transaction_version = RUNTIME_TRANSACTION_VERSION,
                                .nonce = x->nonce};
    struct bytes call, whole;
    struct extrinsic_draft d;
    uint8_t signature[64];
    struct err e = {""};
    int64_t birth = w->c.head - x->born;
    chain_hash(&w->c, x->other_genesis ? 1 : 0, t.genesis);
    chain_hash(&w->c, birth, t.birth);
    if (!x->immortal)
        t.era = era_at((uint64_t)birth, x->period ? x->period : 64);
    assert_true(commitment_call(&w->a, w->c.metadata, (uint16_t)(NETUID + x->netuid),
                                bytes_of(x->text ? x->text : "2;b;BTC,1=0.25:4"), &call, &e));
    assert_true(extrinsic_draft(&w->a, w->c.metadata, &t, call, &d, &e));
    sr25519_sign(&w->key, d.payload, random, signature);
    signature[5] ^= (uint8_t)x->spoil;
    assert_true(extrinsic_signed(&w->a, w->c.metadata, &d, w->key.public_key, signature, &whole, &e));
    return whole;
}

static struct chain_verdict send(struct world *w, struct wish x)
{
    uint8_t hash[32];
    return chain_submit(&w->c, signed_as(w, &x), hash);
}

static void assert_refused(struct world *w, struct wish x, int64_t code, const char *words)
{
    struct chain_verdict v = send(w, x);
    assert_int_equal(v.code, code);
    assert_string_equal(v.data ? v.data : v.message, words);
}

static const struct chain_state *ours(struct world *w, int64_t block)
{
    return chain_state_at(chain_account(&w->c, w->key.public_key, false), block);
}

/* ---- blocks ------------------------------------------------------------------------------------------------------- */

static void blocks_come_by_the_clock_and_finality_lags(void **state)
{
    struct world *w = *state;
    chain_step(&w->c, BLOCK_MS - 1);
    assert_int_equal(w->c.head, BEGIN);
    chain_step(&w->c, 5 * BLOCK_MS);
    assert_int_equal(w->c.head, BEGIN + 5);
    assert_int_equal(w->c.finalized, BEGIN + 2);
    assert_int_equal(chain_made_ms(&w->c, BEGIN + 5), 5 * BLOCK_MS);
    assert_int_equal(chain_made_ms(&w->c, BEGIN - 10), -10 * BLOCK_MS);
    chain_step(&w->c, 100000 * (int64_t)BLOCK_MS);
    assert_in_range(w->c.head, BEGIN + 6, BEGIN + 300);
    assert_int_equal(w->c.next_ms, 100001 * (int64_t)BLOCK_MS);
}

static void every_block_has_a_name_that_leads_back_to_it(void **state)
{
    struct world *w = *state;
    uint8_t hash[32], other[32];
    int64_t block = 0;
    for (int64_t i = 0; i <= BEGIN; i += 37) {
        chain_hash(&w->c, i, hash);
        chain_hash(&w->c, i + 1, other);
        assert_true(chain_block(&w->c, hash, &block) && block == i);
        assert_memory_not_equal(hash, other, sizeof hash);
    }
    hash[31] ^= 1;
    assert_false(chain_block(&w->c, hash, &block));
    chain_hash(&w->c, BEGIN + 1, hash);
    assert_false(chain_block(&w->c, hash, &block));
}

static void a_branch_that_is_given_up_takes_its_blocks_along_but_never_finalized_ones(void **state)
{
    struct world *w = *state;
    uint8_t lost[32], kept[32], again[32];
    int64_t block;
    chain_advance(&w->c, 10, 0);
    chain_hash(&w->c, BEGIN + 10, lost);
    chain_hash(&w->c, BEGIN + 7, kept);
    assert_int_equal(chain_reorganise(&w->c, 50), 3);
    assert_int_equal(w->c.head, BEGIN + 7);
    chain_advance(&w->c, 3, 0);
    assert_false(chain_block(&w->c, lost, &block));
    assert_true(chain_block(&w->c, kept, &block));
    chain_hash(&w->c, BEGIN + 10, again);
    assert_true(chain_block(&w->c, again, &block) && block == BEGIN + 10);
    assert_int_equal(chain_reorganise(&w->c, 1), 1);
    chain_advance(&w->c, 1, 0);
    chain_hash(&w->c, BEGIN + 10, lost);
    assert_memory_not_equal(again, lost, sizeof lost);
}

static void the_same_seed_tells_the_same_story_and_forks_come_by_themselves(void **state)
{
    struct sim_chain_setup setup = usual;
    uint8_t one[32], two[32];
    (void)state;
    setup.forks = 5;
    setup.skips = 10;
    setup.prices = NULL;
    struct world *a = open_as(&setup), *b = open_as(&setup);
    for (int i = 1; i <= 300; i++) {
        chain_step(&a->c, i * (int64_t)BLOCK_MS);
        if (i % 7 == 0 || i == 300)
            chain_step(&b->c, i * (int64_t)BLOCK_MS);
    }
    chain_hash(&a->c, a->c.head, one);
    chain_hash(&b->c, b->c.head, two);
    assert_int_equal(a->c.head, b->c.head);
    assert_memory_equal(one, two, sizeof one);
    assert_in_range(a->c.forks, 20, 100);
    assert_true(a->c.head < BEGIN + 300);
    for (size_t i = 0; i < a->c.accounts; i++)
        assert_memory_equal(chain_state_at(&a->c.account[i], a->c.head)->info,
                            chain_state_at(&b->c.account[i], b->c.head)->info, CHAIN_INFO);
    finish((void **)&a);
    finish((void **)&b);
}

/* ---- what is sent ------------------------------------------------------------------------------------------------- */

static void a_good_commitment_is_in_the_next_block_and_not_before(void **state)
{
    struct world *w = *state;
    assert_int_equal(send(w, (struct wish){0}).code, 0);
    assert_int_equal(chain_next_nonce(&w->c, w->key.public_key), 1);
    assert_int_equal(ours(w, w->c.head)->committed, -1);
    chain_advance(&w->c, 2, 0);
    assert_int_equal(ours(w, w->c.head)->committed, BEGIN + 1);
    assert_int_equal(ours(w, BEGIN)->committed, -1);
    assert_int_equal(ours(w, w->c.head)->nonce, 1);
    assert_int_equal(ours(w, w->c.head)->info_len, 2 + strlen("2;b;BTC,1=0.25:4"));
}

static void what_a_node_refuses_is_refused_in_its_words(void **state)
{
    struct world *w = *state;
    static const char bad[] = "Transaction has a bad signature";
    assert_refused(w, (struct wish){.spoil = 1}, 1010, bad);
    assert_refused(w, (struct wish){.spec = 1}, 1010, bad);
    assert_refused(w, (struct wish){.other_genesis = 1}, 1010, bad);
    assert_refused(w, (struct wish){.born = 5, .period = 4}, 1010, bad); /* its time is over */
    assert_refused(w, (struct wish){.born = -3}, 1010,
                   bad); /* born in a block that is not there: taken as an older one */
    assert_int_equal(send(w, (struct wish){.born = 60}).code, 0);
    assert_refused(w, (struct wish){.born = 60}, 1013, "Transaction Already Imported");
    assert_refused(w, (struct wish){.text = "2;b;"}, 1014, "another one waits with this nonce");
    chain_advance(&w->c, 1, 0);
    assert_refused(w, (struct wish){.text = "2;b;"}, 1010, "Transaction is outdated");
    assert_int_equal(send(w, (struct wish){.nonce = 1, .immortal = 1}).code, 0);
    uint8_t hash[32];
    assert_int_equal(chain_submit(&w->c, bytes_of("\x14nonsense"), hash).code, 1002);
    chain_advance(&w->c, 2000, 0);
    assert_refused(w, (struct wish){.born = 2500, .period = 4096}, 1010, "Transaction has an ancient birth block");
}

static void a_nonce_that_is_ahead_waits_for_those_before(void **state)
{
    struct world *w = *state;
    assert_int_equal(send(w, (struct wish){.nonce = 1, .text = "2;b;BTC,1=0.1:2"}).code, 0);
    assert_int_equal(chain_next_nonce(&w->c, w->key.public_key), 0);
    chain_advance(&w->c, 1, 0);
    assert_int_equal(ours(w, w->c.head)->nonce, 0);
    assert_int_equal(send(w, (struct wish){0}).code, 0);
    chain_advance(&w->c, 1, 0);
    assert_int_equal(ours(w, w->c.head)->nonce, 2);
    assert_memory_equal(ours(w, w->c.head)->info + 2, "2;b;BTC,1=0.1:2", 15);
}

static void a_commitment_of_a_lost_block_waits_again_and_one_born_in_it_is_dropped(void **state)
{
    struct world *w = *state;
    chain_advance(&w->c, 1, 0);
    assert_int_equal(send(w, (struct wish){.born = 1}).code, 0);
    assert_int_equal(send(w, (struct wish){.nonce = 1}).code, 0);
    chain_advance(&w->c, 1, 0);
    assert_int_equal(ours(w, w->c.head)->nonce, 2);
    assert_int_equal(chain_reorganise(&w->c, 2), 2);
    assert_int_equal(ours(w, w->c.head)->nonce, 0);
    chain_advance(&w->c, 2, 0);
    assert_int_equal(ours(w, w->c.head)->nonce, 1);
    assert_int_equal(w->c.sent[1].block, -1);
}

static void calls_fail_in_the_block_and_cost_their_nonce(void **state)
{
    struct world *w = *state;
    assert_int_equal(send(w, (struct wish){.netuid = 1}).code, 0);
    chain_advance(&w->c, 1, 0);
    assert_string_equal(w->c.sent[0].error, "AccountNotAllowedCommit");
    assert_int_equal(ours(w, w->c.head)->nonce, 1);
    assert_int_equal(ours(w, w->c.head)->committed, -1);
    for (uint64_t i = 1; i <= 32; i++) {
        assert_int_equal(send(w, (struct wish){.nonce = i}).code, 0);
        chain_advance(&w->c, 1, 0);
        assert_int_equal(w->c.sent[i].error != NULL, i == 32); /* 31 times 100 bytes */
    }
    assert_string_equal(w->c.sent[32].error, "SpaceLimitExceeded");
    chain_advance(&w->c, 361, 0); /* another epoch */
    assert_int_equal(send(w, (struct wish){.nonce = 33}).code, 0);
    chain_advance(&w->c, 1, 0);
    assert_null(w->c.sent[33].error);
}

static void only_commitments_are_free(void **state)
{
    struct world *w = *state;
    static const uint8_t random[32] = {2};
    struct extrinsic_terms t = {.spec_version = RUNTIME_SPEC_VERSION,
                                .transaction_version = RUNTIME_TRANSACTION_VERSION};
    static const char remark[] = {0, 0, 4 << 2, 'f', 'e', 'e', '?'};
    struct extrinsic_draft d;
    struct bytes whole;
    uint8_t signature[64], hash[32];
    chain_hash(&w->c, 0, t.genesis);
    assert_true(extrinsic_draft(&w->a, w->c.metadata, &t, (struct bytes){remark, sizeof remark}, &d, NULL));
    sr25519_sign(&w->key, d.payload, random, signature);
    assert_true(extrinsic_signed(&w->a, w->c.metadata, &d, w->key.public_key, signature, &whole, NULL));
    struct chain_verdict v = chain_submit(&w->c, whole, hash);
    assert_int_equal(v.code, 1010);
    assert_string_equal(v.data, "Inability to pay some fees (e.g. account balance too low)");
    struct chain_account *a = chain_account(&w->c, w->key.public_key, false);
    chain_change(&w->c, a, w->c.head)->free_rao = 200000;
    assert_int_equal(chain_submit(&w->c, whole, hash).code, 0);
    chain_advance(&w->c, 1, 0);
    assert_int_equal(ours(w, w->c.head)->free_rao, 200000 - 125000 - whole.len);
}

/* ---- what it tells ------------------------------------------------------------------------------------------------ */

static void values_have_the_shapes_that_the_metadata_says(void **state)
{
    struct world *w = *state;
    const struct metadata *m = w->c.metadata;
    struct chain_entry *at;
    send(w, (struct wish){0});
    chain_advance(&w->c, 1, 0);
    w->c.split[0] = 52428;
    w->c.splits = 2;
    size_t all = chain_entries(&w->c, &w->a, w->c.head, (struct bytes){"", 0}, &at), fitting = 0;
    for (size_t p = 0; p < m->pallet_count; p++)
        for (size_t i = 0; i < m->pallet[p].storage_count; i++) {
            struct scale_out prefix = {.arena = &w->a};
            const struct storage_item *s = &m->pallet[p].storage[i];
            storage_prefix(&prefix, arena_copy(&w->a, m->pallet[p].name), arena_copy(&w->a, s->name));
            for (size_t k = 0; k < all; k++)
                if (memcmp(at[k].key.at, prefix.at, STORAGE_PREFIX) == 0)
                    fitting += portable_fits((struct portable){m, s->value, at[k].value});
        }
    assert_true(all > 7 * 5 + 7);
    assert_int_equal(fitting, all);
    for (size_t i = 1; i < all; i++)
        assert_true(memcmp(at[i - 1].key.at, at[i].key.at, STORAGE_PREFIX) <= 0);
}

/* Everything as a miner reads it, and the auction of it: prices agree, the budget is that of auction.md 4.4. */
static void a_miner_can_read_an_auction_out_of_it(void **state)
{
    struct world *w = *state;
    struct scale_out prefix = {.arena = &w->a};
    struct chain_entry *at;
    struct neuron *neuron;
    size_t neurons;
    chain_advance(&w->c, 90, 0);
    struct window win = window_of(w->c.head, NETUID, 360);
    struct bytes raw = chain_call(&w->c, &w->a, win.start, NEURONS_METHOD, (struct bytes){"\1\0", 2});
    assert_true(neurons_read(&w->a, w->c.metadata, raw, &neuron, &neurons, NULL));
    assert_int_equal(neurons, 7);
    assert_true(commitment_key(&prefix, w->c.metadata, NETUID, NULL, NULL));
    size_t n = chain_entries(&w->c, &w->a, win.start, scale_bytes(&prefix), &at);
    assert_int_equal(n, 6);
    struct chain_commitment *c = arena_array(&w->a, n, sizeof *c);
    struct chain_neuron *who = arena_array(&w->a, neurons, sizeof *who);
    for (size_t i = 0; i < n; i++) {
        struct commitment_record r;
        assert_true(commitment_record_read(w->c.metadata, at[i].value, &r) && r.is_raw);
        char *hotkey = arena_alloc(&w->a, SS58_TEXT);
        c[i] =
            (struct chain_commitment){ss58_encode(hotkey, commitment_account(at[i].key), 42), r.text, (int64_t)r.block};
    }
    for (size_t i = 0; i < neurons; i++) {
        char *hotkey = arena_alloc(&w->a, SS58_TEXT);
        who[i] = (struct chain_neuron){ss58_encode(hotkey, neuron[i].hotkey, 42), neuron[i].uid, neuron[i].stake_rao};
    }
    struct auction_facts f = {win.start, c, n, who, neurons, 1};
    struct auction_case made;
    assert_true(auction_gather(&w->a, &f, &made, NULL));
    assert_true(made.priced);
    assert_int_equal(made.bidders, 4);
    assert_true(made.budget.ph > 99.999 && made.budget.ph < 100.001);
    assert_true(made.budget.capped_ph > 39.999 && made.budget.capped_ph < 40.001);
}

/* ---- as a node ---------------------------------------------------------------------------------------------------- */

static json_t *ask(struct world *w, const char *question, enum chain_fault fault)
{
    json_t *answer = chain_node_answer(&w->n, bytes_of(question), fault, 0);
    assert_non_null(answer);
    return answer;
}

static void assert_error(struct world *w, const char *question, int64_t code)
{
    json_t *o = ask(w, question, CHAIN_FINE);
    assert_int_equal(json_int(json_child(o, "error"), "code"), code);
    assert_null(json_object_get(o, "result"));
    json_decref(o);
}

static void questions_that_are_none_are_answered_with_an_error(void **state)
{
    struct world *w = *state;
    assert_error(w, "no json", -32700);
    assert_error(w, "{\"id\":1}", -32600);
    assert_error(w, "[]", -32010);
    assert_error(w, "{\"id\":1,\"method\":\"make_money\"}", -32601);
    assert_error(w, "{\"id\":1,\"method\":\"state_getStorage\",\"params\":[\"0xzz\"]}", -32602);
    assert_error(w, "{\"id\":1,\"method\":\"state_getStorage\",\"params\":[\"0x\",\"0x12\"]}", 4003);
    assert_error(w, "{\"id\":1,\"method\":\"system_accountNextIndex\",\"params\":[\"me\"]}", -32602);
    assert_error(w, "{\"id\":1,\"method\":\"state_call\",\"params\":[\"No_such\",\"0x\"]}", 4003);
}

static const char *told(struct world *w, const char *question, enum chain_fault fault)
{
    json_t *o = ask(w, question, fault);
    const json_t *r = json_object_get(o, "result");
    const char *text = json_text(&w->a, r, "number");
    if (!text)
        text = json_is_string(r) ? arena_text(&w->a, "%s", json_string_value(r)) : "null";
    json_decref(o);
    return text;
}

static void names_and_places_of_parameters_mean_the_same(void **state)
{
    struct world *w = *state;
    uint8_t hash[32];
    chain_hash(&w->c, 990, hash);
    const char *hex = hex_text(&w->a, (struct bytes){(const char *)hash, 32});
    const char *by_place = arena_text(&w->a, "{\"id\":1,\"method\":\"chain_getHeader\",\"params\":[\"%s\"]}", hex);
    const char *by_name =
        arena_text(&w->a, "{\"id\":1,\"method\":\"chain_getHeader\",\"params\":{\"hash\":\"%s\"}}", hex);
    assert_string_equal(told(w, by_place, CHAIN_FINE), "0x3de");
    assert_string_equal(told(w, by_name, CHAIN_FINE), "0x3de");
    assert_string_equal(told(w, "{\"id\":1,\"method\":\"chain_getBlockHash\",\"params\":[990]}", CHAIN_FINE), hex);
    assert_string_equal(told(w, "{\"id\":1,\"method\":\"chain_getBlockHash\",\"params\":[1001]}", CHAIN_FINE), "null");
}

static void a_node_that_is_behind_or_stuck_tells_an_older_head(void **state)
{
    struct world *w = *state;
    static const char question[] = "{\"id\":1,\"method\":\"chain_getHeader\"}";
    chain_advance(&w->c, 24, 0);
    assert_string_equal(told(w, question, CHAIN_FINE), "0x400");
    assert_string_equal(told(w, question, CHAIN_BEHIND), "0x3e2");
    assert_string_equal(told(w, question, CHAIN_STUCK), "0x400");
    chain_advance(&w->c, 10, 0);
    assert_string_equal(told(w, question, CHAIN_STUCK), "0x400");
    assert_string_equal(told(w, question, CHAIN_FINE), "0x40a");
}

static void faults_come_in_their_order_by_path_or_until_further_notice(void **state)
{
    struct world *w = *state;
    const struct bytes question = bytes_of("{}"), admin = bytes_of("{\"method\":\"sim_state\"}");
    json_decref(ask(w, "{\"id\":1,\"method\":\"sim_fault\",\"params\":[\"429\",2]}", CHAIN_FINE));
    assert_int_equal(chain_node_fault(&w->n, "/", question), CHAIN_429);
    assert_int_equal(chain_node_fault(&w->n, "/", admin), CHAIN_FINE);
    assert_int_equal(chain_node_fault(&w->n, "/slow", question), CHAIN_SLOW);
    assert_int_equal(chain_node_fault(&w->n, "/", question), CHAIN_429);
    assert_int_equal(chain_node_fault(&w->n, "/", question), CHAIN_FINE);
    json_decref(ask(w, "{\"id\":1,\"method\":\"sim_fault\",\"params\":[\"cut\"]}", CHAIN_FINE));
    for (int i = 0; i < 3; i++)
        assert_int_equal(chain_node_fault(&w->n, "/", question), CHAIN_CUT);
    assert_error(w, "{\"id\":1,\"method\":\"sim_fault\",\"params\":[\"flood\"]}", -32602);
}

static void state_that_is_too_old_is_discarded(void **state)
{
    struct world *w = *state;
    uint8_t hash[32];
    chain_advance(&w->c, 600, 0);
    chain_advance(&w->c, 600, 0);
    chain_hash(&w->c, BEGIN + 100, hash);
    assert_error(w,
                 arena_text(&w->a, "{\"id\":1,\"method\":\"state_getStorage\",\"params\":[\"0x\",\"%s\"]}",
                            hex_text(&w->a, (struct bytes){(const char *)hash, 32})),
                 4003);
}

#define IN_A_WORLD(test) cmocka_unit_test_setup_teardown(test, begin, finish)
int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(blocks_come_by_the_clock_and_finality_lags),
        IN_A_WORLD(every_block_has_a_name_that_leads_back_to_it),
        IN_A_WORLD(a_branch_that_is_given_up_takes_its_blocks_along_but_never_finalized_ones),
        IN_A_WORLD(the_same_seed_tells_the_same_story_and_forks_come_by_themselves),
        IN_A_WORLD(a_good_commitment_is_in_the_next_block_and_not_before),
        IN_A_WORLD(what_a_node_refuses_is_refused_in_its_words),
        IN_A_WORLD(a_nonce_that_is_ahead_waits_for_those_before),
        IN_A_WORLD(a_commitment_of_a_lost_block_waits_again_and_one_born_in_it_is_dropped),
        IN_A_WORLD(calls_fail_in_the_block_and_cost_their_nonce),
        IN_A_WORLD(only_commitments_are_free),
        IN_A_WORLD(values_have_the_shapes_that_the_metadata_says),
        IN_A_WORLD(a_miner_can_read_an_auction_out_of_it),
        IN_A_WORLD(questions_that_are_none_are_answered_with_an_error),
        IN_A_WORLD(names_and_places_of_parameters_mean_the_same),
        IN_A_WORLD(a_node_that_is_behind_or_stuck_tells_an_older_head),
        IN_A_WORLD(faults_come_in_their_order_by_path_or_until_further_notice),
        IN_A_WORLD(state_that_is_too_old_is_discarded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
