/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

/* Legal at load, refused when it connects. */
static void judge_network(const struct model *m, struct findings *f, const struct auction_config *c)
{
    struct alert *a = finding_add(f, SEVERITY_WARNING, "network");
    a->what = "The auction miner cannot connect";
    a->why = arena_text(f->arena, "%s: network %s is neither finney, archive, test, local nor a ws or http URL",
                        doc_name(m, DOC_CONFIG), c->network);
    finding_do(a, arena_text(f->arena, "correct network of [bittensor] in %s", doc_name(m, DOC_CONFIG)));
}

/* It loads without complaint in the reference too, and then earns nothing. */
static void judge(const struct model *m, struct findings *f)
{
    const struct auction_config *c = m->auction->config;
    if (c && c->no_network)
        judge_network(m, f, c);
    if (!c || !c->warning)
        return;
    struct alert *a = finding_add(f, SEVERITY_WARNING, "");
    a->what = c->commitment ? "These bids never win" : "No bid can be made of the configuration";
    a->why = arena_text(f->arena, "%s: %s", doc_name(m, DOC_CONFIG), c->warning);
    if (c->commitment && c->price_multiplier) {
        a->value_text = arena_text(f->arena, "price %s", c->price_multiplier);
        a->limit_text = c->price > 1.05 ? "> 1.05" : c->price <= 0 ? "<= 0" : "";
    }
    finding_do(a, arena_text(f->arena, "correct [workers] in %s", doc_name(m, DOC_CONFIG)));
}

const struct rule rule_config_warning = {
    .name = "config_warning",
    .help = "the auction configuration is legal, but nothing can be bid with it, its price never wins or its network "
            "does not exist",
    .judge = judge,
};
