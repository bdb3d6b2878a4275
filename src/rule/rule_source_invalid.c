/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include "base/timetext.h"

/* How to see what is wrong inside. Under a time limit: what is wrong may be that it is a FIFO. NULL: the error tells. */
static const char *const viewer[DOC_COUNT] = {
    [DOC_AUCTION] = "python3 -m json.tool",
    [DOC_BUDGETS] = "python3 -m json.tool",
    [DOC_HBSTATE] = "python3 -m json.tool",
    [DOC_METRICS] = "python3 -m json.tool",
    [DOC_PID] = "cat -A",
    [DOC_STATE] = "python3 -m json.tool",
    [DOC_STATUS] = "python3 -m json.tool",
};

static void judge_doc(const struct model *m, struct findings *f, enum doc_id id)
{
    const struct origin *o = &m->origin[id];
    struct alert *a = finding_add(f, SEVERITY_WARNING, doc_rows[id].key);
    a->value_text = "invalid";
    a->what = arena_text(f->arena, "%s cannot be used", doc_name(m, id));
    a->why = arena_text(f->arena, "%s%s%s", o->error ? o->error : doc_name(m, id), o->error ? "" : " cannot be read",
                        o->read_ms == NOT_KNOWN
                            ? ""
                            : arena_text(f->arena, "; shown are the values of %s", text_minute(f->arena, o->read_ms)));
    const char *word = doc_word(f->arena, m, id);
    finding_do(a, arena_text(f->arena, "ls -l %s", word));
    if (viewer[id])
        finding_do(a, arena_text(f->arena, "timeout 5 %s %s", viewer[id], word));
    if (id == DOC_STATUS) /* six other programs call their file miner_status.json (rig-files 1.9) */
        finding_do(a, "another program's file? set stage.status in davy.toml to the miner's own");
    finding_do(a, "mend it or let its program write it anew; davy reads it again by itself");
}

static void judge(const struct model *m, struct findings *f)
{
    for (enum doc_id id = 0; id < DOC_COUNT; id++) {
        if (m->origin[id].state == ORIGIN_INVALID && id != DOC_CONFIG) /* config_invalid tells about that one */
            judge_doc(m, f, id);
    }
}

const struct rule rule_source_invalid = {
    .name = "source_invalid",
    .help = "a file is there but cannot be used: unreadable, half-written, of another program",
    .judge = judge,
};
