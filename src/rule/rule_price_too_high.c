/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

static void judge(const struct model *m, struct findings *f)
{
    const struct auction_config *c = m->auction->config;
    if (!c || !c->warning)
        return;
    struct alert *a = finding_add(f, SEVERITY_WARNING, "");
    a->value_text = c->price_multiplier ? c->price_multiplier : "n/a";
    a->limit_text = "> 1.05";
    a->limit = 1.05;
    a->what = arena_text(f->arena, "Price multiplier %s never wins", a->value_text);
    a->why = arena_text(f->arena, "%s: %s", doc_name(m, DOC_CONFIG), c->warning);
    finding_do(a,
               arena_text(f->arena, "set workers.price_multiplier in %s to \"1.05\" or less", doc_name(m, DOC_CONFIG)));
}

const struct rule rule_price_too_high = {
    .name = "price_too_high",
    .help = "the auction configuration is legal, but no validator accepts its price (above 1.05)",
    .judge = judge,
};
