/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "base/json.h"
#include "node/message.h"
#include "node/probe.h"

static struct arena arena;

static int clean(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static json_t *parsed(struct bytes text)
{
    struct err e;
    json_t *o = json_read(text, "body", &e);
    assert_non_null(o);
    return o;
}

static void addresses_are_those_of_the_dialect(void **state)
{
    (void)state;
    json_t *good = message_report_make("j1", 1, E_NONE, NULL, NULL, NULL);
    json_t *bad = message_report_make("j1", 1, E_OOM, NULL, NULL, NULL);
    static const char *const bases[] = {"http://h:1", "http://h:1/", "http://h:1/v1"};
    for (size_t i = 0; i < 3; i++) {
        assert_string_equal(message_url(&arena, bases[i], JOB_MINERS_V1, CALL_POLL, NULL), "http://h:1/v1/miners/poll");
        assert_string_equal(message_url(&arena, bases[i], JOB_MINERS_V1, CALL_REPORT, good), "http://h:1/v1/miners/j1/result");
    }
    assert_string_equal(message_url(&arena, "http://h:1", JOB_MINERS_V1, CALL_REPORT, bad), "http://h:1/v1/miners/j1/fail");
    assert_string_equal(message_url(&arena, "https://c/api/v1", JOB_NODES_V1, CALL_POLL, NULL), "https://c/api/v1/jobs/pull");
    assert_string_equal(message_url(&arena, "https://c/api/v1", JOB_NODES_V1, CALL_REPORT, bad), "https://c/api/v1/jobs/fail");
    json_decref(good);
    json_decref(bad);
}

static void a_poll_waits_whole_seconds(void **state)
{
    (void)state;
    const struct message_node n = {.id = "n1", .wait_s = 5};
    struct bytes body = message_poll(&arena, JOB_MINERS_V1, &n);
    assert_true(bytes_is(body, "{\"max_wait_seconds\":5}")); /* a fraction is refused by the reference */
    json_t *two = parsed(message_poll(&arena, JOB_NODES_V1, &n));
    assert_string_equal(json_string_value(json_object_get(two, "node_id")), "n1");
    json_decref(two);
}

static void the_least_heartbeat_has_no_more_than_it_needs(void **state)
{
    (void)state;
    const struct message_node n = {.id = "n1"};
    const struct message_beat beat = {.inflight = 2, .status = "DRAINING"};
    assert_true(bytes_is(message_heartbeat(&arena, JOB_MINERS_V1, &n, &beat), "{\"inflight\":2,\"status\":\"DRAINING\"}"));
}

static void a_failure_names_its_code_and_is_cut_at_whole_letters(void **state)
{
    (void)state;
    char text[3001];
    for (size_t i = 0; i < 3000; i += 3)
        memcpy(text + i, "\xe2\x82\xac", 3);
    text[3000] = '\0';
    json_t *report = message_report_make("j1", 2, E_TIMEOUT, text, NULL, json_pack("{si}", "duration_ms", 7));
    json_t *body = parsed(message_report(&arena, JOB_MINERS_V1, report, false));
    assert_string_equal(json_string_value(json_object_get(body, "error_code")), "E_TIMEOUT");
    assert_int_equal(json_string_length(json_object_get(body, "error_message")), 1998);
    assert_int_equal(json_integer_value(json_object_get(json_object_get(body, "metrics"), "duration_ms")), 7);
    json_decref(body);
    body = parsed(message_report(&arena, JOB_NODES_V1, report, false));
    assert_non_null(json_object_get(body, "error_msg"));
    assert_string_equal(json_string_value(json_object_get(body, "job_id")), "j1");
    json_decref(body);
    json_decref(report);
}

static void a_result_that_is_too_large_loses_what_is_large_and_says_so(void **state)
{
    (void)state;
    size_t n = 100000;
    char *big = arena_alloc(&arena, n + 1);
    memset(big, 'x', n);
    json_t *report = message_report_make("j1", 1, E_NONE, NULL,
                                         json_pack("{ss ss ss}", "status", "completed", "output", big, "inline_b64", "QQ=="),
                                         json_pack("{si}", "duration_ms", 7));
    json_t *full = parsed(message_report(&arena, JOB_MINERS_V1, report, false));
    assert_int_equal(json_string_length(json_object_get(json_object_get(full, "result"), "output")), n);
    assert_null(json_object_get(json_object_get(full, "result"), "truncated"));
    json_decref(full);
    json_t *least = parsed(message_report(&arena, JOB_MINERS_V1, report, true)), *r = json_object_get(least, "result");
    assert_int_equal(json_string_length(json_object_get(r, "output")), MESSAGE_OUTPUT);
    assert_true(json_is_true(json_object_get(r, "truncated")));
    assert_null(json_object_get(r, "inline_b64"));
    assert_string_equal(json_string_value(json_object_get(r, "status")), "completed");
    json_decref(least);
    json_decref(report);
}

static void files_go_in_parts_byte_for_byte(void **state)
{
    (void)state;
    json_t *report = message_report_make("j1", 1, E_NONE, NULL, NULL, NULL);
    const struct message_file f[] = {{"out.bin", "application/octet-stream", {"a\0b\r\n", 5}}, {"t.txt", "text/plain", {"", 0}}};
    struct bytes body = message_multipart(&arena, report, f, 2, "BOUND");
    static const char first[] = "--BOUND\r\nContent-Disposition: form-data; name=\"job_id\"\r\n\r\nj1\r\n--BOUND\r\n";
    static const char part[] = "name=\"artifact\"; filename=\"out.bin\"\r\nContent-Type: application/octet-stream\r\n\r\na";
    assert_true(bytes_starts(body, first));
    size_t at = bytes_find(body, part);
    assert_true(at < body.len);
    assert_memory_equal(body.at + at + strlen(part), "\0b\r\n\r\n--BOUND", 12);
    assert_memory_equal(body.at + body.len - 11, "--BOUND--\r\n", 11);
    json_decref(report);
}

static void wishes_of_a_heartbeat_are_taken_and_names_that_are_none_are_not(void **state)
{
    (void)state;
    json_t *o = json_pack("{sb s[sss i]}", "drain", 1, "cancel", "j1", "../../etc", "j2", 7);
    struct message_wish w;
    message_wish_of(&arena, o, &w);
    assert_true(w.drain);
    assert_int_equal(w.cancels, 2);
    assert_string_equal(w.cancel[1], "j2");
    json_decref(o);
    message_wish_of(&arena, NULL, &w);
    assert_false(w.drain);
    assert_int_equal(w.cancels, 0);
}

/* ---- the machine ---- */

static struct probe_gpu gpu[PROBE_GPUS];

static void two_gpus_and_a_name_with_a_comma(void **state)
{
    (void)state;
    static const char text[] =
        "0, GPU-aa, NVIDIA GeForce RTX 4060 Ti, 550.1, 16380, 2894, 13486, 15, 41, 30.52, P8, 8.9\n"
        "1, GPU-bb, NVIDIA, the second, 550.1, 24564, [N/A], [Not Supported], ERR!, , [Unknown Error], P0, 8.9\n";
    size_t n = probe_gpus(&arena, bytes_of(text), false, gpu);
    assert_int_equal(n, 2);
    assert_string_equal(gpu[0].name, "NVIDIA GeForce RTX 4060 Ti");
    assert_int_equal(gpu[0].total_mib, 16380);
    assert_int_equal(gpu[0].util_pct, 15);
    assert_true(fabs(gpu[0].power_w - 30.52) < 1e-9);
    assert_string_equal(gpu[1].name, "NVIDIA, the second");
    assert_int_equal(gpu[1].total_mib, 24564);
    assert_int_equal(gpu[1].used_mib, NOT_KNOWN); /* not known is never 0 */
    assert_int_equal(gpu[1].util_pct, NOT_KNOWN);
    assert_int_equal(gpu[1].temp_c, NOT_KNOWN);
    assert_true(isnan(gpu[1].power_w));
}

static void an_old_driver_tells_four_fields(void **state)
{
    (void)state;
    assert_int_equal(probe_gpus(&arena, bytes_of("Tesla, K80, 11441, 3, 7\n"), true, gpu), 1);
    assert_string_equal(gpu[0].name, "Tesla, K80");
    assert_int_equal(gpu[0].total_mib, 11441);
    assert_int_equal(gpu[0].temp_c, NOT_KNOWN);
}

static void what_is_no_table_is_no_gpu(void **state)
{
    (void)state;
    assert_int_equal(probe_gpus(&arena, bytes_of("Failed to initialize NVML: Driver/library version mismatch\n"), false, gpu), 0);
    assert_int_equal(probe_gpus(&arena, bytes_of("No devices were found\n"), true, gpu), 0);
}

static void a_gpu_that_needs_a_reset_is_lost_and_not_offered(void **state)
{
    (void)state;
    struct probe p = {.gpus = 1, .memory_bytes = NOT_KNOWN, .disk_free_mb = 1, .cores = 2, .load = {0, 0, 0}};
    const struct probe_offer o = {.node_id = "n", .version = "1", .price = "0.02"};
    assert_int_equal(probe_gpus(&arena, bytes_of("0, GPU-a, X, 1, 8192, [GPU requires reset], 1, 1, 1, 1, P0, 8\n"), false, p.gpu), 1);
    assert_true(p.gpu[0].lost);
    json_t *can = probe_capabilities(&p, &o);
    assert_int_equal(json_array_size(json_object_get(can, "gpus")), 0);
    assert_true(json_is_null(json_object_get(can, "memory_mb")));
    json_decref(can);
}

static void a_card_of_sixteen_gigabytes_counts_as_one_and_its_true_size_is_told_too(void **state)
{
    (void)state;
    assert_int_equal(probe_nominal_mib(16380), 16384);
    assert_int_equal(probe_nominal_mib(24564), 24576);
    assert_int_equal(probe_nominal_mib(16384), 16384);
    assert_int_equal(probe_nominal_mib(11441), 11441); /* 7 % short: it is no 12 GB */
    struct probe p = {.gpus = 1, .cores = 2, .gpu = {{.name = "X", .total_mib = 16380, .index = 0}}};
    struct probe_offer o = {.node_id = "n", .version = "1", .price = "0.02", .nominal_vram = true};
    json_t *can = probe_capabilities(&p, &o), *g = json_array_get(json_object_get(can, "gpus"), 0);
    assert_int_equal(json_integer_value(json_object_get(g, "memory_mb")), 16384);
    assert_int_equal(json_integer_value(json_object_get(g, "memory_mib_actual")), 16380);
    assert_true(json_real_value(json_object_get(can, "price")) == 0.02);
    json_decref(can);
}

static void what_moves_by_itself_does_not_change_the_mark_and_a_model_does(void **state)
{
    (void)state;
    struct probe p = {.cores = 2, .disk_free_mb = 100};
    const struct probe_offer o = {.node_id = "n", .version = "1", .price = "0.02"};
    json_t *one = probe_capabilities(&p, &o);
    p.disk_free_mb = 7;
    json_t *two = probe_capabilities(&p, &o);
    p.model[p.models++] = "llama3.2:latest";
    json_t *three = probe_capabilities(&p, &o);
    assert_true(bytes_equal(probe_mark(&arena, one), probe_mark(&arena, two)));
    assert_false(bytes_equal(probe_mark(&arena, two), probe_mark(&arena, three)));
    json_decref(one);
    json_decref(two);
    json_decref(three);
}

static void the_texts_of_the_kernel_and_the_driver(void **state)
{
    (void)state;
    assert_int_equal(probe_meminfo(bytes_of("MemTotal:       24684084 kB\nMemAvailable:   100 kB\n"), "MemAvailable"), 102400);
    assert_int_equal(probe_meminfo(bytes_of("MemTotal: kB\n"), "MemTotal"), NOT_KNOWN);
    assert_string_equal(probe_cuda(&arena, bytes_of("| Driver Version: 550.1   CUDA Version: 12.4     |")), "12.4");
    assert_null(probe_cuda(&arena, bytes_of("nothing")));
    assert_string_equal(probe_cpu_model(&arena, bytes_of("processor\t: 0\nmodel name\t: A CPU\n")), "A CPU");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(addresses_are_those_of_the_dialect, clean),
        cmocka_unit_test_teardown(a_poll_waits_whole_seconds, clean),
        cmocka_unit_test_teardown(the_least_heartbeat_has_no_more_than_it_needs, clean),
        cmocka_unit_test_teardown(a_failure_names_its_code_and_is_cut_at_whole_letters, clean),
        cmocka_unit_test_teardown(a_result_that_is_too_large_loses_what_is_large_and_says_so, clean),
        cmocka_unit_test_teardown(files_go_in_parts_byte_for_byte, clean),
        cmocka_unit_test_teardown(wishes_of_a_heartbeat_are_taken_and_names_that_are_none_are_not, clean),
        cmocka_unit_test_teardown(two_gpus_and_a_name_with_a_comma, clean),
        cmocka_unit_test_teardown(an_old_driver_tells_four_fields, clean),
        cmocka_unit_test_teardown(what_is_no_table_is_no_gpu, clean),
        cmocka_unit_test_teardown(a_gpu_that_needs_a_reset_is_lost_and_not_offered, clean),
        cmocka_unit_test_teardown(a_card_of_sixteen_gigabytes_counts_as_one_and_its_true_size_is_told_too, clean),
        cmocka_unit_test_teardown(what_moves_by_itself_does_not_change_the_mark_and_a_model_does, clean),
        cmocka_unit_test_teardown(the_texts_of_the_kernel_and_the_driver, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
