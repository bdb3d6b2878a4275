/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wallet files and secret phrases: a key, or a sentence that quotes nothing of the file. */
#include "chain/mnemonic.h"
#include "chain/wallet.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LEAK = 12 };

/* No run of the file stands in the sentence. The words of davy's own sentences are shorter than that, or of blanks. */
static void demand_silence(const struct err *e, struct bytes file)
{
    static const char harmless[] = "w: this is no wallet file: a JSON object of texts is expected"
                                   "w: no secretSeed, privateKey, secretPhrase or ss58Address in it"
                                   "w: its secretSeed is damaged, or is not that of its address";
    for (size_t i = 0; i + LEAK <= file.len; i++) {
        char run[LEAK + 1] = {0};
        memcpy(run, file.at + i, LEAK);
        if (strlen(run) == LEAK && strstr(e->text, run) && !strstr(harmless, run) && !strstr("secretPhrase", run))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz";
    struct bytes in = {(const char *)data, size};
    struct wallet w = {0};
    struct err e = {""};
    uint8_t seed[SR25519_SEED], out[64];
    size_t len = 0;
    if (sodium_init() < 0)
        abort();
    if (!wallet_read(in, "w", &w, &e))
        demand_silence(&e, in);
    else if (w.can_sign && memcmp(w.key.public_key, w.public_key, sizeof w.public_key) != 0)
        abort();
    wallet_kind_of(in);
    mnemonic_seed(in, seed, &e);
    if (size > sizeof alphabet && size < 40) /* too short to be opened: the slow recipe does not run */
        wallet_decrypt((struct bytes){"$NACL", 5}, in, out, &len, &e);
    return 0;
}
