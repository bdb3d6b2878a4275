/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulated runtime's metadata, and by it the vectors of auction.md 8.3, 8.4 and 8.6: keys, records, neurons, the call,
 * the payload, the signed extrinsic. The real chain's metadata is read by tests/oracle/chain.mjs. */
#include "chain/commitments.h"
#include "chain/extrinsic.h"
#include "chain/hex.h"
#include "chain/neurons.h"
#include "chain/portable.h"
#include "chain/sr25519.h"
#include "sim/runtime.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define PK "189dac29296d31814dc8c56cf3d36a0543372bba7538fa322a4aebfebc39e056"
#define ALICE "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"
#define BOB "8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48"
#define GENESIS "2f0555cc76fc2840a25a6ea3b9637146806f1f44b090c175ffde2a7e5ab36c03"
#define BIRTH "abababababababababababababababababababababababababababababababab"
#define CALL "120059000418323b623b4254432c313d302e32353a342c302e34353a32"
#define PAYLOAD CALL "35021c00003e01000001000000" GENESIS BIRTH "00"
#define SIGNATURE                                                                                                      \
    "c28fdf1d8633c3e33040b6ad62f79c70f52402ca68ec63d643e63be8dcd1ef63"                                                 \
    "bd63c0c7a6d73f9fe6fb5ab63a9d7ea6530538a5a5c570b35b152b1c087a738f"
#define EXTRINSIC "15028400" PK "01" SIGNATURE "35021c0000" CALL

struct world {
    struct arena a;
    const struct metadata *m[2]; /* V14, V15 */
};

static struct bytes raw(struct world *w, const char *hex)
{
    struct bytes out = {0};
    assert_true(hex_read(&w->a, bytes_of(hex), &out));
    return out;
}

static void assert_hex(struct bytes got, const char *want)
{
    struct arena a = {0};
    assert_string_equal(hex_text(&a, got) + 2, want);
    arena_release(&a);
}

static int begin(void **state)
{
    static const unsigned versions[2] = {14, 15};
    struct world *w = test_calloc(1, sizeof *w);
    struct err e = {0};
    *state = w;
    for (size_t i = 0; i < 2; i++) {
        w->m[i] = metadata_read(&w->a, runtime_metadata(&w->a, versions[i]), &e);
        if (!w->m[i])
            fail_msg("%s", e.text);
    }
    return sodium_init() < 0;
}

static int finish(void **state)
{
    struct world *w = *state;
    arena_release(&w->a);
    test_free(w);
    return 0;
}

static void what_storage_holds_by_default_has_the_shape_of_its_type(void **state)
{
    struct world *w = *state;
    size_t checked = 0;
    for (size_t i = 0; i < w->m[0]->pallet_count; i++)
        for (size_t k = 0; k < w->m[0]->pallet[i].storage_count; k++) {
            const struct storage_item *s = &w->m[0]->pallet[i].storage[k];
            assert_true(s->optional || portable_fits((struct portable){w->m[0], s->value, s->fallback}));
            checked++;
        }
    assert_int_equal(checked, 15);
}

static void keys_follow_the_hashers_that_the_runtime_names(void **state)
{
    static const struct {
        const char *pallet, *item, *keys[2], *want;
        size_t count;
    } rows[] = {
        {"Timestamp", "Now", {0}, "f0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb", 0},
        {"System",
         "Account",
         {PK},
         "26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9"
         "dbf9c5dba85a9dc3b72140260b962bc7" PK,
         1},
        {"Commitments",
         "CommitmentOf",
         {"5900", PK},
         "ca407206ec1ab726b2636c4b145ac287419a60ae8b01e6dcaebd7317e43c69bf"
         "5900f26aea1d0ff0a698" PK,
         2},
        {"SubtensorModule",
         "Keys",
         {"5900", "0500"},
         "658faa385070e074c85bf6b568cf05559f99a2ce711f3a31b2fc05604c93f179"
         "59000500",
         2},
        {"SubtensorModule",
         "MechanismEmissionSplit",
         {"5900"},
         "658faa385070e074c85bf6b568cf0555beab2628b84716c818c24a82"
         "34e9684ceee387b976b29d9a5900",
         1},
    };
    struct world *w = *state;
    for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        struct scale_out o = {.arena = &w->a};
        size_t r = i / 2;
        struct bytes keys[2] = {{0}};
        for (size_t k = 0; k < rows[r].count; k++)
            keys[k] = raw(w, rows[r].keys[k]);
        assert_true(metadata_key(w->m[i % 2], &o, rows[r].pallet, rows[r].item, keys, rows[r].count, NULL));
        assert_hex(scale_bytes(&o), rows[r].want);
    }
}

static void storage_that_the_runtime_has_not_is_a_sentence(void **state)
{
    struct world *w = *state;
    struct scale_out o = {.arena = &w->a};
    struct bytes keys[3] = {{"", 0}, {"", 0}, {"", 0}};
    struct err e;
    assert_false(metadata_key(w->m[0], &o, "Commitments", "Nothing", NULL, 0, &e));
    assert_non_null(strstr(e.text, "Commitments.Nothing"));
    assert_false(metadata_key(w->m[0], &o, "Commitments", "CommitmentOf", keys, 3, &e));
    assert_non_null(strstr(e.text, "2 keys, not 3"));
    assert_int_equal(o.len, 0);
}

static void a_key_made_without_metadata_is_the_same(void **state)
{
    struct world *w = *state;
    struct scale_out by_metadata = {.arena = &w->a}, usual = {.arena = &w->a};
    const uint8_t *account = (const uint8_t *)raw(w, PK).at;
    assert_true(commitment_key(&by_metadata, w->m[0], 89, account, NULL));
    commitment_key_usual(&usual, 89, account);
    assert_true(bytes_equal(scale_bytes(&by_metadata), scale_bytes(&usual)));
    assert_memory_equal(commitment_account(scale_bytes(&usual)), account, 32);
    assert_null(commitment_account((struct bytes){"short", 5}));
}

static void a_record_is_read_and_other_kinds_of_data_are_no_text(void **state)
{
    struct world *w = *state;
    struct commitment_record r = {0};
    for (size_t i = 0; i < 2; i++) {
        assert_true(commitment_record_read(
            w->m[i], raw(w, "0000000000000000370400000418323b623b4254432c313d302e32353a342c302e34353a32"), &r));
        assert_true(r.block == 1079 && r.is_raw && bytes_is(r.text, "2;b;BTC,1=0.25:4,0.45:2"));
    }
    assert_true(commitment_record_read(w->m[1], raw(w, "00000000000000003704000004880c616263"), &r));
    assert_true(r.is_raw && bytes_is(r.text, "abc"));
    assert_true(commitment_record_read(w->m[1],
                                       raw(w, "000000000000000037040000048608616263"
                                              "0000000000000000"),
                                       &r) == 0);
    assert_true(commitment_record_read(w->m[1], raw(w, "00000000000000003704000004860c6162630000000000000000"), &r));
    assert_false(r.is_raw);
    assert_true(commitment_record_read(w->m[1],
                                       raw(w, "00000000000000003704000004"
                                              "87"),
                                       &r) &&
                !r.is_raw);
    assert_true(commitment_record_read(w->m[1], raw(w, "00000000000000003704000000"), &r) && !r.is_raw);
    assert_false(commitment_record_read(w->m[1], raw(w, "0000000000000000370400000418323b"), &r));
    assert_false(commitment_record_read(w->m[1], (struct bytes){"", 0}, &r));
}

static const char neurons_vector[] =
    "08d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d8eaf04151687736326c9fea17e25fc5287"
    "613693c912909cb226aa4794f26a480065010100000000000000000000000000000000000000000000000000000000000000"
    "00000000000000000000000000000000000000000000000000000000000000000000048eaf04151687736326c9fea17e25fc"
    "5287613693c912909cb226aa4794f26a480b00a0724e18090000000000feff0300a10f82c3c90101feff0300189dac29296d"
    "31814dc8c56cf3d36a0543372bba7538fa322a4aebfebc39e056189dac29296d31814dc8c56cf3d36a0543372bba7538fa32"
    "2a4aebfebc39e056b10465010100000000000000000000000000000000000000000000000000000000000000000000000000"
    "0000000000000000000000000000000000000000000000000000000004189dac29296d31814dc8c56cf3d36a0543372bba75"
    "38fa322a4aebfebc39e056000000000000feff0300a10f82c3c90100feff0300";

static void neurons_are_read_by_what_v15_says_of_the_method(void **state)
{
    struct world *w = *state;
    struct neuron *n;
    size_t count = 0;
    struct err e;
    struct bytes in = raw(w, neurons_vector);
    assert_int_equal(in.len, 382);
    assert_true(neurons_read(&w->a, w->m[1], in, &n, &count, &e));
    assert_int_equal(count, 2);
    assert_true(n[0].uid == 0 && n[0].stake_rao == 10000000000000 && memcmp(n[0].hotkey, raw(w, ALICE).at, 32) == 0);
    assert_true(n[1].uid == 300 && n[1].stake_rao == 0 && memcmp(n[1].hotkey, raw(w, PK).at, 32) == 0);
    assert_false(neurons_read(&w->a, w->m[1], (struct bytes){in.at, 381}, &n, &count, &e));
    assert_false(neurons_read(&w->a, w->m[0], in, &n, &count, &e));
    assert_non_null(strstr(e.text, "V15"));
}

static void eras_are_those_of_the_table(void **state)
{
    static const struct {
        uint64_t block;
        uint32_t period;
        const char *want;
        uint64_t birth, death;
    } rows[] = {
        {1080, 4, "0100", 1080, 1084},
        {1081, 4, "1100", 1081, 1085},
        {7500003, 4, "3100", 7500003, 7500007},
        {7500003, 64, "3502", 7500003, 7500067},
        {7500003, 128, "3606", 7500003, 7500131},
        {7500003, 4096, "3b0e", 7500003, 7504099},
        {7500003, 8192, "1c87", 7500002, 7508194},
    };
    struct world *w = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scale_out o = {.arena = &w->a};
        struct era era = era_at(rows[i].block, rows[i].period);
        era_write(&o, era);
        assert_hex(scale_bytes(&o), rows[i].want);
        assert_true(era_birth(era, rows[i].block) == rows[i].birth && era_death(era, rows[i].block) == rows[i].death);
        struct scale_in s = scale_from(scale_bytes(&o));
        struct era back = era_read(&s);
        assert_true(scale_done(&s) && back.period == era.period && back.phase == era.phase);
    }
    struct scale_in s = scale_from(raw(w, "f1ff"));
    era_read(&s);
    assert_true(s.bad);
}

static void terms_of(struct world *w, struct extrinsic_terms *t)
{
    *t =
        (struct extrinsic_terms){.spec_version = 318, .transaction_version = 1, .nonce = 7, .era = era_at(7500003, 64)};
    memcpy(t->genesis, raw(w, GENESIS).at, 32);
    memcpy(t->birth, raw(w, BIRTH).at, 32);
}

static void the_call_the_payload_and_the_extrinsic_are_those_of_the_reference(void **state)
{
    struct world *w = *state;
    struct extrinsic_terms t;
    struct sr25519 key;
    uint8_t seed[32], zero[32] = {0}, signature[64], hash[32];
    memset(seed, 1, sizeof seed);
    sr25519_from_seed(&key, seed);
    terms_of(w, &t);
    for (size_t i = 0; i < 2; i++) {
        struct bytes call, out;
        struct extrinsic_draft d;
        assert_true(commitment_call(&w->a, w->m[i], 89, bytes_of("2;b;BTC,1=0.25:4,0.45:2"), &call, NULL));
        assert_hex(call, CALL);
        assert_true(extrinsic_draft(&w->a, w->m[i], &t, call, &d, NULL));
        assert_hex(d.payload, PAYLOAD);
        sr25519_sign(&key, d.payload, zero, signature);
        assert_true(extrinsic_signed(&w->a, w->m[i], &d, key.public_key, signature, &out, NULL));
        assert_hex(out, EXTRINSIC);
        extrinsic_hash(hash, out);
        assert_hex((struct bytes){(char *)hash, 32},
                   "10aab9f4e2e07c25616bd5674853fa0748f0d9a304f85a767b84e85b5db5fc4a");
    }
}

static void an_immortal_extrinsic_is_signed_with_the_genesis(void **state)
{
    struct world *w = *state;
    struct extrinsic_terms t;
    struct extrinsic_draft d;
    terms_of(w, &t);
    t.era = (struct era){0};
    assert_true(extrinsic_draft(&w->a, w->m[1], &t, raw(w, CALL), &d, NULL));
    assert_hex(d.payload, CALL "001c00003e01000001000000" GENESIS GENESIS "00");
}

static void a_node_sees_in_it_what_was_meant(void **state)
{
    struct world *w = *state;
    struct extrinsic_terms t;
    struct extrinsic_seen x;
    struct bytes payload;
    terms_of(w, &t);
    assert_true(extrinsic_read(w->m[1], raw(w, EXTRINSIC), &x, NULL));
    assert_hex((struct bytes){(const char *)x.account, 32}, PK);
    assert_hex(x.call, CALL);
    assert_true(x.nonce == 7 && x.tip == 0 && x.era.period == 64 && x.era.phase == 7500003 % 64);
    assert_true(extrinsic_payload(&w->a, w->m[1], &t, &x, &payload, NULL));
    assert_hex(payload, PAYLOAD);
    assert_true(sr25519_verify(x.account, payload, x.signature));
    t.spec_version++;
    assert_true(extrinsic_payload(&w->a, w->m[1], &t, &x, &payload, NULL));
    assert_false(sr25519_verify(x.account, payload, x.signature));
}

static void an_extrinsic_that_is_cut_or_longer_is_none(void **state)
{
    struct world *w = *state;
    struct bytes whole = raw(w, EXTRINSIC "00");
    struct extrinsic_seen x;
    struct err e;
    for (size_t len = 0; len <= whole.len; len++)
        assert_int_equal(extrinsic_read(w->m[1], (struct bytes){whole.at, len}, &x, &e), len == whole.len - 1);
}

static void a_long_payload_is_hashed(void **state)
{
    struct world *w = *state;
    struct extrinsic_terms t;
    struct extrinsic_draft d;
    char remark[3 + 200] = {0, 0, (char)0x21};
    struct scale_out o = {.arena = &w->a};
    terms_of(w, &t);
    scale_put(&o, (struct bytes){remark, 2});
    scale_put_vector(&o, (struct bytes){remark, 200});
    assert_true(extrinsic_draft(&w->a, w->m[1], &t, scale_bytes(&o), &d, NULL));
    assert_int_equal(d.payload.len, 32);
}

/* The same metadata with another word of the same length in the place of one, everywhere. */
static const struct metadata *renamed(struct world *w, const char *from, const char *to, unsigned version)
{
    struct bytes in = runtime_metadata(&w->a, version);
    char *copy = arena_copy(&w->a, in);
    for (size_t at = 0; (at = bytes_find(bytes_from((struct bytes){copy, in.len}, 0), from)) < in.len;)
        memcpy(copy + at, to, strlen(to));
    return metadata_read(&w->a, (struct bytes){copy, in.len}, NULL);
}

static void an_extension_that_davy_does_not_know_stops_signing_unless_it_writes_nothing(void **state)
{
    struct world *w = *state;
    struct extrinsic_terms t;
    struct extrinsic_draft d = {.payload = {"kept", 4}};
    struct err e;
    terms_of(w, &t);
    for (unsigned version = 14; version <= 15; version++) {
        assert_true(
            extrinsic_draft(&w->a, renamed(w, "DrandPriority", "BrandPriority", version), &t, raw(w, CALL), &d, &e));
        assert_hex(d.payload, PAYLOAD);
        d.payload = bytes_of("kept");
        assert_false(extrinsic_draft(&w->a, renamed(w, "CheckNonce", "CheckOunce", version), &t, raw(w, CALL), &d, &e));
        assert_non_null(strstr(e.text, "CheckOunce"));
        assert_false(
            extrinsic_draft(&w->a, renamed(w, "CheckGenesis", "CheckExodusX", version), &t, raw(w, CALL), &d, &e));
        assert_non_null(strstr(e.text, "CheckExodusX"));
        assert_true(bytes_is(d.payload, "kept"));
    }
}

static void a_call_that_the_runtime_does_not_know_is_not_signed(void **state)
{
    struct world *w = *state;
    struct extrinsic_terms t;
    struct extrinsic_draft d;
    struct bytes call;
    struct err e;
    char long_text[129] = {0};
    terms_of(w, &t);
    assert_false(extrinsic_draft(&w->a, w->m[1], &t, raw(w, "1201590004"), &d, &e));
    assert_false(extrinsic_draft(&w->a, w->m[1], &t, raw(w, CALL "00"), &d, &e));
    assert_false(
        commitment_call(&w->a, renamed(w, "set_commitment", "set_Commitment", 15), 89, bytes_of("x"), &call, &e));
    assert_non_null(strstr(e.text, "set_commitment"));
    assert_false(commitment_call(&w->a, w->m[1], 89, (struct bytes){long_text, 129}, &call, &e));
    assert_non_null(strstr(e.text, "129 bytes"));
    assert_true(commitment_call(&w->a, w->m[1], 89, (struct bytes){long_text, 128}, &call, &e));
}

static void metadata_cut_anywhere_is_refused_with_a_sentence(void **state)
{
    struct world *w = *state;
    for (unsigned version = 14; version <= 15; version++) {
        struct bytes whole = runtime_metadata(&w->a, version);
        for (size_t len = 0; len + (version == 15) < whole.len; len += 97) {
            struct arena a = {0};
            struct err e = {0};
            bool methods_are_in = version == 15 && len + 16 > whole.len;
            assert_true(metadata_read(&a, (struct bytes){whole.at, len}, &e) == NULL || methods_are_in);
            arena_release(&a);
        }
    }
}

static void only_versions_14_and_15_are_read_wrapped_or_not(void **state)
{
    struct world *w = *state;
    struct err e;
    struct scale_out o = {.arena = &w->a};
    scale_put_uint(&o, 1, 1);
    scale_put_vector(&o, runtime_metadata(&w->a, 15));
    assert_non_null(metadata_read(&w->a, scale_bytes(&o), &e));
    assert_null(metadata_read(&w->a, runtime_metadata(&w->a, 13), &e));
    assert_non_null(strstr(e.text, "version 13"));
    char *huge = arena_alloc(&w->a, 5 << 20);
    memcpy(huge, "meta\x0e", 5);
    assert_null(metadata_read(&w->a, (struct bytes){huge, 5 << 20}, &e));
    assert_non_null(strstr(e.text, "more than any"));
    assert_null(metadata_read(&w->a, (struct bytes){"meta", 4}, &e));
    assert_null(metadata_read(&w->a, (struct bytes){"\0", 1}, &e));
    assert_non_null(strstr(e.text, "Substrate node"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_storage_holds_by_default_has_the_shape_of_its_type),
        cmocka_unit_test(keys_follow_the_hashers_that_the_runtime_names),
        cmocka_unit_test(storage_that_the_runtime_has_not_is_a_sentence),
        cmocka_unit_test(a_key_made_without_metadata_is_the_same),
        cmocka_unit_test(a_record_is_read_and_other_kinds_of_data_are_no_text),
        cmocka_unit_test(neurons_are_read_by_what_v15_says_of_the_method),
        cmocka_unit_test(eras_are_those_of_the_table),
        cmocka_unit_test(the_call_the_payload_and_the_extrinsic_are_those_of_the_reference),
        cmocka_unit_test(an_immortal_extrinsic_is_signed_with_the_genesis),
        cmocka_unit_test(a_node_sees_in_it_what_was_meant),
        cmocka_unit_test(an_extrinsic_that_is_cut_or_longer_is_none),
        cmocka_unit_test(a_long_payload_is_hashed),
        cmocka_unit_test(an_extension_that_davy_does_not_know_stops_signing_unless_it_writes_nothing),
        cmocka_unit_test(a_call_that_the_runtime_does_not_know_is_not_signed),
        cmocka_unit_test(metadata_cut_anywhere_is_refused_with_a_sentence),
        cmocka_unit_test(only_versions_14_and_15_are_read_wrapped_or_not),
    };
    return cmocka_run_group_tests(tests, begin, finish);
}
