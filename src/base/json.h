/* SPDX-License-Identifier: GPL-2.0-or-later */
/* jansson with the tolerances that files written by Python need: a BOM, CRLF, and the bare words NaN, Infinity and
 * -Infinity (read as null), integers beyond 64 bits and 1e999 (null). Trailing data is an error; the last of duplicate
 * keys wins; nesting is limited to 64. The result belongs to the caller: json_decref() before the decoder returns. */
#ifndef DAVY_BASE_JSON_H
#define DAVY_BASE_JSON_H

#include "base/arena.h"
#include "base/err.h"

#include <jansson.h>

/* name is the file's name for the sentence ("token-budgets.json line 3: ..."). NULL on failure. */
json_t *json_read(struct bytes in, const char *name, struct err *e);

/* For a document whose size is one member's. Of the members of the outermost object that are called as one of keys a list is
 * left empty in the tree, and its elements are handed out one by one, so that they are never all in memory. Not of every
 * document: when list is NULL, all of it is in the tree. An element that cannot be read shows only when it is its turn (bad):
 * then begin anew with json_read(), which takes more and has the sentence. */
struct json_apart {
    const char *const *keys; /* NULL at the end */
    const json_t *list;      /* out: the empty one, the tree's */
    size_t count;            /* out: elements that it has in the text */
    struct bytes text, rest; /* private */
    bool bad, ended;
};
json_t *json_read_apart(struct bytes in, const char *name, struct json_apart *x, struct err *e);
/* The next element, the caller's; NULL: there is none, or it is bad. */
json_t *json_apart_next(struct json_apart *x);

/* Getters: the value, or the word for "not known" when the key is absent, null or of another type. o may be NULL. */
double json_num(const json_t *o, const char *key);                        /* NAN */
int64_t json_int(const json_t *o, const char *key);                       /* NOT_KNOWN; an integral real counts */
const char *json_text(struct arena *a, const json_t *o, const char *key); /* safe text, or NULL */
struct bytes json_raw(const json_t *o, const char *key);                  /* the string's bytes, borrowed from o */
const json_t *json_child(const json_t *o, const char *key);               /* an object, or NULL */
const json_t *json_list(const json_t *o, const char *key);                /* an array, or NULL */
/* A time in any dialect of rig-files.md 1.8: number (s or ms), ISO with or without zone. NOT_KNOWN else. */
int64_t json_time(const json_t *o, const char *key, int32_t naive_offset_s);
int64_t json_time_value(const json_t *value, int32_t naive_offset_s);

/* For writers: "not known" becomes null. New references. */
json_t *json_from_num(double v);
json_t *json_from_int(int64_t v);
json_t *json_from_text(const char *text);

#endif
