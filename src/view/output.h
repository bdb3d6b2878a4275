/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command that runs, or ran, with its output. */
#ifndef DAVY_VIEW_OUTPUT_H
#define DAVY_VIEW_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

enum { OUTPUT_STEPS = 2, OUTPUT_LINES = 400, OUTPUT_LINE = 256 };
struct output_lines { /* safe text; the newest OUTPUT_LINES lines */
    uint64_t count;   /* ever: line i stands at i % OUTPUT_LINES */
    char text[OUTPUT_LINES][OUTPUT_LINE];
    char part[OUTPUT_LINE]; /* of the line that is not yet complete */
};
enum output_phase { OUTPUT_RUNNING, OUTPUT_HEALTH /* the command is done, its effect is waited for */, OUTPUT_DONE };
struct output {
    const char *title; /* "Restart" */
    const char *command[OUTPUT_STEPS], *folder, *host;
    int steps, step; /* step: that runs, or ran last */
    enum output_phase phase;
    int64_t begun_ms, limit_ms; /* wall clock; of the step that runs */
    int64_t health_ms;          /* wall clock: until then its effect is waited for */
    const char *result;         /* "exit 0 after 3.2s"; NULL while it runs */
    bool good;                  /* the command */
    const char *health;         /* what became of it, a sentence; NULL */
    bool healthy;
    const struct output_lines *lines;
};

struct model;
struct ui;
struct grid;
void output_draw(const struct model *m, const struct ui *ui, struct grid screen);
/* How far output_scroll can go back, as far as a look without the model can tell. */
int output_most(const struct ui *ui);

#endif
