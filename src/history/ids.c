/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/ids.h"

#include "history/grow.h"

void ids_resize(struct ids *ids, size_t slots)
{
    struct ids old = *ids;
    ids->slots = slots;
    ids->slot = grow_new(slots, sizeof *ids->slot);
    for (size_t i = 0; i < old.slots; i++)
        if (old.slot[i].hash)
            *ids_slot(ids, old.slot[i].hash) = old.slot[i];
    grow_free(old.slot);
}

void ids_reserve(struct ids *ids, size_t count)
{
    size_t slots = 1024;
    while (slots / 3 * 2 <= count)
        slots *= 2;
    ids_resize(ids, slots);
}

const struct id_slot *ids_find(const struct ids *ids, uint64_t hash)
{
    const struct id_slot *s = ids->slots ? ids_slot(ids, hash) : NULL;
    return s && s->hash ? s : NULL;
}

/* Without a branch: which ones are old is as good as random. */
static inline uint64_t stays(const struct id_slot *s, uint64_t records, uint64_t others)
{
    uint64_t has_record = -(s->state / ID_RECORD & 1);
    uint64_t from = others ^ ((records ^ others) & has_record);
    return -(uint64_t)((ids_line_of(s) >= from) & (s->hash != 0));
}

static void clear_old(struct ids *ids, uint64_t records, uint64_t others)
{
    uint64_t count = 0, awaiting = 0;
    for (size_t i = 0; i < ids->slots; i++) {
        struct id_slot *s = &ids->slot[i];
        uint64_t mask = stays(s, records, others);
        s->hash &= mask;
        s->state &= mask;
        count -= mask;
        awaiting += ids_awaits(ids_seen(s));
    }
    ids->count = (size_t)count;
    ids->awaiting = awaiting;
}

/* In place: what does not stand where it would like to goes as near to there as it can now. From behind a free slot on, so
 * that no one moves over one that comes later. */
void ids_prune(struct ids *ids, uint64_t records, uint64_t others)
{
    size_t free_slot = 0, mask = ids->slots - 1;
    if (ids->slots == 0)
        return;
    clear_old(ids, records, others);
    while (ids->slot[free_slot].hash)
        free_slot++;
    for (size_t i = 1; i < ids->slots; i++) {
        size_t at = (free_slot + i) & mask;
        struct id_slot s = ids->slot[at];
        if (s.hash == 0 || ids_place(ids, s.hash) == at)
            continue;
        ids->slot[at] = (struct id_slot){0};
        *ids_slot(ids, s.hash) = s;
    }
}

void ids_release(struct ids *ids)
{
    grow_free(ids->slot);
    *ids = (struct ids){0};
}
