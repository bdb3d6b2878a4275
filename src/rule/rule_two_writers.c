/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

static void judge(const struct model *m, struct findings *f)
{
    if (!m->stages->known || !m->stages->two_writers)
        return;
    struct alert *a = finding_add(f, SEVERITY_WARNING, "");
    a->what = "Two miners write one stage file";
    a->why = arena_text(f->arena, "User or pid in %s alternate within 2 s: what it shows belongs to two programs.",
                        doc_name(m, DOC_STATUS));
    finding_do(a, "see what runs: ps -eo pid,etime,args | grep -i miner");
    finding_do(a, "stop one of them, or give each its own folder");
}

const struct rule rule_two_writers = {
    .name = "two_writers",
    .help = "two programs write the same stage status file in turn",
    .judge = judge,
};
