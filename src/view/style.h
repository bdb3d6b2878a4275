/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The styles and the themes that give them looks. */
#ifndef DAVY_VIEW_STYLE_H
#define DAVY_VIEW_STYLE_H

#include <stdint.h>

enum style {
#define STYLE(id, ...) STYLE_##id,
#include "view/styles.def"
#undef STYLE
    STYLE_COUNT
};

struct style_row {
    const char *name;
    char letter;
    const char *help;
}; /* name: lower case, as in theme files */
extern const struct style_row style_rows[STYLE_COUNT];

#endif
