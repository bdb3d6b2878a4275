/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON whose numbers stay as they were written. Receipts are signed over a text in which 1 and 1.0 differ and integers have any
 * size; jansson keeps neither. Strict RFC 8259 but for two things that Python does too: the last of duplicate keys wins, and a
 * lone surrogate in an escape is kept (as three bytes, WTF-8), so that a canonical text gets it back. */
#ifndef DAVY_NODE_TREE_H
#define DAVY_NODE_TREE_H

#include "base/arena.h"
#include "base/err.h"

enum tree_kind { TREE_NULL, TREE_FALSE, TREE_TRUE, TREE_NUMBER, TREE_TEXT, TREE_ARRAY, TREE_OBJECT };
struct tree {
    enum tree_kind kind;
    struct bytes text;        /* a text decoded; a number as written */
    struct bytes key;         /* of a member, decoded */
    const struct tree *first; /* of an array or object */
    const struct tree *next;
};

enum {
    TREE_DEPTH = 64,
    TREE_DIGITS = 4300
}; /* deeper, or an integer longer, is refused: the signer's Python refuses it too */

/* name is the document's name for the sentence ("receipt byte 31: expected a comma"). NULL on failure. Borrows from `in`
 * whatever needs no decoding. */
const struct tree *tree_read(struct arena *a, struct bytes in, const char *name, struct err *e);

/* The member, or NULL: absent, or o is no object (o may be NULL). */
const struct tree *tree_get(const struct tree *o, const char *key);
struct bytes tree_text(const struct tree *o, const char *key); /* empty: absent or no text */
bool tree_is(const struct tree *o, const char *key, const char *text);
bool tree_integer(const struct tree *o, const char *key,
                  int64_t *value); /* false: absent, no integer, or beyond 64 bits */

#endif
