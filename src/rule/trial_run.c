/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/timetext.h"
#include "rule/terms.h"
#include "rule/trial.h"

#include <stdlib.h>
#include <string.h>

struct running {
    struct arena step[2]; /* of the state before and the one after */
    int live;
    const struct trial *trial;
    struct sample *now; /* by rule, then subject */
    size_t count, next, asked;
    struct incidents state;
    size_t failed;
    void (*say)(void *ctx, const struct trial_line *line);
    void *ctx;
    struct arena *a;
};

static size_t place_of(const struct running *r, const struct trial_sample *x, bool *there)
{
    size_t i = 0;
    int order = 1;
    for (; i < r->count; i++) {
        order = strcmp(x->rule, r->now[i].rule);
        order = order != 0 ? order : strcmp(x->subject, r->now[i].subject);
        if (order <= 0)
            break;
    }
    *there = i < r->count && order == 0;
    return i;
}

static void take(struct running *r, int64_t at_ms)
{
    for (; r->next < r->trial->samples && r->trial->sample[r->next].at_ms <= at_ms; r->next++) {
        const struct trial_sample *x = &r->trial->sample[r->next];
        bool there;
        size_t at = place_of(r, x, &there);
        if (!there)
            memmove(r->now + at + 1, r->now + at, (r->count++ - at) * sizeof *r->now);
        r->now[at] = (struct sample){.rule = x->rule,
                                     .subject = x->subject,
                                     .enter = x->enter,
                                     .hold = x->hold,
                                     .unknown = x->unknown,
                                     .what = "",
                                     .value_text = "",
                                     .limit_text = ""};
    }
}

static void say_changes(struct running *r, const struct incidents *before, int64_t at_ms)
{
    for (size_t i = 0; i < r->state.count; i++) {
        const struct incident *x = &r->state.row[i], *was = incident_find(before, x->rule, x->subject);
        bool same = was != NULL && was->state == x->state && was->severity == x->severity &&
                    was->unknown == x->unknown && was->hidden == x->hidden && was->flapping == x->flapping;
        if (!same && (was != NULL || x->state != INCIDENT_OK))
            r->say(r->ctx, &(struct trial_line){.at_ms = at_ms, .incident = x});
    }
    for (size_t i = 0; i < before->count; i++) {
        const struct incident *was = &before->row[i];
        struct incident over = *was;
        over.state = INCIDENT_OK;
        over.severity = SEVERITY_OK;
        over.unknown = over.hidden = false;
        if (was->state != INCIDENT_OK && incident_find(&r->state, was->rule, was->subject) == NULL)
            r->say(r->ctx, &(struct trial_line){.at_ms = at_ms, .incident = &over});
    }
}

static const char *words_of(struct arena *a, const struct incident *i)
{
    return arena_text(a, "%s%s%s%s%s", incident_state_name(i->state), i->severity > SEVERITY_OK ? ", " : "",
                      i->severity > SEVERITY_OK ? severity_name(i->severity) : "", i->unknown ? ", unknown" : "",
                      i->hidden ? ", hidden" : "");
}

static bool is_met(const struct trial_expect *x, const struct incident *i)
{
    return (x->state == NULL || strcmp(x->state, incident_state_name(i->state)) == 0) &&
           (x->severity == NULL || strcmp(x->severity, severity_name(i->severity)) == 0) &&
           (x->unknown < 0 || x->unknown == i->unknown) && (x->hidden < 0 || x->hidden == i->hidden);
}

/* Between two steps the state is that of the one before. */
static void ask(struct running *r, int64_t before_ms)
{
    static const struct incident none = {.rule = ""};
    for (; r->asked < r->trial->expects && r->trial->expect[r->asked].at_ms < before_ms; r->asked++) {
        const struct trial_expect *x = &r->trial->expect[r->asked];
        const struct incident *i = incident_find(&r->state, x->rule, x->subject);
        if (is_met(x, i != NULL ? i : &none))
            continue;
        r->failed++;
        r->say(r->ctx, &(struct trial_line){.at_ms = x->at_ms, .expect = x, .found = words_of(r->a, i ? i : &none)});
    }
}

static void step(struct running *r, const struct terms *terms, size_t count, int64_t at_ms)
{
    struct engine_in in = {.terms = terms, .terms_count = count, .sample = r->now, .sample_count = r->count};
    struct arena *to = &r->step[!r->live];
    struct incidents before = r->state;
    in.now = (struct engine_now){at_ms, at_ms, "trial"};
    arena_reset(to);
    struct engine_out out = engine_step(to, &before, &in);
    r->state = incidents_copy(to, &out.state);
    say_changes(r, &before, at_ms);
    r->live = !r->live;
}

size_t trial_run(struct arena *a, const struct trial *t, const struct settings *s,
                 void (*say)(void *ctx, const struct trial_line *line), void *ctx)
{
    struct running r = {.trial = t, .state = incidents_none, .say = say, .ctx = ctx, .a = a};
    const struct terms *terms;
    size_t count = terms_of(a, s, &terms);
    r.now = arena_array(a, t->samples + 1, sizeof *r.now);
    for (int64_t at = 0; at <= t->until_ms; at += t->every_ms) {
        ask(&r, at);
        take(&r, at);
        step(&r, terms, count, at);
    }
    ask(&r, INT64_MAX);
    arena_release(&r.step[0]);
    arena_release(&r.step[1]);
    return r.failed;
}
