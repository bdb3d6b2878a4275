/* SPDX-License-Identifier: GPL-2.0-or-later */
/* [rule.ID] of davy.toml, as the example and the manual tell of it: from the rules themselves. */
#include "base/troff.h"
#include "base/wrap.h"
#include "cmd/davy_keymap.h"
#include "rule/terms.h"

#include <stdio.h>

static void example_rule(const struct rule *r, const struct terms *t)
{
    printf("[rule.%s]\n#enabled = true\n", r->name);
    if (r->limits != NULL)
        printf("#warning = %g\n#critical = %g\n#clear_warning = %g\n#clear_critical = %g\n", r->limits->warning,
               r->limits->critical, r->limits->clear_warning, r->limits->clear_critical);
    printf("#for_s = %lld\n#clear_for_s = %lld\n", (long long)t->for_ms / 1000, (long long)t->clear_ms / 1000);
}

void davy_rules_example(void)
{
    struct arena a = {0};
    const struct terms *terms;
    size_t count = terms_of(&a, settings_default(), &terms);
    putchar('\n');
    wrap_comment(
        stdout, "Other limits for a rule of the alerts. An incident fires when the condition of warning or critical "
                "holds for for_s seconds, and is over when that of clear_warning or clear_critical does not hold for "
                "clear_for_s seconds. severity = \"warning\" makes a rule never worse than that. These are their own:");
    for (size_t i = 0; i < count; i++)
        if (rules[i]->limits != NULL)
            example_rule(rules[i], &terms[i]);
    arena_release(&a);
}

static void manual_rule(FILE *out, const struct rule *r, const struct terms *t)
{
    fputs(".TP\n\\fB[rule.", out);
    troff_text(out, r->name);
    fputs("]\\fR\n", out);
    troff_text(out, r->help);
    if (r->limits != NULL)
        fprintf(out, ". warning %g, critical %g, clear_warning %g, clear_critical %g", r->limits->warning,
                r->limits->critical, r->limits->clear_warning, r->limits->clear_critical);
    fprintf(out, ". for_s %lld, clear_for_s %lld.\n", (long long)t->for_ms / 1000, (long long)t->clear_ms / 1000);
}

void davy_rules_manual(FILE *out)
{
    struct arena a = {0};
    const struct terms *terms;
    size_t count = terms_of(&a, settings_default(), &terms);
    fputs(".SH RULES\nA table \\fB[rule.ID]\\fR sets other limits for a rule of the alerts: \\fBenabled\\fR (true or "
          "false),\n\\fBwarning\\fR, \\fBcritical\\fR, \\fBclear_warning\\fR and \\fBclear_critical\\fR where the rule "
          "has "
          "limits,\n\\fBfor_s\\fR (how long the condition must hold), \\fBclear_for_s\\fR (how long it must be over), "
          "and\n\\fBseverity\\fR (info, warning, critical: it is never worse than that). Another warning or critical "
          "moves its\nclearing limit along. Their own values:\n",
          out);
    for (size_t i = 0; i < count; i++)
        manual_rule(out, rules[i], &terms[i]);
    arena_release(&a);
}
