/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wallet files of the reference layout: a JSON object of texts (accountId, publicKey, privateKey, secretPhrase, secretSeed,
 * ss58Address; any may be missing), plain or encrypted with a password. Files with secrets belong into locked memory
 * (sodium_malloc) from the first byte on; nothing here copies a secret anywhere else, and no sentence quotes what the file
 * says. So the JSON is read by a small reader of its own, which only takes slices. */
#ifndef DAVY_CHAIN_WALLET_H
#define DAVY_CHAIN_WALLET_H

#include "base/err.h"
#include "chain/sr25519.h"

enum { WALLET_SALT = 16, WALLET_LARGEST = 16384 };

enum wallet_kind { WALLET_PLAIN, WALLET_ENCRYPTED, WALLET_LEGACY /* Ansible vault or Fernet: not read */ };
enum wallet_kind wallet_kind_of(struct bytes file);

/* Decrypts into out, which has room for file.len bytes and is the caller's to lock and wipe. Takes half a GiB and a second,
 * as the format wants (argon2i). false with the sentence: wrong password, or not enough memory. */
bool wallet_decrypt(struct bytes file, struct bytes password, uint8_t *out, size_t *len, struct err *e);

struct wallet {
    uint8_t public_key[SR25519_KEY];
    bool can_sign;      /* key is there */
    struct sr25519 key; /* secret: the struct belongs into locked memory, and is wiped by its owner */
};
/* The key is that of the seed, else of the expanded private key, else of the phrase, and is held against the public key and
 * the address that the file names; without any of them the wallet can only be looked at. name: the file's, for sentences. */
bool wallet_read(struct bytes json, const char *name, struct wallet *out, struct err *e);

#endif
