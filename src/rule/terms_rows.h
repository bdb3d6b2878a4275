/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of terms.c. Private to terms.c and samples.c. */
#ifndef DAVY_RULE_TERMS_ROWS_H
#define DAVY_RULE_TERMS_ROWS_H

#include "rule/terms.h"

struct terms_row {
    const char *rule;
    int64_t for_ms, clear_ms, samples;
    const char *because;
    unsigned all, any; /* documents: bits of 1 << enum doc_id; 0: it says by itself when it cannot tell */
};
extern const struct terms_row terms_rows[];
extern const size_t terms_row_count;

#endif
