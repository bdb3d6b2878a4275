/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/style.h"

const struct style_row style_rows[STYLE_COUNT] = {
#define STYLE(id, name, letter, help) [STYLE_##id] = {name, letter, help},
#include "view/styles.def"
#undef STYLE
};
