/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables [rule.ID] of davy.toml: other limits and terms for a rule. Which rules there are is not known here. */
#ifndef DAVY_MODEL_SETTINGS_RULES_H
#define DAVY_MODEL_SETTINGS_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rule_setting {
    const char *rule;
    bool off;
    double warning, critical;             /* NAN: the rule's own */
    double clear_warning, clear_critical; /* NAN: as far from the others as the rule's own */
    int64_t for_s, clear_for_s;           /* NOT_KNOWN */
    int severity;                         /* enum severity: it is never worse; 0: as the rule says */
};
struct rules_setting {
    const struct rule_setting *row;
    size_t count;
};
const struct rule_setting *rule_setting_of(const struct rules_setting *s, const char *rule); /* NULL */

#endif
