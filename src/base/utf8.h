/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text: decoding, width in cells, and the one gate through which every string from outside passes. Widths come from
 * utf8proc, not from libc, so golden screens depend neither on libc nor on the locale; the curses sink replaces what
 * the terminal's own table sees differently. */
#ifndef DAVY_BASE_UTF8_H
#define DAVY_BASE_UTF8_H

#include "base/arena.h"

#include <uchar.h>

char32_t utf8_next(struct bytes *rest);             /* decodes one; bad bytes give U+FFFD, one byte at a time */
size_t utf8_put(char out[4], char32_t c);           /* encodes one; returns its length */
int cell_width(char32_t c);                         /* 0, 1 or 2 cells; controls and unassigned are 1 (shown replaced) */
int text_width(const char *text);                   /* cells of a safe string */

/* The gate. Composes (NFC), turns C0/C1 controls into U+00B7, drops escape sequences (CSI, OSC), bidi controls,
 * zero-width characters and combining marks that do not compose, turns bad UTF-8 and lone surrogates into U+FFFD, tabs
 * and newlines into one space. The result is valid UTF-8 where each character fills one or two cells.
 * max_cells 0: no limit; else cut with an ellipsis. Idempotent. */
const char *text_safe(struct arena *a, struct bytes raw, size_t max_cells);

#endif
