/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule_rig.h"

static void with_status(struct rig *r)
{
    r->auction.known = true;
    r->auction.status = &r->status;
    r->status.has_commitment = r->status.published = true;
    r->status.commit_block = 7500000;
    r->status.updated_ms = NOW;
}

static void missed_windows_warn_from_one_and_are_critical_from_three(void **state)
{
    (void)state;
    static const struct {
        int64_t counted, since;
        enum severity want;
    } rows[] = {
        {NOT_KNOWN, NOT_KNOWN, SEVERITY_OK},
        {0, 0, SEVERITY_OK},
        {1, 0, SEVERITY_WARNING},
        {0, 1, SEVERITY_WARNING},
        {2, 1, SEVERITY_WARNING},
        {NOT_KNOWN, 2, SEVERITY_WARNING},
        {3, 0, SEVERITY_CRITICAL},
        {0, 3, SEVERITY_CRITICAL},
        {1, 40, SEVERITY_CRITICAL},
    };
    struct rig r;
    rig_init(&r);
    with_status(&r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        r.status.missed_windows = rows[i].counted;
        r.auction.windows_since_result = rows[i].since;
        assert_int_equal(rig_severity(&r, &rule_auction_missed), rows[i].want);
    }
    rig_release(&r);
}

static void missed_windows_tell_the_last_result(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    with_status(&r);
    r.auction.windows_since_result = 2;
    assert_has(rig_ask(&r, &rule_auction_missed)->why, "there is no result yet");
    r.status.has_result = true;
    r.status.result_index = 3;
    r.status.result_start = 7414247;
    r.status.result_end = 7414306;
    r.status.result_ms = NOW - HOUR;
    r.auction.estimated = true;
    const struct alert *a = rig_ask(&r, &rule_auction_missed);
    assert_complete(a);
    assert_has(a->why, "window 4/6, blocks 7414247-7414306");
    assert_has(a->why, "estimated");
    assert_int_equal(a->since_ms, NOW - HOUR);
    rig_release(&r);
}

static void a_rig_without_auction_misses_none(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.auction.windows_since_result = 9;
    assert_null(rig_ask(&r, &rule_auction_missed));
    assert_null(rig_ask(&r, &rule_commit_age));
    rig_release(&r);
}

static void a_commitment_is_late_after_82_minutes_and_dropped_after_150(void **state)
{
    (void)state;
    static const struct {
        int64_t age_ms;
        enum severity want;
    } rows[] = {
        {NOT_KNOWN, SEVERITY_OK},
        {0, SEVERITY_OK},
        {31 * MINUTE, SEVERITY_OK},
        {82 * MINUTE, SEVERITY_OK},
        {82 * MINUTE + SECOND, SEVERITY_WARNING},
        {150 * MINUTE, SEVERITY_WARNING},
        {150 * MINUTE + SECOND, SEVERITY_CRITICAL},
    };
    struct rig r;
    rig_init(&r);
    with_status(&r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        r.auction.commit_age_ms = rows[i].age_ms;
        assert_int_equal(rig_severity(&r, &rule_commit_age), rows[i].want);
    }
    assert_complete(rig_ask(&r, &rule_commit_age));
    assert_has(rig_ask(&r, &rule_commit_age)->what, "validators drop it");
    assert_int_equal(rig_ask(&r, &rule_commit_age)->since_ms, NOW - SECOND);
    rig_release(&r);
}

static void a_changed_configuration_must_be_committed_within_10_minutes(void **state)
{
    (void)state;
    static const struct {
        int64_t age_ms;
        enum severity want;
    } rows[] = {
        {5 * MINUTE, SEVERITY_OK},
        {10 * MINUTE, SEVERITY_OK},
        {10 * MINUTE + SECOND, SEVERITY_WARNING},
        {30 * MINUTE, SEVERITY_WARNING},
        {30 * MINUTE + SECOND, SEVERITY_CRITICAL},
    };
    struct rig r;
    rig_init(&r);
    with_status(&r);
    rig_file(&r, DOC_CONFIG);
    r.auction.config = &r.config;
    r.config.commitment = "2;b;BTC,1=0.25:4";
    r.status.commit_text = "2;b;BTC,1=0.25:3";
    r.auction.commit_age_ms = 40 * MINUTE;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        r.m.origin[DOC_CONFIG].mtime_ms = NOW - rows[i].age_ms;
        r.auction.config_changed = true;
        assert_int_equal(rig_severity(&r, &rule_commit_age), rows[i].want);
        r.auction.config_changed = false;
        assert_null(rig_ask(&r, &rule_commit_age));
    }
    rig_release(&r);
}

static void a_configuration_that_gives_the_same_commitment_is_no_change(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    with_status(&r);
    rig_file(&r, DOC_CONFIG);
    r.m.origin[DOC_CONFIG].mtime_ms = NOW - HOUR;
    r.auction.commit_age_ms = 70 * MINUTE;
    r.auction.config_changed = true;
    assert_null(rig_ask(&r, &rule_commit_age));
    r.auction.config = &r.config;
    r.config.commitment = r.status.commit_text = "2;b;BTC,1=0.25:4";
    assert_null(rig_ask(&r, &rule_commit_age));
    r.config.commitment = NULL; /* nothing can be built: config_warning tells */
    assert_null(rig_ask(&r, &rule_commit_age));
    r.config.commitment = "2;b;BTC,1=0.25:5";
    assert_int_equal(rig_severity(&r, &rule_commit_age), SEVERITY_CRITICAL);
    rig_release(&r);
}

static void no_commitment_at_all_is_a_warning(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    with_status(&r);
    r.status.published = false;
    assert_string_equal(rig_ask(&r, &rule_commit_age)->what, "Commitment not published");
    r.status.has_commitment = false;
    const struct alert *a = rig_ask(&r, &rule_commit_age);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_WARNING);
    assert_string_equal(a->what, "No commitment on the chain");
    rig_release(&r);
}

static void an_invalid_configuration_is_told_once_by_its_own_rule(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    assert_null(rig_ask(&r, &rule_config_invalid));
    r.m.origin[DOC_CONFIG].state = ORIGIN_INVALID;
    r.m.origin[DOC_CONFIG].error = "config.toml: workers.hashrates is empty";
    const struct alert *a = rig_ask(&r, &rule_config_invalid);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_WARNING);
    assert_has(a->why, "workers.hashrates is empty");
    assert_null(rig_ask(&r, &rule_source_invalid));
    rig_release(&r);
}

static void a_price_that_never_wins_is_a_warning(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    assert_null(rig_ask(&r, &rule_config_warning));
    r.auction.config = &r.config;
    assert_null(rig_ask(&r, &rule_config_warning));
    r.config.price_multiplier = "1.2";
    r.config.price = 1.2;
    r.config.commitment = "2;b;BTC,1.2=0.1:1";
    r.config.warning = "price_multiplier 1.2 is above 1.05: these bids never win";
    const struct alert *a = rig_ask(&r, &rule_config_warning);
    assert_complete(a);
    assert_string_equal(a->value_text, "price 1.2");
    r.config.commitment = NULL;
    assert_has(rig_ask(&r, &rule_config_warning)->what, "No bid");
    rig_release(&r);
}

static void a_network_nobody_can_connect_to_is_a_warning(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    r.auction.config = &r.config;
    r.config.network = "mainnet";
    assert_null(rig_ask(&r, &rule_config_warning));
    r.config.no_network = true;
    const struct alert *a = rig_ask(&r, &rule_config_warning);
    assert_complete(a);
    assert_has(a->why, "network mainnet is neither");
    rig_release(&r);
}

static void a_chain_that_nobody_reaches_is_a_warning_and_after_ten_minutes_critical(void **state)
{
    (void)state;
    struct auction_endpoint two[] = {{"a", "a: it answers HTTP 503", false, NOT_KNOWN, 3, 3},
                                     {"b", NULL, false, NOT_KNOWN, 0, 0}};
    struct rig r;
    rig_init(&r);
    with_status(&r);
    r.m.origin[DOC_AUCTION].state = ORIGIN_OK;
    r.auction.block_age_ms = 5 * MINUTE;
    r.status.endpoints = two;
    r.status.endpoint_count = 2;
    const struct alert *a = rig_ask(&r, &rule_chain_unreachable);
    assert_complete(a);
    assert_int_equal(a->severity, SEVERITY_WARNING);
    assert_has(a->why, "HTTP 503");
    r.auction.block_age_ms = 11 * MINUTE;
    assert_int_equal(rig_severity(&r, &rule_chain_unreachable), SEVERITY_CRITICAL);
    r.status.stopped = true; /* it was ended by somebody: that windows are missed is another rule's */
    assert_int_equal(rig_severity(&r, &rule_chain_unreachable), SEVERITY_OK);
    r.status.stopped = false;
    r.status.connected = true;
    assert_int_equal(rig_severity(&r, &rule_chain_unreachable), SEVERITY_OK);
    rig_release(&r);
}

static void finality_that_lags_warns_from_15_blocks_and_is_critical_from_50(void **state)
{
    (void)state;
    static const struct {
        int64_t lag;
        enum severity want;
    } rows[] = {{NOT_KNOWN, SEVERITY_OK}, {3, SEVERITY_OK},       {14, SEVERITY_OK},
                {15, SEVERITY_WARNING},   {49, SEVERITY_WARNING}, {50, SEVERITY_CRITICAL}};
    struct rig r;
    rig_init(&r);
    with_status(&r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        r.auction.finality_lag = rows[i].lag;
        assert_int_equal(rig_severity(&r, &rule_finality_lag), rows[i].want);
    }
    assert_complete(rig_ask(&r, &rule_finality_lag));
    rig_release(&r);
}

static void solvers_that_disagree_are_told_with_both_answers(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    with_status(&r);
    r.status.has_result = true;
    assert_int_equal(rig_severity(&r, &rule_solver_disagreement), SEVERITY_OK);
    r.status.solvers = AGREE_YES;
    assert_int_equal(rig_severity(&r, &rule_solver_disagreement), SEVERITY_OK);
    r.status.solvers = AGREE_NO;
    r.status.cbc_value = 53500000;
    r.status.exact_value = 53550000;
    r.status.solver = "exact";
    const struct alert *a = rig_ask(&r, &rule_solver_disagreement);
    assert_complete(a);
    assert_has(a->why, "53500000");
    assert_has(a->why, "53550000");
    rig_release(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(missed_windows_warn_from_one_and_are_critical_from_three),
        cmocka_unit_test(missed_windows_tell_the_last_result),
        cmocka_unit_test(a_rig_without_auction_misses_none),
        cmocka_unit_test(a_commitment_is_late_after_82_minutes_and_dropped_after_150),
        cmocka_unit_test(a_changed_configuration_must_be_committed_within_10_minutes),
        cmocka_unit_test(a_configuration_that_gives_the_same_commitment_is_no_change),
        cmocka_unit_test(no_commitment_at_all_is_a_warning),
        cmocka_unit_test(an_invalid_configuration_is_told_once_by_its_own_rule),
        cmocka_unit_test(a_price_that_never_wins_is_a_warning),
        cmocka_unit_test(a_chain_that_nobody_reaches_is_a_warning_and_after_ten_minutes_critical),
        cmocka_unit_test(finality_that_lags_warns_from_15_blocks_and_is_critical_from_50),
        cmocka_unit_test(solvers_that_disagree_are_told_with_both_answers),
        cmocka_unit_test(a_network_nobody_can_connect_to_is_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
