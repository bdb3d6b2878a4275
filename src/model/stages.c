/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/stages.h"

#include "base/timetext.h"
#include "model/log.h"
#include "model/stage_runs.h"

#include <string.h>

enum {
    STALL_MS = 10 * 60 * 1000,
    STALL_TIMES = 3, /* the typical duration */
    WAIT_TIMES = 2,  /* the announced wait */
    MAX_WAIT_S = 1000000,
    TWO_WRITERS_MS = 2000,
};

static const char *const state_names[] = {
    [STAGE_WAITING] = "waiting", [STAGE_RUNNING] = "running", [STAGE_DONE] = "done",
    [STAGE_FAILED] = "failed",   [STAGE_STALLED] = "stalled",
};
static const char *const run_names[] = {
    [RUN_OPEN] = "open",
    [RUN_DONE] = "done",
    [RUN_FAILED] = "failed",
    [RUN_ABANDONED] = "abandoned",
};

const char *stage_state_name(enum stage_state s)
{
    return state_names[s];
}

const char *run_state_name(enum run_state s)
{
    return run_names[s];
}

static int64_t since(int64_t at_ms, int64_t now_ms)
{
    if (at_ms == NOT_KNOWN)
        return NOT_KNOWN;
    return now_ms > at_ms ? now_ms - at_ms : 0;
}

/* ---- which events ------------------------------------------------------------------------------------------------- */

struct story {
    struct stage_event *event; /* in the order of the file */
    size_t count;
    struct stage_event current;
    bool known, from_log;
};

static bool same_moment(const struct stage_event *a, const struct stage_event *b)
{
    bool same_time = a->at_ms == b->at_ms || a->at_ms == NOT_KNOWN || b->at_ms == NOT_KNOWN;
    return a->number == b->number && a->status == b->status && same_time && strcmp(a->name, b->name) == 0 &&
           strcmp(a->username, b->username) == 0;
}

static void append(struct story *s, const struct stage_event *event, size_t count)
{
    if (count > 0)
        memcpy(s->event + s->count, event, count * sizeof *event);
    s->count += count;
}

/* The log serves when there is no status file, and when that was reset and nothing written to it since. */
static bool log_is_newer(const struct status_doc *doc, bool is_there, const struct log *log)
{
    if (log->stage_count == 0)
        return false;
    int64_t last = log->stage[log->stage_count - 1].at_ms;
    return !is_there || (!doc->has_current && last != NOT_KNOWN && last > doc->updated_ms);
}

static const struct stage_event no_event = {
    .number = -1,
    .name = "",
    .status_text = "",
    .message = "",
    .username = "",
    .details = "",
    .at_ms = NOT_KNOWN,
    .started_ms = NOT_KNOWN,
};
static const struct status_doc no_status;
static const struct log no_log;

static struct story tell(struct arena *a, const struct docs *docs, const struct origin *origin,
                         const struct log *any_log)
{
    const struct status_doc *doc = docs->status_doc ? docs->status_doc : &no_status;
    const struct log *log = any_log ? any_log : &no_log;
    struct story s = {.event = arena_array(a, log->stage_count + doc->history_count + 1, sizeof *s.event),
                      .current = no_event};
    bool is_there = docs->status_doc && origin->state != ORIGIN_MISSING && origin->state != ORIGIN_WAITING;
    s.from_log = log_is_newer(doc, is_there, log);
    s.known = s.from_log || (is_there && doc->has_current);
    if (doc->history_count > 0 && !s.from_log)
        append(&s, doc->history, doc->history_count);
    else
        append(&s, log->stage, log->stage_count);
    if (s.from_log)
        s.current = s.event[s.count - 1];
    else if (s.known)
        s.current = doc->current;
    if (s.known && (s.count == 0 || !same_moment(&s.event[s.count - 1], &s.current)))
        append(&s, &s.current, 1);
    return s;
}

/* ---- the eight lines ---------------------------------------------------------------------------------------------- */

/* "... - waiting 300 seconds for new accounts": 300000. */
static int64_t announced_ms(const char *message)
{
    struct bytes rest = bytes_of(message);
    rest = bytes_from(rest, bytes_find(rest, "waiting "));
    if (!bytes_cut(&rest, "waiting "))
        return NOT_KNOWN;
    int64_t seconds;
    size_t end = bytes_find(rest, " second");
    if (end == rest.len || !bytes_i64((struct bytes){rest.at, end}, &seconds) || seconds <= 0 || seconds > MAX_WAIT_S)
        return NOT_KNOWN;
    return seconds * 1000;
}

static int64_t limit_of(int number, int64_t typical_ms, const struct stage_event *current)
{
    int64_t announced = number == 0 && current->number == 0 ? announced_ms(current->message) : NOT_KNOWN;
    if (announced != NOT_KNOWN)
        return WAIT_TIMES * announced;
    int64_t by_typical = typical_ms == NOT_KNOWN ? 0 : STALL_TIMES * typical_ms;
    return by_typical > STALL_MS ? by_typical : STALL_MS;
}

static bool can_stall(const struct stage_event *current)
{
    return current->status == STAGE_STATUS_RUNNING || (current->status == STAGE_STATUS_WAITING && current->number == 0);
}

/* The account's own, when it is known well enough; what differs between accounts is how much they post. */
static void find_typical(struct stage_line *line, int64_t of_all_ms, const char *username)
{
    line->typical_ms = of_all_ms;
    for (size_t i = 0; i < line->account_count; i++) {
        const struct stage_usual *u = &line->account[i];
        if (u->samples >= STAGE_OWN && strcmp(u->username, username) == 0) {
            line->typical_ms = u->typical_ms;
            line->typical_of = u->username;
        }
    }
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* What the file keeps over all runs holds what its history does, and more; but not when its keeper came later. */
static struct stage_line line_of(struct arena *a, const struct stage_memory *m, const struct stage_total *total,
                                 const struct stage_event *current, int number, int64_t now_ms)
{
    bool kept = total->of_all.samples > 0 && total->of_all.samples >= smaller(m->samples, STAGE_SAMPLES);
    struct stage_line line = {
        .number = number,
        .name = stage_name(number),
        .state = m->state,
        .duration_ms = m->state == STAGE_RUNNING ? since(m->start_ms, now_ms) : m->duration_ms,
        .completions = larger(m->completions, total->completions),
        .failures = larger(m->failures, total->failures),
        .account = total->account,
        .account_count = total->account_count,
    };
    if (!kept)
        line.account = stage_accounts(a, m, &line.account_count);
    find_typical(&line, kept ? total->of_all.typical_ms : stage_typical_ms(m), current->username);
    line.limit_ms = limit_of(number, line.typical_ms, current);
    bool here = m->state == STAGE_RUNNING && current->number == number;
    if (here && can_stall(current) && line.duration_ms > line.limit_ms)
        line.state = STAGE_STALLED;
    return line;
}

static const struct stage_total no_total;

static void fill_lines(struct stages *out, const struct stage_runs *runs, const struct story *s,
                       const struct status_doc *doc, int64_t now_ms)
{
    for (int i = 0; i < STAGE_COUNT; i++) {
        struct stage_memory m = runs->stage[i];
        if (!s->known) {
            m.state = STAGE_WAITING;
            m.duration_ms = NOT_KNOWN;
        }
        out->stage[i] = line_of(runs->arena, &m, doc ? &doc->total[i] : &no_total, &s->current, i, now_ms);
        out->stalled = out->stalled || out->stage[i].state == STAGE_STALLED;
    }
    int here = s->current.number;
    if (!s->known)
        return;
    out->age_ms = since(s->current.at_ms, now_ms);
    out->elapsed_ms = here >= 0 ? out->stage[here].duration_ms : since(s->current.started_ms, now_ms);
}

/* ---- the rest ----------------------------------------------------------------------------------------------------- */

static void fill_runs(struct arena *a, struct stages *out, const struct stage_runs *runs)
{
    size_t n = runs->run_count < STAGE_RUNS ? runs->run_count : STAGE_RUNS;
    struct stage_run *run = arena_array(a, n, sizeof *run);
    for (size_t i = 0; i < n; i++)
        run[i] = runs->run[runs->run_count - 1 - i];
    out->run = run;
    out->run_count = n;
}

static void fill_events(struct arena *a, struct stages *out, const struct story *s)
{
    struct stage_event *event = arena_array(a, s->count, sizeof *event);
    for (size_t i = 0; i < s->count; i++)
        event[i] = s->event[s->count - 1 - i];
    out->event = event;
    out->event_count = s->count;
}

bool stage_other_writer(const struct stage_event *a, const struct stage_event *b)
{
    bool other_user = *a->username && *b->username && strcmp(a->username, b->username) != 0;
    return other_user || (a->pid > 0 && b->pid > 0 && a->pid != b->pid);
}

/* A, B and A again, within two seconds. */
static bool alternate(const struct stage_event *e)
{
    if (e[0].at_ms == NOT_KNOWN || e[2].at_ms == NOT_KNOWN || e[2].at_ms - e[0].at_ms > TWO_WRITERS_MS)
        return false;
    return stage_other_writer(&e[0], &e[1]) && stage_other_writer(&e[1], &e[2]) && !stage_other_writer(&e[0], &e[2]);
}

static bool has_two_writers(const struct story *s, const struct status_doc *doc)
{
    if (doc && doc->writer_count == STATUS_WRITERS && alternate(doc->writer))
        return true;
    for (size_t i = 0; i + 2 < s->count; i++)
        if (alternate(&s->event[i]))
            return true;
    return false;
}

static const char *mode_of(struct arena *a, const struct status_doc *doc, const struct log *log)
{
    if (doc && doc->mode)
        return doc->mode;
    struct bytes line = bytes_of(log ? log->status_line : NULL);
    if (!bytes_cut(&line, "Mode: "))
        return NULL;
    return arena_copy(a, (struct bytes){line.at, bytes_find(line, " |")});
}

const struct stages *stages_at(struct arena *a, const struct docs *docs, const struct origin *origins,
                               const struct log *log, int64_t now_ms)
{
    struct stages *out = arena_alloc(a, sizeof *out);
    struct story s = tell(a, docs, &origins[DOC_STATUS], log);
    struct stage_runs runs;
    stage_runs_init(&runs, a);
    for (size_t i = 0; i < s.count; i++)
        stage_runs_add(&runs, &s.event[i]);
    out->known = s.known;
    out->from_log = s.from_log;
    out->current = s.current;
    out->age_ms = out->elapsed_ms = NOT_KNOWN;
    fill_lines(out, &runs, &s, docs->status_doc, now_ms);
    fill_runs(a, out, &runs);
    fill_events(a, out, &s);
    out->two_writers = has_two_writers(&s, docs->status_doc);
    out->mode = mode_of(a, docs->status_doc, log);
    return out;
}
