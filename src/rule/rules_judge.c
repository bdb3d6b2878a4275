/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All rules over one model: judge, drop what a dead daemon explains, sort. */
#include "rule/finding.h"

#include "base/timetext.h"

#include <math.h>
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

void rules_sort(struct alert *list, size_t count)
{
    if (count > 0)
        qsort(list, count, sizeof *list, compare);
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

/* Another limit moves the one for clearing along, unless that is said too. */
static double clear_of(double said, double limit, double own, double own_clear)
{
    return isnan(said) ? limit + (own_clear - own) : said;
}

const struct rule_limits *rule_limits_of(struct arena *a, const struct rule *r, const struct rule_setting *set)
{
    if (set == NULL || r->limits == NULL)
        return r->limits;
    struct rule_limits *l = arena_alloc(a, sizeof *l);
    const struct rule_limits *own = r->limits;
    l->warning = isnan(set->warning) ? own->warning : set->warning;
    l->critical = isnan(set->critical) ? own->critical : set->critical;
    l->clear_warning = clear_of(set->clear_warning, l->warning, own->warning, own->clear_warning);
    l->clear_critical = clear_of(set->clear_critical, l->critical, own->critical, own->clear_critical);
    return l;
}

static void cap_severity(struct findings *f, const struct rule_setting *set)
{
    for (size_t i = f->first; set != NULL && set->severity > 0 && i < f->count; i++)
        if ((int)f->alert[i].severity > set->severity)
            f->alert[i].severity = (enum severity)set->severity;
}

static void find_one(struct findings *f, const struct model *m, const struct rule *r)
{
    const struct rule_setting *set = m->settings ? rule_setting_of(&m->settings->rules, r->name) : NULL;
    if (set != NULL && set->off)
        return;
    f->rule = r->name;
    f->limits = rule_limits_of(f->arena, r, set);
    f->first = f->count;
    f->spilled = 0;
    f->spilled_worst = SEVERITY_OK;
    r->judge(m, f);
    size_t first = f->first;
    say_spilled(f);
    f->first = first;
    cap_severity(f, set);
}

struct findings rules_find(struct arena *a, const struct model *m, bool clearing)
{
    struct findings f = {.arena = a, .clearing = clearing};
    for (size_t i = 0; rules[i]; i++) {
        find_one(&f, m, rules[i]);
        f.rules = i + 1;
    }
    return f;
}

void rules_judge(struct arena *a, struct model *m)
{
    struct findings f = rules_find(a, m, false);
    m->rule_count = f.rules;
    drop_explained(&f);
    rules_sort(f.alert, f.count);
    m->alert = f.alert;
    m->alert_count = f.count;
}
