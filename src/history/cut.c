/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/cut.h"

#include "history/history_private.h"

void history_cut(struct history *h, uint64_t offset, uint64_t lines)
{
    history_break(h);
    h->split.offset = offset;
    h->split.begun = offset > 0;
    h->line_in_file = lines;
}
