/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sending for a moment: what is new is sent, one letter after the other, until nothing may be sent any more or time is up. */
#ifndef DAVY_CMD_DAVY_SEND_H
#define DAVY_CMD_DAVY_SEND_H

#include "model/model.h"

struct sent {
    bool busy; /* davy-watch (or another davy) sends here: nothing was done */
    int64_t arrived, failed, waiting;
    struct err wrong; /* why the last one did not go out; "" */
};
/* until_ms: CLOCK_BOOTTIME. false with the sentence: the journal, or the lock, cannot be had. */
bool send_what_is_new(const char *dir, const struct model *m, int64_t until_ms, struct sent *out, struct err *e);
/* One message that says that it is a test. handed: davy-watch does it. false with the sentence: it did not arrive. */
bool send_test(const char *dir, const struct model *m, bool *handed, struct err *e);

#endif
