/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Changes one member of a JSON text and leaves every other byte as it is. */
#ifndef DAVY_BASE_JSON_SET_H
#define DAVY_BASE_JSON_SET_H

#include "base/arena.h"

/* root.outer.key (outer NULL: root.key) becomes value, a JSON text; what is missing is made. key and outer need no escapes.
 * The last of duplicate keys is taken, as readers do. The text must be an object that json_read() took; where root.outer is
 * there and no object, the text comes back as it is. */
struct bytes json_set(struct arena *a, struct bytes text, const char *outer, const char *key, const char *value);
/* The value as it is written there; .len 0: there is none. */
struct bytes json_get(struct bytes text, const char *outer, const char *key);

#endif
