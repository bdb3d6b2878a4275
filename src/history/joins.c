/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/joins.h"

/* A record of a known task: which of the two counts? The later one; but a line without a score never takes the place
 * of one with a score, and then is itself the one that does not count. */
static bool takes_over(struct joins *j, struct store *store, const struct id_slot *id, const struct join *line)
{
    if (!(id->seen & ID_RECORD))
        return true;
    j->duplicates++;
    bool loses = (id->seen & ID_SCORED) && !(line->seen & ID_SCORED);
    if (loses)
        store_replace(store, line->t_ms, line->line);
    else
        store_replace(store, id->t_ms, id->line);
    return !loses;
}

static void join_record(struct joins *j, struct store *store, struct id_slot *id, const struct join *line)
{
    ids_mark(&j->ids, id, ID_ANSWERED);
    if (!takes_over(j, store, id, line))
        return;
    ids_mark(&j->ids, id, line->seen);
    id->t_ms = line->t_ms;
    id->line = line->line;
}

static void join_one(struct joins *j, struct store *store)
{
    const struct join *line = &j->wait[j->done++ % JOINS_WAIT];
    struct id_slot *id = ids_get(&j->ids, line->hash);
    if (line->seen & ID_RECORD) {
        join_record(j, store, id, line);
        return;
    }
    if (!(id->seen & ID_RECORD))
        id->line = line->line;
    ids_mark(&j->ids, id, line->seen);
}

void joins_put(struct joins *j, struct store *store, const struct join *line)
{
    if (line->hash == 0)
        return;
    if (j->put - j->done == JOINS_WAIT)
        join_one(j, store);
    ids_expect(&j->ids, line->hash);
    j->wait[j->put++ % JOINS_WAIT] = *line;
}

void joins_settle(struct joins *j, struct store *store)
{
    while (j->done < j->put)
        join_one(j, store);
}
