/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/metrics.h"

#include "node/canonical.h"
#include "node/receipt.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *type, *one, *two, *help;
} rows[METRICS] = {
#define METRIC(id, name, type, one, two, help) [METRIC_##id] = {name, type, one, two, help},
#include "node/metrics.def"
#undef METRIC
};

/* In seconds: of jobs, and of calls and everything else. */
static const double bounds[2][METRIC_BOUNDS] = {
    {0.1, 0.5, 1, 2.5, 5, 10, 25, 60, 120, 300, 900, 3600},
    {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60},
};

static const double *bounds_of(enum metric id)
{
    return bounds[id == METRIC_JOB_TIME ? 0 : 1];
}

static bool is(enum metric id, const char *type)
{
    return strcmp(rows[id].type, type) == 0;
}

/* ---- cells ---- */

static size_t put_label(char out[METRIC_LABEL], size_t at, const char *name, const char *value)
{
    if (!name || at + strlen(name) + 8 > METRIC_LABEL)
        return at;
    at += (size_t)snprintf(out + at, METRIC_LABEL - at, "%s%s=\"", at ? "," : "", name);
    for (; value && *value && at + 4 < METRIC_LABEL; value++) {
        if (*value == '\\' || *value == '"')
            out[at++] = '\\';
        out[at++] = *value == '\n' ? ' ' : *value;
    }
    out[at++] = '"';
    out[at] = '\0';
    return at;
}

/* NULL: there is no more room. */
static struct metric_cell *cell_of(struct metrics *m, enum metric id, const char *label)
{
    for (size_t i = 0; i < m->cells; i++)
        if (m->cell[i].id == id && strcmp(m->cell[i].label, label) == 0)
            return &m->cell[i];
    if (m->cells == METRIC_CELLS)
        return NULL;
    struct metric_cell *c = &m->cell[m->cells++];
    *c = (struct metric_cell){.id = id};
    memcpy(c->label, label, strlen(label));
    return c;
}

static struct metric_cell *find(struct metrics *m, enum metric id, const char *one, const char *two)
{
    char label[METRIC_LABEL] = "";
    put_label(label, put_label(label, 0, rows[id].one, one), rows[id].two, two);
    return cell_of(m, id, label);
}

void metrics_set(struct metrics *m, enum metric id, const char *one, const char *two, double value)
{
    struct metric_cell *c = isnan(value) ? NULL : find(m, id, one, two);
    if (c)
        c->value = value;
}

void metrics_add(struct metrics *m, enum metric id, const char *one, const char *two, double more)
{
    struct metric_cell *c = more >= 0 ? find(m, id, one, two) : NULL;
    if (c)
        c->value += more;
}

void metrics_observe(struct metrics *m, enum metric id, const char *one, double value)
{
    struct metric_cell *c = value >= 0 ? find(m, id, one, NULL) : NULL;
    size_t i = 0;
    if (!c)
        return;
    while (i < METRIC_BOUNDS && value > bounds_of(id)[i])
        i++;
    c->below[i]++;
    c->value += value;
}

void metrics_forget_gauges(struct metrics *m)
{
    size_t kept = 0;
    for (size_t i = 0; i < m->cells; i++)
        if (!is(m->cell[i].id, "gauge"))
            m->cell[kept++] = m->cell[i];
    m->cells = kept;
}

/* ---- what Prometheus reads ---- */

static const char *number(char out[REPR_TEXT], double v)
{
    if (isfinite(v) && v == floor(v) && fabs(v) < 1e15)
        snprintf(out, REPR_TEXT, "%.0f", v);
    else if (isfinite(v))
        repr(out, v);
    else
        snprintf(out, REPR_TEXT, "%s", v > 0 ? "+Inf" : "-Inf");
    return out;
}

static const char *histogram_text(struct arena *a, const struct metric_cell *c, const char *text)
{
    char v[REPR_TEXT];
    const char *name = rows[c->id].name, *between = *c->label ? "," : "";
    uint64_t sum = 0;
    for (size_t i = 0; i <= METRIC_BOUNDS; i++) {
        sum += c->below[i];
        text = arena_text(a, "%saitbc_miner_%s_bucket{%s%sle=\"%s\"} %llu\n", text, name, c->label, between,
                          i < METRIC_BOUNDS ? number(v, bounds_of(c->id)[i]) : "+Inf", (unsigned long long)sum);
    }
    const char *open = *c->label ? "{" : "", *close = *c->label ? "}" : "";
    text = arena_text(a, "%saitbc_miner_%s_sum%s%s%s %s\n", text, name, open, c->label, close, number(v, c->value));
    return arena_text(a, "%saitbc_miner_%s_count%s%s%s %llu\n", text, name, open, c->label, close,
                      (unsigned long long)sum);
}

static const char *cell_text(struct arena *a, const struct metric_cell *c)
{
    char v[REPR_TEXT];
    if (is(c->id, "histogram"))
        return histogram_text(a, c, "");
    return arena_text(a, "aitbc_miner_%s%s%s%s %s\n", rows[c->id].name, *c->label ? "{" : "", c->label,
                      *c->label ? "}" : "", number(v, c->value));
}

static const char *metric_text(struct arena *a, const struct metrics *m, enum metric id)
{
    const char *text = arena_text(a, "# HELP aitbc_miner_%s %s\n# TYPE aitbc_miner_%s %s\n", rows[id].name,
                                  rows[id].help, rows[id].name, rows[id].type);
    bool any = false;
    for (size_t i = 0; i < m->cells; i++)
        if (m->cell[i].id == id) {
            text = arena_text(a, "%s%s", text, cell_text(a, &m->cell[i]));
            any = true;
        }
    return any ? text : "";
}

struct bytes metrics_text(struct arena *a, const struct metrics *m)
{
    const char *text = "";
    for (int id = 0; id < METRICS; id++)
        text = arena_text(a, "%s%s", text, metric_text(a, m, (enum metric)id));
    return bytes_of(text);
}

/* ---- what survives ---- */

static const char head[] = "davy-node counters 1\n";

static const char *kept_line(struct arena *a, const struct metric_cell *c)
{
    char v[REPR_TEXT];
    repr(v, c->value);
    const char *line = arena_text(a, "%s\t%s\t%s", rows[c->id].name, c->label, v);
    for (size_t i = 0; is(c->id, "histogram") && i <= METRIC_BOUNDS; i++)
        line = arena_text(a, "%s\t%llu", line, (unsigned long long)c->below[i]);
    return line;
}

struct bytes metrics_keep(struct arena *a, const struct metrics *m)
{
    char sum[65];
    const char *text = head;
    for (size_t i = 0; i < m->cells; i++)
        if (!is(m->cell[i].id, "gauge"))
            text = arena_text(a, "%s%s\n", text, kept_line(a, &m->cell[i]));
    receipt_sha256(sum, bytes_of(text));
    return bytes_of(arena_text(a, "%s%s\n", text, sum));
}

static struct bytes field(struct bytes *line)
{
    struct bytes out = {line->at, bytes_find(*line, "\t")};
    *line = bytes_from(*line, out.len + 1);
    return out;
}

static double real_of(struct bytes text)
{
    char word[REPR_TEXT] = "";
    memcpy(word, text.at, text.len < sizeof word ? text.len : sizeof word - 1);
    return strtod(word, NULL);
}

/* A metric that this davy-node does not know any more is left out. */
static void restore_line(struct metrics *m, struct bytes line)
{
    struct bytes name = field(&line), label = field(&line), value = field(&line);
    char text[METRIC_LABEL] = "";
    for (int id = 0; id < METRICS; id++) {
        if (!bytes_is(name, rows[id].name) || is((enum metric)id, "gauge") || label.len >= sizeof text)
            continue;
        memcpy(text, label.at, label.len);
        struct metric_cell *c = cell_of(m, (enum metric)id, text);
        if (!c)
            return;
        c->value = real_of(value);
        for (size_t i = 0; line.len > 0 && i <= METRIC_BOUNDS; i++) {
            int64_t count = 0;
            c->below[i] = bytes_i64(field(&line), &count) && count > 0 ? (uint64_t)count : 0;
        }
    }
}

bool metrics_restore(struct metrics *m, struct bytes kept, struct err *e)
{
    enum { SUM = 65 }; /* with its line's end */
    char sum[65];
    *m = (struct metrics){0};
    if (kept.len < SUM + sizeof head - 1 || !bytes_starts(kept, head))
        return err_set(e, "no file of counters");
    struct bytes body = {kept.at, kept.len - SUM}, told = {kept.at + body.len, SUM - 1}, line;
    receipt_sha256(sum, body);
    if (!bytes_is(told, sum))
        return err_set(e, "the counters are not what was written");
    bytes_cut(&body, head);
    while (bytes_line(&body, &line))
        restore_line(m, line);
    return true;
}
