/* SPDX-License-Identifier: GPL-2.0-or-later */
/* [rule.ID] of davy.toml, held against the rules that there are. */
#include "base/near.h"
#include "rule/rule.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SENTENCE = 200, KEY = 64 };

static const struct rule *rule_of(const char *name)
{
    for (size_t i = 0; rules[i]; i++)
        if (strcmp(rules[i]->name, name) == 0)
            return rules[i];
    return NULL;
}

static const char *near_rule(const char *name)
{
    for (size_t i = 0; rules[i]; i++)
        if (near_enough(bytes_of(name), bytes_of(rules[i]->name)))
            return rules[i]->name;
    return NULL;
}

/* The pair that stands in the wrong order: a rule that goes off upwards has the higher limit for critical, and lower ones
 * for clearing. */
static const char *wrong_order(const struct rule_limits *own, const struct rule_setting *s)
{
    double up = own->critical > own->warning ? 1 : -1;
    double warning = isnan(s->warning) ? own->warning : s->warning;
    double critical = isnan(s->critical) ? own->critical : s->critical;
    if ((critical - warning) * up < 0)
        return isnan(s->critical) ? "warning" : "critical";
    if ((warning - s->clear_warning) * up < 0)
        return "clear_warning";
    return (critical - s->clear_critical) * up < 0 ? "clear_critical" : NULL;
}

static bool has_limits(const struct rule_setting *s)
{
    return !isnan(s->warning) || !isnan(s->critical) || !isnan(s->clear_warning) || !isnan(s->clear_critical);
}

static void check_one(const struct rule_setting *s, settings_say_fn *say, void *ctx)
{
    char key[KEY], text[SENTENCE];
    const struct rule *r = rule_of(s->rule);
    const char *near = r ? NULL : near_rule(s->rule), *wrong = r && r->limits ? wrong_order(r->limits, s) : NULL;
    snprintf(key, sizeof key, "rule.%.40s%s%s", s->rule, wrong ? "." : "", wrong ? wrong : "");
    if (!r && near)
        snprintf(text, sizeof text, "there is no rule %.40s; did you mean %.40s?", s->rule, near);
    else if (!r)
        snprintf(text, sizeof text, "there is no rule %.40s; man davy, ALERTS, names all", s->rule);
    else if (!r->limits && has_limits(s))
        snprintf(text, sizeof text, "rule %.40s has no limits to set; only enabled, for_s, clear_for_s, severity",
                 s->rule);
    else if (wrong)
        snprintf(text, sizeof text, "%.60s is on the wrong side: critical is beyond warning, and what clears before it",
                 key);
    else
        return;
    say(ctx, key, text);
}

void rules_check(const struct settings *s, settings_say_fn *say, void *ctx)
{
    for (size_t i = 0; say && i < s->rules.count; i++)
        check_one(&s->rules.row[i], say, ctx);
}
