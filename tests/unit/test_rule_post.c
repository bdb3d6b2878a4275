/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who is told what, and when: one message an incident, quiet hours, digests, limits (R10), nothing lost on the way. */
#include "rule/post.h"

#include "rule/engine.h"

#include "base/timetext.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { STEPS = 40000, RULES = 12, HOUR_MS = 3600000, MINUTE_MS = 60000, SPAN = 10 * 60000, SENT = 20000 };
static const int64_t NOON = 1763812800000; /* 2025-11-22 12:00 UTC */

static struct arena arena;

static int clean(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* ---- a chat with a clock ---- */

struct desk_of_test {
    struct book book;
    struct incident row[RULES];
    struct incident_event event[256];
    struct post_policy policy;
    struct post_now now;
    int64_t at[SENT]; /* engine's time of each noise */
    enum severity severity[SENT];
    size_t noises, edits, longest;
    int64_t last;
    char text[4096]; /* of the newest */
    enum letter_kind kind;
    bool replied;
    enum post_end end;
};

static void begin(struct desk_of_test *d)
{
    static const char *const names[RULES] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"};
    memset(d, 0, sizeof *d);
    d->policy = (struct post_policy){.rig = "rig", .digest_at = 540, .press_ms = 15 * MINUTE_MS};
    d->now = (struct post_now){1000, NOON};
    d->book.mail = mail_none;
    d->book.mail.seen = 0;
    d->book.state = incidents_none;
    for (int i = 0; i < RULES; i++)
        d->row[i] = (struct incident){.rule = names[i],
                                      .subject = "",
                                      .since_ms = NOT_KNOWN,
                                      .from = NOT_KNOWN,
                                      .changed = NOT_KNOWN,
                                      .what = "",
                                      .value_text = "",
                                      .limit_text = ""};
    d->book.state.row = d->row;
    d->book.state.count = RULES;
    d->book.state.next_number = 1;
    d->book.event = d->event;
    d->last = INT64_MIN;
}

static void happens(struct desk_of_test *d, int rule, enum incident_event_kind kind, enum severity s, bool told)
{
    struct incident *i = &d->row[rule];
    if (kind == EVENT_FIRED)
        i->number = d->book.state.next_number++;
    if (kind == EVENT_FIRED || kind == EVENT_SEVERITY)
        i->severity = s;
    if (kind == EVENT_FIRED)
        i->since_ms = d->now.wall_ms;
    i->state = kind == EVENT_CLEARED ? INCIDENT_OK : INCIDENT_FIRING;
    if (i->what[0] == '\0')
        i->what = arena_text(&arena, "trouble %s", i->rule);
    if (d->book.event_count == sizeof d->event / sizeof *d->event) { /* the book is shortened: all of it was seen */
        d->book.events_before += (int64_t)d->book.event_count;
        d->book.event_count = 0;
    }
    d->event[d->book.event_count++] = (struct incident_event){.at_ms = d->now.wall_ms,
                                                              .kind = kind,
                                                              .rule = i->rule,
                                                              .subject = "",
                                                              .number = i->number,
                                                              .severity = s,
                                                              .told = told,
                                                              .what = i->what};
}

static size_t units_of(const char *text)
{
    struct bytes rest = bytes_of(text);
    size_t units = 0;
    while (rest.len > 0)
        units += utf8_next(&rest) > 0xffff ? 2 : 1;
    return units;
}

static const struct thread *thread_of(const struct mail *m, int64_t number)
{
    for (size_t i = 0; i < m->threads; i++)
        if (m->thread[i].number == number)
            return &m->thread[i];
    return NULL;
}

static void note(struct desk_of_test *d, const struct letter *l)
{
    const struct thread *t = thread_of(&d->book.mail, l->number);
    const char *text = post_text(&arena, l);
    assert_true(d->last == INT64_MIN || d->now.clock - d->last >= POST_SECOND_MS);
    d->last = d->now.clock;
    d->kind = l->kind;
    d->replied = t != NULL && t->message != NULL;
    snprintf(d->text, sizeof d->text, "%s", text);
    d->longest = units_of(text) > d->longest ? units_of(text) : d->longest;
    if (l->kind == LETTER_EDIT) {
        assert_true(d->replied);
        d->edits++;
        return;
    }
    assert_true(d->noises < SENT);
    d->at[d->noises] = d->now.clock;
    d->severity[d->noises++] = l->severity;
}

/* Everything that may go now; true: something went. The new mail is the book's. */
static bool step(struct desk_of_test *d)
{
    int64_t wake;
    struct mail after = post_take(&arena, &d->book, &d->policy, d->now);
    d->book.mail = after;
    const struct letter *l = post_pick(&arena, &after, &d->policy, d->now, &after, &wake);
    if (l == NULL)
        return false;
    d->book.mail = after;
    if (d->end == POST_ARRIVED || d->end == POST_UNSURE)
        note(d, l);
    struct post_result r = {.end = d->end, .message = d->end == POST_ARRIVED ? "77" : NULL};
    d->book.mail = post_done(&arena, &d->book.mail, l->id, &r, d->now);
    return true;
}

static void pass(struct desk_of_test *d, int64_t ms)
{
    for (int64_t end = d->now.clock + ms; d->now.clock < end;) {
        while (step(d))
            ;
        d->now.clock += 1000;
        d->now.wall_ms += 1000;
    }
}

/* ---- one incident ---- */

static void one_incident_is_one_message_edited_with_replies_for_what_is_worse_and_over(void **state)
{
    struct desk_of_test *d = *state;
    begin(d);
    happens(d, 0, EVENT_FIRED, SEVERITY_WARNING, true);
    pass(d, 50000);
    assert_int_equal(d->noises, 0); /* it waits for company */
    pass(d, 20000);
    assert_int_equal(d->noises, 1);
    assert_int_equal(d->kind, LETTER_NEW);
    assert_non_null(strstr(d->text, "WARN rig: trouble a"));
    happens(d, 0, EVENT_SEVERITY, SEVERITY_CRITICAL, true);
    pass(d, 10000);
    assert_int_equal(d->noises, 2);
    assert_int_equal(d->edits, 1);
    happens(d, 0, EVENT_ACKED, SEVERITY_CRITICAL, false);
    d->row[0].ack =
        (struct ack){.who = "anna", .why = "looking", .until_ms = NOON + HOUR_MS, .severity = SEVERITY_CRITICAL};
    pass(d, 10000);
    assert_int_equal(d->noises, 2);
    assert_int_equal(d->edits, 2);
    assert_non_null(strstr(d->text, "anna looks after it until"));
    d->row[0].ack = (struct ack){0};
    happens(d, 0, EVENT_CLEARED, SEVERITY_CRITICAL, true);
    pass(d, 10000);
    assert_int_equal(d->noises, 3);
    assert_int_equal(d->edits, 3);
    assert_non_null(strstr(d->text, "OK rig: it is over"));
    assert_int_equal(d->book.mail.letters, 0);
    assert_int_equal(d->book.mail.threads, 0);
}

static void what_came_and_went_before_it_was_sent_is_one_message(void **state)
{
    struct desk_of_test *d = *state;
    begin(d);
    happens(d, 0, EVENT_FIRED, SEVERITY_CRITICAL, true);
    pass(d, 2000);
    happens(d, 0, EVENT_CLEARED, SEVERITY_CRITICAL, true);
    pass(d, 70000);
    assert_int_equal(d->noises, 1);
    assert_non_null(strstr(d->text, "it is over: trouble a"));
    assert_int_equal(d->book.mail.threads, 0);
}

static void what_nobody_acknowledges_is_said_again_after_a_quarter_of_an_hour_then_hourly_then_daily(void **state)
{
    struct desk_of_test *d = *state;
    begin(d);
    happens(d, 0, EVENT_FIRED, SEVERITY_CRITICAL, true);
    pass(d, 14 * MINUTE_MS);
    assert_int_equal(d->noises, 1);
    pass(d, 2 * MINUTE_MS);
    assert_int_equal(d->noises, 2);
    assert_true(d->kind == LETTER_REPLY || d->kind == LETTER_EDIT);
    pass(d, 6 * (int64_t)HOUR_MS);
    assert_in_range(d->noises, 6, 7);
    size_t before = d->noises;
    pass(d, 20 * (int64_t)HOUR_MS);
    assert_int_equal(d->noises, before);
    d->row[0].ack = (struct ack){.who = "anna", .until_ms = INT64_MAX, .until = INT64_MAX};
    pass(d, 30 * (int64_t)HOUR_MS);
    assert_int_equal(d->noises, before);
}

/* ---- quiet hours, digests ---- */

static void in_quiet_hours_only_what_is_critical_goes_and_the_rest_is_one_digest_in_the_morning(void **state)
{
    struct desk_of_test *d = *state;
    begin(d);
    d->policy.quiet_from = 22 * 60;
    d->policy.quiet_until = 8 * 60;
    d->policy.press_ms = 0;
    d->now.wall_ms = NOON + 11 * (int64_t)HOUR_MS; /* 23:00 */
    for (int i = 0; i < 6; i++)
        happens(d, i, EVENT_FIRED, SEVERITY_WARNING, true);
    happens(d, 6, EVENT_FIRED, SEVERITY_CRITICAL, true);
    pass(d, 8 * (int64_t)HOUR_MS);
    assert_int_equal(d->noises, 1);
    assert_non_null(strstr(d->text, "CRIT rig: trouble g"));
    pass(d, 2 * (int64_t)HOUR_MS);
    assert_int_equal(d->noises, 2);
    assert_int_equal(d->kind, LETTER_DIGEST);
    for (int i = 0; i < 6; i++)
        assert_non_null(strstr(d->text, arena_text(&arena, "trouble %s", d->row[i].rule)));
}

static void what_is_only_info_waits_for_the_digest_of_the_morning(void **state)
{
    struct desk_of_test *d = *state;
    begin(d);
    happens(d, 0, EVENT_FIRED, SEVERITY_INFO, true);
    pass(d, 20 * (int64_t)HOUR_MS); /* until 08:00 */
    assert_int_equal(d->noises, 0);
    pass(d, 2 * (int64_t)HOUR_MS);
    assert_int_equal(d->noises, 1);
}

static void R27_a_clock_that_jumps_neither_loses_nor_doubles_what_is_held(void **state)
{
    static const int64_t jumps[] = {-24, -1, 1, 24};
    struct desk_of_test *d = *state;
    for (size_t i = 0; i < sizeof jumps / sizeof *jumps; i++) {
        begin(d);
        d->policy.quiet_from = 22 * 60;
        d->policy.quiet_until = 8 * 60;
        d->now.wall_ms = NOON + 11 * (int64_t)HOUR_MS;
        happens(d, 0, EVENT_FIRED, SEVERITY_WARNING, true);
        happens(d, 1, EVENT_FIRED, SEVERITY_INFO, true);
        pass(d, HOUR_MS);
        d->now.wall_ms += jumps[i] * HOUR_MS;
        pass(d, 36 * (int64_t)HOUR_MS);
        assert_in_range(d->noises, 1, 2);
        assert_int_equal(d->book.mail.letters, 0);
    }
}

/* ---- the channel ---- */

static void a_pause_that_the_channel_wants_is_kept_exactly(void **state)
{
    struct desk_of_test *d = *state;
    struct mail after;
    int64_t wake;
    begin(d);
    happens(d, 0, EVENT_FIRED, SEVERITY_CRITICAL, true);
    d->now.clock += 10000;
    d->book.mail = post_take(&arena, &d->book, &d->policy, d->now);
    d->now.clock += 10000;
    const struct letter *l = post_pick(&arena, &d->book.mail, &d->policy, d->now, &after, &wake);
    assert_non_null(l);
    struct post_result r = {.end = POST_LATER, .wait_ms = 37000};
    d->book.mail = post_done(&arena, &after, l->id, &r, d->now);
    d->now.clock += 36999;
    assert_null(post_pick(&arena, &d->book.mail, &d->policy, d->now, &after, &wake));
    assert_int_equal(wake, d->now.clock + 1);
    d->now.clock++;
    l = post_pick(&arena, &d->book.mail, &d->policy, d->now, &after, &wake);
    assert_non_null(l);
    assert_false(l->repeat); /* it did not arrive: this is none */
}

static void what_is_refused_is_not_tried_again_before_six_hours_or_other_settings(void **state)
{
    struct desk_of_test *d = *state;
    begin(d);
    d->end = POST_REFUSED;
    happens(d, 0, EVENT_FIRED, SEVERITY_CRITICAL, true);
    pass(d, 20000);
    assert_true(d->book.mail.refused);
    int64_t tries = d->book.mail.letter[0].tries;
    pass(d, 5 * (int64_t)HOUR_MS);
    assert_int_equal(d->book.mail.letter[0].tries, tries);
    d->book.mail = post_forgive(&d->book.mail);
    d->end = POST_ARRIVED;
    pass(d, 5000);
    assert_int_equal(d->noises, 1);
    assert_false(d->book.mail.refused);
}

static void what_may_have_arrived_goes_again_with_a_mark_and_an_edit_without(void **state)
{
    struct desk_of_test *d = *state;
    begin(d);
    d->end = POST_UNSURE;
    happens(d, 0, EVENT_FIRED, SEVERITY_CRITICAL, true);
    pass(d, 8000);
    assert_int_equal(d->noises, 1);
    assert_null(strstr(d->text, "(may be a repeat)"));
    d->end = POST_ARRIVED;
    pass(d, 20000);
    assert_int_equal(d->noises, 2);
    assert_non_null(strstr(d->text, "\n(may be a repeat)"));
    d->end = POST_UNSURE;
    happens(d, 0, EVENT_ACKED, SEVERITY_CRITICAL, false);
    pass(d, 5000);
    d->end = POST_ARRIVED;
    pass(d, 60000);
    assert_int_equal(d->kind, LETTER_EDIT);
    assert_null(strstr(d->text, "(may be a repeat)"));
}

/* ---- R10 ---- */

static unsigned next_random(unsigned *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void check_limits(const struct desk_of_test *d)
{
    for (size_t i = 0; i < d->noises; i++) {
        size_t all = 0;
        for (size_t k = i; k < d->noises && d->at[k] - d->at[i] < SPAN; k++)
            all++;
        assert_in_range(all, 1, POST_HARD);
        if (d->severity[i] < SEVERITY_CRITICAL) { /* a soft one goes only where six were not sent yet */
            size_t before = 0;
            for (size_t k = i; k-- > 0 && d->at[i] - d->at[k] < SPAN;)
                before++;
            assert_in_range(before, 0, POST_SOFT - 1);
        }
    }
}

static void R10_the_chat_is_never_flooded_whatever_happens(void **state)
{
    struct desk_of_test *d = *state;
    unsigned seed = 17;
    begin(d);
    d->row[3].what = arena_text(&arena, "%0400d", 0);
    for (int i = 0; i < STEPS && d->noises < SENT; i++) {
        unsigned x = next_random(&seed);
        int rule = (int)(x % RULES);
        enum severity s = x / 16 % 3 == 0 ? SEVERITY_CRITICAL : SEVERITY_WARNING;
        bool fires = d->row[rule].state == INCIDENT_FIRING;
        if (x / 64 % 3 == 0)
            happens(d, rule, fires ? (x / 512 % 2 ? EVENT_CLEARED : EVENT_SEVERITY) : EVENT_FIRED, s, true);
        d->end = x / 4096 % 20 == 0 ? POST_UNSURE : POST_ARRIVED;
        step(d);
        d->now.clock += 1 + x / 1024 % 4000;
        d->now.wall_ms = NOON + d->now.clock;
        if (i % 500 == 0) { /* memory of the test: what is needed goes on in a new arena */
            json_t *o = mail_to_json(&d->book.mail);
            char what[512];
            snprintf(what, sizeof what, "%s", d->row[3].what);
            arena_release(&arena);
            assert_true(mail_from_json(&arena, o, &d->book.mail));
            json_decref(o);
            d->book.events_before += (int64_t)d->book.event_count;
            d->book.event_count = 0;
            d->book.mail.seen = d->book.events_before;
            for (int k = 0; k < RULES; k++)
                d->row[k].what = k == 3 ? arena_text(&arena, "%s", what) : "";
        }
    }
    check_limits(d);
    assert_in_range(d->longest, 1, MAIL_UNITS);
    assert_in_range(d->noises, 100, SENT);
    print_message("%zu noises, %zu edits, longest %zu units\n", d->noises, d->edits, d->longest);
}

/* ---- R11 ---- */

/* Whatever comes and goes, however fast: of one rule at most three noises an hour. The real engine, a condition at random. */
static void R11_what_flaps_is_told_three_times_an_hour_at_most(void **state)
{
    (void)state;
    static const struct terms terms = {.rule = "a", .min_samples = 1};
    static const bool blind = false;
    for (unsigned seed = 1; seed <= 12; seed++) {
        struct incidents now = incidents_none;
        int64_t told[4000], clock = 0;
        size_t count = 0;
        unsigned x = seed;
        for (int i = 0; i < 1500; i++) {
            struct arena next = {0};
            struct sample sample = {.rule = "a",
                                    .subject = "",
                                    .enter = SEVERITY_WARNING,
                                    .hold = SEVERITY_WARNING,
                                    .what = "",
                                    .value_text = "",
                                    .limit_text = ""};
            clock += 1000 + next_random(&x) % (seed * 60000);
            struct engine_in in = {&terms, &blind, 1, &sample, next_random(&x) % 2, {NOON + clock, clock, "boot"}};
            struct engine_out out = engine_step(&next, &now, &in);
            for (size_t k = 0; k < out.event_count; k++)
                if (out.event[k].told && out.event[k].kind != EVENT_CALM) /* which is an edit */
                    told[count++] = clock;
            struct bytes line = book_short(&next, &(struct book){.state = out.state, .mail = mail_none}, 0);
            struct book copy;
            arena_release(&arena);
            book_read(&arena, line, &copy);
            now = copy.state;
            arena_release(&next);
        }
        assert_in_range(count, 3, 4000);
        for (size_t k = 3; k < count; k++)
            assert_true(told[k] - told[k - 3] >= ENGINE_HOUR_MS);
    }
}

static void a_digest_of_very_many_is_cut_and_says_so(void **state)
{
    (void)state;
    struct letter letter[300];
    const struct letter *list[300];
    for (int i = 0; i < 300; i++) {
        letter[i] =
            (struct letter){.id = i + 1, .text = arena_text(&arena, "WARN rig: trouble \xF0\x9F\x98\x80 %d", i)};
        list[i] = &letter[i];
    }
    const char *text = post_digest_words(&arena, &(struct post_policy){.rig = "rig"}, list, 300);
    assert_in_range(units_of(text), MAIL_UNITS - 200, MAIL_UNITS);
    assert_non_null(strstr(text, " more: davy alerts list"));
}

static void a_mail_is_the_same_after_a_while_on_disk(void **state)
{
    struct desk_of_test *d = *state;
    struct mail back;
    begin(d);
    for (int i = 0; i < 9; i++)
        happens(d, i, EVENT_FIRED, i % 2 ? SEVERITY_CRITICAL : SEVERITY_WARNING, true);
    pass(d, 90000);
    happens(d, 1, EVENT_CLEARED, SEVERITY_CRITICAL, true);
    happens(d, 9, EVENT_FIRED, SEVERITY_INFO, true);
    step(d);
    d->book.mail.run[RUN_DAILY] = 20000;
    json_t *o = mail_to_json(&d->book.mail);
    assert_true(mail_from_json(&arena, o, &back));
    assert_true(mail_equal(&back, &d->book.mail));
    json_object_set_new(json_array_get(json_object_get(o, "letters"), 0), "kind", json_string("x"));
    assert_false(mail_from_json(&arena, o, &back));
    json_decref(o);
}

static int make_desk(void **state)
{
    *state = calloc(1, sizeof(struct desk_of_test));
    return *state == NULL;
}

static int free_desk(void **state)
{
    free(*state);
    return clean(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_desk, free_desk)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(one_incident_is_one_message_edited_with_replies_for_what_is_worse_and_over),
        TEST(what_came_and_went_before_it_was_sent_is_one_message),
        TEST(what_nobody_acknowledges_is_said_again_after_a_quarter_of_an_hour_then_hourly_then_daily),
        TEST(in_quiet_hours_only_what_is_critical_goes_and_the_rest_is_one_digest_in_the_morning),
        TEST(what_is_only_info_waits_for_the_digest_of_the_morning),
        TEST(R27_a_clock_that_jumps_neither_loses_nor_doubles_what_is_held),
        TEST(a_pause_that_the_channel_wants_is_kept_exactly),
        TEST(what_is_refused_is_not_tried_again_before_six_hours_or_other_settings),
        TEST(what_may_have_arrived_goes_again_with_a_mark_and_an_edit_without),
        TEST(R10_the_chat_is_never_flooded_whatever_happens),
        TEST(R11_what_flaps_is_told_three_times_an_hour_at_most),
        TEST(a_digest_of_very_many_is_cut_and_says_so),
        TEST(a_mail_is_the_same_after_a_while_on_disk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
