/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The model in the text format of Prometheus, for node_exporter's textfile collector. One row a metric. What is not known has
 * no sample: a metric that is 0 because nobody could read it would be a lie with a graph. Labels have few values: names that
 * come from the rig's files are cut off after so many of a kind. */
#include "sink/prometheus.h"

#include "base/timetext.h"
#include "sink/sink.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBER = 40 };

/* ---- samples ---- */

static void put_label(FILE *out, const char *name, const char *value, bool first)
{
    fprintf(out, "%s%s=\"", first ? "" : ",", name);
    for (const char *c = value; *c; c++)
        switch (*c) {
        case '\\':
            fputs("\\\\", out);
            break;
        case '"':
            fputs("\\\"", out);
            break;
        case '\n':
            fputs("\\n", out);
            break;
        default:
            fputc(*c, out);
        }
    fputc('"', out);
}

/* As short as it can be and still the same number. */
static void put_number(FILE *out, double v)
{
    char text[NUMBER];
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, v);
        if (strtod(text, NULL) == v)
            break;
    }
    fputs(text, out);
}

void sample2(struct exposition *x, const char *first, const char *second, double v)
{
    const struct metric *m = x->metric;
    const char *value[METRIC_LABELS] = {first, second};
    if (!isfinite(v))
        return;
    if (!x->begun)
        fprintf(x->out, "# HELP %s %s\n# TYPE %s %s\n", m->name, m->help, m->name, m->type);
    x->begun = true;
    fputs(m->name, x->out);
    for (int i = 0; i < METRIC_LABELS && m->label[i]; i++) {
        fputs(i == 0 ? "{" : "", x->out);
        put_label(x->out, m->label[i], value[i], i == 0);
    }
    fputs(m->label[0] ? "} " : " ", x->out);
    put_number(x->out, v);
    fputc('\n', x->out);
}

void labelled(struct exposition *x, const char *label, double v)
{
    sample2(x, label, NULL, v);
}

void sample(struct exposition *x, double v)
{
    sample2(x, NULL, NULL, v);
}

double whole(int64_t v)
{
    return v == NOT_KNOWN ? (double)NAN : (double)v;
}

double seconds(int64_t ms)
{
    return whole(ms) / 1000;
}

static void write_all(FILE *out, const struct metric *metric, const struct model *m)
{
    for (; metric->name; metric++) {
        struct exposition x = {.out = out, .metric = metric};
        metric->give(&x, m);
    }
}

static bool prometheus_write(FILE *out, const struct model *m, const struct ui *ui, const struct looks *looks,
                             struct arena *a, struct err *e)
{
    (void)ui, (void)looks, (void)a;
    write_all(out, metrics_of_rig, m);
    write_all(out, metrics_of_scores, m);
    return (fflush(out) == 0 && !ferror(out)) || err_set(e, "cannot write the metrics: %s", strerror(errno));
}

const struct sink sink_prometheus = {
    .name = "prometheus",
    .help = "metrics in Prometheus' text format",
    .write = prometheus_write,
};
