/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include "base/numtext.h"
#include "base/timetext.h"

#include <math.h>
#include <string.h>

static const double EPSILON = 1e-9;
enum { MOST_DECIMALS = 6 };

bool above(double v, double limit)
{
    return v > limit + EPSILON;
}

bool below(double v, double limit)
{
    return v < limit - EPSILON;
}

enum severity severity_above(double v, double warning, double critical)
{
    return above(v, critical) ? SEVERITY_CRITICAL : above(v, warning) ? SEVERITY_WARNING : SEVERITY_OK;
}

enum severity severity_below(double v, double warning, double critical)
{
    return below(v, critical) ? SEVERITY_CRITICAL : below(v, warning) ? SEVERITY_WARNING : SEVERITY_OK;
}

double finding_limit(const struct findings *f, const struct rule *r, enum severity s)
{
    const struct rule_limits *l = f->limits ? f->limits : r->limits;
    if (s == SEVERITY_CRITICAL)
        return f->clearing ? l->clear_critical : l->critical;
    return f->clearing ? l->clear_warning : l->warning;
}

static struct alert *finding_room(struct findings *f)
{
    if (f->count == f->room) {
        size_t room = f->room ? f->room * 2 : 16;
        f->alert = arena_grow(f->arena, f->alert, f->count * sizeof *f->alert, room * sizeof *f->alert);
        f->room = room;
    }
    return &f->alert[f->count++];
}

struct alert *finding_add(struct findings *f, enum severity s, const char *subject)
{
    bool spill = f->count - f->first >= FINDINGS_A_RULE;
    struct alert *a = spill ? &f->spill : finding_room(f);
    if (spill) {
        f->spilled++;
        f->spilled_worst = s > f->spilled_worst ? s : f->spilled_worst;
    }
    *a = (struct alert){.rule = f->rule,
                        .subject = subject ? subject : "",
                        .severity = s,
                        .state = "firing",
                        .since_ms = NOT_KNOWN,
                        .value = NAN,
                        .limit = NAN,
                        .value_text = "",
                        .limit_text = "",
                        .what = "",
                        .why = ""};
    return a;
}

void finding_do(struct alert *a, const char *step)
{
    for (size_t i = 0; i < ALERT_DO; i++) {
        if (!a->todo[i]) {
            a->todo[i] = step;
            return;
        }
    }
}

void finding_numbers(struct alert *a, double value, double limit)
{
    a->value = value;
    a->limit = limit;
}

const char *doc_name(const struct model *m, enum doc_id id)
{
    const struct origin *o = &m->origin[id];
    if (!o->path)
        return o->key ? o->key : doc_rows[id].key;
    size_t n = m->rig_dir ? strlen(m->rig_dir) : 0;
    while (n > 1 && m->rig_dir[n - 1] == '/')
        n--;
    if (n && strncmp(o->path, m->rig_dir, n) == 0 && o->path[n] == '/' && o->path[n + 1])
        return o->path + n + 1;
    return strncmp(o->path, "./", 2) == 0 && o->path[2] ? o->path + 2 : o->path;
}

static const char PLAIN[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-+,:@%";

/* A single quote inside single quotes is written '\'' . */
static const char *shell_quote(struct arena *a, const char *word)
{
    size_t n = strlen(word);
    char *out = arena_array(a, n + 1, 4), *p = out;
    *p++ = '\'';
    for (const char *c = word; *c; c++) {
        if (*c == '\'') {
            memcpy(p, "'\\''", 4);
            p += 4;
        } else {
            *p++ = *c;
        }
    }
    memcpy(p, "'", 2);
    return out;
}

const char *path_word(struct arena *a, const char *path)
{
    if (path[0] == '-') /* a file named like an option */
        path = arena_text(a, "./%s", path);
    return *path && !path[strspn(path, PLAIN)] ? path : shell_quote(a, path);
}

const char *doc_word(struct arena *a, const struct model *m, enum doc_id id)
{
    return path_word(a, doc_name(m, id));
}

bool doc_seen(const struct model *m, enum doc_id id)
{
    const struct origin *o = &m->origin[id];
    return o->read_ms != NOT_KNOWN || (o->state != ORIGIN_MISSING && o->state != ORIGIN_WAITING);
}

const char *text_fixed(struct arena *a, double v, int decimals)
{
    char out[NUM_TEXT];
    return arena_text(a, "%s", num_fixed(out, v, decimals));
}

static const char *text_percent(struct arena *a, double fraction, int decimals)
{
    char out[NUM_TEXT];
    return arena_text(a, "%s", num_percent(out, fraction, decimals));
}

/* Decimals at which both read differently. */
static int decimals_apart(double v, double limit, int decimals)
{
    char a[NUM_TEXT], b[NUM_TEXT];
    while (decimals < MOST_DECIMALS && strcmp(num_fixed(a, v, decimals), num_fixed(b, limit, decimals)) == 0)
        decimals++;
    return decimals;
}

const char *text_apart(struct arena *a, double v, double limit, int decimals)
{
    return text_fixed(a, v, decimals_apart(v, limit, decimals));
}

const char *text_percent_apart(struct arena *a, double fraction, double limit, int decimals)
{
    return text_percent(a, fraction, decimals_apart(100 * fraction, 100 * limit, decimals));
}

const char *text_count(struct arena *a, int64_t v)
{
    char out[NUM_TEXT];
    return arena_text(a, "%s", num_group(out, v));
}

const char *text_span(struct arena *a, int64_t ms)
{
    char out[TIME_TEXT];
    return ms == NOT_KNOWN ? "n/a" : arena_text(a, "%s", duration_short(out, ms));
}

const char *text_minute(struct arena *a, int64_t ms)
{
    char out[TIME_TEXT];
    return ms == NOT_KNOWN ? "n/a" : arena_text(a, "%s", time_minute(out, ms));
}

const char *plural(uint64_t n)
{
    return n == 1 ? "" : "s";
}

void do_read_log(struct findings *f, const struct model *m, struct alert *a)
{
    finding_do(a, doc_seen(m, DOC_LOG) ? arena_text(f->arena, "tail -n 50 %s", doc_word(f->arena, m, DOC_LOG))
                                       : "read the miner's log, and set daemon.log in davy.toml to its place");
}

void do_restart(struct findings *f, const struct model *m, struct alert *a)
{
    (void)f;
    bool scripts = doc_seen(m, DOC_PID) || doc_seen(m, DOC_STATE);
    finding_do(a, scripts ? "bash scripts/stop-miner.sh && bash scripts/start-miner.sh"
                          : "restart the miner the way it was started");
}
