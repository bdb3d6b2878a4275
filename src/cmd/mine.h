/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of davy-mine, and what they share. */
#ifndef DAVY_CMD_MINE_H
#define DAVY_CMD_MINE_H

#include "base/arena.h"
#include "base/json.h"
#include "base/options.h"

enum { MINE_OK = 0, MINE_FAILED = 2, MINE_USAGE = 3 };

struct mine_command {
    const char *name, *usage, *help;
    const struct option_row *options;  /* NULL: none */
    int (*run)(int argc, char **argv); /* argv[0] is the command's name; the exit code */
    const char *takes;                 /* what is read from standard input, for the help; NULL: nothing */
    const char *gives;                 /* what is printed; NULL */
    const char *example[4];            /* command lines; NULL at the end */
    const char *exits;                 /* lines of exit codes besides 0 and 3; NULL: none */
};
extern const struct mine_command mine_commands[]; /* alphabetical; .name == NULL at the end */
int mine_help(const char *name);                  /* NULL: of davy-mine itself */
int mine_unknown(const char *name);               /* prints that there is no such command and returns MINE_USAGE */
int mine_complain(const struct err *e);           /* prints "davy-mine: ..." and returns MINE_USAGE */
int mine_failed(const struct err *e);             /* the same, and returns MINE_FAILED */
/* `WORD... [options] WORD...`: options anywhere; the other words are moved to the front of argv (from argv[1]), their
 * number returned, -1 with the sentence: also for more than most words. */
int mine_words(const struct option_row *rows, int argc, char **argv, int most, void *target, struct err *e);

/* mine_input.c: standard input, at most 16 MiB of it */
bool mine_read_input(struct arena *a, struct bytes *out, struct err *e);
json_t *mine_read_object(struct arena *a, struct err *e); /* one JSON object; NULL with the sentence; the caller's */
/* Prints and forgets it. */
int mine_print(json_t *value);

struct auction_config;
/* The legacy form is for a list of hashrates only, and only where the environment asks for it. */
bool mine_wants_v1(const struct auction_config *c);

int mine_budget(int argc, char **argv);
int mine_commit(int argc, char **argv);
int mine_consensus(int argc, char **argv);
int mine_decode(int argc, char **argv);
int mine_encode(int argc, char **argv);
int mine_key(int argc, char **argv);
int mine_follow(int argc, char **argv);
int mine_manual(int argc, char **argv);
int mine_node(int argc, char **argv);
int mine_once(int argc, char **argv);
int mine_route(int argc, char **argv);
int mine_run(int argc, char **argv);
int mine_solve(int argc, char **argv);
int mine_window(int argc, char **argv);
extern const struct option_row mine_follow_options[], mine_once_options[], mine_run_options[];
extern const struct option_row mine_commit_options[], mine_key_options[], mine_node_options[], mine_solve_options[],
    mine_window_options[];

#endif
