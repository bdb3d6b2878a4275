/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/near.h"

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t near_distance(struct bytes a, struct bytes b)
{
    size_t cost[NEAR_WORD + 1];
    if (a.len > NEAR_WORD || b.len > NEAR_WORD)
        return SIZE_MAX;
    for (size_t j = 0; j <= b.len; j++)
        cost[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = cost[0];
        cost[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t change = diagonal + (a.at[i - 1] != b.at[j - 1]);
            diagonal = cost[j];
            cost[j] = least(change, least(cost[j], cost[j - 1]) + 1);
        }
    }
    return cost[b.len];
}

bool near_enough(struct bytes word, struct bytes other)
{
    size_t d = near_distance(word, other);
    return d <= NEAR_TYPO && d * 2 <= word.len;
}
