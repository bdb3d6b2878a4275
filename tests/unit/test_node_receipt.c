/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "node/canonical.h"
#include "node/ledger.h"
#include "node/money.h"

static const struct tree *read(struct arena *a, const char *text)
{
    struct err e;
    const struct tree *root = tree_read(a, bytes_of(text), "test", &e);
    if (!root)
        fail_msg("%s", e.text);
    return root;
}

static void assert_canonical(const char *text, const char *want)
{
    struct arena a = {0};
    struct bytes got = canonical(&a, read(&a, text), NULL);
    assert_string_equal(arena_copy(&a, got), want);
    arena_release(&a);
}

static void assert_refused(const char *text, const char *why)
{
    struct arena a = {0};
    struct err e = {""};
    assert_null(tree_read(&a, bytes_of(text), "receipt", &e));
    assert_string_equal(e.text, why);
    arena_release(&a);
}

/* The text, its hash, the key's name and the signature made anew: all byte for byte. */
static void check_vector(struct arena *a, const struct tree *one)
{
    uint8_t seed[32], public[32], secret[64], signature[64];
    char hash[65];
    struct bytes text = receipt_canonical(a, tree_get(one, "payload")), hex = tree_text(one, "seed_hex");
    assert_true(bytes_equal(text, tree_text(one, "canonical")));
    receipt_sha256(hash, text);
    assert_true(bytes_is(tree_text(one, "sha256_hex"), hash));
    assert_int_equal(sodium_hex2bin(seed, 32, hex.at, hex.len, NULL, NULL, NULL), 0);
    crypto_sign_seed_keypair(public, secret, seed);
    assert_true(bytes_is(tree_text(one, "key_id"), receipt_encode(a, public, 32)));
    crypto_sign_detached(signature, NULL, (const uint8_t *)text.at, text.len, secret);
    assert_true(bytes_is(tree_text(one, "sig_b64url"), receipt_encode(a, signature, 64)));
}

static void the_vectors_of_the_reference_come_out_byte_for_byte(void **state)
{
    (void)state;
    struct arena a = {0};
    struct err e;
    struct bytes in;
    struct file_stat st;
    if (!file_read(&a, FIXTURES "/node_receipt_vectors.json", 1 << 20, &in, &st, &e))
        fail_msg("%s", e.text);
    const struct tree *root = tree_read(&a, in, "vectors", &e);
    size_t count = 0;
    for (const struct tree *one = root->first; one; one = one->next, count++)
        check_vector(&a, one);
    assert_true(count >= 5);
    arena_release(&a);
}

static void numbers_are_those_of_python(void **state)
{
    (void)state;
    assert_canonical("[1,1.0,-0,-0.0,0.1,1e16,1E+15,123456789012345680.0,1e-4,1e-5,5e-324,1.7976931348623157e308,1e22,"
                     "9007199254740993.0]",
                     "[1,1.0,0,-0.0,0.1,1e+16,1000000000000000.0,1.2345678901234568e+17,0.0001,1e-05,5e-324,"
                     "1.7976931348623157e+308,1e+22,9007199254740992.0]");
    assert_canonical("[11.846,0.23692000000000002,100.0,12.5e1,3.0e0,99999999999999990.0]",
                     "[11.846,0.23692000000000002,100.0,125.0,3.0,9.999999999999998e+16]");
}

static void texts_are_those_of_python(void **state)
{
    (void)state;
    assert_canonical("[\"\\ud83d\\ude00 \\ud83d x \\ude00\", \"\\/\\u0000\\u007f\xc3\xa9\"]",
                     "[\"\\ud83d\\ude00 \\ud83d x \\ude00\",\"/\\u0000\\u007f\\u00e9\"]");
}

static void the_last_of_equal_keys_wins_and_nulls_vanish(void **state)
{
    (void)state;
    assert_canonical("{\"b\":1,\"a\":2,\"b\":{\"y\":null,\"x\":[null,{}]},\"c\":3,\"c\":null}",
                     "{\"a\":2,\"b\":{\"x\":[{}]}}");
}

static void what_is_no_json_is_refused_with_its_place(void **state)
{
    (void)state;
    assert_refused("{\"a\":1e400}", "receipt byte 11: a number too large for a double");
    assert_refused("[1,]", "receipt byte 4: expected a number");
    assert_refused("[NaN]", "receipt byte 2: expected a number");
    assert_refused("[01]", "receipt byte 4: expected a number");
    assert_refused("[1] x", "receipt byte 5: more than one value");
    assert_refused("\"\\x\"", "receipt byte 3: an escape that JSON does not have");
    assert_refused("\"a", "receipt byte 3: a text without its closing quote");
    assert_refused("\"\xff\"", "receipt byte 2: text that is not UTF-8");
    assert_refused("\"\xed\xa0\x80\"", "receipt byte 2: text that is not UTF-8");
    assert_refused("", "receipt byte 1: expected a number");
}

static void nothing_nests_deeper_than_64(void **state)
{
    (void)state;
    char deep[200] = "";
    struct arena a = {0};
    memset(deep, '[', 64);
    memset(deep + 64, ']', 64);
    assert_non_null(tree_read(&a, bytes_of(deep), "x", NULL));
    memset(deep, '[', 100);
    memset(deep + 100, ']', 99);
    assert_null(tree_read(&a, bytes_of(deep), "x", NULL));
    arena_release(&a);
}

static void money_is_whole_millionths(void **state)
{
    (void)state;
    char text[MONEY_TEXT];
    int64_t v;
    assert_string_equal(money_text(text, money_price_micro(11846, 20000)), "0.23692");
    assert_string_equal(money_text(text, 0), "0.0");
    assert_string_equal(money_text(text, -1500000), "-1.5");
    assert_int_equal(money_price_micro(1, 500), 0); /* half to even */
    assert_int_equal(money_price_micro(3, 500), 2);
    assert_true(money_scaled(bytes_of("11.846"), 3, &v) && v == 11846);
    assert_true(money_scaled(bytes_of("2e-2"), 6, &v) && v == 20000);
    assert_true(money_scaled(bytes_of("1E+3"), 0, &v) && v == 1000);
    assert_true(money_scaled(bytes_of("-0.0000005"), 6, &v) && v == 0);
    assert_true(money_scaled(bytes_of("0.0000015"), 6, &v) && v == 2);
    assert_true(money_scaled(bytes_of("1e-999"), 6, &v) && v == 0);
    assert_false(money_scaled(bytes_of("1e30"), 6, &v));
    assert_false(money_scaled(bytes_of("x"), 6, &v));
    assert_false(money_scaled(bytes_of("."), 6, &v));
    assert_false(money_scaled(bytes_of("123456789012345678901234567890123456789012345678901"), 0, &v));
}

/* ---- receipts of a coordinator that the tests sign for ------------------------------------------------------------ */

struct signer {
    uint8_t public[32], secret[64];
};

static struct signer signer(uint8_t seed_byte)
{
    struct signer s;
    uint8_t seed[32];
    memset(seed, seed_byte, sizeof seed);
    crypto_sign_seed_keypair(s.public, s.secret, seed);
    return s;
}

static struct bytes signed_by(struct arena *a, const struct signer *s, const char *members, bool hashed)
{
    uint8_t signature[64], hash[32];
    struct bytes text = receipt_canonical(a, read(a, arena_text(a, "{%s}", members)));
    crypto_hash_sha256(hash, (const uint8_t *)text.at, text.len);
    crypto_sign_detached(signature, NULL, hashed ? hash : (const uint8_t *)text.at, hashed ? 32 : text.len, s->secret);
    return bytes_of(arena_text(a, "{%s,\"signature\":{\"alg\":\"Ed25519\",\"key_id\":\"%s\",\"sig\":\"%s\"}}", members,
                               receipt_encode(a, s->public, 32), receipt_encode(a, signature, 64)));
}

#define GOOD "\"receipt_id\":\"r1\",\"job_id\":\"j1\",\"provider\":\"p\",\"units\":11.846,\"unit_price\":0.02"
static const char good[] = GOOD ",\"price\":0.23692,\"started_at\":5,\"completed_at\":17";

static const char *judged(const char *members, bool hashed, bool accept_prehash, uint8_t pin)
{
    static char reason[40];
    struct arena a = {0};
    struct signer s = signer(1), p = signer(pin);
    struct receipt_trust trust = {(const uint8_t(*)[32])p.public, 1, "p", "j1", accept_prehash};
    struct receipt r;
    struct err e;
    assert_true(receipt_read(&a, signed_by(&a, &s, members, hashed), &trust, &r, &e));
    assert_int_equal(r.verified, r.reason == NULL);
    strcpy(reason, r.reason ? r.reason : "verified");
    arena_release(&a);
    return reason;
}

static void a_receipt_counts_when_a_pinned_key_signed_it_for_this_job(void **state)
{
    (void)state;
    assert_string_equal(judged(good, false, false, 1), "verified");
    assert_string_equal(judged(good, false, false, 2), "unknown_key"); /* well signed, by a stranger */
    assert_string_equal(judged(good, true, false, 1), "bad_signature");
    assert_string_equal(judged(good, true, true, 1), "verified");
    assert_string_equal(judged("\"job_id\":\"j2\",\"provider\":\"p\",\"price\":1", false, false, 1), "other_job");
    assert_string_equal(judged("\"job_id\":\"j1\",\"provider\":\"q\",\"price\":1", false, false, 1), "other_provider");
    assert_string_equal(judged("\"job_id\":\"j1\",\"provider\":\"p\"", false, false, 1), "no_price");
    assert_string_equal(judged("\"job_id\":\"j1\",\"provider\":\"p\",\"price\":-1", false, false, 1), "negative");
    assert_string_equal(judged(GOOD ",\"price\":0.236921", false, false, 1), "verified");
    assert_string_equal(judged(GOOD ",\"price\":0.236922", false, false, 1), "price_mismatch");
    assert_string_equal(judged(GOOD ",\"price\":0.23692,\"started_at\":9,\"completed_at\":8", false, false, 1),
                        "time_order");
}

static void every_changed_byte_of_a_receipt_shows(void **state)
{
    (void)state;
    struct arena a = {0};
    struct signer s = signer(1);
    struct receipt_trust trust = {(const uint8_t(*)[32])s.public, 1, NULL, NULL, false};
    struct bytes text = signed_by(&a, &s, good, false);
    for (size_t i = 0; i < text.len; i++) {
        char *spoilt = arena_copy(&a, text);
        struct receipt r = {.verified = false};
        spoilt[i] = spoilt[i] == '7' ? '8' : '7';
        if (receipt_read(&a, (struct bytes){spoilt, text.len}, &trust, &r, NULL))
            assert_false(r.verified);
    }
    arena_release(&a);
}

/* ---- the ledger --------------------------------------------------------------------------------------------------- */

static char *ledger_of(struct arena *a, const char *const *members, size_t count)
{
    struct signer s = signer(1);
    struct receipt_trust trust = {(const uint8_t(*)[32])s.public, 1, NULL, NULL, false};
    struct ledger_end end = {0};
    char *all = "";
    for (size_t i = 0; i < count; i++) {
        struct receipt r;
        struct bytes text = signed_by(a, &s, members[i], false);
        assert_true(receipt_read(a, text, &trust, &r, NULL));
        all = arena_text(a, "%s%s", all, arena_copy(a, ledger_line(a, &end, 1000 + (int64_t)i, text, &r)));
    }
    return all;
}

static const char *const three[] = {"\"receipt_id\":\"a\",\"job_id\":\"j1\",\"price\":0.5",
                                    "\"receipt_id\":\"b\",\"job_id\":\"j2\",\"price\":0.25",
                                    "\"receipt_id\":\"c\",\n\"job_id\":\"j1\",\"price\":0.5"};

static void a_job_is_counted_once(void **state)
{
    (void)state;
    struct arena a = {0};
    struct ledger l;
    struct err e;
    assert_true(ledger_read(&a, bytes_of(ledger_of(&a, three, 3)), &l, &e));
    assert_int_equal(l.rows, 3);
    assert_int_equal(l.repeats, 1);
    assert_true(l.row[2].repeat);
    assert_int_equal(l.paid_micro, 750000);
    assert_int_equal(l.end.seq, 3);
    arena_release(&a);
}

static void what_the_ledger_keeps_can_be_verified_again(void **state)
{
    (void)state;
    struct arena a = {0};
    struct signer s = signer(1);
    struct receipt_trust trust = {(const uint8_t(*)[32])s.public, 1, NULL, NULL, false};
    struct ledger l;
    assert_true(ledger_read(&a, bytes_of(ledger_of(&a, three, 3)), &l, NULL));
    for (size_t i = 0; i < l.rows; i++) {
        struct receipt r;
        assert_true(receipt_read(&a, l.row[i].receipt, &trust, &r, NULL));
        assert_true(r.verified);
    }
    arena_release(&a);
}

static void a_line_changed_taken_out_or_put_in_shows(void **state)
{
    (void)state;
    struct arena a = {0};
    struct ledger l;
    struct err e;
    char *all = ledger_of(&a, three, 3), *second = strchr(all, '\n') + 1, *third = strchr(second, '\n') + 1;
    char *without = arena_text(&a, "%.*s%s", (int)(second - all), all, third);
    assert_false(ledger_read(&a, bytes_of(without), &l, &e));
    assert_string_equal(
        e.text, "receipts ledger line 2: does not follow the line before it: lines were changed or are missing");
    assert_int_equal(l.rows, 1);
    strstr(second, "0.25")[3] = '6';
    assert_false(ledger_read(&a, bytes_of(all), &l, &e));
    assert_int_equal(l.rows, 2);
    arena_release(&a);
}

static void a_torn_last_line_was_never_confirmed(void **state)
{
    (void)state;
    struct arena a = {0};
    struct ledger l;
    char *all = ledger_of(&a, three, 3);
    size_t second_end = (size_t)(strchr(strchr(all, '\n') + 1, '\n') + 1 - all);
    all[strlen(all) - 1] = '\0';
    assert_true(ledger_read(&a, bytes_of(all), &l, NULL));
    assert_int_equal(l.rows, 2);
    assert_int_equal(l.good, second_end);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_the_reference_come_out_byte_for_byte),
        cmocka_unit_test(numbers_are_those_of_python),
        cmocka_unit_test(texts_are_those_of_python),
        cmocka_unit_test(the_last_of_equal_keys_wins_and_nulls_vanish),
        cmocka_unit_test(what_is_no_json_is_refused_with_its_place),
        cmocka_unit_test(nothing_nests_deeper_than_64),
        cmocka_unit_test(money_is_whole_millionths),
        cmocka_unit_test(a_receipt_counts_when_a_pinned_key_signed_it_for_this_job),
        cmocka_unit_test(every_changed_byte_of_a_receipt_shows),
        cmocka_unit_test(a_job_is_counted_once),
        cmocka_unit_test(what_the_ledger_keeps_can_be_verified_again),
        cmocka_unit_test(a_line_changed_taken_out_or_put_in_shows),
        cmocka_unit_test(a_torn_last_line_was_never_confirmed),
    };
    return sodium_init() < 0 || cmocka_run_group_tests(tests, NULL, NULL);
}
