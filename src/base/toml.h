/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TOML text -> json_t through toml++ (the only C++ here, fenced behind this one function). Dates become strings, inf
 * and nan become null. The sentence names line and column. NULL on failure; the result belongs to the caller. */
#ifndef DAVY_BASE_TOML_H
#define DAVY_BASE_TOML_H

#include "base/json.h"

json_t *toml_read(struct bytes in, const char *name, struct err *e);
/* The line of the value at a dotted path ("scores.success_threshold") in a readable text; 0: not there. For sentences. */
unsigned toml_line(struct bytes in, const char *path);

#endif
