/* SPDX-License-Identifier: GPL-2.0-or-later */
/* config.toml as a run of a job has it: read anew each time, so that an edit counts at the next run and a wrong one fails
 * that run alone. */
#ifndef DAVY_CMD_MINE_SETUP_H
#define DAVY_CMD_MINE_SETUP_H

#include "auction/config.h"
#include "auction/mine_config.h"
#include "chain/endpoints.h"
#include "chain/ss58.h"

struct mine_setup {
    const char *path;
    const struct auction_config *config;
    const struct mine_config *mine;
    struct endpoints endpoints; /* bittensor.network, then those of [mine] */
    const char *text;           /* what it would publish; NULL: nothing, and unbuilt says why */
    struct err unbuilt;
    const char *wallet; /* the hotkey's file */
    bool has_account;   /* else nobody says why */
    uint8_t account[ACCOUNT_BYTES];
    char hotkey[SS58_TEXT];
    struct err nobody;
};
/* All of it lives in the arena, path must live as long. false with the sentence: the file is not there or is wrong. */
bool mine_setup_read(struct arena *a, const char *path, struct mine_setup *out, struct err *e);
/* The account of the hotkey: of FILEpub.txt, else of the file itself; no secret stays in memory. */
void mine_setup_account(struct mine_setup *s);

#endif
