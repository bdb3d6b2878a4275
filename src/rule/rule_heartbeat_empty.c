/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

/* jq on 0 bytes prints nothing and succeeds, so the reference's own update keeps the file empty (rig-files 1.8). */
static void judge(const struct model *m, struct findings *f)
{
    if (!m->heartbeat->empty_file)
        return;
    struct alert *a = finding_add(f, SEVERITY_WARNING, "");
    a->since_ms = m->origin[DOC_HBSTATE].mtime_ms;
    a->value_text = "0 bytes";
    a->what = "Heartbeat state is empty for good";
    a->why = arena_text(f->arena, "%s has 0 bytes; jq leaves it so, every update is lost and it will not heal itself.",
                        doc_name(m, DOC_HBSTATE));
    finding_do(a, arena_text(f->arena, "echo '{\"lastChecks\":{}}' > %s", doc_word(f->arena, m, DOC_HBSTATE)));
}

const struct rule rule_heartbeat_empty = {
    .name = "heartbeat_empty",
    .help = "the heartbeat state file has 0 bytes and will not heal itself",
    .judge = judge,
};
