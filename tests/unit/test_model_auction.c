/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/timetext.h"
#include "model/auction.h"

static struct arena arena;
static struct err error;
static const int64_t t0 = INT64_C(1795322856000);

static int tidy(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static const struct auction_doc *decode(const char *text)
{
    struct decode_in in = {.bytes = bytes_of(text), .name = "auction-status.json", .mtime_ms = t0, .local_offset_s = 0};
    error.text[0] = 0;
    return auction_decode(&arena, &in, &error);
}

static const char whole[] =
    "{\"version\":1,\"network\":\"finney\",\"netuid\":89,\"tempo\":360,\"block\":7500000,\"block_time\":1795322856,"
    "\"connected\":true,\"endpoint\":\"wss://x\",\"error\":null,"
    "\"commitment\":{\"text\":\"2;b;BTC,1=0.25:4\",\"block\":7499900,\"at\":1795320000,\"published\":true},"
    "\"last_result\":{\"window\":5,\"start\":7499924,\"end\":7499984,\"at\":1795322000,\"budget_ph\":40.5,"
    "\"commitments\":12,"
    "\"won\":3,\"lost\":1,\"price\":\"0.98\",\"bids\":[{\"hashrate\":\"0.25\",\"price\":\"1\",\"count\":4,\"won\":3},7]"
    "},"
    "\"missed_windows\":2,\"updated_at\":1795322857}";

static void the_status_file_is_read_whole(void **state)
{
    (void)state;
    const struct auction_doc *d = decode(whole);
    assert_string_equal(d->network, "finney");
    assert_int_equal(d->netuid, 89);
    assert_int_equal(d->tempo, 360);
    assert_int_equal(d->block, 7500000);
    assert_int_equal(d->block_ms, t0);
    assert_true(d->connected);
    assert_null(d->error);
    assert_true(d->has_commitment && d->published);
    assert_string_equal(d->commit_text, "2;b;BTC,1=0.25:4");
    assert_int_equal(d->commit_ms, INT64_C(1795320000000));
    assert_true(d->has_result);
    assert_int_equal(d->result_index, 5);
    assert_int_equal(d->won, 3);
    assert_true(d->budget_ph == 40.5);
    assert_string_equal(d->clearing_price, "0.98");
    assert_int_equal(d->bid_count, 1);
    assert_string_equal(d->bid[0].hashrate, "0.25");
    assert_int_equal(d->bid[0].won, 3);
    assert_int_equal(d->missed_windows, 2);
}

static void what_it_does_not_say_is_not_known(void **state)
{
    (void)state;
    const struct auction_doc *d = decode("{\"netuid\":89,\"block\":-4,\"commitment\":null,\"last_result\":null}");
    assert_int_equal(d->block, NOT_KNOWN);
    assert_int_equal(d->tempo, NOT_KNOWN);
    assert_int_equal(d->block_ms, NOT_KNOWN);
    assert_false(d->has_commitment || d->has_result || d->connected);
    assert_true(isnan(d->budget_ph));
    assert_null(d->clearing_price);
    assert_null(decode("{\"version\":1}"));
    assert_non_null(strstr(error.text, "auction-status.json is not an auction status file"));
    assert_null(decode("{"));
}

/* ---- the part ----------------------------------------------------------------------------------------------------- */

struct scene {
    struct docs docs;
    struct origin origin[DOC_COUNT];
    struct settings settings;
};

static struct scene scene_of(const struct auction_doc *doc)
{
    struct scene s = {.docs = {.auction_doc = doc}};
    s.settings = (struct settings){
        .netuid = NOT_KNOWN, .tempo = 360, .block_time_s = 12, .known_block = NOT_KNOWN, .known_block_ms = NOT_KNOWN};
    for (size_t i = 0; i < DOC_COUNT; i++)
        s.origin[i].read_ms = s.origin[i].mtime_ms = NOT_KNOWN;
    return s;
}

static const struct auction *at(const struct scene *s, int64_t now_ms)
{
    return auction_at(&arena, &s->docs, s->origin, &s->settings, NULL, now_ms);
}

static void a_fresh_head_gives_the_window_and_the_seconds_inside_it(void **state)
{
    (void)state;
    struct scene s = scene_of(decode(whole));
    const struct auction *a = at(&s, t0 + 5000);
    assert_true(a->known && a->has_window);
    assert_false(a->estimated);
    assert_int_equal(a->block, 7500000);
    assert_int_equal(a->block_age_ms, 5000);
    assert_int_equal(a->window.index, 0);
    assert_int_equal(a->window.start, 7499985);
    assert_int_equal(a->window.end, 7500044);
    assert_int_equal(a->window_end_ms, t0 + 45 * 12000);
    assert_int_equal(a->seconds_left, 45 * 12 - 5);
    assert_int_equal(at(&s, t0 + 5001)->seconds_left, 45 * 12 - 5);
    assert_true(fabs(a->window_fraction_left - 535.0 / 720) < 1e-9);
    assert_int_equal(a->windows_since_result, 0);
    assert_string_equal(a->network, "finney");
}

static void an_old_head_is_carried_on_at_twelve_seconds_a_block_and_says_so(void **state)
{
    (void)state;
    struct scene s = scene_of(decode(whole));
    assert_false(at(&s, t0 + 36000)->estimated);
    const struct auction *a = at(&s, t0 + 36001);
    assert_true(a->estimated);
    assert_int_equal(a->block, 7500003);
    a = at(&s, t0 + 45 * 12000 + 500);
    assert_int_equal(a->block, 7500045);
    assert_int_equal(a->window.index, 1);
    assert_int_equal(a->seconds_left, 720);
    assert_int_equal(a->windows_since_result, 1);
    a = at(&s, t0 + (int64_t)361 * 12000);
    assert_int_equal(a->windows_since_result, 6);
    a = at(&s, t0 - 60000);
    assert_int_equal(a->block, 7500000);
    assert_int_equal(a->block_age_ms, 0);
}

static void a_lost_or_stale_status_makes_the_block_an_estimate(void **state)
{
    (void)state;
    struct scene s = scene_of(decode(whole));
    static const enum origin_state bad[] = {ORIGIN_MISSING, ORIGIN_STALE, ORIGIN_INVALID, ORIGIN_WAITING};
    for (size_t i = 0; i < 4; i++) {
        s.origin[DOC_AUCTION].state = bad[i];
        assert_true(at(&s, t0 + 13000)->estimated);
        assert_int_equal(at(&s, t0 + 13000)->block, 7500001);
    }
    struct scene off =
        scene_of(decode("{\"netuid\":89,\"block\":7500000,\"block_time\":1795322856,\"connected\":false}"));
    assert_true(at(&off, t0)->estimated);
}

static void the_settings_can_anchor_the_estimate_and_name_the_subnet(void **state)
{
    (void)state;
    struct scene s = scene_of(NULL);
    assert_false(at(&s, t0)->known);
    s.settings.netuid = 1;
    assert_true(at(&s, t0)->known);
    assert_false(at(&s, t0)->has_window);
    assert_int_equal(at(&s, t0)->block, NOT_KNOWN);
    s.settings.known_block = 1019;
    s.settings.known_block_ms = t0;
    const struct auction *a = at(&s, t0 + 11999);
    assert_true(a->estimated);
    assert_int_equal(a->window.index, 5);
    assert_int_equal(a->seconds_left, 1);
    assert_int_equal(at(&s, t0 + 12000)->window.index, 0);
    s.settings.block_time_s = 0.5;
    assert_int_equal(at(&s, t0 + 1000)->block, 1021);
}

static void the_newer_anchor_counts(void **state)
{
    (void)state;
    struct scene s = scene_of(decode(whole));
    s.settings.known_block = 7600000;
    s.settings.known_block_ms = t0 + 1;
    assert_int_equal(at(&s, t0 + 2)->known_block, 7600000);
    assert_true(at(&s, t0 + 2)->estimated);
    s.settings.known_block_ms = t0 - 1;
    assert_int_equal(at(&s, t0 + 2)->known_block, 7500000);
}

static void settings_come_before_the_status_file_and_that_before_the_configuration(void **state)
{
    (void)state;
    struct auction_config config = {.netuid = 42, .network = "test"};
    struct scene s = scene_of(NULL);
    s.docs.auction_config = &config;
    assert_int_equal(at(&s, t0)->netuid, 42);
    assert_string_equal(at(&s, t0)->network, "test");
    s.docs.auction_doc = decode("{\"netuid\":89,\"tempo\":99,\"network\":\"finney\"}");
    assert_int_equal(at(&s, t0)->netuid, 89);
    assert_int_equal(at(&s, t0)->tempo, 99);
    s.settings.netuid = 7;
    s.settings.tempo = 720;
    assert_int_equal(at(&s, t0)->netuid, 7);
    assert_int_equal(at(&s, t0)->tempo, 720);
    config.netuid = 70000;
    s.settings.netuid = NOT_KNOWN;
    s.docs.auction_doc = NULL;
    assert_false(at(&s, t0)->known);
}

static void absurd_blocks_and_times_are_not_known(void **state)
{
    (void)state;
    struct scene s =
        scene_of(decode("{\"netuid\":89,\"block\":9007199254740993,\"block_time\":1795322856,\"connected\":true}"));
    assert_false(at(&s, t0)->has_window);
    s = scene_of(decode("{\"netuid\":89,\"block\":5000,\"connected\":true}"));
    assert_false(at(&s, t0)->has_window);
    s.origin[DOC_AUCTION].mtime_ms = t0;
    assert_true(at(&s, t0)->has_window);
    s = scene_of(decode("{\"netuid\":89,\"block\":5000,\"block_time\":1,\"connected\":true}"));
    s.settings.block_time_s = NAN;
    assert_true(at(&s, t0)->has_window);
    assert_int_equal(at(&s, t0)->block, 5000 + (t0 - 1000) / 12000);
}

static void a_configuration_newer_than_the_commitment_is_noticed(void **state)
{
    (void)state;
    struct auction_config config = {.netuid = 89};
    struct scene s = scene_of(decode(whole));
    s.docs.auction_config = &config;
    s.origin[DOC_CONFIG].mtime_ms = INT64_C(1795320000000);
    assert_false(at(&s, t0)->config_changed);
    s.origin[DOC_CONFIG].mtime_ms++;
    assert_true(at(&s, t0)->config_changed);
    assert_int_equal(at(&s, t0)->commit_age_ms, 2856000);
    s.docs.auction_doc = NULL;
    assert_false(at(&s, t0)->config_changed);
    assert_int_equal(at(&s, t0)->commit_age_ms, NOT_KNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_status_file_is_read_whole, tidy),
        cmocka_unit_test_teardown(what_it_does_not_say_is_not_known, tidy),
        cmocka_unit_test_teardown(a_fresh_head_gives_the_window_and_the_seconds_inside_it, tidy),
        cmocka_unit_test_teardown(an_old_head_is_carried_on_at_twelve_seconds_a_block_and_says_so, tidy),
        cmocka_unit_test_teardown(a_lost_or_stale_status_makes_the_block_an_estimate, tidy),
        cmocka_unit_test_teardown(the_settings_can_anchor_the_estimate_and_name_the_subnet, tidy),
        cmocka_unit_test_teardown(the_newer_anchor_counts, tidy),
        cmocka_unit_test_teardown(settings_come_before_the_status_file_and_that_before_the_configuration, tidy),
        cmocka_unit_test_teardown(absurd_blocks_and_times_are_not_known, tidy),
        cmocka_unit_test_teardown(a_configuration_newer_than_the_commitment_is_noticed, tidy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
