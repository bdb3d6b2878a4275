/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "node/job.h"
#include "node/react.h"

static struct arena arena;
static struct err e;
static struct job job;

static int clean(void **state)
{
    (void)state;
    arena_release(&arena);
    job = (struct job){.id = "untouched"};
    e.text[0] = '\0';
    return 0;
}

static enum node_code of(enum job_dialect dialect, const char *text)
{
    json_t *root = json_read(bytes_of(text), "job", &e);
    assert_non_null(root);
    enum node_code code = job_read(&arena, root, dialect, &job, &e);
    json_decref(root);
    return code;
}

static enum node_code assigned(const char *payload)
{
    return of(JOB_MINERS_V1,
              arena_text(&arena, "{\"job_id\":\"0123abcd\",\"payload\":%s,\"constraints\":{\"gpu\":null}}", payload));
}

static void refused(const char *payload, enum node_code code, const char *why)
{
    assert_int_equal(assigned(payload), code);
    assert_string_equal(e.text, why);
    assert_string_equal(job.id, "untouched");
}

static void an_inference_goes_to_ollama_and_needs_a_gpu(void **state)
{
    (void)state;
    assert_int_equal(
        assigned("{\"type\":\"inference\",\"model\":\"phi\",\"prompt\":\"hi\",\"stream\":true,\"keep_alive\":9,"
                 "\"options\":{\"temperature\":0.5,\"num_predict\":999999,\"num_ctx\":1,\"seed\":7}}"),
        E_NONE);
    assert_int_equal(job.runner, JOB_OLLAMA);
    assert_true(job.gpu);
    assert_string_equal(job.model, "phi");
    assert_true(bytes_is(job.prompt, "hi"));
    assert_string_equal(job.params, "{\"options\":{\"seed\":7,\"temperature\":0.5}}");
    assert_int_equal(assigned("{\"model\":\"phi\",\"prompt\":\"\"}"), E_NONE);
    assert_int_equal(job.runner, JOB_OLLAMA);
}

static void a_command_comes_in_both_spellings(void **state)
{
    (void)state;
    static const char *const same[] = {
        "{\"runner\":\"cli\",\"command\":\"ffmpeg\",\"args\":[\"-y\",\"a b\"],\"timeout_s\":60}",
        "{\"runner\":{\"kind\":\"cli\",\"command\":\"ffmpeg\",\"args\":[\"-y\",\"a b\"]},\"timeout_s\":60}",
        "{\"runner\":{\"kind\":\"cli\",\"command\":[\"ffmpeg\",\"-y\",\"a b\"]},\"timeout_s\":60}",
    };
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(assigned(same[i]), E_NONE);
        assert_int_equal(job.runner, JOB_CLI);
        assert_string_equal(job.command, "ffmpeg");
        assert_int_equal(job.args, 2);
        assert_true(bytes_is(job.arg[1], "a b"));
        assert_false(job.gpu);
        assert_int_equal(job.timeout_s, 60);
    }
}

static void a_manifest_is_the_same_job(void **state)
{
    (void)state;
    assert_int_equal(
        of(JOB_NODES_V1,
           "{\"job\":{\"job_id\":\"j-20250926-001\",\"runner\":\"python\",\"command\":\"embed\",\"params\":{\"n\":2},"
           "\"requirements\":{\"gpu\":true,\"vram_mb\":4096,\"cpu_threads\":2},\"timeout_s\":120,"
           "\"input\":{\"inline\":{\"a.txt\":\"x\"},\"urls\":[\"https://h/p/b.bin?q=1\"]},"
           "\"artifacts\":[{\"path\":\"out/x.txt\",\"type\":\"text/plain\",\"max_mb\":1}]}}"),
        E_NONE);
    assert_string_equal(job.id, "j-20250926-001");
    assert_string_equal(job.command, "embed");
    assert_string_equal(job.params, "{\"n\":2}");
    assert_true(job.gpu);
    assert_int_equal(job.vram_mb, 4096);
    assert_int_equal(job.inputs, 2);
    assert_string_equal(job.input[1].name, "b.bin");
    assert_string_equal(job.artifact[0].path, "out/x.txt");
    assert_int_equal(job.artifact[0].most_bytes, 1 << 20);
}

static void what_no_runner_knows_is_refused_and_never_echoed(void **state)
{
    (void)state;
    refused("{\"x\":1}", E_UNSUPPORTED, "this node has no runner for such a job");
    refused("{\"type\":\"train\"}", E_UNSUPPORTED, "this node has no runner for such a job");
    refused("{\"runner\":\"shell\",\"command\":\"id\"}", E_UNSUPPORTED, "this node has no runner for such a job");
    refused("{\"runner\":\"cli\",\"command\":\"/bin/sh\"}", E_INVALID,
            "the command must be the name of an allow-list, not a path");
    refused("{\"runner\":\"cli\",\"command\":\"x\",\"args\":[1]}", E_INVALID,
            "args must be a list of at most 256 texts");
    refused("{\"runner\":\"python\",\"task\":\"os.system\"}", E_INVALID,
            "a python job needs a task: small letters, digits and _");
    refused("{\"runner\":\"noop\",\"artifacts\":[{\"path\":\"../x\"}]}", E_INVALID,
            "an artifact's path must be plain names below the workspace");
    refused("{\"runner\":\"noop\",\"input\":{\"inline\":{\"a/b\":\"\"}}}", E_INVALID,
            "inputs must be at most 64 plain names with texts of at most 1 MiB");
    refused("{\"runner\":\"noop\",\"input\":{\"inline\":{\"a\":\"\"},\"urls\":[\"http://h/a\"]}}", E_INVALID,
            "two inputs have one name");
    refused("{\"runner\":\"noop\",\"timeout_s\":-1}", E_INVALID, "timeout_s must be a whole number, 0 to 604800");
}

static void an_id_that_cannot_name_a_folder_is_no_job(void **state)
{
    (void)state;
    static const char *const bad[] = {"../../etc", "", ".x", "-x", "a/b", "a\\u0000b", "\\u00e9"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(of(JOB_MINERS_V1, arena_text(&arena, "{\"job_id\":\"%s\",\"payload\":{}}", bad[i])),
                         E_INVALID);
    char *longest = arena_text(&arena, "%0128d", 0);
    assert_false(job_id_is_good(bytes_of(longest)));
    assert_true(job_id_is_good(bytes_of(longest + 1)));
}

static void all_words_for_nothing_to_do(void **state)
{
    (void)state;
    static const char *const none[] = {"{\"job\":null}", "{\"job\":\"none\"}", "{}"};
    assert_true(job_is_none(NULL, JOB_MINERS_V1));
    for (size_t i = 0; i < 3; i++) {
        json_t *root = json_read(bytes_of(none[i]), "x", &e);
        assert_true(job_is_none(root, JOB_NODES_V1));
        json_decref(root);
    }
}

static void answers_have_their_consequences(void **state)
{
    (void)state;
    assert_int_equal(node_react(CALL_POLL, 204, false), REACT_DONE);
    assert_int_equal(node_react(CALL_HEARTBEAT, 404, false), REACT_REGISTER);
    assert_int_equal(node_react(CALL_REPORT, 404, false), REACT_VANISHED);
    assert_int_equal(node_react(CALL_REPORT, 409, false), REACT_CONFLICT);
    assert_int_equal(node_react(CALL_REPORT, 422, false), REACT_MINIMAL);
    assert_int_equal(node_react(CALL_REPORT, 422, true), REACT_DEAD);
    assert_int_equal(node_react(CALL_REPORT, 413, false), REACT_SHRINK);
    assert_int_equal(node_react(CALL_REPORT, 500, false), REACT_LATER);
    assert_int_equal(node_react(CALL_REPORT, 302, false), REACT_LATER);
    assert_int_equal(node_react(CALL_POLL, 500, false), REACT_PROBE);
    assert_int_equal(node_react(CALL_POLL, 422, true), REACT_LATER);
    for (int call = 0; call < NODE_CALLS; call++) {
        assert_int_equal(node_react((enum node_call)call, 401, false), REACT_AUTH);
        assert_int_equal(node_react((enum node_call)call, 429, false), REACT_PAUSE);
        assert_int_equal(node_react((enum node_call)call, 0, false), REACT_LATER);
        assert_int_equal(node_react((enum node_call)call, 503, true), REACT_LATER);
    }
    assert_int_equal(node_pause_ms(0), 60000);
    assert_int_equal(node_pause_ms(7), 7000);
    assert_int_equal(node_pause_ms(100000), 300000);
}

static void pauses_double_up_to_their_most_and_lie_around_it(void **state)
{
    (void)state;
    struct node_backoff b = {2000, 300000, 20};
    assert_int_equal(node_backoff_ms(&b, 1, 0), 1600);
    assert_int_equal(node_backoff_ms(&b, 1, 0xffff), 2400);
    assert_int_equal(node_backoff_ms(&b, 3, 0), 6400);
    assert_int_equal(node_backoff_ms(&b, 100, 0xffff), 360000);
    assert_int_equal(node_jitter_ms(15000, 10, 0), 13500);
}

static void codes_have_names_an_order_and_their_tries(void **state)
{
    (void)state;
    for (int i = E_NONE + 1; i < NODE_CODES; i++) {
        assert_int_equal(node_code_of(node_codes[i].name), i);
        assert_true(node_codes[i].help[0]);
    }
    assert_int_equal(node_code_of("E_NONSENSE"), NODE_CODES);
    assert_int_equal(node_code_worse(E_EXIT, E_TIMEOUT), E_TIMEOUT);
    assert_int_equal(node_code_worse(E_NONE, E_SIGNAL), E_SIGNAL);
    assert_int_equal(node_code_worse(E_OOM, E_SIGNAL), E_OOM);
    assert_false(node_code_again(E_EXIT, 1, 3));
    assert_true(node_code_again(E_SANDBOX, 1, 3));
    assert_false(node_code_again(E_SANDBOX, 2, 3));
    assert_true(node_code_again(E_DISK, 2, 3));
    assert_false(node_code_again(E_DISK, 3, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_inference_goes_to_ollama_and_needs_a_gpu, clean, clean),
        cmocka_unit_test_setup_teardown(a_command_comes_in_both_spellings, clean, clean),
        cmocka_unit_test_setup_teardown(a_manifest_is_the_same_job, clean, clean),
        cmocka_unit_test_setup_teardown(what_no_runner_knows_is_refused_and_never_echoed, clean, clean),
        cmocka_unit_test_setup_teardown(an_id_that_cannot_name_a_folder_is_no_job, clean, clean),
        cmocka_unit_test(all_words_for_nothing_to_do),
        cmocka_unit_test(answers_have_their_consequences),
        cmocka_unit_test(pauses_double_up_to_their_most_and_lie_around_it),
        cmocka_unit_test(codes_have_names_an_order_and_their_tries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
