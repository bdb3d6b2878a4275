/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "stagelib/document.h"
#include "stagelib/text.h"

enum { FLUSH_MS = 30000 };

struct world {
    char folder[64], file[128], lock[160];
    char told[4][512];
    int tellings;
};

static void note(void *ctx, const char *sentence)
{
    struct world *w = ctx;
    if (w->tellings < 4)
        snprintf(w->told[w->tellings], sizeof w->told[0], "%s", sentence);
    w->tellings++;
}

static int set_up(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    strcpy(w->folder, "/tmp/davy-stage-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    snprintf(w->file, sizeof w->file, "%s/miner_status.json", w->folder);
    snprintf(w->lock, sizeof w->lock, "%s.lock", w->file);
    *state = w;
    return 0;
}

static int tear_down(void **state)
{
    struct world *w = *state;
    char command[128];
    stage_close();
    snprintf(command, sizeof command, "rm -rf '%s'", w->folder);
    assert_int_equal(system(command), 0);
    free(w);
    return 0;
}

static void open_here(struct world *w)
{
    struct stage_options o = {.file = w->file, .mode = "watchdog", .tell = note, .ctx = w};
    assert_int_equal(stage_open(&o), 0);
}

static void put_file(const struct world *w, const char *text)
{
    FILE *out = fopen(w->file, "w");
    fputs(text, out);
    fclose(out);
}

static json_t *file_of(const struct world *w)
{
    json_t *root = json_load_file(w->file, 0, NULL);
    assert_non_null(root);
    return root;
}

static const json_t *history_at(const json_t *root, size_t i)
{
    return json_array_get(json_object_get(root, "stage_history"), i);
}

static const char *text_at(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

static double number_at(const json_t *o, const char *key)
{
    return json_number_value(json_object_get(o, key));
}

/* ---- the document, without files ---- */

static void tell_at(struct stage_queue *q, enum stage_kind kind, int number, int64_t at_ms, const char *username)
{
    struct stage_event *e = davystage_event(kind, number, "m", username, NULL);
    e->at_ms = at_ms;
    davystage_queue_add(q, e);
}

static const char *const names[] = {"Dig", "Haul", "Wash"};
static const struct stage_writer writer = {.table = {names, 3}, .mode = "direct", .pid = 77};

static void a_completion_knows_when_its_stage_began(void **state)
{
    (void)state;
    struct stage_queue q = {.first = NULL};
    json_t *root = json_object();
    tell_at(&q, STAGE_START, 1, 1000, "thorin");
    tell_at(&q, STAGE_START, 1, 2000, "balin");
    tell_at(&q, STAGE_COMPLETE, 1, 5500, "thorin");
    tell_at(&q, STAGE_COMPLETE, 1, 9000, "thorin"); /* twice: nobody knows how long that took */
    assert_true(davystage_merge(root, &q, &writer, 9000));
    assert_true(number_at(history_at(root, 2), "started_at") == 1.0);
    assert_true(number_at(history_at(root, 3), "started_at") == 9.0);
    const json_t *total = json_object_get(json_object_get(root, "stage_totals"), "1");
    assert_int_equal(json_array_size(json_object_get(total, "durations")), 1);
    assert_true(json_real_value(json_array_get(json_object_get(total, "durations"), 0)) == 4.5);
    assert_int_equal(number_at(total, "started"), 2);
    assert_int_equal(number_at(total, "completed"), 2);
    const json_t *accounts = json_object_get(total, "accounts");
    assert_int_equal(json_object_size(accounts), 1);
    assert_true(json_real_value(json_array_get(json_object_get(accounts, "thorin"), 0)) == 4.5);
    assert_string_equal(text_at(total, "stage_name"), "Haul");
    assert_int_equal(number_at(root, "events"), 4);
    assert_int_equal(number_at(history_at(root, 3), "seq"), 4);
    davystage_queue_clear(&q);
    json_decref(root);
}

static void of_each_stage_the_sixteen_newest_accounts_have_ten_durations(void **state)
{
    (void)state;
    json_t *root = json_object();
    for (int i = 0; i < 15 * 20; i++) {
        struct stage_queue q = {.first = NULL};
        char username[16];
        snprintf(username, sizeof username, "u%d", i < 15 * 18 ? i % 18 : 3);
        tell_at(&q, STAGE_START, 1, i * 1000, username);
        tell_at(&q, STAGE_COMPLETE, 1, i * 1000 + i, username);
        assert_true(davystage_merge(root, &q, &writer, i * 1000 + i));
        davystage_queue_clear(&q);
    }
    const json_t *total = json_object_get(json_object_get(root, "stage_totals"), "1");
    json_t *accounts = json_object_get(total, "accounts");
    assert_int_equal(json_object_size(accounts), 16);
    assert_null(json_object_get(accounts, "u1"));
    assert_int_equal(json_array_size(json_object_get(accounts, "u3")), 10);
    assert_true(json_real_value(json_array_get(json_object_get(accounts, "u3"), 9)) == 0.299);
    assert_int_equal(json_array_size(json_object_get(total, "durations")), 20);
    json_decref(root);
}

static void what_another_process_wrote_later_stays_the_current_stage(void **state)
{
    (void)state;
    struct stage_queue q = {.first = NULL}, late = {.first = NULL};
    json_t *root = json_object();
    tell_at(&q, STAGE_START, 2, 5000, "a");
    assert_true(davystage_merge(root, &q, &writer, 9000));
    tell_at(&late, STAGE_START, 0, 4000, "b");
    tell_at(&late, STAGE_START, 1, 4500, "b");
    assert_true(davystage_merge(root, &late, &writer, 9000));
    assert_int_equal(number_at(history_at(root, 0), "stage_number"), 0);
    assert_int_equal(number_at(history_at(root, 2), "stage_number"), 2);
    assert_int_equal(number_at(json_object_get(root, "current_stage"), "stage_number"), 2);
    assert_int_equal(number_at(root, "events"), 3);
    davystage_queue_clear(&q);
    davystage_queue_clear(&late);
    json_decref(root);
}

static void of_more_than_200_events_the_rest_is_counted(void **state)
{
    (void)state;
    struct stage_queue q = {.first = NULL}, front = {.first = NULL};
    json_t *root = json_object();
    for (int i = 0; i < 1000; i++)
        tell_at(&q, i % 2 ? STAGE_COMPLETE : STAGE_START, 1, i, "x");
    for (int i = 0; i < 150; i++)
        tell_at(&front, STAGE_FAILED, 0, i, "y");
    davystage_queue_merge(&q, &front);
    assert_true(davystage_queue_empty(&front));
    assert_int_equal(q.count, STAGE_EVENTS_MOST);
    assert_true(davystage_merge(root, &q, &writer, 9000));
    assert_int_equal(number_at(root, "events"), 1150);
    assert_int_equal(json_array_size(json_object_get(root, "stage_history")), 200);
    assert_int_equal(number_at(history_at(root, 199), "seq"), 1150);
    const json_t *totals = json_object_get(root, "stage_totals");
    assert_int_equal(number_at(json_object_get(totals, "0"), "failed"), 150);
    assert_int_equal(number_at(json_object_get(totals, "1"), "completed"), 500);
    assert_int_equal(json_array_size(json_object_get(json_object_get(totals, "1"), "durations")), 20);
    davystage_queue_clear(&q);
    json_decref(root);
}

static void texts_of_any_bytes_become_json(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } table[] = {{"plain", "plain"},
                 {"\xC3\xA9\xF0\x9F\x9A\x80", "\xC3\xA9\xF0\x9F\x9A\x80"},
                 {"a\xFF", "a\xEF\xBF\xBD"},
                 {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
                 {"\xE2\x82", "\xEF\xBF\xBD\xEF\xBF\xBD"},
                 {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
                 {"\"\n\x1b", "\"\n\x1b"},
                 {"", ""}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        json_t *made = davystage_text(table[i].in);
        assert_string_equal(json_string_value(made), table[i].out);
        json_decref(made);
    }
}

static void details_are_json_or_a_text(void **state)
{
    (void)state;
    json_t *object = davystage_details("{\"posts\": 50}"), *text = davystage_details("{posts: NaN"),
           *none = davystage_details("");
    assert_int_equal(number_at(object, "posts"), 50);
    assert_string_equal(json_string_value(text), "{posts: NaN");
    assert_int_equal(json_object_size(none), 0);
    json_decref(object);
    json_decref(text);
    json_decref(none);
}

/* ---- the library on a file ---- */

static void an_event_is_in_the_file_in_the_canonical_shape(void **state)
{
    struct world *w = *state;
    open_here(w);
    stage_start(3, "Indexing 50 posts", "elonmusk", "{\"posts\": 50}");
    assert_true(stage_flush(FLUSH_MS));
    json_t *root = file_of(w);
    const json_t *now = json_object_get(root, "current_stage");
    assert_int_equal(number_at(root, "version"), 1);
    assert_string_equal(text_at(root, "mode"), "watchdog");
    assert_int_equal(number_at(root, "pid"), getpid());
    assert_int_equal(number_at(now, "stage_number"), 3);
    assert_string_equal(text_at(now, "stage_name"), "Vector Database");
    assert_string_equal(text_at(now, "status"), "running");
    assert_string_equal(text_at(now, "message"), "Indexing 50 posts");
    assert_string_equal(text_at(now, "username"), "elonmusk");
    assert_int_equal(number_at(json_object_get(now, "details"), "posts"), 50);
    assert_true(number_at(now, "updated_at") > 1.5e9 && number_at(now, "updated_at") < 1e11);
    assert_true(json_equal(now, history_at(root, 0)));
    json_decref(root);
}

static void reset_means_no_stage_yet_and_keeps_the_history(void **state)
{
    struct world *w = *state;
    struct stage_state_now now;
    open_here(w);
    stage_failed(1, "no such profile", "x", NULL);
    assert_true(stage_current(&now));
    assert_string_equal(now.status, "failed");
    assert_string_equal(now.name, "Data Scraping");
    stage_reset();
    assert_false(stage_current(&now));
    assert_true(stage_flush(FLUSH_MS));
    json_t *root = file_of(w);
    assert_true(json_is_null(json_object_get(root, "current_stage")));
    assert_int_equal(json_array_size(json_object_get(root, "stage_history")), 1);
    json_decref(root);
}

static void the_current_stage_of_a_silent_process_is_that_of_the_file(void **state)
{
    struct world *w = *state;
    struct stage_state_now now;
    put_file(w, "{\"current_stage\":{\"stage_number\":5,\"stage_name\":\"Content Generation\",\"status\":\"completed\","
                "\"message\":\"done\",\"username\":\"u\",\"updated_at\":1795322856.5}}");
    open_here(w);
    assert_true(stage_current(&now));
    assert_int_equal(now.number, 5);
    assert_string_equal(now.status, "completed");
    assert_string_equal(now.username, "u");
}

static void a_table_of_ones_own_names_the_stages(void **state)
{
    struct world *w = *state;
    struct stage_options o = {.file = w->file, .names = names, .count = 3, .tell = note, .ctx = w};
    assert_int_equal(stage_open(&o), 0);
    stage_start(2, NULL, NULL, NULL);
    stage_start(9, NULL, NULL, NULL);
    assert_true(stage_flush(FLUSH_MS));
    json_t *root = file_of(w);
    assert_string_equal(text_at(history_at(root, 0), "stage_name"), "Wash");
    assert_string_equal(text_at(history_at(root, 1), "stage_name"), "Stage 9");
    json_decref(root);
}

static void a_table_that_is_too_long_or_has_holes_is_refused(void **state)
{
    struct world *w = *state;
    const char *hole[2] = {"Dig", NULL};
    assert_int_equal(stage_open(&(struct stage_options){.file = w->file, .names = names, .count = 65}), -1);
    assert_int_equal(stage_open(&(struct stage_options){.file = w->file, .names = names}), -1);
    assert_int_equal(stage_open(&(struct stage_options){.file = w->file, .names = hole, .count = 2}), -1);
    open_here(w);
    assert_int_equal(stage_open(NULL), -1);
}

static void events_and_keys_of_others_stay(void **state)
{
    struct world *w = *state;
    open_here(w);
    stage_start(0, "ours", NULL, NULL);
    assert_true(stage_flush(FLUSH_MS));
    put_file(
        w,
        "{\"future\":{\"x\":0.5},\"current_stage\":null,\"stage_history\":[{\"stage_number\":1,\"status\":\"running\","
        "\"message\":\"theirs\",\"updated_at\":5}]}");
    stage_complete(0, "ours again", NULL, NULL);
    assert_true(stage_flush(FLUSH_MS));
    json_t *root = file_of(w);
    assert_true(number_at(json_object_get(root, "future"), "x") == 0.5);
    assert_string_equal(text_at(history_at(root, 0), "message"), "theirs");
    assert_string_equal(text_at(history_at(root, 1), "message"), "ours again");
    json_decref(root);
    assert_int_equal(w->tellings, 0);
}

static void the_file_of_another_program_is_left_alone(void **state)
{
    struct world *w = *state;
    put_file(w, "{\"hashrate\": 42}\n");
    open_here(w);
    stage_start(0, NULL, NULL, NULL);
    stage_start(1, NULL, NULL, NULL);
    assert_false(stage_flush(FLUSH_MS));
    assert_false(stage_flush(FLUSH_MS));
    json_t *root = file_of(w);
    assert_int_equal(json_object_size(root), 1);
    json_decref(root);
    assert_int_equal(w->tellings, 1);
    assert_non_null(strstr(w->told[0], "is of another program"));
}

static void empty_null_and_torn_files_are_begun_anew(void **state)
{
    static const char *const texts[] = {"", "null", "{}", "{\"current_stage\": {\"stage_nu"};
    struct world *w = *state;
    char aside[200];
    struct stat st;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        put_file(w, texts[i]);
        open_here(w);
        stage_start(4, NULL, NULL, NULL);
        assert_true(stage_flush(FLUSH_MS));
        json_t *root = file_of(w);
        assert_int_equal(number_at(root, "events"), 1);
        json_decref(root);
        stage_close();
    }
    snprintf(aside, sizeof aside, "%s.broken", w->file);
    assert_int_equal(stat(aside, &st), 0);
    assert_int_equal(st.st_size, strlen(texts[3]));
}

static void a_folder_that_is_not_there_is_said_once(void **state)
{
    struct world *w = *state;
    snprintf(w->file, sizeof w->file, "%s/none/miner_status.json", w->folder);
    open_here(w);
    for (int i = 0; i < 5; i++)
        stage_start(i, "x", NULL, NULL);
    stage_flush(FLUSH_MS);
    assert_int_equal(w->tellings, 1);
    assert_non_null(strstr(w->told[0], "no folder for"));
}

static void a_lock_that_is_never_given_back_blocks_nobody(void **state)
{
    struct world *w = *state;
    int fd = open(w->lock, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    struct stat st;
    assert_int_equal(flock(fd, LOCK_EX), 0);
    open_here(w);
    for (int i = 0; i < 1000; i++)
        stage_start(i % 8, "x", NULL, NULL);
    assert_false(stage_flush(40));
    assert_int_equal(stat(w->file, &st), -1);
    close(fd);
    assert_true(stage_flush(FLUSH_MS));
    json_t *root = file_of(w);
    assert_int_equal(number_at(root, "events"), 1000);
    json_decref(root);
}

static void a_deleted_lock_file_is_no_trouble(void **state)
{
    struct world *w = *state;
    open_here(w);
    for (int i = 0; i < 5; i++) {
        stage_start(i, "x", NULL, NULL);
        assert_true(stage_flush(FLUSH_MS));
        assert_int_equal(unlink(w->lock), 0);
    }
    json_t *root = file_of(w);
    assert_int_equal(number_at(root, "events"), 5);
    json_decref(root);
}

static void the_folder_may_be_left(void **state)
{
    struct world *w = *state;
    char before[256];
    struct stat st;
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(w->folder), 0);
    assert_int_equal(stage_open(&(struct stage_options){.file = "miner_status.json"}), 0);
    assert_int_equal(chdir("/"), 0);
    stage_start(1, "x", NULL, NULL);
    assert_true(stage_flush(FLUSH_MS));
    assert_int_equal(chdir(before), 0);
    assert_int_equal(stat(w->file, &st), 0);
}

static void what_killed_writers_left_is_cleaned_away(void **state)
{
    struct world *w = *state;
    char litter[200];
    struct stat st;
    snprintf(litter, sizeof litter, "%s/.miner_status.json.new-99999", w->folder);
    close(open(litter, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    open_here(w);
    stage_start(1, "x", NULL, NULL);
    assert_true(stage_flush(FLUSH_MS));
    assert_int_equal(stat(litter, &st), -1);
}

static int in_child(struct world *w, bool opens)
{
    w->tellings = 0;
    stage_start(1, "child", NULL, NULL);
    stage_start(2, "child", NULL, NULL);
    if (w->tellings != 1 || stage_flush(FLUSH_MS))
        return 1;
    if (!opens)
        return 0;
    if (stage_open(&(struct stage_options){.file = w->file, .tell = note, .ctx = w}) != 0)
        return 2;
    stage_start(6, "child", NULL, NULL);
    return stage_flush(FLUSH_MS) ? 0 : 3;
}

static void a_forked_child_tells_nothing_until_it_opens_its_own(void **state)
{
    struct world *w = *state;
    open_here(w);
    stage_start(0, "parent", NULL, NULL);
    assert_true(stage_flush(FLUSH_MS));
    for (int opens = 0; opens < 2; opens++) {
        int status;
        pid_t pid = fork();
        if (pid == 0)
            _exit(in_child(w, opens));
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
    }
    stage_complete(0, "parent", NULL, NULL);
    assert_true(stage_flush(FLUSH_MS));
    json_t *root = file_of(w);
    assert_int_equal(number_at(root, "events"), 3);
    assert_string_equal(text_at(history_at(root, 1), "message"), "child");
    json_decref(root);
}

static void *tell_500(void *arg)
{
    for (int i = 0; i < 500; i++)
        stage_start(i % 8, arg, arg, NULL);
    return NULL;
}

static void eight_threads_lose_nothing(void **state)
{
    struct world *w = *state;
    pthread_t thread[8];
    open_here(w);
    for (int i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, tell_500, (void *)"thread"), 0);
    for (int i = 0; i < 8; i++)
        pthread_join(thread[i], NULL);
    assert_true(stage_flush(FLUSH_MS));
    json_t *root = file_of(w);
    assert_int_equal(number_at(root, "events"), 4000);
    json_decref(root);
    assert_int_equal(w->tellings, 0);
}

static void a_number_below_zero_and_long_texts_do_no_harm(void **state)
{
    struct world *w = *state;
    char *text = malloc(100001);
    memset(text, 'x', 100000);
    text[100000] = '\0';
    open_here(w);
    stage_start(-1, text, text, text);
    stage_complete(-1, NULL, text, NULL);
    stage_complete(2000000000, NULL, text, NULL);
    assert_true(stage_flush(FLUSH_MS));
    json_t *root = file_of(w);
    assert_int_equal(strlen(text_at(history_at(root, 0), "message")), STAGE_TEXT_MOST);
    assert_int_equal(strlen(text_at(history_at(root, 0), "details")), STAGE_DETAILS_MOST);
    assert_string_equal(text_at(history_at(root, 0), "stage_name"), "Stage -1");
    assert_int_equal(json_object_size(json_object_get(root, "stage_totals")), 0);
    json_decref(root);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_completion_knows_when_its_stage_began),
        cmocka_unit_test(of_each_stage_the_sixteen_newest_accounts_have_ten_durations),
        cmocka_unit_test(what_another_process_wrote_later_stays_the_current_stage),
        cmocka_unit_test(of_more_than_200_events_the_rest_is_counted),
        cmocka_unit_test(texts_of_any_bytes_become_json),
        cmocka_unit_test(details_are_json_or_a_text),
        cmocka_unit_test_setup_teardown(an_event_is_in_the_file_in_the_canonical_shape, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reset_means_no_stage_yet_and_keeps_the_history, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_current_stage_of_a_silent_process_is_that_of_the_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_table_of_ones_own_names_the_stages, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_table_that_is_too_long_or_has_holes_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(events_and_keys_of_others_stay, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_file_of_another_program_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(empty_null_and_torn_files_are_begun_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_folder_that_is_not_there_is_said_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_lock_that_is_never_given_back_blocks_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_deleted_lock_file_is_no_trouble, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_folder_may_be_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_killed_writers_left_is_cleaned_away, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_forked_child_tells_nothing_until_it_opens_its_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(eight_threads_lose_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_number_below_zero_and_long_texts_do_no_harm, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
