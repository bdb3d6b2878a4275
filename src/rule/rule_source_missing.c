/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include "base/timetext.h"

/* Only what was there before can be missed (rig-files 7.51). The pid file goes with every clean stop: that is the daemon
 * rule's business. The stage file goes at every start of its miner: worth a line, no more. */
static void judge_doc(const struct model *m, struct findings *f, enum doc_id id)
{
    const struct origin *o = &m->origin[id];
    struct alert *a = finding_add(f, id == DOC_STATUS ? SEVERITY_INFO : SEVERITY_WARNING, doc_rows[id].key);
    a->value_text = "missing";
    a->what = arena_text(f->arena, "%s is gone", doc_name(m, id));
    a->why = arena_text(f->arena, "%s was read at %s and %s now; the values of then are shown.", doc_name(m, id),
                        text_minute(f->arena, o->read_ms),
                        o->state == ORIGIN_WAITING ? "its folder is gone" : "is not there");
    finding_do(a, arena_text(f->arena, "ls -l %s", doc_word(f->arena, m, id)));
    finding_do(a, arena_text(f->arena, "moved? set %s in davy.toml to its new place", doc_rows[id].key));
}

static void judge(const struct model *m, struct findings *f)
{
    for (enum doc_id id = 0; id < DOC_COUNT; id++) {
        const struct origin *o = &m->origin[id];
        bool gone = o->state == ORIGIN_MISSING || o->state == ORIGIN_WAITING;
        if (gone && o->read_ms != NOT_KNOWN && id != DOC_PID)
            judge_doc(m, f, id);
    }
}

const struct rule rule_source_missing = {
    .name = "source_missing",
    .help = "a file that was there is gone",
    .judge = judge,
};
