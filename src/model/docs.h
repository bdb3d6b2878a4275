/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The documents: one typed pointer per file of the rig, NULL until it was read once. Each points at the last good value;
 * what is wrong with the file now stands in its origin. */
#ifndef DAVY_MODEL_DOCS_H
#define DAVY_MODEL_DOCS_H

#include "model/decode.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum doc_id {
#define DOC(id, ...) DOC_##id,
#include "model/docs.def"
#undef DOC
    DOC_COUNT
};

enum doc_how { READ_WHOLE, READ_STREAM, READ_SETTINGS };

struct doc_row {
    const char *key;
    decode_fn *decode;          /* NULL for streams */
    enum doc_how how;
    size_t limit;
    int64_t stale_ms;
};
extern const struct doc_row doc_rows[DOC_COUNT];

#define DOC(id, key, type, ...) struct type;
#include "model/docs.def"
#undef DOC
struct process_doc;

struct docs {
#define DOC(id, key, type, ...) const struct type *type;
#include "model/docs.def"
#undef DOC
    const struct history *newest;           /* while the history is not read yet: its end; NULL */
    int range;                              /* enum score_range: the time that the model is asked for */
    const struct process_doc *process_doc;  /* from /proc, by the probe; NULL: not probed */
};

/* Sets the pointer of one document (by its row) in docs. */
void docs_set(struct docs *docs, enum doc_id id, const void *doc);

enum origin_state { ORIGIN_OK, ORIGIN_MISSING, ORIGIN_STALE, ORIGIN_INVALID, ORIGIN_WAITING };
const char *origin_state_name(enum origin_state s);

/* Where a document comes from and how it is. MISSING: its folder is there, the file is not. WAITING: its folder is not
 * there either; the nearest parent is watched. INVALID: present but unusable, error says why; the document is the last
 * good one, if any. */
struct origin {
    const char *key, *path;
    enum origin_state state;
    const char *error;          /* one sentence, or NULL */
    int64_t read_ms;            /* wall clock of the last good read; NOT_KNOWN: never */
    int64_t mtime_ms;           /* of the last good version; NOT_KNOWN */
    bool polling;               /* no inotify for it: looked at every few seconds */
};

/* Whether a rig is expected to have the file: one of davy's own that a rig may do without counts when it was seen. */
bool origin_expected(enum doc_id id, const struct origin *o);

#endif
