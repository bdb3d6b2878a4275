/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The permutation of FIPS 202. */
#include "chain/merlin.h"

enum { ROUNDS = 24 };

static uint64_t rotate(uint64_t v, unsigned by)
{
    return by ? v << by | v >> (64 - by) : v;
}

static void theta(uint64_t lane[25])
{
    uint64_t column[5];
    for (size_t x = 0; x < 5; x++)
        column[x] = lane[x] ^ lane[x + 5] ^ lane[x + 10] ^ lane[x + 15] ^ lane[x + 20];
    for (size_t i = 0; i < 25; i++)
        lane[i] ^= column[(i + 4) % 5] ^ rotate(column[(i + 1) % 5], 1);
}

static void rho_pi(uint64_t out[25], const uint64_t lane[25])
{
    static const uint8_t turn[25] = {0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                     25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};
    for (size_t y = 0; y < 5; y++)
        for (size_t x = 0; x < 5; x++)
            out[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(lane[x + 5 * y], turn[x + 5 * y]);
}

static void chi(uint64_t lane[25], const uint64_t in[25])
{
    for (size_t y = 0; y < 25; y += 5)
        for (size_t x = 0; x < 5; x++)
            lane[y + x] = in[y + x] ^ (~in[y + (x + 1) % 5] & in[y + (x + 2) % 5]);
}

void keccak_f1600(uint64_t lane[25])
{
    static const uint64_t iota[ROUNDS] = {
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B,
        0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088,
        0x0000000080008009, 0x000000008000000A, 0x000000008000808B, 0x800000000000008B, 0x8000000000008089,
        0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
        0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};
    uint64_t moved[25];
    for (size_t round = 0; round < ROUNDS; round++) {
        theta(lane);
        rho_pi(moved, lane);
        chi(lane, moved);
        lane[0] ^= iota[round];
    }
}
