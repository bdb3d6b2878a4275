/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "action/audit.h"
#include "action/errand.h"
#include "action/health.h"
#include "action/limit.h"
#include "action/lines.h"
#include "action/spawn.h"
#include "base/file.h"
#include "base/json.h"
#include "base/timetext.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena a;
static char dir[64];

static int make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/davy-errand-XXXXXX");
    assert_non_null(mkdtemp(dir));
    return 0;
}

static int remove_dir(void **state)
{
    (void)state;
    static const char *const names[] = {"state/davy/audit.jsonl",
                                        "state/davy/action.lock",
                                        "state/davy",
                                        "state/other",
                                        "state/hits",
                                        "state",
                                        "out",
                                        ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        remove(arena_text(&a, "%s/%s", dir, names[i]));
    arena_release(&a);
    return 0;
}

static const char *path(const char *name)
{
    return arena_text(&a, "%s/%s", dir, name);
}

static struct bytes read_all(const char *name)
{
    struct bytes text = {"", 0};
    struct file_stat s;
    file_read(&a, path(name), 1 << 20, &text, &s, NULL);
    return text;
}

/* ---- the limit ---- */

static void three_within_fifteen_minutes_are_the_limit(void **state)
{
    (void)state;
    enum { MIN = 60000 };
    const int64_t now = 1795343508236;
    int64_t begun[] = {now - 14 * MIN, now - MIN, now - 15 * MIN, now - 40 * MIN, now - 5 * MIN, now + 2 * MIN};
    assert_false(limit_judge(begun, 0, now).reached);
    assert_int_equal(limit_judge(begun, 4, now).runs, 2);
    assert_false(limit_judge(begun, 4, now).reached);
    struct limit l = limit_judge(begun, 5, now);
    assert_true(l.reached && l.runs == 3 && l.free_ms == now + MIN);
    l = limit_judge(begun, 6, now); /* one is of a clock that was set back since */
    assert_true(l.runs == 4 && l.free_ms == now + 10 * MIN);
    assert_false(limit_judge(begun, 5, now + MIN).reached);
}

/* ---- output ---- */

static const char *line(const struct lines *l, uint64_t i)
{
    return l->kept.text[i % OUTPUT_LINES];
}

static void output_becomes_lines_that_are_safe_to_show(void **state)
{
    (void)state;
    struct lines *l = arena_alloc(&a, sizeof *l);
    lines_add(l, bytes_of("one\ntw"));
    assert_string_equal(l->kept.part, "tw");
    lines_add(l, bytes_of("o\r\n\033[31mred\033[0m \a\n10%\r20%\r100%\nlast"));
    assert_int_equal(l->kept.count, 4);
    assert_string_equal(line(l, 0), "one");
    assert_string_equal(line(l, 1), "two");
    assert_string_equal(line(l, 2), "red \xc2\xb7");
    assert_string_equal(line(l, 3), "100%");
    lines_end(l);
    assert_string_equal(line(l, 4), "last");
    assert_string_equal(l->kept.part, "");
}

static void output_without_end_keeps_its_newest_lines(void **state)
{
    (void)state;
    struct lines *l = arena_alloc(&a, sizeof *l);
    for (int i = 0; i < 3 * OUTPUT_LINES; i++)
        lines_add(l, bytes_of(arena_text(&a, "line %d\n", i)));
    assert_int_equal(l->kept.count, 3 * OUTPUT_LINES);
    assert_string_equal(line(l, l->kept.count - 1), "line 1199");
    assert_string_equal(line(l, l->kept.count - OUTPUT_LINES), "line 800");
}

static void a_line_that_is_too_long_becomes_several_and_no_character_is_cut(void **state)
{
    (void)state;
    struct lines *l = arena_alloc(&a, sizeof *l);
    size_t total = 0;
    for (int i = 0; i < 3000; i++)
        lines_add(l, bytes_of("é"));
    lines_add(l, bytes_of("\n"));
    for (uint64_t i = 0; i < l->kept.count; i++) {
        struct bytes rest = bytes_of(line(l, i));
        total += rest.len;
        assert_true(rest.len % 2 == 0 && rest.len < OUTPUT_LINE);
    }
    assert_int_equal(total, 6000);
}

static void hostile_output_does_no_harm(void **state)
{
    (void)state;
    struct lines *l = arena_alloc(&a, sizeof *l);
    char raw[5000];
    unsigned seed = 1;
    for (int k = 0; k < 200; k++) {
        for (size_t i = 0; i < sizeof raw; i++)
            raw[i] = (char)((seed = seed * 1664525u + 1013904223u) >> 24);
        lines_add(l, (struct bytes){raw, sizeof raw});
    }
    lines_end(l);
    for (int i = 0; i < OUTPUT_LINES; i++)
        for (const char *c = l->kept.text[i]; *c; c++)
            assert_true((unsigned char)*c >= ' ' && *c != 0x7f);
}

/* ---- what became of it ---- */

struct world {
    struct daemon daemon;
    struct auction_doc status;
    struct auction auction;
    struct model model;
};

static struct world *world(enum daemon_state state, int64_t pid, int64_t uptime_s)
{
    struct world *w = arena_alloc(&a, sizeof *w);
    w->daemon = (struct daemon){.state = state, .pid = pid, .uptime_s = uptime_s, .why = "because"};
    w->auction.status = &w->status;
    w->model = (struct model){.now_ms = 1000000, .daemon = &w->daemon, .auction = &w->auction};
    return w;
}

static void a_restart_is_good_when_a_new_daemon_is_up(void **state)
{
    (void)state;
    struct health_before b = health_before(&world(DAEMON_UP, 100, 5000)->model, 990000);
    static const struct {
        enum daemon_state state;
        int64_t pid, uptime_s;
        enum health_verdict now, late;
    } table[] = {
        {DAEMON_UP, 100, 5000, HEALTH_WAITING, HEALTH_BAD},
        {DAEMON_UP, 101, 3, HEALTH_GOOD, HEALTH_GOOD},
        {DAEMON_UP, 101, NOT_KNOWN, HEALTH_GOOD, HEALTH_GOOD},
        {DAEMON_UP, 100, 9, HEALTH_GOOD, HEALTH_GOOD},
        {DAEMON_DOWN, 101, 3, HEALTH_WAITING, HEALTH_BAD},
        {DAEMON_STOPPED, NOT_KNOWN, NOT_KNOWN, HEALTH_WAITING, HEALTH_BAD},
        {DAEMON_STALE, 101, 3, HEALTH_WAITING, HEALTH_BAD},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct world *w = world(table[i].state, table[i].pid, table[i].uptime_s);
        struct health now = health_judge(&a, PLAN_RESTART, &b, &w->model, false);
        struct health late = health_judge(&a, PLAN_RESTART, &b, &w->model, true);
        assert_true(now.verdict == table[i].now && late.verdict == table[i].late);
        assert_true((now.text[0] == '\0') == (now.verdict == HEALTH_WAITING) && late.text[0] != '\0');
    }
    struct world *same = world(DAEMON_UP, 100, 5000);
    assert_non_null(strstr(health_judge(&a, PLAN_RESTART, &b, &same->model, true).text, "nothing was restarted"));
}

static void a_commitment_is_good_when_a_newer_one_is_seen(void **state)
{
    (void)state;
    struct world *w = world(DAEMON_UP, 1, 1);
    w->status =
        (struct auction_doc){.has_commitment = true, .commit_block = 500, .commit_ms = 900000, .updated_ms = 985000};
    struct health_before b = health_before(&w->model, 990000);
    assert_true(health_judge(&a, PLAN_COMMIT, &b, &w->model, false).verdict == HEALTH_WAITING);
    assert_null(strstr(health_judge(&a, PLAN_COMMIT, &b, &w->model, true).text, "wrote its status"));
    w->status.updated_ms = 999000;
    assert_true(health_judge(&a, PLAN_COMMIT, &b, &w->model, true).verdict == HEALTH_BAD);
    assert_non_null(strstr(health_judge(&a, PLAN_COMMIT, &b, &w->model, true).text, "wrote its status"));
    w->status.commit_block = 501;
    assert_true(health_judge(&a, PLAN_COMMIT, &b, &w->model, false).verdict == HEALTH_GOOD);
    w->status.commit_block = 500;
    w->status.commit_ms = 991000;
    assert_true(health_judge(&a, PLAN_COMMIT, &b, &w->model, false).verdict == HEALTH_GOOD);
    w->auction.status = NULL;
    assert_true(health_judge(&a, PLAN_COMMIT, &b, &w->model, true).verdict == HEALTH_UNKNOWN);
}

/* ---- the log and the lock ---- */

static const char *const argv[] = {"/bin/true", "it's", NULL};
static const struct plan plan = {
    .kind = PLAN_RESTART, .known = true, .step = {{"/bin/true", argv}}, .steps = 1, .folder = "/", .from = "a test"};

static struct audit_record record(int64_t begun_ms)
{
    return (struct audit_record){.id = "abc",
                                 .plan = &plan,
                                 .who = {.user = "eve"},
                                 .host = "h",
                                 .dir = dir,
                                 .origin = "key",
                                 .begun_ms = begun_ms};
}

static void each_action_is_two_lines_and_counts_once(void **state)
{
    (void)state;
    struct audit x;
    struct err e;
    struct bytes text, one;
    int64_t begun[AUDIT_MOST];
    assert_int_equal(audit_peek(dir, PLAN_RESTART, begun), 0);
    assert_true(access(path("state"), F_OK) < 0);
    assert_true(audit_open(&x, dir, &e));
    for (int i = 0; i < 2; i++) {
        struct audit_record r = record(1000 + i);
        assert_true(audit_write(&x, &r, &e));
        r.ended = true;
        r.exit = 3;
        r.signal = -1;
        r.health = "ok";
        assert_true(audit_write(&x, &r, &e));
    }
    assert_int_equal(audit_begun(&x, PLAN_RESTART, begun), 2);
    assert_true(begun[0] == 1000 && begun[1] == 1001);
    assert_int_equal(audit_begun(&x, PLAN_COMMIT, begun), 0);
    assert_int_equal(audit_peek(dir, PLAN_RESTART, begun), 2);
    text = read_all("state/davy/audit.jsonl");
    assert_true(bytes_line(&text, &one) && bytes_line(&text, &one));
    json_t *o = json_read(one, "x", &e);
    assert_string_equal(json_text(&a, o, "event"), "ended");
    assert_string_equal(json_text(&a, o, "user"), "eve");
    assert_int_equal(json_int(o, "exit"), 3);
    assert_string_equal(json_string_value(json_array_get(json_array_get(json_list(o, "argv"), 0), 1)), "it's");
    assert_true(json_is_null(json_object_get(o, "tty")) && json_is_null(json_object_get(o, "signal")));
    json_decref(o);
    audit_close(&x);
}

static void the_log_is_for_its_owner_only_and_a_torn_line_stays_one(void **state)
{
    (void)state;
    struct audit x;
    struct err e;
    struct stat s;
    struct audit_record r = record(1000);
    int64_t begun[AUDIT_MOST];
    assert_true(audit_open(&x, dir, &e));
    assert_true(stat(path("state/davy"), &s) == 0 && (s.st_mode & 07777) == 0700);
    assert_true(stat(path("state/davy/audit.jsonl"), &s) == 0 && (s.st_mode & 07777) == 0600);
    assert_int_equal(write(x.fd, "{\"event\":\"beg", 13), 13);
    assert_true(audit_write(&x, &r, &e));
    assert_int_equal(audit_begun(&x, PLAN_RESTART, begun), 1);
    audit_close(&x);
}

static void expect_refused(const char *word)
{
    struct audit x;
    struct err e = {""};
    assert_false(audit_open(&x, dir, &e));
    assert_true(x.fd < 0 && x.lock_fd < 0);
    if (!strstr(e.text, word) || !strstr(e.text, "davy starts nothing"))
        fail_msg("%s\n  has no: %s", e.text, word);
}

static void a_log_that_is_not_a_plain_file_is_not_written_to(void **state)
{
    (void)state;
    assert_true(mkdir(path("state"), 0755) == 0 && mkdir(path("state/davy"), 0700) == 0);
    assert_int_equal(mkfifo(path("state/davy/audit.jsonl"), 0600), 0);
    expect_refused("not a plain file");
    remove(path("state/davy/audit.jsonl"));
    assert_int_equal(symlink("../other", path("state/davy/audit.jsonl")), 0);
    expect_refused("not a plain file");
    assert_true(access(path("state/other"), F_OK) < 0);
    remove(path("state/davy/audit.jsonl"));
    close(open(path("state/other"), O_CREAT | O_WRONLY, 0600));
    assert_int_equal(link(path("state/other"), path("state/davy/audit.jsonl")), 0);
    expect_refused("not a plain file");
    remove(path("state/davy/audit.jsonl"));
    assert_int_equal(chmod(path("state/davy"), 0777), 0);
    expect_refused("chmod o-w");
    remove(path("state/davy"));
    assert_int_equal(symlink("../state", path("state/davy")), 0);
    expect_refused("state/davy cannot be");
}

static void the_lock_is_held_once_and_tells_who_holds_it(void **state)
{
    (void)state;
    struct audit x, y;
    struct err e;
    assert_true(audit_open(&x, dir, &e) && audit_open(&y, dir, &e));
    assert_true(audit_lock(&x, PLAN_RESTART, "anna", 1795343508236, &e));
    assert_false(audit_lock(&y, PLAN_COMMIT, "eve", 1795343508236 + 12000, &e));
    assert_non_null(strstr(e.text, "restart of anna runs already, since 10:31:48 UTC (12s; pid "));
    audit_close(&x);
    assert_true(audit_lock(&y, PLAN_COMMIT, "eve", 1795343508236 + 12000, &e));
    audit_close(&y);
}

/* ---- the environment ---- */

static void a_command_gets_the_environment_without_the_terminal_s_part(void **state)
{
    (void)state;
    char *const ours[] = {(char[]){"PATH=/bin"},
                          (char[]){"TERM=xterm"},
                          (char[]){"LD_PRELOAD=/x.so"},
                          (char[]){"TERMINUS=1"},
                          (char[]){"SSH_CONNECTION=1 2"},
                          (char[]){"BASH_ENV=/x"},
                          (char[]){"BASH_FUNC_x%%=()"},
                          (char[]){"CUDA_VISIBLE_DEVICES=0"},
                          NULL};
    char **env = spawn_environment(&a, ours);
    static const char *const want[] = {"PATH=/bin", "TERMINUS=1", "CUDA_VISIBLE_DEVICES=0", "TERM=dumb"};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_string_equal(env[i], want[i]);
    assert_null(env[4]);
}

/* ---- all of it ---- */

static void on_change(void *ctx)
{
    struct errand **x = ctx;
    (void)x;
}

struct watch {
    struct loop *loop;
    struct errand *x;
    struct model *model;
};

static void look(void *ctx)
{
    struct watch *w = ctx;
    errand_look(w->x, w->model);
    if (!errand_runs(w->x))
        loop_stop(w->loop, 0);
    else
        loop_timer(w->loop, loop_now() + 10, look, w);
}

/* Runs the commands and gives their errand; the model says at once that a new daemon is up. */
static struct errand *run(struct watch *w, const char *const *first, const char *const *second, int64_t limit_ms)
{
    struct err e = {""};
    struct plan *p = arena_alloc(&a, sizeof *p);
    struct world *before = world(DAEMON_UP, 100, 5000), *after = world(DAEMON_UP, 101, 0);
    *p = (struct plan){.kind = PLAN_RESTART,
                       .known = true,
                       .steps = second ? 2 : 1,
                       .folder = dir,
                       .limit_ms = limit_ms,
                       .from = "a test"};
    p->step[0] = (struct plan_step){first[0], first};
    if (second)
        p->step[1] = (struct plan_step){second[0], second};
    before->model.host = before->model.rig_dir = "h";
    after->model.now_ms = wall_now();
    w->loop = loop_open(&e);
    w->model = &after->model;
    struct errand_in in = {.plan = p,
                           .model = &before->model,
                           .dir = dir,
                           .origin = "key",
                           .loop = w->loop,
                           .changed = on_change,
                           .ctx = w};
    w->x = errand_begin(&in, &e);
    if (!w->x)
        fail_msg("%s", e.text);
    loop_timer(w->loop, loop_now(), look, w);
    loop_run(w->loop);
    return w->x;
}

static void end_run(struct watch *w)
{
    errand_leave(w->x);
    loop_close(w->loop);
}

static void steps_run_in_order_and_what_they_say_is_kept(void **state)
{
    (void)state;
    struct watch w;
    static const char *const first[] = {"/bin/sh", "-c", "echo one; echo two >&2; pwd; read x || echo no input", NULL};
    static const char *const second[] = {"/bin/echo", "three four", NULL};
    struct errand *x = run(&w, first, second, 60000);
    const struct output *o = errand_view(x);
    assert_true(errand_good(x) && o->good && o->healthy && o->phase == OUTPUT_DONE);
    assert_int_equal(o->lines->count, 5);
    assert_string_equal(o->lines->text[0], "one");
    assert_string_equal(o->lines->text[1], "two");
    assert_string_equal(o->lines->text[2], dir);
    assert_string_equal(o->lines->text[3], "no input");
    assert_string_equal(o->lines->text[4], "three four");
    assert_non_null(strstr(o->result, "exit 0 after "));
    end_run(&w);
}

static void a_step_that_fails_ends_it(void **state)
{
    (void)state;
    struct watch w;
    static const char *const first[] = {"/bin/sh", "-c", "exit 7", NULL}, *const second[] = {"/bin/echo", "no", NULL};
    struct errand *x = run(&w, first, second, 60000);
    assert_false(errand_good(x));
    assert_int_equal(errand_view(x)->lines->count, 0);
    assert_non_null(strstr(errand_view(x)->result, "exit 7 after "));
    assert_non_null(strstr(errand_view(x)->result, "step 1 of 2"));
    end_run(&w);
}

static void what_takes_too_long_is_ended_with_all_it_started(void **state)
{
    (void)state;
    struct watch w;
    static const char *const first[] = {"/bin/sh", "-c", "sleep 1000 & echo $!; wait", NULL};
    struct errand *x = run(&w, first, NULL, 300);
    assert_false(errand_good(x));
    assert_non_null(strstr(errand_view(x)->result, "took too long: ended by signal 15 (TERM)"));
    assert_true(access(arena_text(&a, "/proc/%s/exe", errand_view(x)->lines->text[0]), F_OK) < 0);
    end_run(&w);
}

static void a_program_that_cannot_be_started_is_said_so_and_noted(void **state)
{
    (void)state;
    struct watch w;
    static const char *const first[] = {"/nonexistent/program", NULL};
    struct errand *x = run(&w, first, NULL, 60000);
    assert_false(errand_good(x));
    assert_non_null(strstr(errand_view(x)->result, "not started: /nonexistent/program cannot be started"));
    struct bytes text = read_all("state/davy/audit.jsonl");
    assert_true(bytes_find(text, "\"event\":\"ended\"") < text.len && bytes_find(text, "No such file") < text.len);
    end_run(&w);
}

static void the_fourth_within_fifteen_minutes_is_refused_unless_forced(void **state)
{
    (void)state;
    static const char *const first[] = {"/bin/true", NULL};
    struct watch w;
    struct err e;
    for (int i = 0; i < 3; i++) {
        assert_null(errand_limit(&a, PLAN_RESTART, dir, wall_now()));
        run(&w, first, NULL, 60000);
        end_run(&w);
    }
    assert_non_null(strstr(errand_limit(&a, PLAN_RESTART, dir, wall_now()), "restart ran 3 times"));
    struct world *b = world(DAEMON_UP, 100, 5000);
    struct errand_in in = {
        .plan = &plan, .model = &b->model, .dir = dir, .origin = "key", .loop = loop_open(&e), .changed = on_change};
    assert_null(errand_begin(&in, &e));
    assert_non_null(strstr(e.text, "it must be forced"));
    in.forced = true;
    struct errand *x = errand_begin(&in, &e);
    assert_non_null(x);
    assert_null(errand_begin(&in, &e));
    assert_non_null(strstr(e.text, "runs already"));
    errand_leave(x);
    loop_close(in.loop);
    struct bytes text = read_all("state/davy/audit.jsonl"), one;
    int begun = 0;
    while (bytes_line(&text, &one))
        begun += bytes_find(one, "\"event\":\"begun\"") < one.len;
    assert_int_equal(begun, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_within_fifteen_minutes_are_the_limit),
        cmocka_unit_test_setup_teardown(output_becomes_lines_that_are_safe_to_show, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(output_without_end_keeps_its_newest_lines, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(a_line_that_is_too_long_becomes_several_and_no_character_is_cut, make_dir,
                                        remove_dir),
        cmocka_unit_test_setup_teardown(hostile_output_does_no_harm, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(a_restart_is_good_when_a_new_daemon_is_up, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(a_commitment_is_good_when_a_newer_one_is_seen, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(each_action_is_two_lines_and_counts_once, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(the_log_is_for_its_owner_only_and_a_torn_line_stays_one, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(a_log_that_is_not_a_plain_file_is_not_written_to, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(the_lock_is_held_once_and_tells_who_holds_it, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(a_command_gets_the_environment_without_the_terminal_s_part, make_dir,
                                        remove_dir),
        cmocka_unit_test_setup_teardown(steps_run_in_order_and_what_they_say_is_kept, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(a_step_that_fails_ends_it, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(what_takes_too_long_is_ended_with_all_it_started, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(a_program_that_cannot_be_started_is_said_so_and_noted, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(the_fourth_within_fifteen_minutes_is_refused_unless_forced, make_dir,
                                        remove_dir),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
