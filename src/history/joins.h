/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of one task find each other by its id. A table of all ids is larger than the processor's caches, so a line waits
 * here for a few more lines while its slot of the table is on its way. Order is kept. */
#ifndef DAVY_HISTORY_JOINS_H
#define DAVY_HISTORY_JOINS_H

#include "history/ids.h"
#include "history/store.h"

enum { JOINS_WAIT = 16 };

struct join {
    uint64_t hash, line;
    uint8_t seen; /* enum id_seen: what the line says of its task; ID_RECORD: it has a record in the store */
};
struct joins { /* all zero is empty */
    struct join wait[JOINS_WAIT];
    size_t put, done; /* ever */
    struct ids ids;
    uint64_t records_from; /* records of lines before it were dropped: their ids are as good as forgotten */
    uint64_t duplicates;
};

void joins_put(struct joins *j, struct store *store, const struct join *line);
/* Its record was dropped, so nothing can replace it. */
bool joins_forgot(const struct joins *j, const struct id_slot *id);
void joins_settle(struct joins *j, struct store *store); /* all that wait, before anybody looks */

#endif
