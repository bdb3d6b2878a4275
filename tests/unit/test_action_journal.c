/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The journal of alerts: what was confirmed is there, whatever happens to the process, the disk or the file. The linker
 * puts our own write(), fsync(), ftruncate(), renameat() and openat() in front of the real ones. */
#include "action/journal.h"
#include "base/file.h"
#include "base/timetext.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "dying_disk.h"

enum { KILLS = 80, DEATHS = 1500, TOKENS = 8192, MOST = 12 };
static const int64_t NOW = 1763787600000;

static bool open_it(struct journal *j, const struct folder *f, struct err *e)
{
    return journal_open(j, f->dir, NOW, e);
}

/* ---- what is done: silences with a number as their reason ---- */

static struct incident_event event_of(const struct silence *s, enum incident_event_kind kind)
{
    return (struct incident_event){
        .at_ms = NOW, .kind = kind, .rule = s->rule, .number = s->id, .who = s->who, .why = s->reason, .what = ""};
}

static bool add(struct journal *j, int token, struct err *e)
{
    struct incidents after = j->book.state;
    struct silence *list = arena_array(&j->arena, after.silence_count + 1, sizeof *list);
    for (size_t i = 0; i < after.silence_count; i++)
        list[i] = after.silence[i];
    list[after.silence_count] = (struct silence){.id = after.next_silence++,
                                                 .rule = "budget_high",
                                                 .who = "anna",
                                                 .reason = arena_text(&j->arena, "%d", token),
                                                 .since_ms = NOW,
                                                 .until_ms = NOW + 1000,
                                                 .until = 1000};
    struct incident_event event = event_of(&list[after.silence_count++], EVENT_SILENCED);
    after.silence = list;
    after.boot_id = "boot";
    return journal_commit(j, &after, &event, 1, e);
}

static bool drop_oldest(struct journal *j, struct err *e)
{
    struct incidents after = j->book.state;
    struct incident_event event = event_of(&after.silence[0], EVENT_UNSILENCED);
    after.silence++;
    after.silence_count--;
    return journal_commit(j, &after, &event, 1, e);
}

/* ---- the child ---- */

struct note {
    int token; /* of the silence; its negative: it was ended */
    enum { BEGUN, CONFIRMED, REFUSED } what;
};

static void tell(int pipe, int token, int what)
{
    struct note n = {token, what};
    if (__real_write(pipe, &n, sizeof n) != sizeof n)
        _exit(9);
}

static void one_op(struct journal *j, int pipe, int token)
{
    struct err e;
    bool ends = j->book.state.silence_count >= MOST;
    int about = ends ? -atoi(j->book.state.silence[0].reason) : token;
    tell(pipe, about, BEGUN);
    bool done = ends ? drop_oldest(j, &e) : add(j, token, &e);
    tell(pipe, about, done ? CONFIRMED : REFUSED);
}

static void set_trouble(unsigned seed, bool jumps)
{
    trouble.how = (enum how)(1 + seed % (HOWS - 1));
    trouble.calls = 1 + (int)(seed / 7 % 14);
    trouble.jumps = jumps;
}

static void operations(struct journal *j, const struct folder *f, int pipe, int token, unsigned seed)
{
    struct err e;
    if (!open_it(j, f, &e))
        return;
    j->shorten_at = seed % 3 == 0 ? 1 : j->shorten_at; /* then it is written anew every time */
    for (int i = 0; i < 5; i++)
        one_op(j, pipe, token + i);
}

/* ---- what is there afterwards ---- */

struct known {
    char there[TOKENS];   /* 0 no, 1 yes, 2 either */
    int silenced[TOKENS]; /* events */
};

static void take_note(struct known *k, const struct note *n)
{
    int token = abs(n->token);
    assert_in_range(token, 1, TOKENS - 1);
    if (n->what == BEGUN)
        k->there[token] = 2;
    else if (n->what == CONFIRMED)
        k->there[token] = n->token > 0;
    else
        k->there[token] = n->token < 0;
}

static void look(const struct folder *f, struct known *k)
{
    struct journal j;
    struct err e;
    char there[TOKENS] = {0};
    int silenced[TOKENS] = {0};
    if (!open_it(&j, f, &e))
        fail_msg("%s", e.text);
    assert_string_equal(j.notice.text, "");
    for (size_t i = 0; i < j.book.state.silence_count; i++)
        there[atoi(j.book.state.silence[i].reason)]++;
    for (size_t i = 0; i < j.book.event_count; i++)
        silenced[atoi(j.book.event[i].why)] += j.book.event[i].kind == EVENT_SILENCED;
    for (int t = 1; t < TOKENS; t++) {
        if (there[t] > 1 || (k->there[t] != 2 && there[t] != k->there[t]) || silenced[t] > 1)
            fail_msg("silence %d: is there %d times, wanted %d; %d events", t, there[t], k->there[t], silenced[t]);
        k->there[t] = there[t];
    }
    journal_close(&j);
}

static void take_notes(struct known *k, int pipe)
{
    struct note n;
    while (read(pipe, &n, sizeof n) == sizeof n)
        take_note(k, &n);
    close(pipe);
}

static bool killed(const struct folder *f, struct known *k, unsigned seed)
{
    int line[2], status;
    assert_int_equal(pipe2(line, O_CLOEXEC), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct journal j;
        set_trouble(seed, false);
        operations(&j, f, line[1], (int)(1 + seed * 5), seed);
        _exit(0);
    }
    close(line[1]);
    take_notes(k, line[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);
    look(f, k);
    return WIFSIGNALED(status);
}

static void what_was_confirmed_survives_every_kill(void **state)
{
    struct known *k = calloc(1, sizeof *k);
    int died = 0;
    for (unsigned seed = 1; seed <= KILLS; seed++)
        died += killed(*state, k, seed);
    assert_in_range(died, KILLS / 3, KILLS); /* the others met an error, or were done before */
    free(k);
}

static bool dead(struct journal *j, const struct folder *f, int pipe, unsigned seed)
{
    bool died = setjmp(trouble.death) != 0;
    if (!died) {
        set_trouble(seed, true);
        operations(j, f, pipe, (int)(1 + seed * 5), seed);
    }
    trouble.how = NOTHING;
    journal_close(j);
    close(pipe);
    return died;
}

static void what_was_confirmed_survives_a_death_or_an_error_at_every_call(void **state)
{
    struct known *k = calloc(1, sizeof *k);
    struct journal *j = calloc(1, sizeof *j);
    int died = 0;
    for (unsigned seed = 1; seed <= DEATHS; seed++) {
        int line[2];
        if (seed % 40 == 0) { /* a thousand events to read each time would take a minute */
            assert_int_equal(unlink(((struct folder *)*state)->file), 0);
            memset(k, 0, sizeof *k);
        }
        assert_int_equal(pipe2(line, O_CLOEXEC), 0);
        *j = (struct journal){.folder = -1, .lock_fd = -1, .fd = -1};
        died += dead(j, *state, line[1], seed);
        take_notes(k, line[0]);
        look(*state, k);
    }
    assert_in_range(died, DEATHS / 3, DEATHS);
    free(j);
    free(k);
}

/* ---- the file ---- */

static void fill(const struct folder *f, int count)
{
    struct journal j;
    struct err e;
    assert_true(open_it(&j, f, &e));
    for (int i = 1; i <= count; i++)
        assert_true(add(&j, i, &e));
    journal_close(&j);
}

static struct bytes read_file(struct arena *a, const struct folder *f)
{
    struct bytes text;
    struct file_stat s;
    struct err e;
    assert_true(file_read(a, f->file, 1 << 20, &text, &s, &e));
    return text;
}

static void spoil(const struct folder *f, size_t at, const char *with, size_t len)
{
    int fd = open(f->file, O_WRONLY | O_CLOEXEC);
    assert_int_equal(pwrite(fd, with, len, (off_t)at), len);
    close(fd);
}

static void a_torn_last_line_is_cut_off_and_nothing_else(void **state)
{
    struct journal j;
    struct err e;
    struct arena a = {0};
    const struct folder *f = *state;
    fill(f, 3);
    struct bytes text = read_file(&a, f);
    spoil(f, text.len, "{\"sum\":\"0123", 12);
    assert_true(open_it(&j, f, &e));
    assert_int_equal(j.book.state.silence_count, 3);
    assert_string_equal(j.notice.text, "");
    assert_true(add(&j, 4, &e));
    journal_close(&j);
    assert_true(open_it(&j, f, &e));
    assert_int_equal(j.book.health, BOOK_GOOD);
    assert_int_equal(j.book.state.silence_count, 4);
    journal_close(&j);
    arena_release(&a);
}

static void a_damaged_line_puts_the_file_aside_and_quiet_nobody(void **state)
{
    struct journal j;
    struct err e;
    struct arena a = {0};
    const struct folder *f = *state;
    fill(f, 5);
    struct bytes text = read_file(&a, f);
    spoil(f, text.len / 2, "#", 1);
    struct bytes spoilt = read_file(&a, f);
    assert_true(open_it(&j, f, &e));
    assert_non_null(
        strstr(j.notice.text, "was damaged: the file is kept as alerts.jsonl.damaged-2025-11-22T05-00-00Z"));
    assert_int_equal(j.book.state.silence_count, 0);
    assert_true(j.book.state.next_silence > 1); /* numbers go on */
    assert_true(add(&j, 9, &e));
    journal_close(&j);
    struct folder other = *f;
    strcat(other.file, ".damaged-2025-11-22T05-00-00Z");
    struct bytes kept = read_file(&a, &other);
    assert_true(bytes_equal(spoilt, kept));
    assert_true(open_it(&j, f, &e));
    assert_string_equal(j.notice.text, "");
    assert_int_equal(j.book.state.silence_count, 1);
    journal_close(&j);
    arena_release(&a);
}

static void a_line_that_is_missing_in_the_middle_is_damage(void **state)
{
    struct journal j;
    struct err e;
    struct arena a = {0};
    const struct folder *f = *state;
    fill(f, 3);
    struct bytes text = read_file(&a, f), rest = text, one, two;
    assert_true(bytes_line(&rest, &one) && bytes_line(&rest, &two));
    const char *without = arena_text(&a, "%.*s\n%.*s", (int)one.len, one.at, (int)rest.len, rest.at);
    assert_true(file_replace(f->file, bytes_of(without), 0600, &e));
    assert_true(open_it(&j, f, &e));
    assert_non_null(strstr(j.notice.text, "line 2 was damaged"));
    journal_close(&j);
    arena_release(&a);
}

static void only_one_davy_changes_it_at_a_time(void **state)
{
    struct journal one, two;
    struct err e;
    assert_true(open_it(&one, *state, &e));
    assert_false(open_it(&two, *state, &e));
    assert_true(two.busy);
    journal_close(&one);
    assert_true(open_it(&two, *state, &e));
    journal_close(&two);
}

static void nothing_but_a_plain_file_is_written_to(void **state)
{
    const struct folder *f = *state;
    struct journal j;
    struct err e;
    char elsewhere[128];
    snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere", f->dir);
    fill(f, 1);
    assert_int_equal(rename(f->file, elsewhere), 0);
    assert_int_equal(symlink(elsewhere, f->file), 0);
    assert_false(open_it(&j, f, &e));
    assert_non_null(strstr(e.text, "is not a plain file of one name"));
    assert_int_equal(unlink(f->file), 0);
    assert_int_equal(mkfifo(f->file, 0600), 0);
    assert_false(open_it(&j, f, &e));
    assert_int_equal(unlink(f->file), 0);
    assert_int_equal(link(elsewhere, f->file), 0);
    assert_false(open_it(&j, f, &e));
    assert_int_equal(unlink(f->file), 0);
    assert_true(open_it(&j, f, &e));
    journal_close(&j);
}

static void it_is_written_anew_when_it_grows_and_keeps_state_and_newest_events(void **state)
{
    struct journal j;
    struct err e;
    assert_true(open_it(&j, *state, &e));
    for (int i = 1; i <= 1500; i++) {
        j.shorten_at = i % 100 == 0 ? 1 : SIZE_MAX;
        assert_true(j.book.state.silence_count < 20 ? add(&j, i, &e) : drop_oldest(&j, &e));
    }
    assert_true(j.size < 1 << 20);
    size_t events = j.book.event_count;
    int64_t newest = j.book.event[events - 1].number;
    journal_close(&j);
    assert_true(open_it(&j, *state, &e));
    assert_int_equal(j.book.event_count, events);
    assert_in_range(events, 1000, 1099);
    assert_int_equal(j.book.event[events - 1].number, newest);
    assert_in_range(j.book.state.silence_count, 19, 20);
    journal_close(&j);
}

static void any_bytes_are_read_without_harm(void **state)
{
    struct arena a = {0};
    (void)state;
    struct incident_event event = {.at_ms = NOW, .kind = EVENT_FIRED, .rule = "x", .subject = "", .what = "x"};
    struct incidents after = incidents_none;
    struct book b;
    book_read(&a, (struct bytes){"", 0}, &b);
    after.boot_id = "b";
    struct bytes line = book_line(&a, &b.sum, &incidents_none, &after, &event, 1);
    char *text = arena_copy(&a, line);
    for (size_t i = 0; i < line.len; i++) {
        for (int bit = 0; bit < 8; bit++) {
            text[i] = (char)(line.at[i] ^ (1 << bit));
            book_read(&a, (struct bytes){text, line.len}, &b);
            assert_true(b.health != BOOK_GOOD);
            assert_int_equal(b.event_count, 0);
        }
        text[i] = line.at[i];
        book_read(&a, (struct bytes){text, i}, &b);
        assert_int_equal(b.health, i ? BOOK_TORN : BOOK_GOOD);
    }
    book_read(&a, (struct bytes){text, line.len}, &b);
    assert_int_equal(b.event_count, 1);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_confirmed_survives_every_kill, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(what_was_confirmed_survives_a_death_or_an_error_at_every_call, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_torn_last_line_is_cut_off_and_nothing_else, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_damaged_line_puts_the_file_aside_and_quiet_nobody, make_folder,
                                        remove_folder),
        cmocka_unit_test_setup_teardown(a_line_that_is_missing_in_the_middle_is_damage, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(only_one_davy_changes_it_at_a_time, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(nothing_but_a_plain_file_is_written_to, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(it_is_written_anew_when_it_grows_and_keeps_state_and_newest_events, make_folder,
                                        remove_folder),
        cmocka_unit_test(any_bytes_are_read_without_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
