/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes one after the other, out and in: the fold's memory as a file of this machine (its byte order, its sizes). */
#ifndef DAVY_HISTORY_PACK_H
#define DAVY_HISTORY_PACK_H

#include "base/bytes.h"

struct pack { /* all zero is empty; at is grow.h's */
    char *at;
    size_t len, cap;
};
void pack_put(struct pack *p, const void *from, size_t len);
void pack_number(struct pack *p, uint64_t value);
void pack_text(struct pack *p, struct bytes text);

struct unpack {
    struct bytes rest;
    bool bad; /* it asked for more than there was; everything after it is zero */
};
void unpack_get(struct unpack *u, void *to, size_t len);
uint64_t unpack_number(struct unpack *u);
uint64_t unpack_count(struct unpack *u, size_t size); /* of items of that size, all of which are there; else bad */
struct bytes unpack_text(struct unpack *u);           /* a piece of the input */

#endif
