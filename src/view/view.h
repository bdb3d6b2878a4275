/* SPDX-License-Identifier: GPL-2.0-or-later */
/* model + ui + size -> cells. One pane, one file pane_NAME.c, one row in panes[]. Everything is drawn anew each time, but
 * for seconds that only tick. */
#ifndef DAVY_VIEW_VIEW_H
#define DAVY_VIEW_VIEW_H

#include "base/needle.h"
#include "model/model.h"
#include "view/grid.h"
#include "view/ui.h"

struct pane_need {
    int least, good, most;
}; /* rows inside its frame: to make sense, to say it all, to still gain */
struct pane {
    const char *name, *title, *help; /* help: what it shows, for ? and the manual */
    int importance;                  /* higher stays longer when room is short */
    enum doc_id doc[2];              /* where its facts come from: their ages and errors stand in its frame */
    int doc_count;
    bool ranged;  /* shows the time that the range says */
    /* Its selected row has more to tell than a zoomed pane shows: how many rows of that are out of sight. NULL: it has not. */
    int (*details)(const struct model *m, const struct ui *ui);
    struct pane_need (*need)(const struct model *m, const struct ui *ui, int w);
    /* Draws into g, from one row to the whole screen: picks its own level of detail by g.w and g.h. */
    void (*draw)(const struct model *m, const struct ui *ui, struct grid g);
    /* Rows of its list (for cursor and scroll) at that width; 0: it has no list. */
    int (*rows)(const struct model *m, const struct ui *ui);
    /* The rows of its list that hold the needle, in the order of the list: the first `most` of them into row, their number
     * returned. NULL: nothing to filter. */
    int (*list)(const struct model *m, const struct ui *ui, const struct needle *n, int16_t *row, int most);
    /* The selected row in full, as text; NULL: nothing is selected. The member NULL: there are no rows to select. */
    const char *(*copy)(struct arena *a, const struct model *m, const struct ui *ui);
    /* The details of the selected row are a page of their own: notes in ui which row that is, and begins the page at its top.
     * NULL: they stand below the row. false: there is no row. */
    bool (*open)(const struct model *m, struct ui *ui);
    /* One line that says the essential: accordion titles, tiny screens. */
    const char *(*line)(struct arena *a, const struct model *m, enum style *s);
};
extern const struct pane *const panes[]; /* in focus order (1-9), NULL at the end */
int pane_count(void);
int pane_by_name(const char *name); /* index in panes[]; -1: no such pane */

/* The whole screen at f's size: header, panes by layout, footer, help overlay. Works from 1x1 up. */
void view_draw(struct frame *f, const struct model *m, const struct ui *ui);
/* A moment later, when only the clock went on: f was drawn with the same ui and with a model of the same documents and alerts.
 * Draws those parts anew whose text was to change by now; the others are left as they are. false: f must be drawn whole. */
bool view_tick(struct frame *f, const struct model *m, const struct ui *ui);
int view_help_rows(const struct ui *ui); /* lines of the help overlay: how far it can be scrolled */
/* Rows of the history's file that the screen needs and m->page does not have, from the newest; false: none. */
bool view_wants_tasks(const struct model *m, const struct ui *ui, int64_t *first, int64_t *count);
/* What its filter of the tasks needs and m->find does not have: a search for another text ("": for nothing any more), or
 * other rows of what was found. */
struct find_want {
    const char *text;
    int64_t first, count;
};
bool view_wants_find(const struct model *m, const struct ui *ui, struct find_want *out);
/* The task whose lines the screen needs and m->record does not have; false: none. */
bool view_wants_record(const struct model *m, const struct ui *ui, uint64_t *line);
/* The alert whose evidence the screen needs and m does not have; NULL: none. */
const struct alert *view_wants_evidence(const struct model *m, const struct ui *ui);
/* The one that is marked, or opened; NULL: there is none. */
const struct alert *alert_selected(const struct model *m, const struct ui *ui);
/* What y hands over: the selected row of the focused pane, or else all that the pane shows, as text. */
const char *view_copy(struct arena *a, const struct model *m, const struct ui *ui);
/* The status line of -o tmux, plain text without tmux markup: worst severity, score, stage, countdown. */
const char *view_line(struct arena *a, const struct model *m);

#endif
