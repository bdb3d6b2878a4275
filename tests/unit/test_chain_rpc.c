/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON-RPC questions and answers, and which endpoint is asked. */
#include "chain/endpoints.h"
#include "chain/hex.h"
#include "chain/rpc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static int begin(void **state)
{
    *state = test_calloc(1, sizeof(struct arena));
    return 0;
}

static int finish(void **state)
{
    arena_release(*state);
    test_free(*state);
    return 0;
}

static void one_question_is_an_object_and_several_are_a_batch(void **state)
{
    static const struct rpc_question q[] = {{"chain_getHeader", NULL}, {"chain_getBlockHash", "[7500000]"}};
    struct bytes one = rpc_body(*state, q, 1), two = rpc_body(*state, q, 2);
    assert_true(bytes_is(one, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"chain_getHeader\",\"params\":[]}"));
    assert_true(bytes_is(two,
                         "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"chain_getHeader\",\"params\":[]},"
                         "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"chain_getBlockHash\",\"params\":[7500000]}]"));
}

static struct rpc_answers read_ok(void **state, const char *body, size_t count)
{
    struct rpc_answers r = {0};
    struct err e;
    if (!rpc_answers_read(*state, bytes_of(body), count, &r, &e))
        fail_msg("%s", e.text);
    return r;
}

static void answers_of_a_batch_are_sorted_by_their_ids(void **state)
{
    struct rpc_answers r = read_ok(state,
                                   "[{\"id\":3,\"result\":\"0x00\"},{\"id\":1,\"result\":5},{\"id\":9,\"result\":1},"
                                   "{\"id\":\"2\",\"result\":1},7]",
                                   3);
    uint64_t n = 0;
    assert_true(rpc_uint(&r.at[0], &n) && n == 5);
    assert_false(r.at[1].ok);
    assert_non_null(strstr(r.at[1].why, "did not answer"));
    assert_true(r.at[2].ok);
    rpc_answers_release(&r);
}

static void who_answers_twice_has_not_answered(void **state)
{
    struct rpc_answers r =
        read_ok(state, "[{\"id\":1,\"result\":5},{\"id\":1,\"result\":6},{\"id\":2,\"result\":null}]", 2);
    assert_false(r.at[0].ok);
    assert_non_null(strstr(r.at[0].why, "twice"));
    assert_true(rpc_is_null(&r.at[1]));
    rpc_answers_release(&r);
}

static void errors_are_told_with_what_they_mean_for_a_miner(void **state)
{
    static const struct {
        const char *error, *want;
    } rows[] = {
        {"{\"code\":1010,\"message\":\"Invalid Transaction\",\"data\":\"Custom error: 10\"}", "not registered"},
        {"{\"code\":1010,\"message\":\"Invalid Transaction\",\"data\":\"Transaction is outdated\"}", "is outdated"},
        {"{\"code\":1012,\"message\":\"x\"}", "banned"},
        {"{\"code\":1014,\"message\":\"Priority is too low\"}", "higher priority"},
        {"{\"code\":4003,\"message\":\"UnknownBlock\"}", "archive node"},
        {"{\"code\":-32601,\"message\":\"Method not found\"}", "does not know this method"},
        {"{\"code\":12345,\"message\":\"odd\\u001b[31m\"}", "odd"},
        {"{}", "no reason given"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *body = arena_text(*state, "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":%s}", rows[i].error);
        struct rpc_answers r = read_ok(state, body, 1);
        assert_false(r.at[0].ok);
        assert_non_null(strstr(r.at[0].why, rows[i].want));
        assert_null(strchr(r.at[0].why, 27));
        rpc_answers_release(&r);
    }
}

static void what_is_no_answer_to_these_questions_is_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "nonsense",
        "[]x",
        "{\"id\":1,\"result\":1}",
        "null",
        "7",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"no batch\"}}"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rpc_answers r = {0};
        struct err e = {""};
        assert_false(rpc_answers_read(*state, bytes_of(rows[i]), 2, &r, &e));
        assert_true(e.text[0] && r.root == NULL);
    }
    struct rpc_answers r = {0};
    assert_false(rpc_answers_read(*state, bytes_of("[{\"id\":1,\"result\":1}]"), 1, &r, NULL));
}

static void answers_that_came_one_by_one_are_as_those_of_a_batch(void **state)
{
    struct rpc_answer at[2] = {{0}};
    struct rpc_answers all = {.at = at};
    for (size_t i = 0; i < 2; i++) {
        struct rpc_answers one = read_ok(state, i ? "{\"id\":1,\"result\":7}" : "{\"id\":1,\"result\":5}", 1);
        rpc_answers_join(&all, i, &one, 1);
        assert_null(one.root);
    }
    uint64_t first = 0, second = 0;
    assert_true(rpc_uint(&all.at[0], &first) && rpc_uint(&all.at[1], &second) && first == 5 && second == 7);
    rpc_answers_release(&all);
    assert_true(rpc_refuses_batch(bytes_of("{\"id\":null,\"error\":{\"code\":-32005}}")));
    assert_false(rpc_refuses_batch(bytes_of("{\"id\":1,\"error\":{\"code\":-32005}}")));
    assert_false(rpc_refuses_batch(bytes_of("[]")) || rpc_refuses_batch(bytes_of("<html>")));
}

static void results_have_the_shape_that_they_are_asked_for(void **state)
{
    struct rpc_answers r =
        read_ok(state,
                "[{\"id\":1,\"result\":{\"number\":\"0x7270e3\",\"parentHash\":\"0x00\"}},"
                "{\"id\":2,\"result\":{\"specVersion\":425,\"transactionVersion\":1}},"
                "{\"id\":3,\"result\":[\"0x0102\",\"0x03\"]},"
                "{\"id\":4,\"result\":[{\"block\":\"0x00\",\"changes\":[[\"0x01\",\"0xff\"],[\"0x02\",null]]}]},"
                "{\"id\":5,\"result\":\"0x0\"},{\"id\":6,\"result\":-1}]",
                6);
    uint64_t head = 0;
    uint32_t spec = 0, transaction = 0;
    struct bytes *keys, hex;
    struct rpc_value *values;
    size_t count = 0;
    assert_true(rpc_header_number(&r.at[0], &head) && head == 7500003);
    assert_true(rpc_runtime(&r.at[1], &spec, &transaction) && spec == 425 && transaction == 1);
    assert_true(rpc_keys(*state, &r.at[2], &keys, &count) && count == 2 && keys[0].len == 2);
    assert_true(rpc_values(*state, &r.at[3], &values, &count) && count == 2);
    assert_true(values[0].value.at && (uint8_t)values[0].value.at[0] == 0xff && values[1].value.at == NULL);
    assert_false(rpc_hex(*state, &r.at[4], &hex));
    assert_false(rpc_uint(&r.at[5], &head));
    assert_false(rpc_header_number(&r.at[1], &head) || rpc_runtime(&r.at[0], &spec, &transaction));
    assert_false(rpc_keys(*state, &r.at[0], &keys, &count) || rpc_values(*state, &r.at[2], &values, &count));
    rpc_answers_release(&r);
}

static void names_of_networks_and_web_sockets_become_addresses(void **state)
{
    static const struct {
        const char *word, *url, *host;
    } rows[] = {
        {"finney", "https://entrypoint-finney.opentensor.ai:443", "entrypoint-finney.opentensor.ai:443"},
        {"local", "http://127.0.0.1:9944", "127.0.0.1:9944"},
        {"wss://node.example/x?key=secret", "https://node.example/x?key=secret", "node.example"},
        {"ws://[::1]:9944", "http://[::1]:9944", "[::1]:9944"},
        {"https://user:secret@node.example:8443/", "https://user:secret@node.example:8443/", "node.example:8443"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct endpoints s;
        assert_true(endpoints_of(*state, &rows[i].word, 1, &s, NULL));
        assert_string_equal(s.at[0].url, rows[i].url);
        assert_string_equal(s.at[0].host, rows[i].host);
    }
    static const char *const bad[] = {"", "mainnet", "ftp://x", "https://", "https:///x", "https://a b", "http://x\n"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct endpoints s;
        struct err e;
        assert_false(endpoints_of(*state, &bad[i], 1, &s, &e));
        assert_non_null(strstr(e.text, "endpoint 1"));
    }
}

static struct endpoints three(void **state)
{
    static const char *const words[] = {"https://a", "https://b", "https://c"};
    struct endpoints s;
    assert_true(endpoints_of(*state, words, 3, &s, NULL));
    return s;
}

static char picked(const struct endpoints *s, int64_t now, int64_t *wait)
{
    return endpoints_pick(s, now, wait)->host[0];
}

static void the_first_healthy_endpoint_is_asked_and_comes_back_when_it_has_rested(void **state)
{
    struct endpoints s = three(state);
    struct err why;
    int64_t wait = 0;
    err_set(&why, "refused");
    assert_int_equal(picked(&s, 0, &wait), 'a');
    endpoint_failed(&s.at[0], 0, 0, &why);
    assert_true(picked(&s, 0, &wait) == 'b' && wait == 0);
    endpoint_answered(&s.at[1], 5, 5);
    assert_true(picked(&s, 999, &wait) == 'b' && picked(&s, 1000, &wait) == 'a');
    for (int i = 0; i < 20; i++)
        endpoint_failed(&s.at[0], 1000, 0, &why);
    assert_int_equal(s.at[0].rest_until_ms, 61000);
    endpoint_answered(&s.at[0], 61000, 40);
    assert_true(s.at[0].failures == 0 && s.at[0].failed == 21 && s.at[0].latency_ms == 40 && !s.at[0].why.text[0]);
}

static void when_all_rest_the_first_to_wake_is_next(void **state)
{
    struct endpoints s = three(state);
    struct err why;
    int64_t wait = 0;
    err_set(&why, "HTTP 429");
    endpoint_failed(&s.at[0], 0, 30000, &why);
    endpoint_failed(&s.at[1], 0, 7000, &why);
    endpoint_failed(&s.at[2], 0, 999999999, &why);
    assert_true(picked(&s, 1000, &wait) == 'b' && wait == 6000);
    assert_int_equal(s.at[2].rest_until_ms, 300000);
}

static void a_node_that_stands_still_or_lags_is_left_for_another(void **state)
{
    struct endpoints s = three(state);
    int64_t wait;
    assert_true(endpoint_head(&s, &s.at[0], 100, 0));
    assert_true(endpoint_head(&s, &s.at[0], 100, 59999));
    assert_true(endpoint_head(&s, &s.at[0], 101, 60000));
    assert_false(endpoint_head(&s, &s.at[0], 101, 120000));
    assert_non_null(strstr(s.at[0].why.text, "stood at block 101"));
    assert_int_equal(picked(&s, 120000, &wait), 'b');
    assert_true(endpoint_head(&s, &s.at[1], 200, 120000));
    assert_false(endpoint_head(&s, &s.at[2], 195, 120000));
    assert_non_null(strstr(s.at[2].why.text, "5 blocks behind"));
    assert_true(endpoint_head(&s, &s.at[2], 196, 120000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_question_is_an_object_and_several_are_a_batch),
        cmocka_unit_test(answers_of_a_batch_are_sorted_by_their_ids),
        cmocka_unit_test(who_answers_twice_has_not_answered),
        cmocka_unit_test(errors_are_told_with_what_they_mean_for_a_miner),
        cmocka_unit_test(what_is_no_answer_to_these_questions_is_refused),
        cmocka_unit_test(answers_that_came_one_by_one_are_as_those_of_a_batch),
        cmocka_unit_test(results_have_the_shape_that_they_are_asked_for),
        cmocka_unit_test(names_of_networks_and_web_sockets_become_addresses),
        cmocka_unit_test(the_first_healthy_endpoint_is_asked_and_comes_back_when_it_has_rested),
        cmocka_unit_test(when_all_rest_the_first_to_wake_is_next),
        cmocka_unit_test(a_node_that_stands_still_or_lags_is_left_for_another),
    };
    return cmocka_run_group_tests(tests, begin, finish);
}
