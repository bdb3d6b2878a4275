/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

static void judge(const struct model *m, struct findings *f)
{
    for (size_t i = 0; i < m->budgets->count; i++) {
        const struct budget *b = &m->budgets->row[i];
        if (!b->unbudgeted || !m->budgets->known)
            continue;
        struct alert *a = finding_add(f, SEVERITY_INFO, b->api);
        a->what = arena_text(f->arena, "%s has no budget", b->api);
        a->why =
            arena_text(f->arena, "Tasks in %s were done by %s, which has no entry in %s: nobody counts its tokens.",
                       doc_name(m, DOC_HISTORY), b->api, doc_name(m, DOC_BUDGETS));
        finding_do(a, arena_text(f->arena, "add an entry %s under budgets in %s", b->api, doc_name(m, DOC_BUDGETS)));
    }
}

const struct rule rule_unbudgeted_llm = {
    .name = "unbudgeted_llm",
    .help = "an LLM does tasks but has no entry in the budgets",
    .judge = judge,
};
