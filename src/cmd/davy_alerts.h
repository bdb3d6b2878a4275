/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy alerts, shared by its files. */
#ifndef DAVY_CMD_DAVY_ALERTS_H
#define DAVY_CMD_DAVY_ALERTS_H

#include "cmd/davy.h"
#include "model/book.h"

/* davy_alerts_form.c: to standard output. */
struct alerts_form {
    const struct book *book;
    int64_t now_ms, since_ms; /* since_ms: of the history; NOT_KNOWN: all of it */
    const char *rig;
    bool json;
};
void alerts_print_list(struct arena *a, const struct alerts_form *f);
void alerts_print_history(struct arena *a, const struct alerts_form *f);

#endif
