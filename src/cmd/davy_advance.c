/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/davy_advance.h"

#include "base/file.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TRIES = 100, TRIES_HURRIED = 25, PAUSE_MS = 20, BOOK_LIMIT = 64 << 20, ID_CELLS = 40 };

/* ---- what is no rule ---- */

/* They wait by themselves where waiting makes sense (a process: how long it is down). */
static const char *const also_rules[] = {"check",           "disk",      "memory", "notify_failing", "process",
                                         "state_not_saved", "uptime_24h"};
enum { ALSO_RULES = sizeof also_rules / sizeof *also_rules };

bool advance_also(const char *rule)
{
    for (int i = 0; i < ALSO_RULES; i++)
        if (strcmp(also_rules[i], rule) == 0)
            return true;
    return false;
}

static int compare(const void *x, const void *y)
{
    const struct sample *a = x, *b = y;
    int names = strcmp(a->rule, b->rule);
    return names ? names : strcmp(a->subject, b->subject);
}

/* Nobody looked: what fires goes on firing, exactly as it did. */
static size_t carry_over(struct sample *to, const struct incidents *before)
{
    size_t count = 0;
    for (size_t i = 0; i < before->count; i++) {
        const struct incident *x = &before->row[i];
        if (advance_also(x->rule) && x->state != INCIDENT_OK)
            to[count++] = (struct sample){.rule = x->rule,
                                          .subject = x->subject,
                                          .enter = x->severity,
                                          .hold = x->severity,
                                          .unknown = x->unknown,
                                          .what = ""};
    }
    return count;
}

static void add_terms(struct arena *a, struct engine_in *in)
{
    size_t count = in->terms_count;
    struct terms *terms = arena_array(a, count + ALSO_RULES, sizeof *terms);
    bool *blind = arena_array(a, count + ALSO_RULES, sizeof *blind);
    memcpy(terms, in->terms, count * sizeof *terms);
    memcpy(blind, in->blind, count * sizeof *blind);
    for (size_t i = 0; i < ALSO_RULES; i++) {
        terms[count + i] = (struct terms){.rule = also_rules[i], .min_samples = 1};
        blind[count + i] = false;
    }
    in->terms = terms;
    in->blind = blind;
    in->terms_count = count + ALSO_RULES;
}

static void add_also(struct arena *a, struct engine_in *in, const struct advance_also *also,
                     const struct incidents *before)
{
    bool looked = also != NULL && also->looked;
    size_t more = looked ? also->count : before->count, count = in->sample_count;
    struct sample *all = arena_array(a, count + more, sizeof *all);
    if (count > 0)
        memcpy(all, in->sample, count * sizeof *all);
    if (looked && more > 0)
        memcpy(all + count, also->sample, more * sizeof *all);
    count += looked ? more : carry_over(all + count, before);
    if (count > 0)
        qsort(all, count, sizeof *all, compare);
    in->sample = all;
    in->sample_count = count;
}

/* ---- the step ---- */

static const char *boot_id(struct arena *a)
{
    struct bytes text;
    struct file_stat s;
    bool known = file_read(a, "/proc/sys/kernel/random/boot_id", 64, &text, &s, NULL);
    return known ? text_safe(a, bytes_trim(text), ID_CELLS) : "not known";
}

struct engine_now advance_now(struct arena *a, int64_t wall_ms)
{
    struct timespec up;
    clock_gettime(CLOCK_BOOTTIME, &up);
    return (struct engine_now){wall_ms, (int64_t)up.tv_sec * 1000 + up.tv_nsec / 1000000, boot_id(a)};
}

struct engine_out advance_step(struct arena *a, const struct model *m, const struct advance_also *also,
                               const struct incidents *before, struct engine_now now)
{
    const struct terms *terms;
    struct engine_in in;
    size_t count = terms_of(a, m->settings, &terms);
    samples_of(a, m, terms, count, &in);
    add_terms(a, &in);
    add_also(a, &in, also, before);
    in.now = now;
    return engine_step(a, before, &in);
}

/* ---- the journal ---- */

/* Somebody else who changes it is done in a moment. */
static bool open_journal(struct advance *v, const char *dir, int tries, struct err *e)
{
    for (int i = 0; i < tries; i++) {
        if (journal_open(&v->journal, dir, v->now.wall_ms, e))
            return true;
        if (!v->journal.busy)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
    }
    return false;
}

bool advance(struct advance *v, struct arena *a, const char *dir, const struct model *m,
             const struct advance_also *also, struct err *e)
{
    *v = (struct advance){.now = advance_now(a, m->now_ms)};
    if (!open_journal(v, dir, also != NULL && also->hurried ? TRIES_HURRIED : TRIES, e))
        return false;
    v->out = advance_step(a, m, also, &v->journal.book.state, v->now);
    if (!journal_commit(&v->journal, &v->out.state, v->out.event, v->out.event_count, e))
        return false;
    v->book = v->journal.book;
    v->book.state = v->out.state;
    return true;
}

void advance_in_memory(struct advance *v, struct arena *a, const char *dir, const struct model *m,
                       const struct advance_also *also)
{
    struct bytes text = {"", 0};
    struct file_stat s;
    const char *path = arena_text(a, "%s/state/davy/alerts.jsonl", dir);
    *v = (struct advance){.now = advance_now(a, m->now_ms), .journal = {.folder = -1, .lock_fd = -1, .fd = -1}};
    file_read(a, path, BOOK_LIMIT, &text, &s, NULL);
    book_read(a, text, &v->book);
    v->out = advance_step(a, m, also, &v->book.state, v->now);
    v->book.state = v->out.state;
}

bool advance_commit(struct advance *v, const struct engine_out *out, struct err *e)
{
    return journal_commit(&v->journal, &out->state, out->event, out->event_count, e);
}

void advance_close(struct advance *v)
{
    if (v->now.boot_id != NULL)
        journal_close(&v->journal);
}
