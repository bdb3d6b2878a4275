/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SCALE, the chain's binary format: integers little-endian, lengths as compact integers, no names and no types in the bytes.
 * A reader takes from the front of a run; what is too short sets `bad`, after which everything read is 0 or empty, so a
 * decoder looks once at its end. A writer appends to memory of an arena. */
#ifndef DAVY_CHAIN_SCALE_H
#define DAVY_CHAIN_SCALE_H

#include "base/arena.h"

struct scale_in {
    struct bytes rest; /* what was not read yet */
    bool bad;          /* something was missing or not canonical */
};
struct scale_in scale_from(struct bytes in);
struct bytes scale_take(struct scale_in *s, size_t bytes); /* so many bytes as they are */
uint64_t scale_uint(struct scale_in *s, size_t bytes);     /* fixed width, 1..8 bytes */
bool scale_bool(struct scale_in *s);                       /* one byte, 0 or 1 */
uint64_t scale_compact(struct scale_in *s);                /* at most 64 bits */
struct bytes scale_compact_raw(struct scale_in *s);        /* any width: all bytes of it, also those of the length */
struct bytes scale_vector(struct scale_in *s);             /* Vec<u8>, String: the bytes behind a compact length */
/* The count of a vector whose items have at least item_bytes (1 when not known): never more than the rest can hold. */
size_t scale_count(struct scale_in *s, size_t item_bytes);
bool scale_option(struct scale_in *s);     /* true: Some, its value follows */
bool scale_done(const struct scale_in *s); /* nothing bad and nothing left */

struct scale_out {
    struct arena *arena;
    uint8_t *at;
    size_t len, room;
};
void scale_put(struct scale_out *o, struct bytes raw);
void scale_put_uint(struct scale_out *o, uint64_t v, size_t bytes);
void scale_put_compact(struct scale_out *o, uint64_t v);
void scale_put_vector(struct scale_out *o, struct bytes raw); /* compact length, then the bytes */
struct bytes scale_bytes(const struct scale_out *o);

#endif
