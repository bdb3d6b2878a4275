/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses: what is taken comes out again letter by letter, and any account comes back. */
#include "chain/ss58.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t account[ACCOUNT_BYTES], back[ACCOUNT_BYTES];
    char text[SS58_TEXT];
    unsigned prefix = 0, again = 0;
    if (ss58_decode((struct bytes){(const char *)data, size}, account, &prefix, NULL)) {
        ss58_encode(text, account, prefix);
        demand(strlen(text) == size && memcmp(text, data, size) == 0);
    }
    if (size < ACCOUNT_BYTES + 2)
        return 0;
    prefix = (data[0] | (unsigned)data[1] << 8) % (SS58_PREFIX_MAX + 1);
    ss58_encode(text, data + 2, prefix);
    demand(ss58_decode(bytes_of(text), back, &again, NULL) && again == prefix);
    demand(memcmp(back, data + 2, ACCOUNT_BYTES) == 0);
    return 0;
}
