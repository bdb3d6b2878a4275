/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The vectors of auction.md 8.8 and 8.9, merlin's own, and FIPS 202's. */
#include "chain/hex.h"
#include "chain/merlin.h"
#include "chain/sr25519.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define PK "189dac29296d31814dc8c56cf3d36a0543372bba7538fa322a4aebfebc39e056"
#define ALICE "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"

static void assert_hex(const void *at, size_t len, const char *want)
{
    char hex[513];
    hex_write(hex, (struct bytes){at, len});
    assert_string_equal(hex, want);
}

static void key_of(struct sr25519 *key, const char *seed)
{
    uint8_t raw[SR25519_SEED];
    assert_true(hex_fixed(bytes_of(seed), raw, sizeof raw));
    sr25519_from_seed(key, raw);
}

static void key_of_ones(struct sr25519 *key)
{
    uint8_t seed[SR25519_SEED];
    memset(seed, 1, sizeof seed);
    sr25519_from_seed(key, seed);
}

static void keccak_of_nothing_is_that_of_the_standard(void **state)
{
    (void)state;
    uint64_t lane[25] = {0};
    keccak_f1600(lane);
    assert_true(lane[0] == 0xF1258F7940E1DDE7ULL && lane[24] == 0xEAF1FF7B5CECA249ULL);
    keccak_f1600(lane);
    assert_true(lane[0] == 0x2D5C954DF96ECB3CULL && lane[1] == 0x6A332CD07057B56DULL);
}

static void merlin_gives_its_own_test_vector(void **state)
{
    (void)state;
    struct merlin m;
    uint8_t out[32];
    merlin_init(&m, "test protocol");
    merlin_append(&m, "some label", bytes_of("some data"));
    merlin_challenge(&m, "challenge", out, sizeof out);
    assert_hex(out, 32, "d5a21972d0d5fe320c0d263fac7fffb8145aa640af6e9bca177c03c7efcf0615");
}

static void the_transcript_of_a_message_stands_where_the_reference_stands(void **state)
{
    (void)state;
    struct merlin m;
    merlin_init(&m, "SigningContext");
    merlin_append(&m, "", bytes_of("substrate"));
    merlin_append(&m, "sign-bytes", bytes_of("this is a message"));
    assert_hex(m.state, 32, "9c7f5bea8a913cb40ad10d0d65642707b3616a2f306528f6733be420a205d212");
    assert_int_equal(m.pos, 94);
    assert_int_equal(m.pos_begin, 76);
}

static void a_seed_gives_the_key_of_the_reference(void **state)
{
    (void)state;
    struct sr25519 key;
    key_of_ones(&key);
    assert_hex(key.public_key, 32, PK);
    assert_hex(key.scalar, 32, "0bdd6dbf4edf8925e8c128bc2ddd9ed555e36240ca30ca7633d80e18d177de0d");
    assert_hex(key.nonce, 32, "b17a2a2cf3d4a41a8e4e18cc45c8656d558eceddb0adb46bfa088a5f53bed252");
    key_of(&key, "0000000000000000000000000000000000000000000000000000000000000000");
    assert_hex(key.public_key, 32, "def12e42f3e487e9b14095aa8d5cc16a33491f1b50dadcf8811d1480f3fa8627");
    key_of(&key, "e5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a");
    assert_hex(key.public_key, 32, ALICE);
}

static void signatures_with_known_random_bytes_are_those_of_the_reference(void **state)
{
    (void)state;
    static const struct {
        const char *message, *want;
    } rows[] = {
        {"this is a message", "0673a5eecde22c88221134707732d9a19e3c44de8932c63bb1b35529b27c2c51"
                              "e77c8d32155af1a63341c2f61d099eae716794103495c57b319ea79954595d88"},
        {"", "9aafdbcc766e195a9b361ec3d0b1ca7a5cfe994b3d4979a79d155f116894b843"
             "913c85b1a9a96c7dd661e3cca0f02510bccf578d783613339e7839646b3a038c"},
    };
    struct sr25519 key;
    key_of_ones(&key);
    for (size_t i = 0; i < 2; i++) {
        uint8_t zero[32] = {0}, signature[SR25519_SIGNATURE];
        sr25519_sign(&key, bytes_of(rows[i].message), zero, signature);
        assert_hex(signature, sizeof signature, rows[i].want);
        assert_true(sr25519_verify(key.public_key, bytes_of(rows[i].message), signature));
    }
}

static void any_bit_that_is_turned_makes_a_signature_wrong(void **state)
{
    (void)state;
    struct sr25519 key;
    uint8_t random[32] = {42}, signature[SR25519_SIGNATURE];
    struct bytes message = bytes_of("2;b;BTC,1=0.25:4");
    key_of_ones(&key);
    sr25519_sign(&key, message, random, signature);
    for (size_t bit = 0; bit < 8 * SR25519_SIGNATURE; bit++) {
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(sr25519_verify(key.public_key, message, signature));
        signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t bit = 0; bit < 256; bit += 7) {
        key.public_key[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_false(sr25519_verify(key.public_key, message, signature));
        key.public_key[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_false(sr25519_verify(key.public_key, bytes_of("2;b;BTC,1=0.25:5"), signature));
    assert_true(sr25519_verify(key.public_key, message, signature));
}

/* The group's order added to s: the same number, but another spelling, as somebody could forge from a good signature. */
static void a_signature_has_one_spelling_only(void **state)
{
    (void)state;
    static const uint8_t order[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
                                      0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
                                      0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};
    struct sr25519 key;
    uint8_t random[32] = {1}, signature[SR25519_SIGNATURE];
    key_of_ones(&key);
    sr25519_sign(&key, bytes_of("once"), random, signature);
    unsigned carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += signature[32 + i] + order[i];
        signature[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    signature[63] |= 0x80;
    assert_false(sr25519_verify(key.public_key, bytes_of("once"), signature));
}

static void no_random_bytes_are_used_twice_for_two_messages(void **state)
{
    (void)state;
    struct sr25519 key;
    uint8_t random[32] = {9}, one[SR25519_SIGNATURE], two[SR25519_SIGNATURE];
    key_of_ones(&key);
    sr25519_sign(&key, bytes_of("one"), random, one);
    sr25519_sign(&key, bytes_of("two"), random, two);
    assert_memory_not_equal(one, two, 32);
}

/* The ed25519 form of a secret key, which @polkadot writes: eight times the scalar, and the nonce. */
static void ed25519_form(const struct sr25519 *key, uint8_t out[SR25519_EXPANDED])
{
    unsigned carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += 8u * key->scalar[i];
        out[i] = (uint8_t)carry;
        carry >>= 8;
    }
    memcpy(out + 32, key->nonce, 32);
}

static void both_spellings_of_an_expanded_key_are_read(void **state)
{
    (void)state;
    struct sr25519 key, back;
    uint8_t canonical[SR25519_EXPANDED], eight[SR25519_EXPANDED];
    key_of_ones(&key);
    memcpy(canonical, key.scalar, 32);
    memcpy(canonical + 32, key.nonce, 32);
    ed25519_form(&key, eight);
    assert_hex(eight, 8, "58e86efb75fa4e2c");
    const uint8_t *spellings[2] = {canonical, eight};
    for (size_t i = 0; i < 4; i++) {
        memset(&back, 0, sizeof back);
        assert_true(sr25519_from_expanded(&back, spellings[i / 2], i % 2 ? key.public_key : NULL));
        assert_memory_equal(&back, &key, sizeof key);
    }
}

static void an_expanded_key_of_somebody_else_changes_nothing(void **state)
{
    (void)state;
    struct sr25519 key, back = {.scalar = {7}};
    uint8_t canonical[SR25519_EXPANDED], alice[32];
    key_of_ones(&key);
    assert_true(hex_fixed(bytes_of(ALICE), alice, sizeof alice));
    memcpy(canonical, key.scalar, 32);
    memcpy(canonical + 32, key.nonce, 32);
    assert_false(sr25519_from_expanded(&back, canonical, alice));
    memset(canonical, 0xff, sizeof canonical);
    assert_false(sr25519_from_expanded(&back, canonical, NULL));
    memset(canonical, 0, sizeof canonical);
    assert_false(sr25519_from_expanded(&back, canonical, NULL));
    assert_int_equal(back.scalar[0], 7);
}

static int start_sodium(void **state)
{
    (void)state;
    return sodium_init() < 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keccak_of_nothing_is_that_of_the_standard),
        cmocka_unit_test(merlin_gives_its_own_test_vector),
        cmocka_unit_test(the_transcript_of_a_message_stands_where_the_reference_stands),
        cmocka_unit_test(a_seed_gives_the_key_of_the_reference),
        cmocka_unit_test(signatures_with_known_random_bytes_are_those_of_the_reference),
        cmocka_unit_test(any_bit_that_is_turned_makes_a_signature_wrong),
        cmocka_unit_test(a_signature_has_one_spelling_only),
        cmocka_unit_test(no_random_bytes_are_used_twice_for_two_messages),
        cmocka_unit_test(both_spellings_of_an_expanded_key_are_read),
        cmocka_unit_test(an_expanded_key_of_somebody_else_changes_nothing),
    };
    return cmocka_run_group_tests(tests, start_sodium, NULL);
}
