/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

static const double LIMIT = 0.0005; /* TAO per 1,000 tokens */

static void judge(const struct model *m, struct findings *f)
{
    const struct scores *s = m->scores;
    if (s->roi_placeholder || !below(s->roi, LIMIT))
        return;
    struct alert *a = finding_add(f, SEVERITY_WARNING, "");
    finding_numbers(a, s->roi, LIMIT);
    a->value_text = text_fixed(f->arena, s->roi, 5);
    a->limit_text = "< 0.00050";
    a->what = arena_text(f->arena, "Unprofitable: %s TAO per 1,000 tokens", a->value_text);
    a->why = arena_text(f->arena, "In 7 days %s TAO were earned: %s TAO per 1,000 tokens spent (from the %s).",
                        text_fixed(f->arena, s->tao_7d, 4), a->value_text, s->roi_source ? s->roi_source : "files");
    finding_do(a, "see in the scores pane which LLM spends most for its score");
    finding_do(a, "lower max_tokens_per_task or participation_rate of the subnet in config/subnet-profiles.json");
}

const struct rule rule_token_roi = {
    .name = "token_roi",
    .help = "less than 0.0005 TAO are earned per 1,000 tokens over 7 days",
    .judge = judge,
};
