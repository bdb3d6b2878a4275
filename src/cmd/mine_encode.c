/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-mine encode: what a configuration would publish. */
#include "cmd/mine.h"

#include "auction/commitment.h"
#include "base/file.h"

#include <string.h>

enum { CONFIG_MOST = 1 << 20 };

static int encode(struct arena *a, const char *path)
{
    struct err e;
    struct bytes toml;
    struct file_stat s;
    if (!file_read(a, path, CONFIG_MOST, &toml, &s, &e))
        return mine_failed(&e);
    const struct auction_config *c = auction_config_parse(a, toml, path, &e);
    if (!c)
        return mine_failed(&e);
    struct err why;
    const char *text = mine_wants_v1(c) ? commitment_text_v1(a, c, &why) : commitment_text(a, c, &why);
    if (!text) {
        err_set(&e, "%s: %.250s", path, why.text);
        return mine_failed(&e);
    }
    if (c->warning)
        fprintf(stderr, "davy-mine: %s: %s\n", path, c->warning);
    return mine_print(json_pack("{ss sI}", "text", text, "bytes", (json_int_t)strlen(text)));
}

int mine_encode(int argc, char **argv)
{
    struct err e;
    struct arena a = {0};
    int words = mine_words(NULL, argc, argv, 1, NULL, &e);
    if (words < 0)
        return mine_complain(&e);
    int code = encode(&a, words > 0 ? argv[1] : "config.toml");
    arena_release(&a);
    return code;
}
