/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/era.h"

static uint32_t quantum(uint32_t period)
{
    return period >> 12 ? period >> 12 : 1;
}

static unsigned exponent(uint32_t period)
{
    unsigned n = 0;
    while (period >> (n + 1))
        n++;
    return n;
}

struct era era_at(uint64_t block, uint32_t period)
{
    uint32_t wide = ERA_SHORTEST;
    while (wide < period && wide < ERA_LONGEST)
        wide *= 2;
    uint32_t phase = (uint32_t)(block % wide);
    return (struct era){wide, phase / quantum(wide) * quantum(wide)};
}

uint64_t era_birth(struct era era, uint64_t block)
{
    if (era.period == 0)
        return 0;
    uint64_t from = block > era.phase ? block : era.phase;
    return (from - era.phase) / era.period * era.period + era.phase;
}

uint64_t era_death(struct era era, uint64_t block)
{
    return era.period ? era_birth(era, block) + era.period : UINT64_MAX;
}

void era_write(struct scale_out *o, struct era era)
{
    if (era.period == 0) {
        scale_put_uint(o, 0, 1);
        return;
    }
    unsigned low = exponent(era.period) - 1;
    low = low < 1 ? 1 : low > 15 ? 15 : low;
    scale_put_uint(o, low | (uint64_t)(era.phase / quantum(era.period)) << 4, 2);
}

struct era era_read(struct scale_in *s)
{
    uint64_t first = scale_uint(s, 1);
    if (first == 0)
        return (struct era){0, 0};
    uint64_t both = first | scale_uint(s, 1) << 8;
    struct era era = {.period = 2u << (both & 15)};
    era.phase = (uint32_t)(both >> 4) * quantum(era.period);
    if (era.period < ERA_SHORTEST || era.phase >= era.period)
        s->bad = true;
    return era;
}
