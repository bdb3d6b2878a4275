/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "auction/commitment.h"
#include "auction/config.h"
#include "auction/fp18.h"

static struct arena arena;
static struct err error;

static int tidy(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* A configuration whose [workers] table is the given text. */
static const struct auction_config *with_workers(const char *workers)
{
    const char *text = arena_text(&arena,
                                  "[bittensor]\nnetwork = \"finney\"\nnetuid = 89\n"
                                  "[wallet]\nname = \"w\"\nhotkey_name = \"h\"\ndirectory = \"~/.bittensor\"\n"
                                  "[workers]\n%s\n",
                                  workers);
    error.text[0] = 0;
    return auction_config_parse(&arena, bytes_of(text), "config.toml", &error);
}

static const char *refusal(const char *workers)
{
    assert_null(with_workers(workers));
    return error.text;
}

/* auction.md 1.1 */
static void decimals_are_read_as_the_auction_reads_them(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"1", "1"},
        {".5", "0.5"},
        {"5.", "5"},
        {".", "0"},
        {"+1", "1"},
        {"-1", "-1"},
        {" 1.5 ", "1.5"},
        {"0.000000000000000001", "0.000000000000000001"},
        {"1.1000000000000000000000", "1.1"},
        {"00012.50", "12.5"},
        {"-0", "0"},
        {"", NULL},
        {"+", NULL},
        {"1e5", NULL},
        {"0x1", NULL},
        {"1_0", NULL},
        {"1,5", NULL},
        {"1.2.3", NULL},
        {"- 1", NULL},
        {"0.0000000000000000001", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fp18 v;
        assert_int_equal(fp18_parse(bytes_of(rows[i].in), &v), rows[i].out != NULL);
        if (rows[i].out)
            assert_string_equal(fp18_text(&arena, v), rows[i].out);
    }
}

static void decimals_compare_by_value_at_any_length(void **state)
{
    (void)state;
    static const char *const rising[] = {
        "-100000000000000000000000000000000000000000000000000",
        "-1.05",
        "-1",
        "-0.1",
        "0",
        "0.000000000000000001",
        "0.05",
        "0.45",
        "0.450000000000000001",
        "1.05",
        "1.050000000000000001",
        "9",
        "10",
        "100000000000000000000000000000000000000000000000000",
    };
    for (size_t i = 0; i < sizeof rising / sizeof rising[0]; i++)
        for (size_t j = 0; j < sizeof rising / sizeof rising[0]; j++) {
            int c = fp18_compare(fp18_of(rising[i]), fp18_of(rising[j]));
            assert_int_equal((c > 0) - (c < 0), (i > j) - (i < j));
        }
    assert_int_equal(fp18_compare(fp18_of("0.10"), fp18_of("00.1")), 0);
}

/* auction.md 1.2: what loads, and what it publishes. */
static void workers_become_the_commitment_of_the_specification(void **state)
{
    (void)state;
    static const struct {
        const char *workers, *commitment;
    } rows[] = {
        {"price_multiplier = \"1.0\"\nhashrates = [\"0.1\",\"0.2\",\"0.3\"]", "2;b;BTC,1=0.1:1,0.2:1,0.3:1"},
        {"price_multiplier = \"1\"\n[workers.worker_sizes]\n\"0.25\" = 4\n\"0.45\" = 2", "2;b;BTC,1=0.25:4,0.45:2"},
        {"price_multiplier = \"1\"\nhashrates = [\"5.5\"]", "2;b;BTC,1=0.1:1,0.45:12"},
        {"price_multiplier = \"1\"\nhashrates = [\"0.46\"]", "2;b;BTC,1=0.05:1,0.41:1"},
        {"price_multiplier = \"1\"\nhashrates = [\"0.92\"]", "2;b;BTC,1=0.05:1,0.42:1,0.45:1"},
        {"price_multiplier = \"1\"\nhashrates = [\"0.9\"]", "2;b;BTC,1=0.45:2"},
        {"price_multiplier = \"1\"\nhashrates = [\"0.5\",\"0.6\"]", "2;b;BTC,1=0.05:1,0.15:1,0.45:2"},
        {"price_multiplier = \"1\"\nhashrates = [\"5.5\",\"8.2\",\"6.8\",\"9.1\",\"7.3\"]",
         "2;b;BTC,1=0.05:1,0.1:4,0.45:81"},
        {"price_multiplier = \"1\"\n[workers.worker_sizes]\n\" 0.1 \" = 1\n\"0.1\" = 2\n\"0.10\" = 3",
         "2;b;BTC,1=0.1:5"},
        {"price_multiplier = \"1.2\"\n[workers.worker_sizes]\n\"0.1\" = 1", "2;b;BTC,1.2=0.1:1"},
        {"price_multiplier = \"1\"\n[workers.hashrates]\n\"0.45\" = 1000", "2;b;BTC,1=0.45:1000"},
        {"price_multiplier = \"1\"\nhashrates = [\"0.04\"]", NULL},
        {"price_multiplier = \"1\"\n[workers.worker_sizes]\n\"0.04\" = 1", NULL},
        {"price_multiplier = \"1\"\n[workers.worker_sizes]\n\"-0.1\" = 1", NULL},
        {"price_multiplier = \"1\"\nhashrates = [\"451\"]", NULL},
        {"price_multiplier = \"1\"\nhashrates = [\"99999999999999999999999999\"]", NULL},
        {"price_multiplier = \"x\"\nhashrates = [\"1\"]", NULL},
        {"price_multiplier = 1.0\nhashrates = [\"1\"]", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct auction_config *c = with_workers(rows[i].workers);
        assert_non_null(c);
        if (rows[i].commitment)
            assert_string_equal(c->commitment, rows[i].commitment);
        else
            assert_null(c->commitment);
        assert_int_equal(c->warning == NULL, rows[i].commitment && !strstr(rows[i].workers, "1.2"));
    }
}

static const char *sizes_of(int n, int step)
{
    char *text = arena_text(&arena, "price_multiplier = \"1\"\n[workers.worker_sizes]\n\"0.1\" = 7\n");
    for (int i = 1; i < n; i++)
        text = arena_text(&arena, "%s\"0.%d\" = 7\n", text, 100 + i * step);
    return text;
}

static void a_commitment_has_128_bytes_at_most(void **state)
{
    (void)state;
    const struct auction_config *fits = with_workers(sizes_of(15, 1)), *not = with_workers(sizes_of(16, 1));
    assert_int_equal(strlen(fits->commitment), 126);
    assert_null(not ->commitment);
    assert_non_null(strstr(not ->warning, "exceeds 128 bytes"));
}

static void refused_configurations_say_why_in_the_miners_words(void **state)
{
    (void)state;
    static const struct {
        const char *workers, *sentence;
    } rows[] = {
        {"price_multiplier = \"1\"\nhashrates = [\"1\"]\nworker_sizes = 1",
         "config.toml line 10: workers config must specify only one of 'hashrates' or 'worker_sizes': take one out"},
        {"price_multiplier = \"1\"", "config.toml line 8: workers config must specify 'hashrates' (list for v1, dict "
                                     "for v2) or 'worker_sizes' (v2): add hashrates = [\"0.5\"]"},
        {"price_multiplier = \"1\"\nworker_sizes = [1]",
         "config.toml line 10: workers.worker_sizes must be a dict of hashrate_str -> count_int: write hashrate in PH "
         "and count, as in \"0.25\" = 4"},
        {"price_multiplier = \"1\"\nhashrates = \"1\"", "config.toml line 10: workers.hashrates must be a list (v1) or "
                                                        "dict (v2): write PH in quotes, as in hashrates = [\"0.5\"]"},
        {"price_multiplier = \"1\"\n[workers.worker_sizes]\n\"  \" = 1",
         "config.toml line 11: workers.worker_sizes has empty/non-string hashrate key: write hashrate in PH and count, "
         "as in \"0.25\" = 4"},
        {"price_multiplier = \"1\"\n[workers.worker_sizes]\n\"1e1\" = 1",
         "config.toml line 11: invalid workers.worker_sizes hashrate: 1e1: write hashrate in PH and count, as in "
         "\"0.25\" = 4"},
        {"price_multiplier = \"1\"\n[workers.worker_sizes]\n\"0.46\" = 1",
         "config.toml line 11: workers.worker_sizes hashrate exceeds v2 max worker size (0.45 PH): 0.46: make more and "
         "smaller workers of it"},
        {"price_multiplier = \"1\"\n[workers.worker_sizes]\n\"0.1\" = \"x\"",
         "config.toml line 11: invalid workers.worker_sizes count for 0.1: x: give a whole number"},
        {"price_multiplier = \"1\"\n[workers.worker_sizes]\n0.25 = 4",
         "config.toml line 11: invalid workers.worker_sizes count for 0: {...}: put the hashrate in quotes, as in "
         "\"0.25\" = 4"},
        {"price_multiplier = \"1\"\n[workers.worker_sizes]\n\"0.1\" = 0",
         "config.toml line 11: workers.worker_sizes count must be > 0 for 0.1: give the number of workers, or take the "
         "line out"},
        {"price_multiplier = \"1\"\nworker_sizes = {}", "config.toml line 10: workers.worker_sizes is empty or "
                                                        "invalid: write hashrate in PH and count, as in \"0.25\" = 4"},
        {"price_multiplier = \"1\"\n[workers.worker_sizes]\n\"0.1\" = 1001",
         "config.toml line 10: workers.worker_sizes total worker count exceeds v2 commitment limit (1000): 1001: make "
         "fewer and larger workers"},
        {"price_multiplier = \"1\"\nhashrates = [1]",
         "config.toml line 10: workers.hashrates contains empty/non-string hashrate: write PH in quotes, as in "
         "hashrates = [\"0.5\"]"},
        {"price_multiplier = \"1\"\nhashrates = [\" \"]",
         "config.toml line 10: workers.hashrates contains empty/non-string hashrate: write PH in quotes, as in "
         "hashrates = [\"0.5\"]"},
        {"price_multiplier = \"1\"\nhashrates = [\"0x1\"]", "config.toml line 10: invalid workers.hashrates hashrate: "
                                                            "0x1: write PH in quotes, as in hashrates = [\"0.5\"]"},
        {"price_multiplier = \"1\"\nhashrates = []",
         "config.toml line 10: workers.hashrates is empty: write PH in quotes, as in hashrates = [\"0.5\"]"},
        {"hashrates = [\"1\"]",
         "config.toml line 8: [workers] price_multiplier is missing: add price_multiplier = \"1.0\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(refusal(rows[i].workers), rows[i].sentence);
}

static void counts_follow_pythons_int(void **state)
{
    (void)state;
    static const struct {
        const char *count;
        int64_t workers;
    } rows[] = {{"\"3\"", 3}, {"2.9", 2}, {"true", 1}, {"\" +1_0 \"", 10}, {"999", 999}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *text =
            arena_text(&arena, "price_multiplier = \"1\"\n[workers.worker_sizes]\n\"0.1\" = %s", rows[i].count);
        assert_int_equal(with_workers(text)->total_workers, rows[i].workers);
    }
    assert_non_null(
        strstr(refusal("price_multiplier = \"1\"\n[workers.worker_sizes]\n\"0.1\" = \"1__0\""), "count for 0.1"));
    assert_non_null(
        strstr(refusal("price_multiplier = \"1\"\n[workers.worker_sizes]\n\"0.1\" = inf"), "count for 0.1"));
    assert_non_null(
        strstr(refusal("price_multiplier = \"1\"\n[workers.worker_sizes]\n\"0.1\" = 1e300"), "limit (1000)"));
}

static const char *refused_text(const char *text)
{
    error.text[0] = 0;
    assert_null(auction_config_parse(&arena, bytes_of(text), "config.toml", &error));
    return error.text;
}

static void the_other_tables_are_strict(void **state)
{
    (void)state;
    assert_string_equal(refused_text("[wallet]\n"), "config.toml: the table [bittensor] is missing: add it");
    assert_string_equal(refused_text("[bittensor]\nnetuid = 1\n"),
                        "config.toml line 1: [bittensor] network is missing: add it");
    assert_string_equal(refused_text("[bittensor]\nnetuid = 1\nnetwork = \"x\"\nport = 1\n"),
                        "config.toml line 4: unknown key in [bittensor]: port: take it out");
    assert_string_equal(refused_text("[bittensor]\nnetuid = \"1\"\nnetwork = \"x\"\n"),
                        "config.toml line 2: [bittensor] netuid must be an integer: write the number without quotes");
    assert_string_equal(refused_text("[bittensor]\nnetuid = 1\nnetwork = 3\n"),
                        "config.toml line 3: [bittensor] network must be a string: put it in quotes");
    assert_string_equal(
        refused_text("[bittensor]\nnetuid = 1\nnetwork = \"x\"\n[wallet]\nname = \"a\"\nhotkey_name = \"b\"\n"),
        "config.toml line 4: [wallet] directory is missing: add it");
    assert_non_null(strstr(refused_text("[bittensor\n"), "config.toml"));
}

static void a_loaded_configuration_tells_its_sums(void **state)
{
    (void)state;
    const struct auction_config *c =
        with_workers("price_multiplier = \"1.1\"\nhashrates = [\"5.5\",\"8.2\"]\nextra = 1");
    assert_string_equal(c->network, "finney");
    assert_int_equal(c->netuid, 89);
    assert_string_equal(c->wallet_directory, "~/.bittensor");
    assert_true(c->is_list);
    assert_int_equal(c->total_workers, 2);
    assert_true(c->total_ph > 13.6999 && c->total_ph < 13.7001);
    assert_string_equal(c->warning, "price_multiplier 1.1 is above 1.05: these bids never win");
    assert_null(with_workers("price_multiplier = \"1.05\"\nhashrates = [\"1\"]")->warning);
    assert_non_null(with_workers("price_multiplier = \"0\"\nhashrates = [\"1\"]")->warning);
}

static void a_network_nobody_can_connect_to_is_noticed(void **state)
{
    (void)state;
    static const struct {
        const char *network;
        bool bad;
    } rows[] = {{"finney", false},      {"archive", false}, {"test", false},     {"local", false},
                {"ws://h:9944", false}, {"wss://h", false}, {"http://h", false}, {"https://h", false},
                {"mainnet", true},      {"", true},         {"Finney", true},    {"ftp://h", true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[400];
        snprintf(text, sizeof text,
                 "[bittensor]\nnetwork=\"%s\"\nnetuid=1\n[wallet]\nname=\"a\"\nhotkey_name=\"b\"\n"
                 "directory=\"c\"\n[workers]\nprice_multiplier=\"1\"\nhashrates=[\"0.1\"]\n",
                 rows[i].network);
        const struct auction_config *c = auction_config_parse(&arena, bytes_of(text), "config.toml", &error);
        assert_non_null(c);
        assert_int_equal(c->no_network, rows[i].bad);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(decimals_are_read_as_the_auction_reads_them, tidy),
        cmocka_unit_test_teardown(decimals_compare_by_value_at_any_length, tidy),
        cmocka_unit_test_teardown(workers_become_the_commitment_of_the_specification, tidy),
        cmocka_unit_test_teardown(a_commitment_has_128_bytes_at_most, tidy),
        cmocka_unit_test_teardown(refused_configurations_say_why_in_the_miners_words, tidy),
        cmocka_unit_test_teardown(counts_follow_pythons_int, tidy),
        cmocka_unit_test_teardown(the_other_tables_are_strict, tidy),
        cmocka_unit_test_teardown(a_loaded_configuration_tells_its_sums, tidy),
        cmocka_unit_test_teardown(a_network_nobody_can_connect_to_is_noticed, tidy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
