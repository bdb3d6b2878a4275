/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Metrics and their samples. Private to prometheus*.c. */
#ifndef DAVY_SINK_PROMETHEUS_H
#define DAVY_SINK_PROMETHEUS_H

#include "model/model.h"

#include <stdio.h>

struct exposition {
    FILE *out;
    const struct metric *metric;
    bool begun; /* its help was written */
};
enum { METRIC_LABELS = 2 };
struct metric {
    const char *name, *type, *help, *label[METRIC_LABELS]; /* names of the labels; NULL: none */
    void (*give)(struct exposition *x, const struct model *m);
};
extern const struct metric metrics_of_scores[], metrics_of_rig[]; /* .name NULL ends */

/* Names that come from the rig's files become labels so often and no more. */
enum { LABELS_MOST = 16 };
/* One sample with the values of the metric's labels; none when v is not finite. */
void sample(struct exposition *x, double v);
void labelled(struct exposition *x, const char *label, double v);
void sample2(struct exposition *x, const char *first, const char *second, double v);
double whole(int64_t v);    /* NAN: not known */
double seconds(int64_t ms); /* the same */

#endif
