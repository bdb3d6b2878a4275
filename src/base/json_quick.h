/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The usual JSON, read in a tenth of jansson's time into the same values. Whatever is unusual is left to jansson: then nothing
 * comes back, and no sentence either. Private to base/. */
#ifndef DAVY_BASE_JSON_QUICK_H
#define DAVY_BASE_JSON_QUICK_H

#include "base/json.h"

enum { JSON_DEPTH = 64 };

struct json_quick {
    struct bytes rest;
    size_t depth;
    struct json_apart *apart; /* NULL: nothing is left out of the tree */
};
/* The whole text; NULL: not sure. */
json_t *json_quick(struct bytes in, struct json_apart *apart);
/* The value that begins at q->rest; it ends there afterwards. */
json_t *json_quick_value(struct json_quick *q);
bool json_quick_mark(struct json_quick *q, char c);           /* with blanks around it; false: it is not there */

#endif
