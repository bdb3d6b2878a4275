/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/ids.h"

#include "history/grow.h"

static size_t place_of(const struct ids *ids, uint64_t hash)
{
    return (size_t)(hash ^ hash >> 29) & (ids->slots - 1);
}

static struct id_slot *slot_of(const struct ids *ids, uint64_t hash)
{
    size_t mask = ids->slots - 1, at = place_of(ids, hash);
    while (ids->slot[at].hash && ids->slot[at].hash != hash)
        at = (at + 1) & mask;
    return &ids->slot[at];
}

static void resize(struct ids *ids, size_t slots)
{
    struct ids old = *ids;
    ids->slots = slots;
    ids->slot = grow_new(slots, sizeof *ids->slot);
    for (size_t i = 0; i < old.slots; i++)
        if (old.slot[i].hash)
            *slot_of(ids, old.slot[i].hash) = old.slot[i];
    grow_free(old.slot);
}

void ids_reserve(struct ids *ids, size_t count)
{
    size_t slots = 1024;
    while (slots / 3 * 2 <= count)
        slots *= 2;
    resize(ids, slots);
}

struct id_slot *ids_get(struct ids *ids, uint64_t hash)
{
    if (ids->count >= ids->slots / 3 * 2)
        resize(ids, ids->slots ? ids->slots * 2 : 1024);
    struct id_slot *s = slot_of(ids, hash);
    if (!s->hash) {
        s->hash = hash;
        ids->count++;
    }
    return s;
}

void ids_expect(const struct ids *ids, uint64_t hash)
{
    if (ids->slots > 0)
        __builtin_prefetch(&ids->slot[place_of(ids, hash)], 1);
}

const struct id_slot *ids_find(const struct ids *ids, uint64_t hash)
{
    const struct id_slot *s = ids->slots ? slot_of(ids, hash) : NULL;
    return s && s->hash ? s : NULL;
}

static bool is_awaiting(unsigned seen)
{
    return (seen & (ID_EXECUTED | ID_ANSWERED)) == ID_EXECUTED;
}

void ids_mark(struct ids *ids, struct id_slot *slot, unsigned seen)
{
    bool before = is_awaiting(ids_seen(slot));
    slot->state |= seen;
    bool after = is_awaiting(ids_seen(slot));
    ids->awaiting = ids->awaiting - before + after;
}

void ids_line(struct id_slot *slot, uint64_t line)
{
    slot->state = line << ID_SEEN_BITS | ids_seen(slot);
}

static bool is_old(const struct id_slot *s, uint64_t records, uint64_t others)
{
    return ids_line_of(s) < (ids_seen(s) & ID_RECORD ? records : others);
}

/* In place, each one put where it belongs now, from behind a free slot on: then no one moves over one that comes later. */
void ids_prune(struct ids *ids, uint64_t records, uint64_t others)
{
    size_t free_slot = 0, mask = ids->slots - 1;
    if (ids->slots == 0)
        return;
    while (ids->slot[free_slot].hash)
        free_slot++;
    ids->count = 0;
    ids->awaiting = 0;
    for (size_t i = 1; i < ids->slots; i++) {
        struct id_slot *from = &ids->slot[(free_slot + i) & mask], s = *from;
        if (!s.hash)
            continue;
        *from = (struct id_slot){0};
        if (is_old(&s, records, others))
            continue;
        *slot_of(ids, s.hash) = s;
        ids->count++;
        ids->awaiting += is_awaiting(ids_seen(&s));
    }
}

void ids_release(struct ids *ids)
{
    grow_free(ids->slot);
    *ids = (struct ids){0};
}
