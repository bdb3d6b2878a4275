/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The vectors of auction.md 8.3 to 8.5: hashes, storage keys, SCALE, SS58. */
#include "chain/hash.h"
#include "chain/hex.h"
#include "chain/scale.h"
#include "chain/ss58.h"
#include "chain/storage_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define PK "189dac29296d31814dc8c56cf3d36a0543372bba7538fa322a4aebfebc39e056"
#define ALICE "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"

static const char *hex_of(char *out, const void *at, size_t len)
{
    hex_write(out, (struct bytes){at, len});
    return out;
}

static struct bytes raw(struct arena *a, const char *hex)
{
    struct bytes out = {0};
    assert_true(hex_read(a, bytes_of(hex), &out));
    return out;
}

static void twox_is_little_endian_xxhash(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"", "99e9d85137db46ef"}, {"a", "5b6e8ca9f1c44ed2"}};
    static const char *const wide[][2] = {
        {"System", "26aa394eea5630e07c48ae0c9558cef7"},
        {"Account", "b99d880ec681799c0cf30e8886371da9"},
        {"Timestamp", "f0c365c3cf59d671eb72da0e7a4113c4"},
        {"Now", "9f1f0515f462cdcf84e0f1d6045dfcbb"},
        {"Events", "80d41e5e16056765bc8461851072c9d7"},
        {"Commitments", "ca407206ec1ab726b2636c4b145ac287"},
        {"CommitmentOf", "419a60ae8b01e6dcaebd7317e43c69bf"},
        {"LastCommitment", "12e87f5eb6c957418d3a44e4809a0ebc"},
        {"SubtensorModule", "658faa385070e074c85bf6b568cf0555"},
        {"Tempo", "7641384bb339f3758acddfd7053d3317"},
        {"SubnetworkN", "a1048e9d244171852dfe8db314dc68ca"},
        {"Keys", "9f99a2ce711f3a31b2fc05604c93f179"},
        {"Uids", "aab1b4e78e1ea8305462ee53b3686dc8"},
        {"MechanismEmissionSplit", "beab2628b84716c818c24a8234e9684c"},
        {"MechanismCountCurrent", "604fb97037feb8522bf37d42d54fa6e9"},
    };
    uint8_t out[16];
    char hex[65];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        twox64(out, bytes_of(rows[i][0]));
        assert_string_equal(hex_of(hex, out, 8), rows[i][1]);
    }
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++) {
        twox128(out, bytes_of(wide[i][0]));
        assert_string_equal(hex_of(hex, out, 16), wide[i][1]);
    }
}

/* The self test of the reference implementation: bytes of its generator, lengths 0, 1, 4, 14 and 222. */
static void xxhash_agrees_with_the_reference_values_on_long_input(void **state)
{
    (void)state;
    char data[222];
    uint64_t random = 2654435761u;
    for (size_t i = 0; i < sizeof data; i++, random *= 11400714785074694797ULL)
        data[i] = (char)(uint8_t)(random >> 56);
    static const struct {
        size_t len;
        uint64_t plain, seeded;
    } rows[] = {
        {0, 0xEF46DB3751D8E999ULL, 0xAC75FDA2929B17EFULL},   {1, 0xE934A84ADB052768ULL, 0x5014607643A9B4C3ULL},
        {4, 0x9136A0DCA57457EEULL, 0xCAAB286BD8E9FDB5ULL},   {14, 0x8282DCC4994E35C8ULL, 0xC3BD6BF63DEB6DF0ULL},
        {222, 0xB641AE8CB691C174ULL, 0x20CB8AB7AE10C14AULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(xxhash64((struct bytes){data, rows[i].len}, 0) == rows[i].plain);
        assert_true(xxhash64((struct bytes){data, rows[i].len}, 2654435761u) == rows[i].seeded);
    }
}

static void blake2b_has_no_key_and_its_length_is_part_of_it(void **state)
{
    (void)state;
    static const struct {
        const char *in;
        size_t bytes;
        const char *want;
    } rows[] = {
        {"abc", 16, "cf4ab791c62b8d2b2109c90275287816"},
        {"abc", 32, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"},
        {"", 16, "cae66941d9efbd404e4d88758ea67670"},
        {"", 32, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"},
    };
    uint8_t out[32];
    char hex[65];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        blake2b(out, rows[i].bytes, bytes_of(rows[i].in));
        assert_string_equal(hex_of(hex, out, rows[i].bytes), rows[i].want);
    }
}

static void compact_integers_are_written_and_read_as_the_chain_does(void **state)
{
    (void)state;
    static const struct {
        uint64_t v;
        const char *want;
    } rows[] = {{0, "00"},
                {1, "04"},
                {63, "fc"},
                {64, "0101"},
                {16383, "fdff"},
                {16384, "02000100"},
                {1073741823, "feffffff"},
                {1073741824, "0300000040"},
                {UINT64_MAX, "13ffffffffffffffff"}};
    struct arena a = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scale_out o = {.arena = &a};
        char hex[65];
        scale_put_compact(&o, rows[i].v);
        assert_string_equal(hex_of(hex, o.at, o.len), rows[i].want);
        struct scale_in s = scale_from(scale_bytes(&o));
        assert_true(scale_compact(&s) == rows[i].v && scale_done(&s));
    }
    arena_release(&a);
}

static void a_compact_integer_that_is_cut_or_not_the_shortest_is_bad(void **state)
{
    (void)state;
    static const char *const rows[] = {"",
                                       "01",
                                       "020001",
                                       "03000000",
                                       "0100",
                                       "fd00",
                                       "02000000",
                                       "0300000000",
                                       "03ffffff3f",
                                       "0700000040",
                                       "13ffffffffffffff",
                                       "17ffffffffffffffffff01",
                                       "07ffffffff00"};
    struct arena a = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scale_in s = scale_from(raw(&a, rows[i]));
        scale_compact(&s);
        assert_true(s.bad);
        assert_true(scale_uint(&s, 1) == 0 && s.rest.len == 0);
    }
    arena_release(&a);
}

static void a_vector_never_claims_more_than_there_is(void **state)
{
    (void)state;
    struct arena a = {0};
    struct scale_in s = scale_from(raw(&a, "0c616263"));
    assert_true(bytes_is(scale_vector(&s), "abc") && scale_done(&s));
    s = scale_from(raw(&a, "13ffffffffffffffff61"));
    assert_int_equal(scale_vector(&s).len, 0);
    assert_true(s.bad);
    s = scale_from(raw(&a, "0c0102"));
    assert_int_equal(scale_count(&s, 1), 0);
    assert_true(s.bad);
    s = scale_from(raw(&a, "02"));
    assert_false(scale_option(&s));
    assert_true(s.bad);
    arena_release(&a);
}

static void full_storage_keys_are_those_of_the_chain(void **state)
{
    (void)state;
    static const struct {
        const char *pallet, *item;
        enum hasher first, second; /* HASHER_COUNT: none */
        const char *one, *two, *want;
    } rows[] = {
        {"Timestamp", "Now", HASHER_COUNT, HASHER_COUNT, "", "",
         "f0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb"},
        {"System", "Account", HASHER_BLAKE2_128_CONCAT, HASHER_COUNT, PK, "",
         "26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9dbf9c5dba85a9dc3b72140260b962bc7" PK},
        {"Commitments", "CommitmentOf", HASHER_IDENTITY, HASHER_COUNT, "0100", "",
         "ca407206ec1ab726b2636c4b145ac287419a60ae8b01e6dcaebd7317e43c69bf0100"},
        {"Commitments", "CommitmentOf", HASHER_IDENTITY, HASHER_TWOX_64_CONCAT, "5900", PK,
         "ca407206ec1ab726b2636c4b145ac287419a60ae8b01e6dcaebd7317e43c69bf5900f26aea1d0ff0a698" PK},
        {"Commitments", "CommitmentOf", HASHER_IDENTITY, HASHER_TWOX_64_CONCAT, "5900", ALICE,
         "ca407206ec1ab726b2636c4b145ac287419a60ae8b01e6dcaebd7317e43c69bf5900518366b5b1bc7c99" ALICE},
        {"SubtensorModule", "Tempo", HASHER_IDENTITY, HASHER_COUNT, "5900", "",
         "658faa385070e074c85bf6b568cf05557641384bb339f3758acddfd7053d33175900"},
        {"SubtensorModule", "Keys", HASHER_IDENTITY, HASHER_IDENTITY, "5900", "0500",
         "658faa385070e074c85bf6b568cf05559f99a2ce711f3a31b2fc05604c93f17959000500"},
        {"SubtensorModule", "Uids", HASHER_IDENTITY, HASHER_BLAKE2_128_CONCAT, "5900", PK,
         "658faa385070e074c85bf6b568cf0555aab1b4e78e1ea8305462ee53b3686dc85900dbf9c5dba85a9dc3b72140260b962bc7" PK},
        {"SubtensorModule", "MechanismEmissionSplit", HASHER_TWOX_64_CONCAT, HASHER_COUNT, "5900", "",
         "658faa385070e074c85bf6b568cf0555beab2628b84716c818c24a8234e9684ceee387b976b29d9a5900"},
        {"SubtensorModule", "MechanismEmissionSplit", HASHER_TWOX_64_CONCAT, HASHER_COUNT, "0100", "",
         "658faa385070e074c85bf6b568cf0555beab2628b84716c818c24a8234e9684cf1577fbf1d628fdd0100"},
    };
    struct arena a = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct scale_out o = {.arena = &a};
        storage_prefix(&o, rows[i].pallet, rows[i].item);
        if (rows[i].first < HASHER_COUNT)
            storage_part(&o, rows[i].first, raw(&a, rows[i].one));
        if (rows[i].second < HASHER_COUNT)
            storage_part(&o, rows[i].second, raw(&a, rows[i].two));
        assert_string_equal(hex_text(&a, scale_bytes(&o)) + 2, rows[i].want);
    }
    arena_release(&a);
}

static void the_order_of_keys_of_five_accounts_is_that_of_their_hashes(void **state)
{
    (void)state;
    static const char *const want[5] = {"0d052d00259f2a8f", "2d96551b4c12f558", "40ebf5d003f6d0c5", "d7830545aa35e57b",
                                        "f1149263bf4b4273"};
    char account[ACCOUNT_BYTES], hex[17];
    for (int i = 0; i < 5; i++) {
        uint8_t hash[8];
        memset(account, i + 1, sizeof account);
        twox64(hash, (struct bytes){account, sizeof account});
        assert_string_equal(hex_of(hex, hash, 8), want[i]);
    }
}

static const struct {
    const char *account, *address;
} accounts[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000",
     "5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM"},
    {"0101010101010101010101010101010101010101010101010101010101010101",
     "5C62Ck4UrFPiBtoCmeSrgF7x9yv9mn38446dhCpsi2mLHiFT"},
    {"0202020202020202020202020202020202020202020202020202020202020202",
     "5C7LYpP2ZH3tpKbvVvwiVe54AapxErdPBbvkYhe6y9ZBkqWt"},
    {"0303030303030303030303030303030303030303030303030303030303030303",
     "5C8etthaGJi5SkQeEDSaK32ABBjkhwDeK9ksQCTLEGM3EH14"},
    {ALICE, "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"},
    {"8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48",
     "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty"},
    {PK, "5CcyqxXnJucaCnQQvvUg5EPzj1uoNAxACZvzArHw5aVDvgNH"},
};

static void addresses_are_written_and_read_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof accounts / sizeof *accounts; i++) {
        uint8_t key[ACCOUNT_BYTES], back[ACCOUNT_BYTES];
        char text[SS58_TEXT];
        unsigned prefix = 0;
        assert_true(hex_fixed(bytes_of(accounts[i].account), key, sizeof key));
        assert_string_equal(ss58_encode(text, key, SS58_BITTENSOR), accounts[i].address);
        assert_true(ss58_decode(bytes_of(text), back, &prefix, NULL));
        assert_memory_equal(key, back, sizeof key);
        assert_int_equal(prefix, 42);
    }
}

static void every_network_number_comes_back(void **state)
{
    (void)state;
    uint8_t key[ACCOUNT_BYTES], back[ACCOUNT_BYTES];
    assert_true(hex_fixed(bytes_of(ALICE), key, sizeof key));
    for (unsigned want = 0; want <= SS58_PREFIX_MAX; want += want < 300 ? 1 : 97) {
        char text[SS58_TEXT];
        unsigned prefix = 99999;
        ss58_encode(text, key, want);
        assert_true(ss58_decode(bytes_of(text), back, &prefix, NULL));
        assert_int_equal(prefix, want);
        assert_memory_equal(key, back, sizeof key);
    }
    char text[SS58_TEXT];
    assert_string_equal(ss58_encode(text, key, 0), "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5");
    assert_string_equal(ss58_encode(text, key, 2), "HNZata7iMYWmk5RvZRTiAsSDhV8366zq2YGb3tLH5Upf74F");
}

static void a_letter_that_is_wrong_or_missing_is_noticed(void **state)
{
    (void)state;
    const char *address = accounts[4].address;
    size_t len = strlen(address);
    uint8_t key[ACCOUNT_BYTES] = {7};
    for (size_t i = 0; i < len; i++) {
        char text[SS58_TEXT];
        struct err e = {0};
        memcpy(text, address, len + 1);
        text[i] = text[i] == 'x' ? 'y' : 'x';
        assert_false(ss58_decode(bytes_of(text), key, NULL, &e));
        assert_true(strstr(e.text, "SS58") != NULL);
        assert_false(ss58_decode((struct bytes){address, i}, key, NULL, &e));
    }
    assert_false(ss58_decode(bytes_of("0OIl"), key, NULL, NULL));
    assert_false(ss58_decode((struct bytes){"5Grw\0", 5}, key, NULL, NULL));
    assert_int_equal(key[0], 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twox_is_little_endian_xxhash),
        cmocka_unit_test(xxhash_agrees_with_the_reference_values_on_long_input),
        cmocka_unit_test(blake2b_has_no_key_and_its_length_is_part_of_it),
        cmocka_unit_test(compact_integers_are_written_and_read_as_the_chain_does),
        cmocka_unit_test(a_compact_integer_that_is_cut_or_not_the_shortest_is_bad),
        cmocka_unit_test(a_vector_never_claims_more_than_there_is),
        cmocka_unit_test(full_storage_keys_are_those_of_the_chain),
        cmocka_unit_test(the_order_of_keys_of_five_accounts_is_that_of_their_hashes),
        cmocka_unit_test(addresses_are_written_and_read_back),
        cmocka_unit_test(every_network_number_comes_back),
        cmocka_unit_test(a_letter_that_is_wrong_or_missing_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
