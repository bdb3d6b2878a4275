/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/joins.h"

bool joins_forgot(const struct joins *j, const struct id_slot *id)
{
    return (ids_seen(id) & ID_RECORD) && ids_line_of(id) < j->records_from;
}

/* A record of a known task: which of the two counts? The later one; but a line without a score never takes the place
 * of one with a score, and then is itself the one that does not count. */
static bool takes_over(struct joins *j, struct store *store, const struct id_slot *id, const struct join *line)
{
    if (!(ids_seen(id) & ID_RECORD))
        return true;
    j->duplicates++;
    bool loses = (ids_seen(id) & ID_SCORED) && !(line->seen & ID_SCORED);
    store_replace(store, loses ? line->line : ids_line_of(id));
    return !loses;
}

static void join_record(struct joins *j, struct store *store, struct id_slot *id, const struct join *line)
{
    ids_mark(&j->ids, id, ID_ANSWERED);
    if (!takes_over(j, store, id, line))
        return;
    ids_mark(&j->ids, id, line->seen);
    ids_line(id, line->line);
}

static void join_one(struct joins *j, struct store *store)
{
    const struct join *line = &j->wait[j->done++ % JOINS_WAIT];
    struct id_slot *id = ids_get(&j->ids, line->hash);
    if (joins_forgot(j, id))
        id->state = 0;
    if (line->seen & ID_RECORD) {
        join_record(j, store, id, line);
        return;
    }
    if (!(ids_seen(id) & ID_RECORD))
        ids_line(id, line->line);
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
