/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text on its way into a manual page. */
#ifndef DAVY_BASE_TROFF_H
#define DAVY_BASE_TROFF_H

#include <stdio.h>

/* Escapes what troff would take as a command: backslashes, hyphens (they shall be copied as typed), a leading dot or
 * quote. The text starts a line. */
void troff_text(FILE *out, const char *text);

#endif
