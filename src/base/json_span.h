/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the values of a JSON text stand, for who changes one and leaves all others as they were written. The text must have
 * been read by json_read() before: what is no JSON gives no members, never a place outside the text. */
#ifndef DAVY_BASE_JSON_SPAN_H
#define DAVY_BASE_JSON_SPAN_H

#include "base/bytes.h"

struct json_member {
    struct bytes key;   /* between its quotes, as written */
    struct bytes blank; /* what stands before the key: the indentation */
    struct bytes value; /* as written, with its quotes or brackets */
};
struct json_members {
    struct bytes rest;
};
/* object: the text of an object; before its bracket blanks and a BOM may stand. */
struct json_members json_members_of(struct bytes object);
bool json_member_next(struct json_members *m, struct json_member *out);

#endif
