/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A program that is a table of commands: finding one, its help, the manual page and the sentences of its mistakes, all from
 * the rows. */
#ifndef DAVY_CMD_TOOL_H
#define DAVY_CMD_TOOL_H

#include "base/arena.h"
#include "base/json.h"
#include "base/options.h"

enum { TOOL_OK = 0, TOOL_FAILED = 2, TOOL_USAGE = 3 };

struct tool;
struct tool_command {
    const char *name, *usage, *help;
    const struct option_row *options;                        /* NULL: none */
    int (*run)(const struct tool *t, int argc, char **argv); /* argv[0] is the command's name; the exit code */
    const char *takes;      /* what is read from standard input, for the help; NULL: nothing */
    const char *gives;      /* what is printed; NULL */
    const char *example[4]; /* command lines; NULL at the end */
    const char *exits;      /* lines of exit codes besides 0 and 3; NULL: none */
};
struct tool {
    const char *name, *title; /* davy-node, "the miner node" */
    const char *about;        /* a paragraph: what it is */
    const char *example[4];
    const char *see_also;               /* troff: ".BR davy (1)" lines */
    const struct tool_command *command; /* alphabetical; .name == NULL at the end */
};

int tool_main(const struct tool *t, int argc, char **argv);
int tool_complain(const struct tool *t, const struct err *e); /* prints "davy-node: ..." and returns TOOL_USAGE */
int tool_failed(const struct tool *t, const struct err *e);   /* the same, and returns TOOL_FAILED */
/* `WORD... [options] WORD...`: options anywhere; the other words are moved to the front of argv (from argv[1]), their number
 * returned, -1 with the sentence: also for more than most words. Nothing behind "--" is an option. */
int tool_words(const struct tool *t, const struct option_row *rows, int argc, char **argv, int most, void *target,
               struct err *e);
int tool_print(const struct tool *t, json_t *value); /* one line of JSON; takes the value */

int tool_help(const struct tool *t, const char *name); /* NULL: of the program itself */
int tool_manual(const struct tool *t);

#endif
