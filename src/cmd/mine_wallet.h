/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The hotkey's wallet file, from the disk into locked memory. What was read is never on the heap, in a core dump, in an
 * argument, in the environment of children or in a sentence. */
#ifndef DAVY_CMD_MINE_WALLET_H
#define DAVY_CMD_MINE_WALLET_H

#include "base/arena.h"
#include "chain/wallet.h"

/* Starts libsodium and forbids core dumps and debuggers. Before the first secret. */
bool mine_guard_secrets(struct err *e);
/* directory/name/hotkeys/hotkey; a leading ~ is the home of whoever runs. */
const char *mine_wallet_path(struct arena *a, const char *directory, const char *name, const char *hotkey);
/* Refuses a file that others can read or write, or that belongs to somebody else. An encrypted one is opened with the
 * password of the reference's variable BT_PW_PATH, which is wiped; nobody is ever asked. NULL with the sentence; else
 * mine_wallet_close() wipes and unlocks. */
struct wallet *mine_wallet_open(const char *path, struct err *e);
/* What is public of a wallet that is encrypted, or not ours to read, stands beside it in FILEpub.txt: 32 bytes of the account. */
bool mine_wallet_public(const char *path, uint8_t account[SR25519_KEY]);
void mine_wallet_close(struct wallet *w); /* NULL: nothing */

#endif
