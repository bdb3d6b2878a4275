/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy alerts: what fires, since when and who cares; acknowledge, silence, look back. Each call is also a step of the alert
 * engine: it looks at the rig and writes what became of the alerts since anybody looked last. */
#include "cmd/davy_alerts.h"

#include "action/who.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "cmd/davy_advance.h"
#include "cmd/davy_memory.h"
#include "cmd/davy_send.h"
#include "history/moment.h"
#include "rule/care.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS = 3, TEXT_CELLS = 200 };

struct alerts_options {
    const char *why, *until, *reason, *span, *since, *output;
};
const struct option_row alerts_options[] = {
    {"for", 0, "TIME", "silence: how long: 30m, 2h, 7d at most (2h)", OPTION_TEXT,
     offsetof(struct alerts_options, span)},
    {"output", 'o', "FORM", "list, history: text or json (text)", OPTION_TEXT, offsetof(struct alerts_options, output)},
    {"reason", 0, "TEXT", "silence: why (needed)", OPTION_TEXT, offsetof(struct alerts_options, reason)},
    {"since", 0, "T", "history: from T on: 2026-11-22, 24h, 7d, today", OPTION_TEXT,
     offsetof(struct alerts_options, since)},
    {"until", 0, "T", "ack: a time, or 30m, 4h (4h when critical, else 24h)", OPTION_TEXT,
     offsetof(struct alerts_options, until)},
    {"why", 0, "TEXT", "ack: what is being done about it", OPTION_TEXT, offsetof(struct alerts_options, why)},
    {.name = NULL},
};

struct alerts_job {
    const struct davy_options *all;
    struct alerts_options mine;
    struct arena arena;
    struct rig *rig;
    const struct model *model;
    struct advance engine; /* its book is what is printed */
    const char *operand;
};

/* ---- the world ---- */

static bool look(struct alerts_job *j, struct err *e)
{
    struct rig_options options;
    if (!davy_rig_options(j->all, &options, e))
        return false;
    davy_keep(j->all, &options);
    j->rig = rig_open(&options, e);
    if (j->rig == NULL)
        return false;
    j->model = rig_model(j->rig, &j->arena);
    return true;
}

/* The engine's step, on the disk. */
static bool step(struct alerts_job *j, struct err *e)
{
    bool done = advance(&j->engine, &j->arena, rig_folder(j->rig), j->model, NULL, e);
    if (j->engine.journal.notice.text[0] != '\0')
        fprintf(stderr, "davy: %s\n", j->engine.journal.notice.text);
    return done;
}

/* ---- what people say ---- */

static const char *said(struct arena *a, const char *text)
{
    return text != NULL ? text_safe(a, bytes_of(text), TEXT_CELLS) : NULL;
}

/* A time to come: a moment, or how long from now. */
static bool deadline(struct alerts_job *j, const char *option, const char *text, int64_t *out, struct err *e)
{
    struct moment m;
    struct err why;
    int64_t now_ms = j->model->now_ms;
    *out = NOT_KNOWN;
    if (text == NULL)
        return true;
    if (!moment_parse(text, now_ms, &m, &why))
        return err_set(e, "%s: %.200s", option, why.text);
    *out = m.ago ? now_ms + (now_ms - m.ms) : m.ms;
    return true;
}

static bool number_of(const char *text, const char *what, int64_t *out, struct err *e)
{
    const char *digits = *text == '#' ? text + 1 : text;
    if (bytes_i64(bytes_of(digits), out) && *out > 0)
        return true;
    return err_set(e, "expected the number of %s, as davy alerts list shows it", what);
}

static bool ack(struct alerts_job *j, struct err *e)
{
    struct engine_out out;
    int64_t number;
    char text[TIME_TEXT];
    struct care c = {.who = who_text(&j->arena), .why = said(&j->arena, j->mine.why)};
    if (!number_of(j->operand, "an incident", &number, e) || !deadline(j, "--until", j->mine.until, &c.until_ms, e) ||
        !step(j, e) || !care_ack(&j->arena, &j->engine.book.state, number, &c, &out, e) ||
        !advance_commit(&j->engine, &out, e))
        return false;
    care_note(rig_folder(j->rig), j->model, "acknowledge", out.event);
    for (size_t i = 0; i < out.state.count; i++)
        if (out.state.row[i].number == number)
            printf("incident %lld is acknowledged until %s\n", (long long)number,
                   time_minute(text, out.state.row[i].ack.until_ms));
    return true;
}

static bool is_rule(const char *name)
{
    for (size_t i = 0; rules[i] != NULL; i++)
        if (strcmp(rules[i]->name, name) == 0)
            return true;
    return advance_also(name);
}

static bool silence(struct alerts_job *j, struct err *e)
{
    struct engine_out out;
    char text[TIME_TEXT];
    const char *slash = strchr(j->operand, '/'), *subject = slash ? said(&j->arena, slash + 1) : NULL;
    size_t len = slash ? (size_t)(slash - j->operand) : strlen(j->operand);
    const char *rule = arena_copy(&j->arena, (struct bytes){j->operand, len});
    struct care c = {.who = who_text(&j->arena), .why = said(&j->arena, j->mine.reason)};
    if (!is_rule(rule))
        return err_set(e, "there is no rule '%s'; davy alerts list and the alerts pane name those that fire",
                       text_safe(&j->arena, bytes_of(rule), 40));
    if (!deadline(j, "--for", j->mine.span, &c.until_ms, e) || !step(j, e) ||
        !care_silence(&j->arena, &j->engine.book.state, rule, subject, &c, &out, e) ||
        !advance_commit(&j->engine, &out, e))
        return false;
    care_note(rig_folder(j->rig), j->model, "silence", out.event);
    const struct silence *s = &out.state.silence[out.state.silence_count - 1];
    printf("silence %lld: %s%s%s is not told of until %s\n", (long long)s->id, rule, subject ? "/" : "",
           subject ? subject : "", time_minute(text, s->until_ms));
    return true;
}

static bool unsilence(struct alerts_job *j, struct err *e)
{
    struct engine_out out;
    int64_t id;
    struct care c = {.who = who_text(&j->arena)};
    if (!number_of(j->operand, "a silence", &id, e) || !step(j, e) ||
        !care_unsilence(&j->arena, &j->engine.book.state, id, &c, &out, e) || !advance_commit(&j->engine, &out, e))
        return false;
    care_note(rig_folder(j->rig), j->model, "unsilence", out.event);
    printf("silence %lld is over\n", (long long)id);
    return true;
}

static bool test_message(struct alerts_job *j, struct err *e)
{
    bool handed;
    if (!send_test(rig_folder(j->rig), j->model, &handed, e))
        return false;
    puts(handed ? "davy-watch runs here and sends it" : "sent");
    return true;
}

/* ---- looking ---- */

static bool is_json(const struct alerts_job *j, bool *json, struct err *e)
{
    const char *form = j->mine.output != NULL ? j->mine.output : j->all->output;
    *json = form != NULL && strcmp(form, "json") == 0;
    return *json || form == NULL || strcmp(form, "text") == 0 || err_set(e, "-o %.40s: expected text or json", form);
}

/* A made-up clock has no business in the journal, and a journal that cannot be written does not hide the alerts. */
static void look_at_book(struct alerts_job *j)
{
    struct err why;
    bool may_write = !j->all->read_only && j->all->now_ms == NOT_KNOWN;
    if (may_write && step(j, &why))
        return;
    advance_close(&j->engine);
    advance_in_memory(&j->engine, &j->arena, rig_folder(j->rig), j->model, NULL);
    if (may_write)
        fprintf(stderr, "davy: %s\n", why.text);
}

static bool show(struct alerts_job *j, void (*print)(struct arena *a, const struct alerts_form *f), struct err *e)
{
    struct alerts_form f = {.book = &j->engine.book, .now_ms = j->model->now_ms, .rig = j->model->rig_name};
    struct moment since = {NOT_KNOWN, false};
    struct err why;
    if (!is_json(j, &f.json, e))
        return false;
    if (j->mine.since != NULL && !moment_parse(j->mine.since, f.now_ms, &since, &why))
        return err_set(e, "--since: %.200s", why.text);
    f.since_ms = since.ms;
    look_at_book(j);
    print(&j->arena, &f);
    return true;
}

static bool list(struct alerts_job *j, struct err *e)
{
    return show(j, alerts_print_list, e);
}

static bool history(struct alerts_job *j, struct err *e)
{
    return show(j, alerts_print_history, e);
}

/* ---- the command ---- */

struct verb {
    const char *name, *operand; /* what it needs; NULL: nothing */
    bool changes;
    bool (*run)(struct alerts_job *j, struct err *e);
};
static const struct verb verbs[] = {
    {"ack", "the number of an incident", true, ack},
    {"history", NULL, false, history},
    {"list", NULL, false, list},
    {"silence", "a rule, or RULE/SUBJECT", true, silence},
    {"test-message", NULL, true, test_message},
    {"unsilence", "the number of a silence", true, unsilence},
};

static const struct verb *verb_of(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

/* Options may stand before, between and behind the words. */
static int words_of(struct alerts_job *j, int argc, char **argv, const char *word[WORDS], struct err *e)
{
    int count = 0;
    for (int at = 0; at < argc && count < WORDS;) {
        int next = options_parse(alerts_options, argc - at, argv + at, &j->mine, e);
        if (next < 0)
            return -1;
        at += next;
        if (at < argc)
            word[count++] = argv[at];
    }
    return count;
}

static const struct verb *parse(struct alerts_job *j, int argc, char **argv, struct err *e)
{
    const char *word[WORDS] = {NULL};
    int count = words_of(j, argc, argv, word, e);
    const struct verb *v = count > 0 ? verb_of(word[0]) : NULL;
    j->operand = count > 1 ? word[1] : NULL;
    if (count == 0 || (count > 0 && v == NULL))
        err_set(e, "alerts: say list, ack, silence, unsilence, history or test-message; see davy alerts --help");
    else if (v != NULL && count > (v->operand != NULL ? 2 : 1))
        davy_too_many(e, "alerts", word[count - 1]);
    else if (v != NULL && v->operand != NULL && count < 2)
        err_set(e, "alerts %s: say %s; see davy alerts --help", v->name, v->operand);
    else if (v != NULL && v->changes && j->all->read_only)
        err_set(e, "--read-only: nothing can be changed");
    else
        return v;
    return NULL;
}

int davy_alerts(const struct davy_options *o, int argc, char **argv)
{
    struct davy_options all = *o;
    struct alerts_job j = {.all = &all};
    struct err e = {""};
    const struct verb *v = parse(&j, argc, argv, &e);
    if (v != NULL && v->changes)
        all.now_ms = NOT_KNOWN; /* what is done now is done now */
    bool done = v != NULL && look(&j, &e) && v->run(&j, &e);
    advance_close(&j.engine);
    rig_close(j.rig);
    arena_release(&j.arena);
    return done ? DAVY_OK : davy_fail(&e);
}
