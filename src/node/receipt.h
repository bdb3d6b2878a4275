/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a coordinator signs when it accepts a result, and how far it can be believed. The signature is Ed25519 over the canonical
 * text of the receipt without `signature` and `attestations`; it counts only when made with a key that was pinned before: the
 * key that a receipt names itself proves nothing. A bad receipt never loses the job. */
#ifndef DAVY_NODE_RECEIPT_H
#define DAVY_NODE_RECEIPT_H

#include "node/tree.h"

enum { RECEIPT_KEY = 32, RECEIPT_SIGNATURE = 64, RECEIPT_ID = 128 };

struct receipt_trust {
    const uint8_t (*key)[RECEIPT_KEY]; /* pinned public keys */
    size_t keys;
    const char *provider; /* the node's public id; NULL: not compared */
    const char *job_id;   /* the job it must be of; NULL: not compared */
    bool accept_prehash;  /* also a signature over the SHA-256 of the text */
};

struct receipt {
    char id[RECEIPT_ID + 1], job_id[RECEIPT_ID + 1];
    uint8_t key[RECEIPT_KEY]; /* the one it names; zeros when it names none */
    bool verified;
    const char *reason; /* why not: a word for the ledger, lower case; NULL when verified */
    bool priced;        /* price_micro is known */
    int64_t price_micro;
    int64_t completed_at_s; /* 0: not told */
};

/* false with the sentence: no JSON object. Everything else that is wrong is `reason`, the first of: no_signature, algorithm,
 * unknown_key, bad_signature, other_job, other_provider, no_price, price_mismatch (from units * unit_price by more than one
 * millionth), negative, time_order. */
bool receipt_read(struct arena *a, struct bytes in, const struct receipt_trust *trust, struct receipt *out,
                  struct err *e);

/* The bytes that are signed. */
struct bytes receipt_canonical(struct arena *a, const struct tree *root);
/* Base64url without padding, as keys and signatures are written. */
bool receipt_decode(struct bytes text, uint8_t *out, size_t bytes);
char *receipt_encode(struct arena *a, const uint8_t *in, size_t bytes);
void receipt_sha256(char out[65], struct bytes in); /* hexadecimal */

#endif
