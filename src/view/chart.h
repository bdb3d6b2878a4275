/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is drawn, not written: sparklines, charts over time and gauges, each in braille (2x4 dots a cell), block eighths
 * or 7-bit characters. A value of NAN is a gap: nothing is drawn, nothing is invented. */
#ifndef DAVY_VIEW_CHART_H
#define DAVY_VIEW_CHART_H

#include "view/grid.h"
#include "view/ui.h"

struct series {
    const double *value; /* oldest first; NAN: none */
    int count;
    double low, high; /* of the axis */
    double limit;     /* what lies below it is drawn in style bad; NAN: no limit */
    enum style good, bad;
    enum graph_form form;
};

/* One row: the newest values that fit, the last one at the right end. Returns the column behind. */
int chart_spark(struct grid g, int x, int y, int w, const struct series *s);
/* The whole of g: all values, stretched or averaged to its width, and a line at the limit where nothing else is. */
void chart_plot(struct grid g, const struct series *s);

/* From low to high of each point, dimly, on the axis of s; call it before chart_plot() in braille, which draws the line through
 * it, and after it in the other forms, where it goes through the bars. */
struct chart_span {
    const double *low, *high; /* count of s; NAN: none */
};
void chart_band(struct grid g, const struct series *s, const struct chart_span *b);

struct gauge {
    double fill;    /* 0..1; more is drawn full; NAN: empty */
    double mark;    /* |: where it should be by now; NAN: none */
    double heading; /* >: where it will end; beyond 1 it stands at the end; NAN: none */
    enum style style;
};
void gauge_draw(struct grid g, int x, int y, int w, const struct gauge *v);

#endif
