/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the alert engine is told of the rules: on which terms each fires, and which documents it cannot do without; and the
 * samples that a model gives. */
#ifndef DAVY_RULE_TERMS_H
#define DAVY_RULE_TERMS_H

#include "rule/engine.h"
#include "rule/rule.h"

/* One row for each of rules[], in its order, as davy.toml wants them. */
size_t terms_of(struct arena *a, const struct settings *s, const struct terms **out);

/* What the engine is given of a model at this moment: a sample for each rule and subject that has something to say, and
 * whether each rule sees its data. now is not filled in. */
void samples_of(struct arena *a, const struct model *m, const struct terms *terms, size_t count, struct engine_in *out);

#endif
