/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "auction/mine_config.h"
#include "auction/result.h"
#include "base/timetext.h"

static struct arena arena;
static struct err error;

static int tidy(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const char *silence(const char *name)
{
    (void)name;
    return NULL;
}

static const char *original(const char *name)
{
    static const struct {
        const char *name, *value;
    } rows[] = {
        {"APS_MINER_PROXY_MODE", " IHP "}, {"APS_MINER_POOLS_CONFIG_PATH", "/p"}, {"APS_MINER_SUBNET_POOL_NAME", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].value;
    return NULL;
}

static const struct mine_config *with(const char *text, mine_env_fn *env)
{
    error.text[0] = 0;
    return mine_config_parse(&arena, bytes_of(text), "config.toml", env, &error);
}

static void without_a_table_it_is_as_the_original(void **state)
{
    (void)state;
    const struct mine_config *c = with("[workers]\n", silence);
    assert_string_equal(c->routing, "auto");
    assert_string_equal(c->pools, "");
    assert_string_equal(c->pool_name, "central-proxy");
    assert_string_equal(c->solver, "both");
    assert_true(mine_config_share(c) == 1.0);
    assert_null(c->exec[0]);
    assert_false(c->in_place);
    assert_int_equal(c->cbc_limit_s, 40);
    assert_int_equal(c->job_limit_s, 120);
    assert_int_equal(c->block_ms, 12000);
    assert_null(c->endpoints[0]);
    assert_string_equal(c->metrics, "");
    assert_string_equal(c->healthz, "");
}

static void the_file_counts_more_than_the_environment_and_that_more_than_the_default(void **state)
{
    (void)state;
    const struct mine_config *c = with("[mine]\npools = \"/q\"\n", original);
    assert_string_equal(c->routing, "ihp");
    assert_string_equal(c->pools, "/q");
    assert_string_equal(c->pool_name, "central-proxy");
    assert_string_equal(with("", original)->pools, "/p");
}

static void the_share_is_a_setting(void **state)
{
    (void)state;
    assert_true(isnan(mine_config_share(with("[mine]\nshare = \"chain\"\n", silence))));
    assert_true(mine_config_share(with("[mine]\nshare = \"0.2\"\n", silence)) == 0.2);
    assert_null(with("[mine]\nshare = \"1.1\"\n", silence));
    assert_null(with("[mine]\nshare = \"-0.1\"\n", silence));
}

static void what_is_wrong_is_told_with_line_and_key(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part;
    } rows[] = {
        {"[mine]\n\nshare = 1.0\n", "config.toml line 3: [mine] share must be a text"},
        {"[mine]\nsolver = \"glpk\"\n", "line 2: [mine] solver must be one of both cbc exact"},
        {"[mine]\nrouting = \"\"\n", "line 2: [mine] routing must be one of"},
        {"[mine]\nexec = \"sh -c x\"\n", "line 2: [mine] exec must be a list"},
        {"[mine]\nexec = []\n", "exec must be a list"},
        {"[mine]\nexec = [\"\"]\n", "needs a program"},
        {"[mine]\nexec = [1]\n", "exec must be a list"},
        {"[mine]\nexec_limit_s = 120\n", "exec_limit_s must be 1 to 110"},
        {"[mine]\njob_limit_s = 121\n", "job_limit_s must be 1 to 120"},
        {"[mine]\nblock_time_s = 0\n", "block_time_s must be 0.1 to 600"},
        {"[mine]\nblock_time_s = \"12\"\n", "block_time_s must be 0.1 to 600"},
        {"[mine]\nendpoints = \"finney\"\n", "endpoints must be a list"},
        {"[mine]\nhealthz = 9110\n", "healthz must be a text"},
        {"[mine]\nin_place = 1\n", "in_place must be true or false"},
        {"[mine]\npool = \"x\"\n", "did you mean pools?"},
        {"mine = 1\n", "mine must be a table"},
        {"[mine\n", "config.toml"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_null(with(rows[i].text, silence));
        assert_non_null(strstr(error.text, rows[i].part));
    }
}

/* What is written for hooks is read back. */
static void a_result_is_a_document(void **state)
{
    (void)state;
    const struct winner winner = {"5B", "0.2", fp18_of("0.95")};
    const struct bid_result mine[] = {{"0.1", fp18_of("0.1"), fp18_of("1"), true},
                                      {"0.2", fp18_of("0.2"), fp18_of("1.05"), false}};
    const struct auction_result r = {.hotkey = "5A",
                                     .epoch_start = 1080,
                                     .start = 1140,
                                     .end = 1199,
                                     .index = 2,
                                     .start_ms = 1795356000000,
                                     .end_ms = NOT_KNOWN,
                                     .commitments = 2,
                                     .budget_ph = 8,
                                     .winner = &winner,
                                     .winners = 1,
                                     .mine = {mine, 2, 1}};
    json_t *o = auction_result_json(&arena, &r);
    struct bid_results back;
    assert_true(auction_result_bids(&arena, o, &back, &error));
    assert_int_equal(back.count, 2);
    assert_int_equal(back.won, 1);
    assert_true(bids_ph(&arena, &back, true) == 0.1 && bids_ph(&arena, &back, false) == 0.2);
    assert_true(json_is_null(json_object_get(o, "window_end_time")));
    assert_int_equal(json_int(o, "start_block"), 1140);
    assert_string_equal(json_text(&arena, json_array_get(json_list(o, "winners"), 0), "price"), "950000000000000000");
    json_array_append_new(json_object_get(o, "my_bids"), json_integer(1));
    assert_false(auction_result_bids(&arena, o, &back, &error));
    json_object_del(o, "my_bids");
    assert_false(auction_result_bids(&arena, o, &back, &error));
    json_decref(o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(without_a_table_it_is_as_the_original, tidy),
        cmocka_unit_test_teardown(the_file_counts_more_than_the_environment_and_that_more_than_the_default, tidy),
        cmocka_unit_test_teardown(the_share_is_a_setting, tidy),
        cmocka_unit_test_teardown(what_is_wrong_is_told_with_line_and_key, tidy),
        cmocka_unit_test_teardown(a_result_is_a_document, tidy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
