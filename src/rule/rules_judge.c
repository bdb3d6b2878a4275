/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All rules over one model: judge, drop what a dead daemon explains, sort. */
#include "rule/finding.h"

#include "base/timetext.h"

#include <stdlib.h>
#include <string.h>

/* What a daemon that does not run brings about by itself. Scores and budgets are not among these: a bad score was bad
 * before the daemon died, and its reason is another one. */
static const char *const from_daemon[] = {"ipc_error", "loop_stuck", "module_down", "stage_stale"};

static bool explained(const struct alert *a)
{
    for (size_t i = 0; i < sizeof from_daemon / sizeof *from_daemon; i++) {
        if (strcmp(a->rule, from_daemon[i]) == 0)
            return true;
    }
    return strcmp(a->rule, "source_stale") == 0 && strcmp(a->subject, doc_rows[DOC_STATE].key) == 0;
}

static struct alert *dead_daemon(struct findings *f)
{
    for (size_t i = 0; i < f->count; i++) {
        if (strcmp(f->alert[i].rule, "daemon_down") == 0 && f->alert[i].severity == SEVERITY_CRITICAL)
            return &f->alert[i];
    }
    return NULL;
}

/* "ipc_error, module_down": each name once; findings of one rule stand together. */
static const char *name_list(struct arena *a, const char *list, const char *name)
{
    size_t n = strlen(list), k = strlen(name);
    bool same = n >= k && strcmp(list + n - k, name) == 0;
    return same ? list : *list ? arena_text(a, "%s, %s", list, name) : name;
}

static void drop_explained(struct findings *f)
{
    struct alert *cause = dead_daemon(f);
    if (!cause)
        return;
    struct alert dead = *cause;
    size_t kept = 0, at = 0;
    const char *names = "";
    for (size_t i = 0; i < f->count; i++) {
        if (explained(&f->alert[i])) {
            names = name_list(f->arena, names, f->alert[i].rule);
            continue;
        }
        if (&f->alert[i] == cause)
            at = kept;
        f->alert[kept++] = f->alert[i];
    }
    size_t hidden = f->count - kept;
    f->count = kept;
    if (hidden)
        f->alert[at].why = arena_text(f->arena, "%s (hides %zu that follow%s from it: %s)", dead.why, hidden,
                                      hidden == 1 ? "s" : "", names);
}

/* Worst first, then the oldest (not known: last), then by name and subject, so that equal models give equal lists. */
static int compare(const void *x, const void *y)
{
    const struct alert *a = x, *b = y;
    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    int64_t s = a->since_ms == NOT_KNOWN ? INT64_MAX : a->since_ms;
    int64_t t = b->since_ms == NOT_KNOWN ? INT64_MAX : b->since_ms;
    if (s != t)
        return s < t ? -1 : 1;
    int names = strcmp(a->rule, b->rule);
    return names ? names : strcmp(a->subject, b->subject);
}

static void say_spilled(struct findings *f)
{
    if (!f->spilled)
        return;
    size_t n = f->spilled;
    f->first = f->count; /* room for this one */
    struct alert *a = finding_add(f, f->spilled_worst, arena_text(f->arena, "%zu more", n));
    a->what = arena_text(f->arena, "%s: %zu more", f->rule, n);
    a->why = arena_text(f->arena, "%s found %zu more than the %d shown.", f->rule, n, (int)FINDINGS_A_RULE);
    finding_do(a, "look at the file: so many entries are rarely meant");
}

struct findings rules_find(struct arena *a, const struct model *m)
{
    struct findings f = {.arena = a};
    for (size_t i = 0; rules[i]; i++) {
        f.rule = rules[i]->name;
        f.first = f.count;
        f.spilled = 0;
        f.spilled_worst = SEVERITY_OK;
        rules[i]->judge(m, &f);
        say_spilled(&f);
        f.rules = i + 1;
    }
    return f;
}

void rules_judge(struct arena *a, struct model *m)
{
    struct findings f = rules_find(a, m);
    m->rule_count = f.rules;
    drop_explained(&f);
    if (f.count)
        qsort(f.alert, f.count, sizeof *f.alert, compare);
    m->alert = f.alert;
    m->alert_count = f.count;
}
