/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/exact.h"

#include "auction/exact_chunk.h"

#include <string.h>

enum { FIRST_ROOM = 1024, STEPS_A_STATE = 4, LOOKS_A_STATE = 512 };

struct state {
    int64_t cost, value;
    uint32_t step; /* how it came to be; 0: the start */
};
struct step { /* one chunk put in or taken out, and what was before */
    uint32_t before, chunk;
};
struct states {
    struct state *state; /* by rising cost, and rising value */
    size_t count, room;
};
struct search {
    struct arena *arena;
    const struct chunks *chunks;
    int64_t capacity;
    size_t start;       /* chunks before this one are in at the start */
    size_t left, right; /* chunks not decided yet: below left, from right on */
    struct states now, next;
    struct step *step;
    size_t steps, step_room, states_most;
    size_t looks; /* states looked at: what bounds the time */
    struct state best;
    bool full; /* more would be needed than is allowed */
};

/* What is maximised: one unit of value is worth more than all cost. */
static __int128 worth(const struct search *s, int64_t cost, int64_t value)
{
    return ((__int128)s->capacity + 1) * value - cost;
}

/* amount * worth of a chunk / its cost, at least that; too large to be told: as much as there is. */
static __int128 share(const struct search *s, int64_t amount, const struct chunk *c, bool up)
{
    __int128 product, most = (__int128)1 << 126;
    if (__builtin_mul_overflow((__int128)amount, worth(s, c->cost, c->value), &product))
        return up ? most : 0;
    return product / c->cost + (up ? 1 : 0);
}

/* More than this no descendant of the state can be worth. */
static bool hopeless(const struct search *s, const struct state *x)
{
    __int128 most = worth(s, x->cost, x->value), best = worth(s, s->best.cost, s->best.value);
    if (x->cost <= s->capacity)
        return s->right == s->chunks->count ||
               most + share(s, s->capacity - x->cost, &s->chunks->chunk[s->right], true) <= best;
    return s->left == 0 || most - share(s, x->cost - s->capacity, &s->chunks->chunk[s->left - 1], false) <= best;
}

static bool is_better(const struct search *s, const struct state *x)
{
    return x->cost <= s->capacity && worth(s, x->cost, x->value) > worth(s, s->best.cost, s->best.value);
}

/* ---- room --------------------------------------------------------------------------------------------------------- */

static bool room_for_state(struct search *s, struct states *list)
{
    if (list->count < list->room)
        return true;
    if (list->count >= s->states_most)
        return false;
    size_t room = list->room > 0 ? list->room * 2 : FIRST_ROOM;
    list->state = arena_grow(s->arena, list->state, list->count * sizeof *list->state, room * sizeof *list->state);
    list->room = room;
    return true;
}

static bool room_for_step(struct search *s)
{
    if (s->steps < s->step_room)
        return true;
    if (s->steps >= s->states_most * STEPS_A_STATE)
        return false;
    size_t room = s->step_room > 0 ? s->step_room * 2 : FIRST_ROOM;
    s->step = arena_grow(s->arena, s->step, s->steps * sizeof *s->step, room * sizeof *s->step);
    s->step_room = room;
    return true;
}

/* ---- one chunk ---------------------------------------------------------------------------------------------------- */

/* x goes to the next list, unless a cheaper one there has as much, or nothing good can come of it. chunk: what made it; NULL
 * for one that stays as it was. Called with left and right already behind the chunk that is decided. */
static void keep(struct search *s, struct state x, const size_t *chunk)
{
    struct states *list = &s->next;
    bool better = is_better(s, &x);
    s->full = ++s->looks > s->states_most * LOOKS_A_STATE;
    if (list->count > 0 && list->state[list->count - 1].value >= x.value)
        return;
    if (!better && hopeless(s, &x))
        return;
    if (!room_for_state(s, list) || !room_for_step(s)) {
        s->full = true;
        return;
    }
    if (chunk) {
        s->step[s->steps] = (struct step){x.step, (uint32_t)*chunk};
        x.step = (uint32_t)s->steps++;
    }
    if (better)
        s->best = x;
    list->state[list->count++] = x;
}

static void swap(struct search *s)
{
    struct states old = s->now;
    s->now = s->next;
    s->next = old;
    s->next.count = 0;
}

/* Both lists of states, as they are and with the chunk put in (sign 1) or taken out (-1), merged by cost. */
static void decide(struct search *s, size_t chunk, int sign)
{
    const struct chunk *c = &s->chunks->chunk[chunk];
    const struct state *stay = s->now.state, *change = stay, *end = stay + s->now.count;
    while (!s->full && (stay < end || change < end)) {
        int64_t cost = change < end ? change->cost + sign * c->cost : INT64_MAX;
        if (stay < end && (stay->cost < cost || (stay->cost == cost && stay->value >= change->value + sign * c->value)))
            keep(s, *stay++, NULL);
        else {
            keep(s, (struct state){cost, change->value + sign * c->value, change->step}, &chunk);
            change++;
        }
    }
    swap(s);
}

static void begin(struct search *s)
{
    struct state x = {0};
    while (s->start < s->chunks->count && x.cost + s->chunks->chunk[s->start].cost <= s->capacity) {
        x.cost += s->chunks->chunk[s->start].cost;
        x.value += s->chunks->chunk[s->start++].value;
    }
    s->left = s->right = s->start;
    room_for_step(s);
    s->steps = 1; /* number 0 is the start */
    s->best = x;
    keep(s, x, NULL);
    swap(s);
}

static void search(struct search *s)
{
    begin(s);
    while (!s->full && s->now.count > 0 && (s->left > 0 || s->right < s->chunks->count)) {
        if (s->right < s->chunks->count)
            decide(s, s->right++, 1);
        if (s->left > 0 && !s->full)
            decide(s, --s->left, -1);
    }
}

/* ---- the answer --------------------------------------------------------------------------------------------------- */

static void take(const struct search *s, const bool *in, bool *taken)
{
    for (size_t i = 0; i < s->chunks->count; i++) {
        const struct chunk *c = &s->chunks->chunk[i];
        const uint32_t *item = s->chunks->order + s->chunks->first[c->group];
        while (in[i] && taken[*item])
            item++;
        for (uint32_t n = 0; in[i] && n < c->items; n++)
            taken[*item++] = true;
    }
}

bool exact_solve(struct arena *a, const struct items *all, size_t states_most, struct answer *out)
{
    struct chunks chunks = chunks_of(a, all);
    struct search s = {.arena = a, .chunks = &chunks, .capacity = all->capacity, .states_most = states_most};
    bool *in = arena_array(a, chunks.count + 1, sizeof *in);
    search(&s);
    memset(in, true, s.start);
    for (uint32_t at = s.best.step; at != 0; at = s.step[at].before)
        in[s.step[at].chunk] = !in[s.step[at].chunk];
    out->taken = arena_array(a, all->count + 1, sizeof *out->taken);
    take(&s, in, out->taken);
    answer_sum(all, out);
    return !s.full;
}
