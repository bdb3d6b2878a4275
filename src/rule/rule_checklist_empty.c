/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

static void judge(const struct model *m, struct findings *f)
{
    const struct checklist_doc *list = m->heartbeat->checklist;
    if (!list || !list->effectively_empty)
        return;
    struct alert *a = finding_add(f, SEVERITY_INFO, "");
    a->what = "Heartbeat checklist is empty";
    a->why = arena_text(f->arena, "%s holds only headings and empty bullets: the agent skips its heartbeat.",
                        doc_name(m, DOC_CHECKLIST));
    finding_do(a, arena_text(f->arena, "write what to check into %s", doc_name(m, DOC_CHECKLIST)));
}

const struct rule rule_checklist_empty = {
    .name = "checklist_empty",
    .help = "HEARTBEAT.md has no item, so heartbeats are skipped",
    .judge = judge,
};
