/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Secret phrases and wallet files (auction.md 8.7). */
#include "chain/hex.h"
#include "chain/mnemonic.h"
#include "chain/wallet.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PK "189dac29296d31814dc8c56cf3d36a0543372bba7538fa322a4aebfebc39e056"
#define PK_ADDRESS "5CcyqxXnJucaCnQQvvUg5EPzj1uoNAxACZvzArHw5aVDvgNH"
#define ALICE_ADDRESS "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
#define ONES "0101010101010101010101010101010101010101010101010101010101010101"
#define CANONICAL                                                                                                      \
    "0bdd6dbf4edf8925e8c128bc2ddd9ed555e36240ca30ca7633d80e18d177de0d"                                                 \
    "b17a2a2cf3d4a41a8e4e18cc45c8656d558eceddb0adb46bfa088a5f53bed252"
#define PHRASE "old leopard transfer rib spatial phone calm indicate online fire caution review"
#define PHRASE_ADDRESS "5HDvhV6WDCjCKyrXqGQSDYqQAzkzabNhctmiDYEqgBC66BsX"

static void assert_hex(const void *at, size_t len, const char *want)
{
    char hex[257];
    hex_write(hex, (struct bytes){at, len});
    assert_string_equal(hex, want);
}

static void a_phrase_gives_entropy_and_seed_of_the_reference(void **state)
{
    (void)state;
    uint8_t entropy[ENTROPY_MOST], seed[SR25519_SEED];
    assert_int_equal(mnemonic_entropy(bytes_of(PHRASE), entropy), 16);
    assert_hex(entropy, 16, "9a100b9cdc7d09470823979aeae492dc");
    assert_true(mnemonic_seed(bytes_of(PHRASE), seed, NULL));
    assert_hex(seed, 32, "da3cf5b1e9144931a0f0db65664aab662673b099415a7f8121b7245fb0be4143");
    assert_true(
        mnemonic_seed(bytes_of("bottom drive obey lake curtain smoke basket hold race lonely fit walk"), seed, NULL));
    assert_hex(seed, 32, "fac7959dbfe72f052e5a0c3c8d6530f202b02fd8f9f5ca3580ec8deb7797479e");
}

static void a_phrase_of_24_words_and_many_blanks_is_read(void **state)
{
    (void)state;
    uint8_t entropy[ENTROPY_MOST];
    static const char zoo[] =
        " zoo  zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo "
        "zoo vote\n";
    assert_int_equal(mnemonic_entropy(bytes_of(zoo), entropy), 32);
    for (size_t i = 0; i < 32; i++)
        assert_int_equal(entropy[i], 0xff);
}

static void what_is_no_phrase_is_refused_and_not_quoted(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "old",
        "old leopard transfer rib spatial phone calm indicate online fire caution",
        "old leopard transfer rib spatial phone calm indicate online fire caution old",
        "old leopard transfer rib spatial phone calm indicate online fire caution reviews",
        "Old leopard transfer rib spatial phone calm indicate online fire caution review",
        PHRASE " " PHRASE " old",
        "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t seed[SR25519_SEED] = {7};
        struct err e;
        assert_false(mnemonic_seed(bytes_of(rows[i]), seed, &e));
        assert_int_equal(seed[0], 7);
        assert_null(strstr(e.text, "leopard"));
    }
}

static bool take(const char *json, struct wallet *w, struct err *e)
{
    return wallet_read(bytes_of(json), "hotkeys/default", w, e);
}

static void each_secret_of_a_wallet_gives_the_key(void **state)
{
    (void)state;
    static const struct {
        const char *json, *public_key;
    } rows[] = {
        {"{\"accountId\": \"0x" PK "\", \"publicKey\": \"0x" PK "\", \"privateKey\": \"0x" CANONICAL "\", "
         "\"secretPhrase\": null, \"secretSeed\": \"0x" ONES "\", \"ss58Address\": \"" PK_ADDRESS "\"}",
         PK},
        {"{\"secretSeed\":\"0x" ONES "\"}", PK},
        {"\n{\"secretSeed\":\"" ONES "\",\"ss58Address\":\"" PK_ADDRESS "\"}\n", PK},
        {"{\"privateKey\":\"0x" CANONICAL "\",\"ss58Address\":\"" PK_ADDRESS "\"}", PK},
        {"{\"privateKey\":\"0x" CANONICAL "\"}", PK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wallet w;
        struct err e = {0};
        if (!take(rows[i].json, &w, &e))
            fail_msg("%s", e.text);
        assert_true(w.can_sign);
        assert_memory_equal(w.key.public_key, w.public_key, SR25519_KEY);
        assert_hex(w.public_key, 32, rows[i].public_key);
    }
}

static void a_phrase_is_that_of_the_address_that_the_reference_asserts(void **state)
{
    (void)state;
    struct wallet w;
    assert_true(take("{\"secretPhrase\":\"" PHRASE "\",\"ss58Address\":\"" PHRASE_ADDRESS "\"}", &w, NULL));
    assert_true(w.can_sign);
}

static void a_wallet_without_secret_can_be_looked_at(void **state)
{
    (void)state;
    struct wallet w;
    assert_true(take("{\"ss58Address\":\"" ALICE_ADDRESS "\"}", &w, NULL));
    assert_false(w.can_sign);
    assert_hex(w.public_key, 4, "d43593c7");
}

static void what_does_not_belong_together_is_damaged(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "{\"secretSeed\":\"0x" ONES "\",\"ss58Address\":\"" ALICE_ADDRESS "\"}",
        "{\"privateKey\":\"0x" CANONICAL "\",\"ss58Address\":\"" ALICE_ADDRESS "\"}",
        "{\"secretPhrase\":\"" PHRASE "\",\"ss58Address\":\"" ALICE_ADDRESS "\"}",
        "{\"publicKey\":\"0x" PK "\",\"ss58Address\":\"" ALICE_ADDRESS "\"}",
        "{\"secretSeed\":\"0x" ONES "01\"}",
        "{\"secretSeed\":\"0x0101\",\"privateKey\":\"0x" CANONICAL "\"}",
        "{\"ss58Address\":\"5Grw\"}",
        "{\"publicKey\":\"0x12\"}",
        "{}",
        "{\"secretSeed\":null}",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wallet w = {.can_sign = true};
        struct err e = {0};
        assert_false(take(rows[i], &w, &e));
        assert_true(w.can_sign);
        assert_non_null(strstr(e.text, "hotkeys/default: "));
        assert_null(strstr(e.text, "0101"));
        assert_null(strstr(e.text, "leopard"));
    }
}

static void what_is_torn_or_no_object_of_texts_is_no_wallet(void **state)
{
    (void)state;
    static const char whole[] = "{\"secretSeed\":\"0x" ONES "\",\"ss58Address\":\"" PK_ADDRESS "\"}";
    struct wallet w;
    struct err e;
    for (size_t len = 0; len < sizeof whole - 1; len++) {
        assert_false(wallet_read((struct bytes){whole, len}, "w", &w, &e));
        assert_non_null(strstr(e.text, "no wallet file"));
    }
    static const char *const rows[] = {
        "[]",  "{\"a\":1}", "{\"a\":{}}", "{\"a\":\"\\u0041\"}", "{\"a\":\"b\",}", "{}x", "{\"a\":\"b\"\"c\":\"d\"}",
        "{,}", "\"a\""};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_false(take(rows[i], &w, &e));
}

static void the_kind_of_a_file_is_seen_at_its_beginning(void **state)
{
    (void)state;
    assert_int_equal(wallet_kind_of(bytes_of("{\"a\":1}")), WALLET_PLAIN);
    assert_int_equal(wallet_kind_of(bytes_of("$NACL....")), WALLET_ENCRYPTED);
    assert_int_equal(wallet_kind_of(bytes_of("$ANSIBLE_VAULT;1.2")), WALLET_LEGACY);
    assert_int_equal(wallet_kind_of(bytes_of("gAAAAABk")), WALLET_LEGACY);
}

/* Made with other implementations: argon2i of @noble/hashes, secretbox of @polkadot/util-crypto; nonce 09*24. */
static const char encrypted[] =
    "244e41434c09090909090909090909090909090909090909090909090902d7ecc39456daf73ca9f149204e38e72d27f6a264"
    "576969410b7b14f997b12719d59469d7dbccd3900c19e3c70eee405e0c594e6d09ccfab834ba0f5a60caf79a8369f8be9ca2"
    "9fc1b0f1399bbbdf8d95421bc21356691d364649242a6b2c2b00a5f0a3809259d5038faa973a5312de58fd40c0bd2fa8cd43"
    "6d83acd190d5a8248f401fa844e746cc80adbb5aa1d90390be4d17a6ff0c8b03ab3268bd75fa842eee924cce01785f5510e6"
    "ef063aa4c1fa373d4b050bc26e0c3f8623618c63a73a4cf1ed81291bf743ce0f4f38cb5d688dcecb4e67d5c7d42cc8c00dda"
    "9af1050e5b8e05df11bf8e046cfe1ac9b0a36f6c0e525af9";

static void an_encrypted_wallet_opens_with_its_password_only(void **state)
{
    (void)state;
    uint8_t file[400], out[400];
    size_t len = 0, bytes = sizeof encrypted / 2;
    struct bytes whole = {(char *)file, bytes};
    struct err e;
    struct wallet w;
    assert_true(hex_fixed(bytes_of(encrypted), file, bytes));
    assert_true(wallet_decrypt(whole, bytes_of("correct horse"), out, &len, &e));
    assert_true(wallet_read((struct bytes){(char *)out, len}, "w", &w, &e) && w.can_sign);
    assert_hex(w.public_key, 32, PK);
    assert_false(wallet_decrypt(whole, bytes_of("battery staple"), out, &len, &e));
    assert_non_null(strstr(e.text, "password is wrong"));
    assert_null(strstr(e.text, "battery"));
    assert_false(wallet_decrypt((struct bytes){(char *)file, 40}, bytes_of("correct horse"), out, &len, &e));
}

static int start_sodium(void **state)
{
    (void)state;
    return sodium_init() < 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_phrase_gives_entropy_and_seed_of_the_reference),
        cmocka_unit_test(a_phrase_of_24_words_and_many_blanks_is_read),
        cmocka_unit_test(what_is_no_phrase_is_refused_and_not_quoted),
        cmocka_unit_test(each_secret_of_a_wallet_gives_the_key),
        cmocka_unit_test(a_phrase_is_that_of_the_address_that_the_reference_asserts),
        cmocka_unit_test(a_wallet_without_secret_can_be_looked_at),
        cmocka_unit_test(what_does_not_belong_together_is_damaged),
        cmocka_unit_test(what_is_torn_or_no_object_of_texts_is_no_wallet),
        cmocka_unit_test(the_kind_of_a_file_is_seen_at_its_beginning),
        cmocka_unit_test(an_encrypted_wallet_opens_with_its_password_only),
    };
    return cmocka_run_group_tests(tests, start_sodium, NULL);
}
