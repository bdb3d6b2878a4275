/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The node's metrics: a table of names, cells with the values, the text that Prometheus reads, and the text in which counters
 * survive a restart. Labels come from tables of ours, never from a job: cells are bounded, and one too many is dropped. */
#ifndef DAVY_NODE_METRICS_H
#define DAVY_NODE_METRICS_H

#include "base/arena.h"
#include "base/err.h"

enum metric {
#define METRIC(id, name, type, one, two, help) METRIC_##id,
#include "node/metrics.def"
#undef METRIC
    METRICS
};

enum { METRIC_CELLS = 512, METRIC_LABEL = 112, METRIC_BOUNDS = 12 };
struct metric_cell {
    enum metric id;
    char label[METRIC_LABEL];          /* as in the text: result="job",code="200"; "" */
    double value;                      /* of a histogram the sum */
    uint64_t below[METRIC_BOUNDS + 1]; /* of a histogram: how many in each; the last beyond all bounds */
};
struct metrics {
    struct metric_cell cell[METRIC_CELLS];
    size_t cells;
};

/* one, two: the labels' values, NULL where the metric has none. A value that is not known (NAN) makes no cell. */
void metrics_set(struct metrics *m, enum metric id, const char *one, const char *two, double value);
void metrics_add(struct metrics *m, enum metric id, const char *one, const char *two, double more);
void metrics_observe(struct metrics *m, enum metric id, const char *one, double value);
void metrics_forget_gauges(struct metrics *m); /* before they are set anew */

struct bytes metrics_text(struct arena *a, const struct metrics *m); /* Prometheus text 0.0.4 */
struct bytes metrics_keep(struct arena *a, const struct metrics *m); /* counters and histograms, with a sum over all */
bool metrics_restore(struct metrics *m, struct bytes kept, struct err *e); /* false: m is empty then */

#endif
