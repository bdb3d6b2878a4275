/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-mine key: who is this, and where does the chain keep his commitment. */
#include "cmd/mine.h"

#include "base/file.h"
#include "chain/commitments.h"
#include "chain/hex.h"
#include "chain/ss58.h"
#include "cmd/mine_wallet.h"

#include <string.h>

enum { NETUID_USUAL = 89, NETUID_MOST = 65535 };
struct key_options {
    int64_t netuid;
};
const struct option_row mine_key_options[] = {
    {"netuid", 0, "N", "the subnet whose commitment is meant (89)", OPTION_INT, offsetof(struct key_options, netuid)},
    {.name = NULL},
};

struct who {
    uint8_t account[ACCOUNT_BYTES];
    unsigned prefix;
    bool is_file, can_sign;
    struct err why; /* why the file's secret could not be read */
};

static bool from_file(const char *path, struct who *out, struct err *e)
{
    struct wallet *w = mine_wallet_open(path, e);
    out->is_file = true;
    if (!w) {
        out->why = *e;
        return mine_wallet_public(path, out->account);
    }
    memcpy(out->account, w->public_key, sizeof out->account);
    out->can_sign = w->can_sign;
    mine_wallet_close(w);
    return true;
}

/* An address has neither a slash nor a dot; a file of such a name is meant with ./ in front. */
static bool looks_like_address(const char *word)
{
    size_t len = strlen(word);
    return len >= 44 && len <= 52 && strspn(word, "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz") == len;
}

static bool find_who(const char *word, struct who *out, struct err *e)
{
    *out = (struct who){.prefix = SS58_BITTENSOR};
    if (hex_fixed(bytes_of(word), out->account, sizeof out->account))
        return true;
    if (looks_like_address(word))
        return ss58_decode(bytes_of(word), out->account, &out->prefix, e);
    return mine_guard_secrets(e) && from_file(word, out, e);
}

static int tell(const struct who *who, uint16_t netuid)
{
    struct arena a = {0};
    struct scale_out key = {.arena = &a};
    char ss58[SS58_TEXT];
    commitment_key_usual(&key, netuid, who->account);
    struct bytes account = {(const char *)who->account, sizeof who->account};
    json_t *o = json_pack("{ss ss si ss si}", "ss58", ss58_encode(ss58, who->account, who->prefix), "public_key",
                          hex_text(&a, account), "prefix", (int)who->prefix, "storage_key",
                          hex_text(&a, scale_bytes(&key)), "netuid", (int)netuid);
    if (who->is_file)
        json_object_set_new(o, "can_sign", json_boolean(who->can_sign));
    if (who->why.text[0])
        json_object_set_new(o, "why", json_string(who->why.text));
    arena_release(&a);
    return mine_print(o);
}

int mine_key(int argc, char **argv)
{
    struct err e;
    struct key_options o = {NETUID_USUAL};
    struct who who;
    int words = mine_words(mine_key_options, argc, argv, 1, &o, &e);
    if (words < 0)
        return mine_complain(&e);
    if (words == 0 || o.netuid < 0 || o.netuid > NETUID_MOST) {
        err_set(&e, "say an address, a public key or a wallet file: davy-mine key ADDRESS|FILE [--netuid 0 to 65535]");
        return mine_complain(&e);
    }
    return find_who(argv[1], &who, &e) ? tell(&who, (uint16_t)o.netuid) : mine_failed(&e);
}
