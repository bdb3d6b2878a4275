/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the reports share. Private to report*.c. */
#ifndef DAVY_VIEW_REPORT_PARTS_H
#define DAVY_VIEW_REPORT_PARTS_H

#include "view/report.h"

struct report_line *report_add(struct report *r, const char *section, const char *key, const char *mark,
                               const char *label);
void report_num(struct report_line *l, const char *key, double v);
void report_int(struct report_line *l, const char *key, int64_t v);

/* Texts in the report's arena; "n/a" where nothing is known. */
const char *report_fixed(const struct report *r, double v, int decimals);
const char *report_percent(const struct report *r, double fraction); /* whole, half away from zero */
const char *report_count(const struct report *r, int64_t v);         /* 1,234,567 */
/* An arrow and the change: "up +2.1%"; less than 1 % is no change. */
const char *report_change(const struct report *r, double relative);
double report_relative(double now, double before); /* NAN when nothing can be compared */

struct score_groups report_groups(const struct report *r); /* of the report's time */
/* Tokens of the groups' LLMs that have a limit (of a day, or a month), and the sum of these limits. */
struct report_spent {
    double tokens, limit;
};
struct report_spent report_spent(const struct report *r, int64_t (*limit)(const struct budget *b));

void report_heartbeat(struct report *r); /* the lines of each kind */
void report_daily(struct report *r);
void report_weekly(struct report *r);
void report_scores(struct report *r, const struct score_window *w);
void report_uptime(struct report *r);
void report_roi(struct report *r);
void report_best(struct report *r, const char *label, bool success);

void report_advise(struct report *r); /* report_advice.c */
const char *report_focus(const struct report *r);

#endif
