/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A model as the engine's samples. */
#include "base/timetext.h"
#include "rule/terms.h"
#include "rule/terms_rows.h"

#include <stdlib.h>
#include <string.h>

/* ---- what a rule can see ---- */

static bool has(unsigned set, enum doc_id id)
{
    return set & 1u << id;
}

static bool is_blind(const struct model *m, const struct terms_row *r)
{
    bool one = r->any == 0;
    for (enum doc_id id = 0; id < DOC_COUNT; id++) {
        bool good = m->origin[id].state == ORIGIN_OK;
        if (has(r->all, id) && !good)
            return true;
        one = one || (has(r->any, id) && good);
    }
    return !one;
}

/* The newest of what it reads; 0 where it reads nothing by itself. */
static int64_t stamp_of(const struct model *m, const struct terms_row *r)
{
    int64_t newest = 0;
    for (enum doc_id id = 0; id < DOC_COUNT; id++)
        if (has(r->all | r->any, id) && m->origin[id].mtime_ms > newest)
            newest = m->origin[id].mtime_ms;
    return newest;
}

static size_t row_of(const char *rule)
{
    size_t i = 0;
    while (i < terms_row_count && strcmp(terms_rows[i].rule, rule) != 0)
        i++;
    return i;
}

/* ---- samples ---- */

struct taking {
    struct sample *sample;
    size_t count;
};

/* How many were too many changes all the time; that there are too many does not. */
static const char *subject_of(const char *subject)
{
    size_t digits = strspn(subject, "0123456789");
    return digits > 0 && strcmp(subject + digits, " more") == 0 ? "more" : subject;
}

static void take_finding(struct taking *t, const struct alert *x, const struct engine_in *in, const struct model *m,
                         bool clearing)
{
    size_t row = row_of(x->rule);
    if (row == terms_row_count)
        return;
    bool blind = in->blind[row] || strcmp(x->state, "unknown") == 0;
    t->sample[t->count++] = (struct sample){.rule = x->rule,
                                            .subject = subject_of(x->subject),
                                            .enter = clearing ? SEVERITY_OK : x->severity,
                                            .hold = x->severity,
                                            .unknown = blind,
                                            .stamp = stamp_of(m, &terms_rows[row]),
                                            .what = x->what,
                                            .value_text = x->value_text,
                                            .limit_text = x->limit_text};
}

/* A pid file goes with every clean stop: that it is not there is no gap in what is known. */
static bool is_in_doubt(const struct model *m, enum doc_id id)
{
    enum origin_state s = m->origin[id].state;
    return s != ORIGIN_OK && (id != DOC_PID || s != ORIGIN_MISSING);
}

/* What these rules say of a file is over when the file is good again, and not because this davy never saw it. */
static void take_files(struct taking *t, const struct model *m)
{
    static const char *const of_files[] = {"source_invalid", "source_missing", "source_stale"};
    for (enum doc_id id = 0; id < DOC_COUNT; id++)
        for (size_t k = 0; is_in_doubt(m, id) && k < sizeof of_files / sizeof *of_files; k++)
            t->sample[t->count++] = (struct sample){.rule = of_files[k],
                                                    .subject = doc_rows[id].key,
                                                    .unknown = true,
                                                    .what = "",
                                                    .value_text = "",
                                                    .limit_text = ""};
}

static int compare(const void *x, const void *y)
{
    const struct sample *a = x, *b = y;
    int names = strcmp(a->rule, b->rule);
    return names ? names : strcmp(a->subject, b->subject);
}

/* Of two that speak of the same, the worse; what is seen is better than what is not. */
static void join(struct sample *to, const struct sample *x)
{
    enum severity hold = x->hold > to->hold ? x->hold : to->hold;
    if (x->enter > to->enter || to->hold == SEVERITY_OK)
        *to = *x;
    to->hold = hold;
}

static size_t merge(struct sample *s, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct sample *before = kept ? &s[kept - 1] : NULL;
        if (before == NULL || compare(before, &s[i]) != 0)
            s[kept++] = s[i];
        else
            join(before, &s[i]);
    }
    return kept;
}

void samples_of(struct arena *a, const struct model *m, const struct terms *terms, size_t count, struct engine_in *out)
{
    struct findings f = rules_find(a, m, false), holds = rules_find(a, m, true);
    bool *blind = arena_array(a, count, sizeof *blind);
    struct taking t = {arena_array(a, f.count + holds.count + 3 * DOC_COUNT, sizeof *t.sample), 0};
    *out = (struct engine_in){.terms = terms, .blind = blind, .terms_count = count};
    for (size_t i = 0; i < count; i++)
        blind[i] = is_blind(m, &terms_rows[row_of(terms[i].rule)]);
    for (size_t i = 0; i < f.count; i++)
        take_finding(&t, &f.alert[i], out, m, false);
    for (size_t i = 0; i < holds.count; i++)
        take_finding(&t, &holds.alert[i], out, m, true);
    take_files(&t, m);
    qsort(t.sample, t.count, sizeof *t.sample, compare);
    out->sample = t.sample;
    out->sample_count = merge(t.sample, t.count);
}
