/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which lines of which files show what a rule saw. */
#ifndef DAVY_RULE_EVIDENCE_H
#define DAVY_RULE_EVIDENCE_H

#include "model/evidence.h"
#include "model/model.h"

/* The files to look into, the best first; their number. */
size_t evidence_docs(const char *rule, const char *subject, enum doc_id doc[EVIDENCE_FILES]);
/* The lines of text that speak of it: the newest of a stream, those around the subject of a document. whole: text is the file
 * from its beginning; else it begins somewhere within, and its first line may be half a one. */
void evidence_pick(struct arena *a, const char *rule, const char *subject, enum doc_id doc, struct bytes text,
                   bool whole, struct evidence_file *out);

#endif
