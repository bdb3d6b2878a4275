/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include "base/timetext.h"

static void judge(const struct model *m, struct findings *f)
{
    const struct auction_doc *d = m->auction->status;
    if (!m->auction->known || !d || !d->has_result || d->solvers != AGREE_NO)
        return;
    struct alert *a = finding_add(f, SEVERITY_WARNING, "");
    a->since_ms = d->result_ms;
    a->what = "The solvers disagree about the last auction";
    a->why =
        arena_text(f->arena,
                   "Of the window of block %lld cbc makes %lld millionths of a PH, the exact solver %lld; taken is "
                   "the answer of %s (%s). Validators act on what their cbc says.",
                   (long long)d->result_start, (long long)d->cbc_value, (long long)d->exact_value,
                   d->solver ? d->solver : "one", doc_name(m, DOC_AUCTION));
    finding_do(a, arena_text(f->arena, "jq .last_result.solver %s", doc_word(f->arena, m, DOC_AUCTION)));
    finding_do(a, "to follow cbc wherever it goes: [mine] solver = \"cbc\" in the auction miner's configuration");
}

const struct rule rule_solver_disagreement = {
    .name = "solver_disagreement",
    .help = "cbc and the exact solver have different best answers for the last auction",
    .judge = judge,
};
