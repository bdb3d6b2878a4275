/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The canonical text of anything is JSON, and its own canonical text; receipts and ledgers of strangers end in a verdict. */
#include "node/canonical.h"
#include "node/ledger.h"

#include <stdlib.h>

static void canonical_twice(struct arena *a, const struct tree *root)
{
    struct bytes once = canonical(a, root, NULL);
    const struct tree *again = tree_read(a, once, "canonical", NULL);
    if (!again || !bytes_equal(canonical(a, again, NULL), once))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct bytes in = {(const char *)data, size};
    const struct tree *root = tree_read(&a, in, "fuzz", NULL);
    struct receipt_trust trust = {0};
    struct receipt r;
    struct ledger l;
    if (root)
        canonical_twice(&a, root);
    if (receipt_read(&a, in, &trust, &r, NULL) && r.verified)
        abort();
    ledger_read(&a, in, &l, NULL);
    arena_release(&a);
    return 0;
}
