/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/merlin.h"

#include <sodium.h>
#include <string.h>

enum { RATE = 166, FLAG_I = 1, FLAG_A = 2, FLAG_C = 4, FLAG_M = 16, FLAG_K = 32 };
enum { META_AD = FLAG_M | FLAG_A, AD = FLAG_A, PRF = FLAG_I | FLAG_A | FLAG_C, KEY = FLAG_A | FLAG_C };

static void permute(uint8_t state[KECCAK_BYTES])
{
    uint64_t lane[25] = {0};
    for (size_t i = 0; i < KECCAK_BYTES; i++)
        lane[i / 8] |= (uint64_t)state[i] << (8 * (i % 8));
    keccak_f1600(lane);
    for (size_t i = 0; i < KECCAK_BYTES; i++)
        state[i] = (uint8_t)(lane[i / 8] >> (8 * (i % 8)));
    sodium_memzero(lane, sizeof lane);
}

static void run_f(struct merlin *m)
{
    m->state[m->pos] ^= m->pos_begin;
    m->state[m->pos + 1] ^= 0x04;
    m->state[RATE + 1] ^= 0x80;
    permute(m->state);
    m->pos = m->pos_begin = 0;
}

static void absorb(struct merlin *m, struct bytes in)
{
    for (size_t i = 0; i < in.len; i++) {
        m->state[m->pos++] ^= (uint8_t)in.at[i];
        if (m->pos == RATE)
            run_f(m);
    }
}

static void overwrite(struct merlin *m, const uint8_t *in, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        m->state[m->pos++] = in[i];
        if (m->pos == RATE)
            run_f(m);
    }
}

static void squeeze(struct merlin *m, uint8_t *out, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        out[i] = m->state[m->pos];
        m->state[m->pos++] = 0;
        if (m->pos == RATE)
            run_f(m);
    }
}

static void begin(struct merlin *m, uint8_t flags)
{
    char head[2] = {(char)m->pos_begin, (char)flags};
    m->pos_begin = (uint8_t)(m->pos + 1);
    absorb(m, (struct bytes){head, 2});
    if ((flags & (FLAG_C | FLAG_K)) && m->pos)
        run_f(m);
}

/* What comes next: its label, and how long it is. */
static void announce(struct merlin *m, const char *label, size_t len)
{
    char size[4] = {(char)(len & 0xff), (char)(len >> 8 & 0xff), (char)(len >> 16 & 0xff), (char)(len >> 24 & 0xff)};
    begin(m, META_AD);
    absorb(m, bytes_of(label));
    absorb(m, (struct bytes){size, sizeof size});
}

void merlin_append(struct merlin *m, const char *label, struct bytes message)
{
    announce(m, label, message.len);
    begin(m, AD);
    absorb(m, message);
}

void merlin_init(struct merlin *m, const char *label)
{
    static const uint8_t first[18] = {1,   RATE + 2, 1,   0,   1,   96,  'S', 'T', 'R',
                                      'O', 'B',      'E', 'v', '1', '.', '0', '.', '2'};
    *m = (struct merlin){0};
    memcpy(m->state, first, sizeof first);
    permute(m->state);
    begin(m, META_AD);
    absorb(m, bytes_of("Merlin v1.0"));
    merlin_append(m, "dom-sep", bytes_of(label));
}

void merlin_challenge(struct merlin *m, const char *label, uint8_t *out, size_t len)
{
    announce(m, label, len);
    begin(m, PRF);
    squeeze(m, out, len);
}

void merlin_witness(const struct merlin *m, const char *label, const uint8_t secret[32], const uint8_t random[32],
                    uint8_t *out, size_t len)
{
    struct merlin own = *m;
    announce(&own, label, 32);
    begin(&own, KEY);
    overwrite(&own, secret, 32);
    begin(&own, META_AD);
    absorb(&own, bytes_of("rng"));
    begin(&own, KEY);
    overwrite(&own, random, 32);
    merlin_challenge(&own, "", out, len);
    sodium_memzero(&own, sizeof own);
}
