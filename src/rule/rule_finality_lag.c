/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include "base/timetext.h"

static void judge(const struct model *m, struct findings *f)
{
    const struct auction *x = m->auction;
    if (!x->known || x->finality_lag == NOT_KNOWN || x->finality_lag < FINALITY_LATE)
        return;
    bool stuck = x->finality_lag >= FINALITY_STUCK;
    struct alert *a = finding_add(f, stuck ? SEVERITY_CRITICAL : SEVERITY_WARNING, "");
    finding_numbers(a, (double)x->finality_lag, stuck ? FINALITY_STUCK : FINALITY_LATE);
    a->value_text = arena_text(f->arena, "%lld blocks", (long long)x->finality_lag);
    a->limit_text = arena_text(f->arena, ">= %d", stuck ? FINALITY_STUCK : FINALITY_LATE);
    a->what = arena_text(f->arena, "Finality is %s behind the head", a->value_text);
    a->why = arena_text(f->arena,
                        "Block %lld is the newest finalized one, the head is %lld (%s): a commitment is confirmed "
                        "late, or lost when the chain is reorganised.",
                        (long long)x->finalized, (long long)(x->finalized + x->finality_lag),
                        x->status ? doc_name(m, DOC_AUCTION) : "davy-mine follow");
    finding_do(a, arena_text(f->arena, "davy-mine node archive %s: do other nodes say the same?",
                             x->network ? x->network : "finney"));
}

const struct rule rule_finality_lag = {
    .name = "finality_lag",
    .help = "the chain finalizes 15 blocks (critical: 50) behind its head",
    .judge = judge,
};
