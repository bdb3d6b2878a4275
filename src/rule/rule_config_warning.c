/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

/* It loads without complaint in the reference too, and then earns nothing. */
static void judge(const struct model *m, struct findings *f)
{
    const struct auction_config *c = m->auction->config;
    if (!c || !c->warning)
        return;
    struct alert *a = finding_add(f, SEVERITY_WARNING, "");
    a->what = c->commitment ? "These bids never win" : "No bid can be made of the configuration";
    a->why = arena_text(f->arena, "%s: %s", doc_name(m, DOC_CONFIG), c->warning);
    if (c->commitment && c->price_multiplier) {
        a->value_text = arena_text(f->arena, "price %s", c->price_multiplier);
        a->limit_text = "0 < price <= 1.05";
    }
    finding_do(a, arena_text(f->arena, "correct [workers] in %s", doc_name(m, DOC_CONFIG)));
}

const struct rule rule_config_warning = {
    .name = "config_warning",
    .help = "the auction configuration is legal, but nothing can be bid with it or its price never wins",
    .judge = judge,
};
