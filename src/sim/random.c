/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/random.h"

#include <math.h>

void random_seed(struct sim_random *r, uint64_t seed)
{
    /* one round of splitmix64, so that seeds 1, 2, 3 do not start alike */
    uint64_t z = seed + 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    r->state = z ? z : 1;
}

uint64_t random_next(struct sim_random *r)
{
    uint64_t x = r->state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    r->state = x;
    return x * 0x2545F4914F6CDD1Du;
}

double random_unit(struct sim_random *r)
{
    return (double)(random_next(r) >> 11) * 0x1.0p-53;
}

int64_t random_between(struct sim_random *r, int64_t low, int64_t high)
{
    return low + (int64_t)(random_unit(r) * (double)(high - low + 1));
}

bool random_chance(struct sim_random *r, double probability)
{
    return random_unit(r) < probability;
}

double random_normal(struct sim_random *r)
{
    double sum = -6; /* twelve uniforms: close enough to a bell, and bounded */
    for (int i = 0; i < 12; i++)
        sum += random_unit(r);
    return sum;
}

double random_wait(struct sim_random *r, double mean)
{
    double x = -log(1 - random_unit(r));
    return mean * (x < 6 ? x : 6);
}

int random_pick(struct sim_random *r, const double *weight, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += weight[i];
    double at = random_unit(r) * sum;
    for (int i = 0; i < count - 1; i++) {
        at -= weight[i];
        if (at < 0)
            return i;
    }
    return count - 1;
}
