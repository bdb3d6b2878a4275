/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the panes share; nobody outside of view/ needs it. */
#ifndef DAVY_VIEW_PANE_H
#define DAVY_VIEW_PANE_H

#include "view/chart.h"
#include "view/glyph.h"
#include "view/view.h"

extern const struct pane pane_alerts, pane_auction, pane_budgets, pane_heartbeat, pane_log, pane_scores, pane_stages,
    pane_tasks;

bool pane_zoomed(const struct ui *ui, const struct pane *p);
bool pane_focused(const struct ui *ui, const struct pane *p);

/* Cells inside the frame of a zoomed pane. */
struct zoom_size {
    int w, h;
};
struct zoom_size zoom_size(const struct ui *ui);
int footer_rows(const struct ui *ui); /* 0 or 1 */

/* The visible part of a list of count rows in h rows. The selected one is always in it, with neighbours on both sides;
 * it moves by half pages, so that most steps change two cells only. */
struct list {
    int first, cursor; /* cursor -1: the pane has no focus, nothing is marked */
};
struct list list_view(const struct ui *ui, const struct pane *p, int count, int h);
/* Marks row y when item is the selected one. Two cells change with a move and no more: bold text would cost a line or two
 * over ssh. */
void list_mark(struct grid g, int y, const struct list *l, int item);

int task_detail_hidden(const struct model *m, const struct ui *ui); /* task_detail.c */

void list_more(struct grid g, bool above, bool below); /* marks at the left edge: rows out of sight */

/* A page longer than the screen: rows come one after the other, those that are scrolled away draw into an empty grid. */
struct flow {
    struct grid g;
    int w;           /* of g, also while only counting */
    int first, line; /* rows scrolled away; rows so far */
};
struct flow flow_of(struct grid g, const struct ui *ui, const struct pane *p, int total);
struct grid flow_row(struct flow *f);
void flow_head(struct flow *f, const char *title); /* a blank row and a heading */
void flow_wrap(struct flow *f, int indent, enum style s, const char *text);
void flow_wrapf(struct flow *f, int indent, enum style s, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* How many rows page needs on a zoomed screen. */
int flow_count(const struct model *m, const struct ui *ui,
               void (*page)(const struct model *, const struct ui *, struct flow *));
/* How often such a page of total rows can be moved on by one, when above rows stand over it: the rows of its pane. */
int flow_stops(const struct ui *ui, int total, int above);

/* Origins. */
const char *origin_path(const struct model *m, const struct origin *o); /* relative to the rig's folder when inside */
bool origin_read(const struct origin *o);                               /* was read at least once */
void draw_waiting(struct grid g, const struct model *m, enum doc_id d); /* "waiting for state/task-history.jsonl" */
const char *waiting_line(struct arena *a, const struct model *m, enum doc_id d);

/* A box with a title around g; returns its inside, g itself when it is too small. */
struct grid frame_box(struct grid g, enum style lines, const char *title, enum style title_style);

/* Words and looks. */
const char *alert_text(struct arena *a, const struct alert *x);    /* all of it, line by line, its steps as commands */
const char *alert_measure(struct arena *a, const struct alert *x); /* "0.46 < 0.50" */
enum style severity_style(enum severity s);
enum style severity_badge(enum severity s);
int draw_badge(struct grid g, int x, int y, enum severity s); /* " CRIT ", returns the column behind */
char32_t delta_glyph(double fraction);                        /* up, down, or level below 1 % */
enum style delta_style(double fraction);
const char *glyph_text(char out[8], char32_t c);
enum style daemon_style(const struct daemon *d);
const char *daemon_word(const struct daemon *d); /* its state, for people */
enum graph_form graph_form(const struct ui *ui);

#endif
