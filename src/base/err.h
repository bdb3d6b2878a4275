/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One sentence for the user, with place and name: "token-budgets.json line 3: expected a number". Whoever notices the
 * fault writes it; everybody above only returns. The text has already passed text_safe() where it quotes data. */
#ifndef DAVY_BASE_ERR_H
#define DAVY_BASE_ERR_H

#include <stdbool.h>

struct err {
    char text[320];
};

/* Writes the sentence (cut at the end when too long) and returns false, so failing is one expression. e may be NULL. */
bool err_set(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
