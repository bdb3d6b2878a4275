/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Seeded chance: the same seed gives the same rig, byte for byte. xorshift64*, good enough for scenery, never for keys. */
#ifndef DAVY_SIM_RANDOM_H
#define DAVY_SIM_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

struct sim_random {
    uint64_t state; /* never 0 */
};

void random_seed(struct sim_random *r, uint64_t seed);
uint64_t random_next(struct sim_random *r);
double random_unit(struct sim_random *r);                                /* 0 <= x < 1 */
int64_t random_between(struct sim_random *r, int64_t low, int64_t high); /* both inclusive */
bool random_chance(struct sim_random *r, double probability);
double random_normal(struct sim_random *r);                             /* mean 0, deviation 1, at most 6 away */
double random_wait(struct sim_random *r, double mean);                  /* exponential, at most 6 means */
int random_pick(struct sim_random *r, const double *weight, int count); /* an index, by weight */

#endif
