/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The question before anything is started: what exactly runs, where, what it means, and how long the auction window still
 * is. No is what Enter says unless somebody moved to Yes. */
#ifndef DAVY_VIEW_ASK_H
#define DAVY_VIEW_ASK_H

#include <stdbool.h>
#include <stdint.h>

enum { ASK_STEPS = 2, ASK_LINES = 2, ASK_WORD = 8, ASK_LATE_MS = 60000 };
struct plan;
struct ask {
    const struct plan *plan; /* what Yes runs; the view does not look into it */
    const char *title;       /* "Restart the daemon?" */
    const char *host, *folder, *from;
    const char *unit, *note;          /* NULL: none */
    const char *command[ASK_STEPS];   /* exactly, in quotes where needed */
    int commands;                     /* 0: there is nothing to run and no Yes */
    const char *why, *set[ASK_LINES]; /* then: the reason, and lines for davy.toml */
    const char *consequence;
    const char *late;  /* what it means when the window closes within a minute */
    const char *limit; /* NULL; else why Yes must be typed as a word */
    char typed[ASK_WORD];
    bool yes;          /* Yes is marked */
    const char *hint;  /* why Yes was not taken; NULL */
    int64_t opened_ms; /* loop clock */
};
extern const char ask_word[]; /* what must be typed above the limit */

struct model;
struct ui;
struct grid;
void ask_draw(const struct model *m, const struct ui *ui, struct grid screen);
/* The whole command can be read at this size: else there must be no Yes. */
bool ask_fits(const struct model *m, const struct ui *ui);

#endif
