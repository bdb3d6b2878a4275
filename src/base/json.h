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

/* Getters: the value, or the word for "not known" when the key is absent, null or of another type. o may be NULL. */
double json_num(const json_t *o, const char *key);                       /* NAN */
int64_t json_int(const json_t *o, const char *key);                      /* NOT_KNOWN; an integral real counts */
const char *json_text(struct arena *a, const json_t *o, const char *key); /* safe text, or NULL */
struct bytes json_raw(const json_t *o, const char *key);                 /* the string's bytes, borrowed from o */
const json_t *json_child(const json_t *o, const char *key);              /* an object, or NULL */
const json_t *json_list(const json_t *o, const char *key);               /* an array, or NULL */
/* A time in any dialect of rig-files.md 1.8: number (s or ms), ISO with or without zone. NOT_KNOWN else. */
int64_t json_time(const json_t *o, const char *key, int32_t naive_offset_s);
int64_t json_time_value(const json_t *value, int32_t naive_offset_s);

/* For writers: "not known" becomes null. New references. */
json_t *json_from_num(double v);
json_t *json_from_int(int64_t v);
json_t *json_from_text(const char *text);

#endif
