/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/names.h"

#include "base/utf8.h"
#include "history/grow.h"
#include "history/hash.h"

#include <string.h>

/* Aliases (raw spellings of one visible name) beyond this are not remembered, only resolved again each time. */
enum { ALIASES_MOST = 2 * NAMES_MOST };

static struct name_slot *slot_of(const struct names *n, uint64_t hash, struct bytes raw)
{
    size_t mask = n->slots - 1, at = (size_t)(hash ^ hash >> 32) & mask;
    for (;; at = (at + 1) & mask) {
        struct name_slot *s = &n->slot[at];
        if (!s->hash || (s->hash == hash && bytes_equal((struct bytes){s->raw, s->raw_len}, raw)))
            return s;
    }
}

static void make_room(struct names *n)
{
    if (n->slots && n->used < n->slots / 2)
        return;
    struct names old = *n;
    n->slots = old.slots ? old.slots * 2 : 64;
    n->slot = grow_new(n->slots, sizeof *n->slot);
    for (size_t i = 0; i < old.slots; i++) {
        struct name_slot *s = &old.slot[i];
        if (s->hash)
            *slot_of(n, s->hash, (struct bytes){s->raw, s->raw_len}) = *s;
    }
    grow_free(old.slot);
}

static void remember(struct names *n, uint64_t hash, struct bytes raw, uint16_t index)
{
    if (n->used >= ALIASES_MOST)
        return;
    make_room(n);
    *slot_of(n, hash, raw) = (struct name_slot){hash, arena_copy(&n->text, raw), raw.len, index};
    n->used++;
}

static uint16_t add(struct names *n, struct bytes safe)
{
    if (n->count >= NAMES_MOST) {
        if (!n->other) {
            n->safe = grow_to(n->safe, &n->cap, n->count + 1, sizeof *n->safe);
            n->safe[n->count] = "other";
            n->other = (uint16_t)n->count++;
        }
        return n->other;
    }
    if (n->count == 0) {
        n->safe = grow_to(n->safe, &n->cap, 1, sizeof *n->safe);
        n->safe[n->count++] = "";
    }
    n->safe = grow_to(n->safe, &n->cap, n->count + 1, sizeof *n->safe);
    n->safe[n->count] = arena_copy(&n->text, safe);
    return (uint16_t)n->count++;
}

/* The index of a visible text; it is its own raw spelling, because text_safe() is idempotent. */
static uint16_t put_safe(struct names *n, struct bytes safe)
{
    if (safe.len == 0 || bytes_is(safe, "unknown"))
        return 0;
    make_room(n);
    uint64_t hash = hash_bytes(safe);
    const struct name_slot *s = slot_of(n, hash, safe);
    if (s->hash)
        return s->index;
    uint16_t index = add(n, safe);
    if (index != n->other || n->other == 0)
        remember(n, hash, safe, index);
    return index;
}

static uint16_t put(struct names *n, struct bytes text)
{
    if (text.len == 0)
        return 0;
    make_room(n);
    uint64_t hash = hash_bytes(text);
    const struct name_slot *s = slot_of(n, hash, text);
    if (s->hash)
        return s->index;
    struct arena scratch = {0};
    struct bytes safe = bytes_of(text_safe(&scratch, text, NAME_CELLS));
    uint16_t index = put_safe(n, safe);
    if (!bytes_equal(safe, text))
        remember(n, hash, text, index);
    arena_release(&scratch);
    return index;
}

static inline uint64_t word(const char *at)
{
    uint64_t w;
    memcpy(&w, at, sizeof w);
    return w;
}

static inline struct name_near near_of(struct bytes text)
{
    const char *last = text.at + text.len - NEAR_SHORT;
    bool more = text.len > 2 * NEAR_SHORT;
    return (struct name_near){
        .word = {word(text.at), word(last), more ? word(text.at + NEAR_SHORT) : 0, more ? word(last - NEAR_SHORT) : 0},
        .len = (uint32_t)text.len};
}

static inline bool is_near(const struct name_near *a, const struct name_near *b)
{
    return ((a->word[0] ^ b->word[0]) | (a->word[1] ^ b->word[1]) | (a->word[2] ^ b->word[2]) |
            (a->word[3] ^ b->word[3]) | (a->len ^ b->len)) == 0;
}

uint16_t names_put(struct names *n, struct bytes text)
{
    if (text.len < NEAR_SHORT || text.len > NEAR_LONG)
        return put(n, text);
    struct name_near key = near_of(text);
    struct name_near *at = &n->near[(key.word[0] ^ key.word[1]) * 0x9e3779b97f4a7c15u >> 58];
    if (is_near(at, &key))
        return at->index;
    *at = key;
    at->index = put(n, text);
    return at->index;
}

const char *names_get(const struct names *n, uint16_t index)
{
    return index < n->count ? n->safe[index] : "";
}

void names_release(struct names *n)
{
    arena_release(&n->text);
    grow_free(n->slot);
    grow_free(n->safe);
    *n = (struct names){0};
}
