/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Promise R9 of what is sent: an alert that was confirmed is told, whenever whoever tells it dies, and what was told twice
 * says so. The journal and the letters are the real ones; the chat is a list that outlives every death. */
#include "action/journal.h"
#include "base/timetext.h"
#include "rule/post.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "dying_disk.h"

enum { KILLS = 120, DEATHS = 1500, TOKENS = 8192, OPS = 3, TEXT = 64 };
static const int64_t NOW = 1763787600000;

/* ---- the world outside ---- */

struct world { /* shared with children: what happened is not undone by a death */
    int64_t clock;
    struct {
        int told, marked; /* messages that told of it; of them with the mark */
        enum { NOT_BEGUN, BEGUN, CONFIRMED, REFUSED } what;
    } token[TOKENS];
    int messages;
};

static struct world *make_world(void)
{
    struct world *w = mmap(NULL, sizeof *w, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(w != MAP_FAILED);
    return w;
}

/* "token-17-", anywhere in the line. */
static void deliver(struct world *w, const char *text)
{
    bool all_marked = strstr(text, "\n(may be a repeat)") != NULL;
    die_if(now_happens() == DIES_AFTER);
    w->messages++;
    for (const char *at = text; (at = strstr(at, "token-")) != NULL; at++) {
        int token = atoi(at + 6);
        size_t line = strcspn(at, "\n");
        const char *mark = strstr(at, "(may be a repeat)");
        assert_in_range(token, 1, TOKENS - 1);
        w->token[token].told++;
        w->token[token].marked += all_marked || (mark != NULL && (size_t)(mark - at) < line);
    }
    die_if(now_happens() == DIES_BEFORE);
}

/* ---- what is done ---- */

static bool fire(struct journal *j, struct world *w, int token, struct err *e)
{
    struct incidents after = j->book.state;
    struct incident *row = arena_array(&j->arena, after.count + 1, sizeof *row);
    size_t at = 0;
    const char *subject = arena_text(&j->arena, "%06d", token);
    for (size_t i = 0; i < after.count; i++)
        row[i] = after.row[i];
    at = after.count++;
    row[at] = (struct incident){.rule = "budget_high",
                                .subject = subject,
                                .state = INCIDENT_FIRING,
                                .severity = SEVERITY_CRITICAL,
                                .told = SEVERITY_CRITICAL,
                                .number = after.next_number++,
                                .since_ms = NOW,
                                .from = NOT_KNOWN,
                                .changed = NOT_KNOWN,
                                .tell = {NOT_KNOWN, NOT_KNOWN, NOT_KNOWN},
                                .what = arena_text(&j->arena, "token-%d-", token),
                                .value_text = "",
                                .limit_text = ""};
    struct incident_event event = {.at_ms = NOW,
                                   .kind = EVENT_FIRED,
                                   .rule = "budget_high",
                                   .subject = subject,
                                   .number = row[at].number,
                                   .severity = SEVERITY_CRITICAL,
                                   .told = true,
                                   .what = row[at].what};
    after.row = row;
    after.boot_id = "boot";
    after.clock = w->clock;
    return journal_commit(j, &after, &event, 1, e);
}

static struct post_now now_of(struct world *w)
{
    return (struct post_now){w->clock, NOW + w->clock};
}

static const struct post_policy policy = {.rig = "rig"};

static bool take(struct journal *j, struct world *w, bool first, struct err *e)
{
    struct book book = j->book;
    if (first)
        book.mail = post_doubt(&j->arena, &book.mail);
    struct mail after = post_take(&j->arena, &book, &policy, now_of(w));
    return journal_post(j, &after, NULL, e);
}

/* One letter, if one may go; false: none may, or the disk fails. */
static bool send_one(struct journal *j, struct world *w, unsigned seed, struct err *e)
{
    struct mail after;
    int64_t wake;
    const struct letter *l = post_pick(&j->arena, &j->book.mail, &policy, now_of(w), &after, &wake);
    if (l == NULL || !journal_post(j, &after, NULL, e))
        return false;
    bool lost = seed % 11 == 0; /* the answer; what was asked arrived */
    struct post_result r = {.end = lost ? POST_UNSURE : POST_ARRIVED, .message = "7"};
    deliver(w, post_text(&j->arena, l));
    after = post_done(&j->arena, &j->book.mail, l->id, &r, now_of(w));
    return journal_post(j, &after, NULL, e);
}

static void operations(struct journal *j, const struct folder *f, struct world *w, unsigned seed)
{
    struct err e;
    if (!journal_open(j, f->dir, NOW, &e))
        return;
    j->shorten_at = seed % 3 == 0 ? 1 : j->shorten_at;
    bool good = take(j, w, true, &e);
    for (unsigned i = 0; i < OPS && good; i++) {
        unsigned token = 1 + seed * OPS + i;
        w->token[token].what = BEGUN;
        w->token[token].what = fire(j, w, (int)token, &e) ? CONFIRMED : REFUSED;
        good = take(j, w, false, &e);
        w->clock += seed % 2 == 0 ? 700000 : 3000;
        if (good)
            send_one(j, w, seed + i, &e);
    }
}

/* ---- what is there afterwards ---- */

static void finish(const struct folder *f, struct world *w)
{
    struct journal j;
    struct err e;
    assert_true(journal_open(&j, f->dir, NOW, &e));
    assert_string_equal(j.notice.text, "");
    assert_true(take(&j, w, true, &e));
    for (int i = 0; i < 200 && j.book.mail.letters > 0; i++) {
        w->clock += 700000;
        send_one(&j, w, 1, &e);
    }
    assert_int_equal(j.book.mail.letters, 0);
    journal_close(&j);
}

static void check(const struct world *w, int *repeats)
{
    for (int t = 1; t < TOKENS; t++) {
        int told = w->token[t].told, marked = w->token[t].marked;
        if (w->token[t].what == CONFIRMED && told == 0)
            fail_msg("token %d was confirmed, and nobody was told", t);
        if (told > 1 && marked < told - 1)
            fail_msg("token %d was told %d times, %d of them marked", t, told, marked);
        *repeats += told > 1;
    }
}

static void set_trouble(unsigned seed, bool jumps)
{
    trouble.how = (enum how)(1 + seed % 7 % (HOWS - 1)); /* dying before and after a call most */
    trouble.calls = 1 + (int)(seed / 5 % 19);
    trouble.jumps = jumps;
}

static void begin_anew(const struct folder *f, struct world *w)
{
    unlink(f->file);
    memset(w->token, 0, sizeof w->token);
}

static bool dies(struct journal *j, const struct folder *f, struct world *w, unsigned seed)
{
    bool died = setjmp(trouble.death) != 0;
    if (!died) {
        set_trouble(seed, true);
        operations(j, f, w, seed);
    }
    trouble.how = NOTHING;
    journal_close(j);
    return died;
}

static void R9_what_was_confirmed_is_told_and_a_repeat_says_so_at_a_thousand_deaths(void **state)
{
    struct world *w = make_world();
    struct journal *j = calloc(1, sizeof *j);
    int died = 0, repeats = 0;
    for (unsigned seed = 1; seed <= DEATHS; seed++) {
        *j = (struct journal){.folder = -1, .lock_fd = -1, .fd = -1};
        died += dies(j, *state, w, seed);
        if (seed % 6 == 0 || seed == DEATHS) {
            finish(*state, w);
            check(w, &repeats);
            begin_anew(*state, w);
        }
    }
    assert_in_range(died, 1000, DEATHS);
    assert_in_range(repeats, 10, DEATHS); /* or nothing was tried */
    print_message("%d deaths, %d messages, %d alerts told more than once, each marked\n", died, w->messages, repeats);
    munmap(w, sizeof *w);
    free(j);
}

static void R9_the_same_when_the_process_is_killed(void **state)
{
    struct world *w = make_world();
    int died = 0, repeats = 0;
    for (unsigned seed = 1; seed <= KILLS; seed++) {
        int status;
        pid_t pid = fork();
        if (pid == 0) {
            struct journal j = {.folder = -1, .lock_fd = -1, .fd = -1};
            set_trouble(seed, false);
            operations(&j, *state, w, seed);
            _exit(0);
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);
        died += WIFSIGNALED(status);
    }
    finish(*state, w);
    check(w, &repeats);
    assert_in_range(died, KILLS / 3, KILLS);
    munmap(w, sizeof *w);
}

static void letters_survive_a_journal_that_is_written_anew(void **state)
{
    struct world *w = make_world();
    struct journal j;
    struct err e;
    assert_true(journal_open(&j, ((struct folder *)*state)->dir, NOW, &e));
    assert_true(take(&j, w, true, &e));
    j.shorten_at = 1;
    for (int t = 1; t <= 30; t++) {
        assert_true(fire(&j, w, t, &e));
        w->token[t].what = CONFIRMED;
    }
    assert_true(j.book.events_before == 0); /* nobody was told of them yet */
    assert_true(take(&j, w, false, &e));
    journal_close(&j);
    int repeats = 0;
    finish(*state, w);
    check(w, &repeats);
    assert_int_equal(repeats, 0);
    munmap(w, sizeof *w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(R9_what_was_confirmed_is_told_and_a_repeat_says_so_at_a_thousand_deaths, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(R9_the_same_when_the_process_is_killed, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(letters_survive_a_journal_that_is_written_anew, make_folder, remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
