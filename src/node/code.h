/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a job failed, in the words that coordinators get. Both code and message are shown to who submitted the job: no paths, no
 * secrets, no arguments in them. */
#ifndef DAVY_NODE_CODE_H
#define DAVY_NODE_CODE_H

#include <stdbool.h>
#include <stddef.h>

/* In the order of precedence: of several that hold at once the first is told. */
enum node_code {
    E_NONE,
    E_CANCELED,
    E_TIMEOUT,
    E_OOM,
    E_CPU,
    E_OUTPUT_SIZE,
    E_DISK,
    E_SANDBOX,
    E_SIGNAL,
    E_EXIT,
    E_OUTPUT_MISSING,
    E_BACKEND,
    E_CRASHLOOP,
    E_DENY,
    E_EXEC,
    E_EXPIRED,
    E_INPUT,
    E_INTERNAL,
    E_INTERRUPTED,
    E_INVALID,
    E_MODEL,
    E_NET_DENY,
    E_NOGPU,
    E_RUNNER,
    E_SECRET,
    E_SHUTDOWN,
    E_SIGNATURE,
    E_STALL,
    E_UNSUPPORTED,
    E_UPLOAD,
    E_VRAM,
    NODE_CODES
};
enum node_again {
    AGAIN_NEVER,
    AGAIN_ONCE,
    AGAIN_OFTEN
}; /* tried again on this node before it is told; OFTEN: as the settings say */

struct node_code_row {
    const char *name, *help;
    enum node_again again;
};
extern const struct node_code_row node_codes[NODE_CODES];
enum node_code node_code_worse(enum node_code a, enum node_code b); /* the one that is told; E_NONE is no fault */
enum node_code node_code_of(const char *name);                      /* NODE_CODES: no such word */
/* May attempt number `attempts` (from 1) be followed by another one? */
bool node_code_again(enum node_code code, int attempts, int attempts_most);

#endif
