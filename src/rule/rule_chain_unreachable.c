/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include "base/timetext.h"

static const int64_t CRITICAL_MS = 10 * 60000LL;

static const char *endpoints_of(struct arena *a, const struct auction_doc *d)
{
    const char *text = "";
    for (size_t i = 0; i < d->endpoint_count; i++)
        if (d->endpoints[i].why)
            text = arena_text(a, "%s%s%s", text, text[0] ? "; " : "", d->endpoints[i].why);
    return text[0] ? text : d->error ? d->error : "it does not say why";
}

static void judge(const struct model *m, struct findings *f)
{
    const struct auction *x = m->auction;
    const struct auction_doc *d = x->status;
    if (!x->known || !d || d->connected || d->stopped || m->origin[DOC_AUCTION].state != ORIGIN_OK)
        return;
    bool old = x->block_age_ms != NOT_KNOWN && x->block_age_ms > CRITICAL_MS;
    struct alert *a = finding_add(f, old ? SEVERITY_CRITICAL : SEVERITY_WARNING, "");
    if (x->block_age_ms != NOT_KNOWN) {
        finding_numbers(a, (double)(x->block_age_ms / 1000), old ? (double)(CRITICAL_MS / 1000) : 0);
        a->value_text = text_span(f->arena, x->block_age_ms);
    }
    a->what = "The chain cannot be reached";
    a->why = arena_text(f->arena, "%s: %s.", doc_name(m, DOC_AUCTION), endpoints_of(f->arena, d));
    finding_do(a, arena_text(f->arena, "davy-mine node %s", x->network ? x->network : "finney"));
    finding_do(a, "name another node for it: [mine] endpoints = [\"archive\"] in the auction miner's configuration");
}

const struct rule rule_chain_unreachable = {
    .name = "chain_unreachable",
    .help = "the auction miner runs and no endpoint of the chain answers it (critical: for 10 min)",
    .judge = judge,
};
