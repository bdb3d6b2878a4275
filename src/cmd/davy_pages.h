/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What --help and the manual tell of a command beside its row and its options. */
#ifndef DAVY_CMD_DAVY_PAGES_H
#define DAVY_CMD_DAVY_PAGES_H

#include <stddef.h>

enum { PAGE_TERMS = 5, PAGE_EXAMPLES = 6, PAGE_FILES = 4, PAGE_EXITS = 5 };
struct page_pair {
    const char *head, *text;
};
struct davy_page {
    const char *command;                   /* "": davy itself */
    const char *about;                     /* a few sentences */
    struct page_pair term[PAGE_TERMS + 1]; /* words that need more than a line; .head NULL ends */
    struct page_pair example[PAGE_EXAMPLES + 1], file[PAGE_FILES + 1], status[PAGE_EXITS + 1]; /* .head NULL ends */
};
const struct davy_page *davy_page(const char *command); /* NULL: there is none */
extern const struct page_pair davy_usages[];            /* how davy itself is called; .head NULL ends */

#endif
