/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/wallet.h"

#include <sodium.h>

#define MARK "$NACL"

enum wallet_kind wallet_kind_of(struct bytes file)
{
    if (bytes_starts(file, MARK))
        return WALLET_ENCRYPTED;
    return bytes_starts(file, "$ANSIBLE_VAULT") || bytes_starts(file, "gAAAAA") ? WALLET_LEGACY : WALLET_PLAIN;
}

/* The salt is the same for all wallets of the world: the format has no other. */
static bool key_of(struct bytes password, uint8_t key[crypto_secretbox_KEYBYTES])
{
    static const uint8_t salt[WALLET_SALT] = {0x13, 0x71, 0x83, 0xdf, 0xf1, 0x5a, 0x09, 0xbc,
                                              0x9c, 0x90, 0xb5, 0x51, 0x87, 0x39, 0xe9, 0xb1};
    return crypto_pwhash_argon2i(key, crypto_secretbox_KEYBYTES, password.at, password.len, salt,
                                 crypto_pwhash_argon2i_OPSLIMIT_SENSITIVE, crypto_pwhash_argon2i_MEMLIMIT_SENSITIVE,
                                 crypto_pwhash_argon2i_ALG_ARGON2I13) == 0;
}

bool wallet_decrypt(struct bytes file, struct bytes password, uint8_t *out, size_t *len, struct err *e)
{
    uint8_t key[crypto_secretbox_KEYBYTES];
    if (!bytes_cut(&file, MARK) || file.len < crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES)
        return err_set(e, "the wallet file is cut off: copy it again");
    struct bytes box = bytes_from(file, crypto_secretbox_NONCEBYTES);
    bool made = key_of(password, key);
    bool opened =
        made && crypto_secretbox_open_easy(out, (const uint8_t *)box.at, box.len, (const uint8_t *)file.at, key) == 0;
    sodium_memzero(key, sizeof key);
    if (opened)
        *len = box.len - crypto_secretbox_MACBYTES;
    return opened || err_set(e, made ? "the wallet's password is wrong, or the file is damaged"
                                     : "not enough memory to open the wallet: half a GiB is needed for a moment");
}
