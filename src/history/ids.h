/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known about each task_id: which of its lines counts, and whether it was executed without a score so far. By
 * hash (64 bits: two ids in a million million collide), so ids of any length cost the same. */
#ifndef DAVY_HISTORY_IDS_H
#define DAVY_HISTORY_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum id_seen {
    ID_EXECUTED = 1, /* a type E line */
    ID_ANSWERED = 2, /* a type S line of any class */
    ID_RECORD = 4,   /* ... with a usable time: line is of the record that counts */
    ID_SCORED = 8    /* ... and that record has a score */
};
enum { ID_SEEN_BITS = 4 };
struct id_slot {    /* small: a history of a year has a hundred thousand of them, and each line asks for one */
    uint64_t hash;  /* 0: free */
    uint64_t state; /* line << ID_SEEN_BITS | enum id_seen, or-ed */
};
struct ids {              /* all zero is empty */
    struct id_slot *slot; /* open addressing; grow.h */
    size_t slots, count;
    uint64_t awaiting; /* executed and not answered */
};

void ids_resize(struct ids *ids, size_t slots);  /* for ids_get() */
void ids_reserve(struct ids *ids, size_t count); /* room for that many without moving */
const struct id_slot *ids_find(const struct ids *ids, uint64_t hash);
static inline unsigned ids_seen(const struct id_slot *slot)
{
    return slot->state & ((1u << ID_SEEN_BITS) - 1);
}
static inline uint64_t ids_line_of(const struct id_slot *slot)
{
    return slot->state >> ID_SEEN_BITS;
}
static inline bool ids_awaits(unsigned seen)
{
    return (seen & (ID_EXECUTED | ID_ANSWERED)) == ID_EXECUTED;
}

static inline size_t ids_place(const struct ids *ids, uint64_t hash)
{
    return (size_t)(hash ^ hash >> 29) & (ids->slots - 1);
}

static inline struct id_slot *ids_slot(const struct ids *ids, uint64_t hash)
{
    size_t mask = ids->slots - 1, at = ids_place(ids, hash);
    while (ids->slot[at].hash && ids->slot[at].hash != hash)
        at = (at + 1) & mask;
    return &ids->slot[at];
}

/* Made when absent; valid until the next call. */
static inline struct id_slot *ids_get(struct ids *ids, uint64_t hash)
{
    if (ids->count >= ids->slots / 3 * 2)
        ids_resize(ids, ids->slots ? ids->slots * 2 : 1024);
    struct id_slot *s = ids_slot(ids, hash);
    ids->count += s->hash == 0;
    s->hash = hash;
    return s;
}

/* It will be asked for soon. Inlined always: as a call it would look useless, and be left out. */
static inline __attribute__((always_inline)) void ids_expect(const struct ids *ids, uint64_t hash)
{
    if (ids->slots > 0)
        __builtin_prefetch(&ids->slot[ids_place(ids, hash)], 1);
}

/* Keeps awaiting right. */
static inline void ids_mark(struct ids *ids, struct id_slot *slot, unsigned seen)
{
    bool before = ids_awaits(ids_seen(slot));
    slot->state |= seen;
    ids->awaiting = ids->awaiting - before + ids_awaits(ids_seen(slot));
}

/* Of the newest line of this id that mattered. */
static inline void ids_line(struct id_slot *slot, uint64_t line)
{
    slot->state = line << ID_SEEN_BITS | ids_seen(slot);
}

/* Forgets ids whose record is of a line before records, and those without a record from before the line others. */
void ids_prune(struct ids *ids, uint64_t records, uint64_t others);
void ids_release(struct ids *ids);

#endif
