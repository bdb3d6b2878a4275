/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-mine window: auction.md 2 for one block. */
#include "cmd/mine.h"

#include "auction/window.h"

enum { BLOCK_MOST = 1000000000, U16_MOST = 65535, TEMPO_USUAL = 360 };

struct window_options {
    int64_t netuid, tempo;
};
const struct option_row mine_window_options[] = {
    {"netuid", 0, "N", "the subnet's number (needed)", OPTION_INT, offsetof(struct window_options, netuid)},
    {"tempo", 0, "T", "blocks of the subnet's epoch, less one (360)", OPTION_INT,
     offsetof(struct window_options, tempo)},
    {.name = NULL},
};

static bool check(const struct window_options *o, struct err *e)
{
    if (o->netuid < 0 || o->netuid > U16_MOST)
        return err_set(e, "say the subnet: --netuid 0 to 65535");
    return (o->tempo >= 1 && o->tempo <= U16_MOST) || err_set(e, "--tempo must be 1 to 65535");
}

int mine_window(int argc, char **argv)
{
    struct err e;
    struct window_options o = {-1, TEMPO_USUAL};
    int64_t block = 0;
    int words = mine_words(mine_window_options, argc, argv, 1, &o, &e);
    if (words < 0)
        return mine_complain(&e);
    if (words == 0 || !bytes_i64(bytes_of(argv[1]), &block) || block < 0 || block > BLOCK_MOST) {
        err_set(&e, "say a block's number, 0 to %d: davy-mine window BLOCK --netuid N", BLOCK_MOST);
        return mine_complain(&e);
    }
    if (!check(&o, &e))
        return mine_complain(&e);
    struct window w = window_of(block, o.netuid, o.tempo);
    return mine_print(json_pack("{sI sI si sI sI sI sI sb}", "epoch_start", (json_int_t)w.epoch_start, "base",
                                (json_int_t)w.base, "index", w.index, "start", (json_int_t)w.start, "end",
                                (json_int_t)w.end, "blocks_to_next", (json_int_t)w.blocks_to_next, "seconds_to_next",
                                (json_int_t)w.seconds_to_next, "wait", (int)w.wait));
}
