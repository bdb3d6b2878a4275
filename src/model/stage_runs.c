/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/stage_runs.h"

#include "base/timetext.h"

#include <stdlib.h>
#include <string.h>

enum { LAST = STAGE_COUNT - 1 };

/* ---- durations ---------------------------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int64_t stage_median_ms(int64_t *ms, size_t n)
{
    if (n == 0)
        return NOT_KNOWN;
    qsort(ms, n, sizeof *ms, by_size);
    return n % 2 ? ms[n / 2] : ms[n / 2 - 1] + (ms[n / 2] - ms[n / 2 - 1]) / 2;
}

static size_t kept(const struct stage_memory *m)
{
    return m->samples < STAGE_KEPT ? m->samples : STAGE_KEPT;
}

/* i: 0 is the newest. */
static const struct stage_sample *sample_at(const struct stage_memory *m, size_t i)
{
    return &m->sample[(m->samples - 1 - i) % STAGE_KEPT];
}

/* username NULL: of anybody. */
static struct stage_usual usual_of(const struct stage_memory *m, const char *username)
{
    int64_t ms[STAGE_SAMPLES];
    size_t n = 0;
    for (size_t i = 0; i < kept(m) && n < STAGE_SAMPLES; i++)
        if (username == NULL || strcmp(sample_at(m, i)->username, username) == 0)
            ms[n++] = sample_at(m, i)->took_ms;
    return (struct stage_usual){username, stage_median_ms(ms, n), n};
}

int64_t stage_typical_ms(const struct stage_memory *m)
{
    return usual_of(m, NULL).typical_ms;
}

static bool is_there(const struct stage_usual *list, size_t count, const char *username)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i].username, username) == 0)
            return true;
    return false;
}

const struct stage_usual *stage_accounts(struct arena *a, const struct stage_memory *m, size_t *count)
{
    struct stage_usual *list = arena_array(a, kept(m), sizeof *list);
    *count = 0;
    for (size_t i = 0; i < kept(m); i++) {
        const char *username = sample_at(m, i)->username;
        if (*username && !is_there(list, *count, username))
            list[(*count)++] = usual_of(m, username);
    }
    return list;
}

/* From the event's own start, else from the last start of the stage for the same user. */
static int64_t duration_of(const struct stage_memory *m, const struct stage_event *e)
{
    int64_t start = e->started_ms;
    if (start == NOT_KNOWN && m->state == STAGE_RUNNING && strcmp(m->username, e->username) == 0)
        start = m->start_ms;
    if (start == NOT_KNOWN || e->at_ms == NOT_KNOWN || e->at_ms < start)
        return NOT_KNOWN;
    return e->at_ms - start;
}

/* ---- runs --------------------------------------------------------------------------------------------------------- */

static void close_run(struct stage_runs *r, enum run_state state, const struct stage_event *e)
{
    if (!r->open)
        return;
    struct stage_run *run = &r->run[r->run_count - 1];
    run->state = state;
    run->end_ms = e->at_ms;
    if (state != RUN_ABANDONED)
        run->message = e->message;
    r->open = false;
}

static void open_run(struct stage_runs *r, const struct stage_event *e)
{
    close_run(r, RUN_ABANDONED, e);
    if (r->run_count == r->run_room) {
        size_t room = r->run_room ? r->run_room * 2 : 16;
        r->run = arena_grow(r->arena, r->run, r->run_room * sizeof *r->run, room * sizeof *r->run);
        r->run_room = room;
    }
    int64_t start = e->started_ms != NOT_KNOWN ? e->started_ms : e->at_ms;
    r->run[r->run_count++] = (struct stage_run){e->username, RUN_OPEN, e->number, start, NOT_KNOWN, ""};
    r->open = true;
}

static bool is_other_user(const struct stage_runs *r, const struct stage_event *e)
{
    const char *user = r->run[r->run_count - 1].username;
    return *user && *e->username && strcmp(user, e->username) != 0;
}

/* Which run the event belongs to; opens one where the tracker's beginning was missed. */
static void enter_run(struct stage_runs *r, const struct stage_event *e)
{
    struct stage_run *run = r->open ? &r->run[r->run_count - 1] : NULL;
    bool restarted = e->status == STAGE_STATUS_RUNNING && r->stage[1].state != STAGE_RUNNING;
    bool again = run && e->number == 1 && (run->last_stage > 1 || restarted);
    if (!run || again || is_other_user(r, e))
        open_run(r, e);
    run = &r->run[r->run_count - 1];
    run->last_stage = e->number;
    if (!*run->username)
        run->username = e->username;
}

static void leave_run(struct stage_runs *r, const struct stage_event *e)
{
    if (e->status == STAGE_STATUS_FAILED)
        close_run(r, RUN_FAILED, e);
    else if (e->status == STAGE_STATUS_DONE && e->number == LAST)
        close_run(r, RUN_DONE, e);
}

/* ---- the stages of the current run -------------------------------------------------------------------------------- */

static void forget(struct stage_memory *m)
{
    m->state = STAGE_WAITING;
    m->start_ms = m->duration_ms = NOT_KNOWN;
    m->username = "";
}

static void forget_from(struct stage_runs *r, int first)
{
    for (int i = first; i < STAGE_COUNT; i++)
        forget(&r->stage[i]);
}

/* A stage that another one followed is over, even when nobody said so; how long it took is not known. */
static void pass_others(struct stage_runs *r, const struct stage_event *e, bool missed_beginning)
{
    for (int i = 0; i < STAGE_COUNT; i++) {
        struct stage_memory *m = &r->stage[i];
        bool skipped = missed_beginning && i < e->number && m->state == STAGE_WAITING;
        if (i != e->number && (m->state == STAGE_RUNNING || skipped)) {
            m->state = STAGE_DONE;
            m->duration_ms = NOT_KNOWN;
        }
    }
}

static void start_stage(struct stage_memory *m, const struct stage_event *e)
{
    bool goes_on = m->state == STAGE_RUNNING && strcmp(m->username, e->username) == 0;
    if (e->started_ms != NOT_KNOWN || !goes_on || m->start_ms == NOT_KNOWN)
        m->start_ms = e->started_ms != NOT_KNOWN ? e->started_ms : e->at_ms;
    m->state = STAGE_RUNNING;
    m->duration_ms = NOT_KNOWN;
    m->username = e->username;
}

static void end_stage(struct stage_memory *m, const struct stage_event *e)
{
    bool failed = e->status == STAGE_STATUS_FAILED;
    m->duration_ms = duration_of(m, e);
    m->state = failed ? STAGE_FAILED : STAGE_DONE;
    m->failures += failed;
    m->completions += !failed;
    if (!failed && m->duration_ms != NOT_KNOWN)
        m->sample[m->samples++ % STAGE_KEPT] = (struct stage_sample){m->duration_ms, e->username};
}

static void note_stage(struct stage_memory *m, const struct stage_event *e)
{
    if (e->status == STAGE_STATUS_DONE || e->status == STAGE_STATUS_FAILED)
        end_stage(m, e);
    else if (e->status == STAGE_STATUS_WAITING && e->number > 0)
        forget(m);
    else
        start_stage(m, e);
}

/* Stage 0 is start-up and every wait: it ends whatever was going on, and begins a new page. */
static void add_zero(struct stage_runs *r, const struct stage_event *e)
{
    close_run(r, RUN_ABANDONED, e);
    if (r->last != 0)
        forget_from(r, 0);
}

static void add_numbered(struct stage_runs *r, const struct stage_event *e)
{
    size_t before = r->run_count;
    enter_run(r, e);
    if (r->run_count == before)
        return;
    forget_from(r, r->last == 0 ? 1 : 0);
    pass_others(r, e, e->number > 1 || r->last != 0);
}

void stage_runs_init(struct stage_runs *r, struct arena *a)
{
    *r = (struct stage_runs){.arena = a, .last = -1};
    forget_from(r, 0);
}

void stage_runs_add(struct stage_runs *r, const struct stage_event *e)
{
    if (e->number < 0 || e->number >= STAGE_COUNT)
        return;
    if (e->number == 0)
        add_zero(r, e);
    else
        add_numbered(r, e);
    pass_others(r, e, false);
    note_stage(&r->stage[e->number], e);
    leave_run(r, e);
    r->last = e->number;
}
