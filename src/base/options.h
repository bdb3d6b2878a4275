/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Command line options as a table: the parser, --help and the manual read the same rows. */
#ifndef DAVY_BASE_OPTIONS_H
#define DAVY_BASE_OPTIONS_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_INT, OPTION_SIZE /* WxH into two ints */, OPTION_NUMBER /* double */ };

struct option_row {
    const char *name;       /* without the dashes */
    char letter;            /* 0: none */
    const char *arg;        /* what the help calls its argument; NULL for flags */
    const char *help;
    enum option_kind kind;
    size_t offset;          /* of bool, const char *, int64_t, int[2] or double in the target struct */
};

/* Fills target from argv[1..]; stops at the first word that is no option ("--" is swallowed) and returns its index, or
 * -1 with the sentence. Rows end with .name == NULL. Later options win. Accepts --name=value, --name value, -n value. */
int options_parse(const struct option_row *rows, int argc, char **argv, void *target, struct err *e);
void options_help(const struct option_row *rows, FILE *out);            /* one aligned line a row */
void options_manual(const struct option_row *rows, FILE *out);          /* the same as troff .TP items */

#endif
