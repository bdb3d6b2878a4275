/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "auction/pools.h"
#include "base/timetext.h"

static struct arena arena;
static struct err error;

static int tidy(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* auction.md 6.1 */
static void targets_are_written_as_the_proxy_reads_them(void **state)
{
    (void)state;
    static const struct {
        double ph;
        const char *text;
    } rows[] = {
        {0, "0TH/s"},          {0.1 + 0.2, "300TH/s"}, {0.45, "450TH/s"},
        {0.0001, "0.1TH/s"},   {1e-7, "0TH/s"},        {12.3456789, "12345.679TH/s"},
        {1000, "1000000TH/s"}, {-1, "0TH/s"},          {5.0005, "5000.5TH/s"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(pools_target(&arena, rows[i].ph), rows[i].text);
}

static enum route_state update(const char *text, const char **out)
{
    struct pools_change c = {.state = ROUTE_STATES};
    error.text[0] = 0;
    if (!pools_update(&arena, bytes_of(text), "pools.toml", " Central-Proxy ", "300TH/s", &c, &error))
        return ROUTE_STATES;
    *out = arena_copy(&arena, c.text);
    return c.state;
}

static void becomes(const char *before, const char *after)
{
    const char *text = NULL;
    assert_int_equal(update(before, &text), strcmp(before, after) == 0 ? ROUTE_SAME : ROUTE_UPDATED);
    assert_string_equal(text, after);
    if (strcmp(before, after) != 0)
        becomes(after, after); /* and the second time nothing */
}

/* As the installer writes it, and somebody's comments. */
static void the_pools_target_is_set_and_its_weight_goes_and_nothing_else(void **state)
{
    (void)state;
    becomes(
        "# my pools\n[pools]\n\n[pools.backup] # when all else fails\nname = \"b\"\nport = 1\n\n"
        "[[pools.main]]\nname = \"central-proxy\"  # ours\nhost = \"stratum.infinitehash.xyz\"\nport = 9332\n"
        "weight = 1\n\n[[pools.main]]\nname = \"private\"\nweight = 7 # mine\n\n[extranonce]\n[routing]\ngrace = 60\n",
        "# my pools\n[pools]\n\n[pools.backup] # when all else fails\nname = \"b\"\nport = 1\n\n"
        "[[pools.main]]\nname = \"central-proxy\"  # ours\nhost = \"stratum.infinitehash.xyz\"\nport = 9332\n"
        "target_hashrate = \"300TH/s\"\n\n[[pools.main]]\nname = \"private\"\nweight = 7 # mine\n\n[extranonce]\n"
        "[routing]\ngrace = 60\n");
    becomes("[[pools.main]]\n  name = 'Central-Proxy '\n  target_hashrate = \"0TH/s\" # now\n",
            "[[pools.main]]\n  name = 'Central-Proxy '\n  target_hashrate = \"300TH/s\" # now\n");
    becomes("[[pools.main]]\n\tname = \"central-proxy\"",
            "[[pools.main]]\n\tname = \"central-proxy\"\n\ttarget_hashrate = "
            "\"300TH/s\"\n");
    becomes("[[pools.main]]\r\nweight=2\r\nname=\"central-proxy\"\r\n[x]\r\n",
            "[[pools.main]]\r\nname=\"central-proxy\"\r\ntarget_hashrate = \"300TH/s\"\r\n[x]\r\n");
    becomes("[[pools.main]]\ntarget_hashrate = 300\nname = \"central-proxy\"\n",
            "[[pools.main]]\ntarget_hashrate = \"300TH/s\"\nname = \"central-proxy\"\n");
}

static void all_pools_of_the_name_are_set_and_tables_below_them_stay(void **state)
{
    (void)state;
    becomes("[[pools.main]]\nname = \"central-proxy\"\n[pools.main.tls]\nweight = 9\n[[pools.main]]\nname = "
            "\"CENTRAL-PROXY\"\nweight = 3\n",
            "[[pools.main]]\nname = \"central-proxy\"\ntarget_hashrate = \"300TH/s\"\n[pools.main.tls]\nweight = "
            "9\n[[pools.main]]\nname = \"CENTRAL-PROXY\"\ntarget_hashrate = \"300TH/s\"\n");
    becomes("[[\"pools\" . 'main']]\n\"name\" = \"central-proxy\"\n'weight' = 1\n",
            "[[\"pools\" . 'main']]\n\"name\" = \"central-proxy\"\ntarget_hashrate = \"300TH/s\"\n");
}

static void lists_of_inline_tables_are_pools_too(void **state)
{
    (void)state;
    becomes(
        "[pools]\nmain = [ {name = \"central-proxy\", weight = 1, host = \"h\"}, # one\n  {name = \"x\", weight = 2} "
        "]\n",
        "[pools]\nmain = [ {name = \"central-proxy\", host = \"h\", target_hashrate = \"300TH/s\"}, # one\n  {name = "
        "\"x\", weight = 2} ]\n");
    becomes("pools = {main = [{weight = 1, name = \"central-proxy\"}]}",
            "pools = {main = [{name = \"central-proxy\", target_hashrate = \"300TH/s\"}]}");
    becomes("pools.main = [{name = \"central-proxy\", weight = 1}]",
            "pools.main = [{name = \"central-proxy\", target_hashrate = \"300TH/s\"}]");
}

/* What looks like a table within a text is none. */
static void texts_that_look_like_tables_are_left_alone(void **state)
{
    (void)state;
    becomes(
        "[pools]\nnote = \"\"\"\n[[pools.main]]\nname = \"central-proxy\"\nweight = 5\n\"\"\"\nother = '''\nweight = "
        "1'''\n[[pools.main]]\nname = \"central\\u002dproxy\" # [[pools.main]]\nlist = [1, [2, \"]\"], # x ]\n "
        "3]\nwhen = "
        "1979-05-27 07:32:00\nweight = 1\n",
        "[pools]\nnote = \"\"\"\n[[pools.main]]\nname = \"central-proxy\"\nweight = 5\n\"\"\"\nother = '''\nweight = "
        "1'''\n[[pools.main]]\nname = \"central\\u002dproxy\" # [[pools.main]]\nlist = [1, [2, \"]\"], # x ]\n "
        "3]\nwhen = "
        "1979-05-27 07:32:00\ntarget_hashrate = \"300TH/s\"\n");
}

static void what_is_missing_is_said(void **state)
{
    (void)state;
    const char *text;
    assert_int_equal(update("[routing]\n", &text), ROUTE_NO_SECTION);
    assert_int_equal(update("[pools]\n[pools.backup]\nname = \"central-proxy\"\n", &text), ROUTE_NO_ENTRIES);
    assert_int_equal(update("[[pools.main]]\nname = \"other\"\n[[pools.main]]\nport = 1\n", &text), ROUTE_NO_MATCH);
    assert_int_equal(update("[[pools.main\n", &text), ROUTE_STATES);
    assert_non_null(strstr(error.text, "pools.toml"));
}

/* auction.md 6.2 */
static const char *const profile =
    "[[server]]\nname = \"S\"\n\n[[routing]]\nname = \"R\"\n\n[[routing.goal]]\nname = "
    "\"InfiniteHashLuxorGoal\"\nhr_weight = 9 # of 10\n\n[[routing.goal.level]]\nx = 1\n\n"
    "[[routing.goal]]\nname = \"MinerDefaultGoal\"\nhr_weight = 1\n";

static void weights_of_the_goals_are_what_was_won_and_lost(void **state)
{
    (void)state;
    struct braiins_change c, again;
    assert_true(braiins_update(&arena, bytes_of(profile), "p.toml", 0.1, 0.2, &c, &error));
    assert_int_equal(c.state, ROUTE_UPDATED);
    assert_int_equal(c.luxor, 1431655765);
    assert_int_equal(c.usual, 2863311531);
    assert_int_equal(c.old_luxor, 9);
    assert_int_equal(c.old_usual, 1);
    assert_string_equal(arena_copy(&arena, c.text),
                        "[[server]]\nname = \"S\"\n\n[[routing]]\nname = \"R\"\n\n[[routing.goal]]\nname = "
                        "\"InfiniteHashLuxorGoal\"\nhr_weight = 1431655765 # of 10\n\n[[routing.goal.level]]\nx = 1\n\n"
                        "[[routing.goal]]\nname = \"MinerDefaultGoal\"\nhr_weight = 2863311531\n");
    assert_true(braiins_update(&arena, c.text, "p.toml", 0.1, 0.2, &again, &error));
    assert_int_equal(again.state, ROUTE_SAME);
}

static void the_goals_weights_reach_both_ends(void **state)
{
    (void)state;
    static const struct {
        double won, lost;
        int64_t luxor;
    } rows[] = {{1, 0, 4294967296}, {0, 1, 0}, {1, 1, 2147483648}};
    for (size_t i = 0; i < 3; i++) {
        struct braiins_change c;
        assert_true(braiins_update(&arena, bytes_of(profile), "p.toml", rows[i].won, rows[i].lost, &c, &error));
        assert_int_equal(c.luxor, rows[i].luxor);
        assert_int_equal(c.luxor + c.usual, 4294967296);
    }
}

static void without_goals_or_hashrate_a_profile_stays(void **state)
{
    (void)state;
    struct braiins_change c;
    assert_true(braiins_update(&arena, bytes_of(profile), "p.toml", 0, 0, &c, &error));
    assert_int_equal(c.state, ROUTE_NO_HASHRATE);
    assert_true(braiins_update(&arena, bytes_of("[[routing]]\n[[routing.goal]]\nname = \"MinerDefaultGoal\"\n"),
                               "p.toml", 1, 1, &c, &error));
    assert_int_equal(c.state, ROUTE_NO_MATCH);
    assert_false(braiins_update(&arena, bytes_of("["), "p.toml", 1, 1, &c, &error));
    assert_true(braiins_update(&arena,
                               bytes_of("[[routing]]\ngoal = [{name = \"MinerDefaultGoal\"}, {name = "
                                        "\"InfiniteHashLuxorGoal\", hr_weight = \"x\"}]\n"),
                               "p.toml", 1, 1, &c, &error));
    assert_int_equal(c.state, ROUTE_UPDATED);
    assert_int_equal(c.old_luxor, NOT_KNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(targets_are_written_as_the_proxy_reads_them, tidy),
        cmocka_unit_test_teardown(the_pools_target_is_set_and_its_weight_goes_and_nothing_else, tidy),
        cmocka_unit_test_teardown(all_pools_of_the_name_are_set_and_tables_below_them_stay, tidy),
        cmocka_unit_test_teardown(lists_of_inline_tables_are_pools_too, tidy),
        cmocka_unit_test_teardown(texts_that_look_like_tables_are_left_alone, tidy),
        cmocka_unit_test_teardown(what_is_missing_is_said, tidy),
        cmocka_unit_test_teardown(weights_of_the_goals_are_what_was_won_and_lost, tidy),
        cmocka_unit_test_teardown(the_goals_weights_reach_both_ends, tidy),
        cmocka_unit_test_teardown(without_goals_or_hashrate_a_profile_stays, tidy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
