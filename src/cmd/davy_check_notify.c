/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy check --notify: what is new goes out before the check ends. Its exit code says how the rig is, not whether that could
 * be told. */
#include "cmd/davy_check.h"
#include "cmd/davy_send.h"

enum { UNTIL_MS = 9000 };

void check_notify(struct check *c, int64_t began_ms)
{
    struct sent sent;
    struct err e;
    if (!check_may_write(c))
        return;
    if (!send_what_is_new(rig_folder(c->rig), c->model, began_ms + UNTIL_MS, &sent, &e))
        fprintf(stderr, "davy: %s\n", e.text);
    else if (sent.wrong.text[0] != '\0')
        fprintf(stderr, "davy: not sent: %s; %lld messages wait for the next check\n", sent.wrong.text,
                (long long)sent.waiting);
}
