/* SPDX-License-Identifier: GPL-2.0-or-later */
/* YAML text -> json_t, through libyaml, for the allow-lists that operators of the reference already have. The plain part of YAML
 * only: one document, no anchors, aliases or tags (an alias can make gigabytes of a line), no key twice. Plain scalars are null,
 * booleans (true, false), numbers or texts; what stands in quotes is a text. */
#ifndef DAVY_NODE_YAML_H
#define DAVY_NODE_YAML_H

#include "base/json.h"

enum { YAML_DEPTH = 16, YAML_BYTES = 1 << 20 };

/* The sentence names the file and the line. NULL on failure; the result belongs to the caller. An empty document is null. */
json_t *yaml_tree(struct bytes in, const char *name, struct err *e);

#endif
