/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/code.h"

#include <string.h>

const struct node_code_row node_codes[NODE_CODES] = {
    [E_NONE] = {"", "no fault", AGAIN_NEVER},
    [E_BACKEND] = {"E_BACKEND", "Ollama did not answer, or broke off", AGAIN_OFTEN},
    [E_CANCELED] = {"E_CANCELED", "cancelled by the client or the operator", AGAIN_NEVER},
    [E_CPU] = {"E_CPU", "more processor time than allowed", AGAIN_NEVER},
    [E_CRASHLOOP] = {"E_CRASHLOOP", "the job took the node down three times", AGAIN_NEVER},
    [E_DENY] = {"E_DENY", "command, argument, task or model is not on the allow-list", AGAIN_NEVER},
    [E_DISK] = {"E_DISK", "the workspace is full or fails", AGAIN_OFTEN},
    [E_EXEC] = {"E_EXEC", "the program cannot be started", AGAIN_NEVER},
    [E_EXIT] = {"E_EXIT", "the program ended with an exit code that means failure", AGAIN_NEVER},
    [E_EXPIRED] = {"E_EXPIRED", "its time was over before it began", AGAIN_NEVER},
    [E_INPUT] = {"E_INPUT", "an input could not be fetched, or is not what was announced", AGAIN_OFTEN},
    [E_INTERNAL] = {"E_INTERNAL", "a fault of the node", AGAIN_NEVER},
    [E_INTERRUPTED] = {"E_INTERRUPTED", "the node stopped while the job ran, and it may not run twice", AGAIN_NEVER},
    [E_INVALID] = {"E_INVALID", "not a job that can be understood", AGAIN_NEVER},
    [E_MODEL] = {"E_MODEL", "the model is not here", AGAIN_NEVER},
    [E_NET_DENY] = {"E_NET_DENY", "the job needs a network that it may not have", AGAIN_NEVER},
    [E_NOGPU] = {"E_NOGPU", "no GPU is usable", AGAIN_OFTEN},
    [E_OOM] = {"E_OOM", "more memory than allowed", AGAIN_NEVER},
    [E_OUTPUT_MISSING] = {"E_OUTPUT_MISSING", "a file that the job must make is not there", AGAIN_NEVER},
    [E_OUTPUT_SIZE] = {"E_OUTPUT_SIZE", "more output than allowed", AGAIN_NEVER},
    [E_RUNNER] = {"E_RUNNER", "the task raised an error or answered with no JSON", AGAIN_NEVER},
    [E_SANDBOX] = {"E_SANDBOX", "the limits of the job could not be set, or it broke out of them", AGAIN_ONCE},
    [E_SECRET] = {"E_SECRET", "a secret that the job needs is not here", AGAIN_NEVER},
    [E_SHUTDOWN] = {"E_SHUTDOWN", "the node is being stopped", AGAIN_NEVER},
    [E_SIGNAL] = {"E_SIGNAL", "the program died of a signal", AGAIN_NEVER},
    [E_SIGNATURE] = {"E_SIGNATURE", "the manifest's signature is missing or wrong", AGAIN_NEVER},
    [E_STALL] = {"E_STALL", "no output for too long", AGAIN_ONCE},
    [E_TIMEOUT] = {"E_TIMEOUT", "longer than allowed", AGAIN_NEVER},
    [E_UNSUPPORTED] = {"E_UNSUPPORTED", "a runner or payload that this node does not have", AGAIN_NEVER},
    [E_UPLOAD] = {"E_UPLOAD", "a file could not be handed over", AGAIN_OFTEN},
    [E_VRAM] = {"E_VRAM", "more GPU memory than there is", AGAIN_ONCE},
};

enum node_code node_code_worse(enum node_code a, enum node_code b)
{
    if (a == E_NONE || b == E_NONE)
        return a == E_NONE ? b : a;
    return a < b ? a : b;
}

enum node_code node_code_of(const char *name)
{
    int i = E_NONE + 1;
    while (i < NODE_CODES && strcmp(node_codes[i].name, name) != 0)
        i++;
    return (enum node_code)i;
}

bool node_code_again(enum node_code code, int attempts, int attempts_most)
{
    enum node_again again = node_codes[code].again;
    int most = again == AGAIN_NEVER ? 1 : again == AGAIN_ONCE ? 2 : attempts_most;
    return attempts < most && attempts < attempts_most;
}
