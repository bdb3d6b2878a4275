/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_setup.h"

#include "auction/commitment.h"
#include "base/file.h"
#include "cmd/mine.h"
#include "cmd/mine_route.h"
#include "cmd/mine_wallet.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { CONFIG_MOST = 1 << 20 };

bool mine_wants_v1(const struct auction_config *c)
{
    static const char *const yes[] = {"1", "on", "true", "yes"};
    struct bytes word = bytes_trim(bytes_of(getenv("APS_MINER_ALLOW_V1")));
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        if (c->is_list && word.len == strlen(yes[i]) && strncasecmp(word.at, yes[i], word.len) == 0)
            return true;
    return false;
}

static bool read_endpoints(struct arena *a, struct mine_setup *s, struct err *e)
{
    const char *word[MINE_ENDPOINTS_MOST + 1] = {s->config->network};
    size_t count = 1;
    struct err why;
    for (size_t i = 0; s->mine->endpoints[i]; i++)
        word[count++] = s->mine->endpoints[i];
    return endpoints_of(a, word, count, &s->endpoints, &why) ||
           err_set(e, "%s: bittensor.network, or mine.endpoints: %.220s", s->path, why.text);
}

bool mine_setup_read(struct arena *a, const char *path, struct mine_setup *out, struct err *e)
{
    struct bytes toml;
    struct file_stat st;
    struct mine_setup s = {.path = path};
    if (!file_read(a, path, CONFIG_MOST, &toml, &st, e) || !(s.config = auction_config_parse(a, toml, path, e)) ||
        !(s.mine = mine_config_parse(a, toml, path, mine_env, e)) || !read_endpoints(a, &s, e))
        return false;
    if (s.config->netuid < 0 || s.config->netuid > UINT16_MAX)
        return err_set(e, "%s: bittensor.netuid must be 0 to 65535", path);
    struct err why = {""};
    s.text = mine_wants_v1(s.config) ? commitment_text_v1(a, s.config, &why) : commitment_text(a, s.config, &why);
    if (!s.text)
        err_set(&s.unbuilt, "%s: %.250s", path, why.text);
    s.wallet = mine_wallet_path(a, s.config->wallet_directory, s.config->wallet_name, s.config->hotkey_name);
    *out = s;
    return true;
}

void mine_setup_account(struct mine_setup *s)
{
    if (!mine_wallet_public(s->wallet, s->account)) {
        struct wallet *w = mine_guard_secrets(&s->nobody) ? mine_wallet_open(s->wallet, &s->nobody) : NULL;
        if (!w)
            return;
        memcpy(s->account, w->public_key, sizeof s->account);
        mine_wallet_close(w);
    }
    s->has_account = true;
    ss58_encode(s->hotkey, s->account, SS58_BITTENSOR);
}
