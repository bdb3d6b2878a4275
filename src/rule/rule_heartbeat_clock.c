/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

/* A time of the future or in milliseconds makes the reference think for ever that the check just ran (rig-files 6). */
static void judge(const struct model *m, struct findings *f)
{
    for (size_t i = 0; m->heartbeat->known && i < m->heartbeat->check_count; i++) {
        const struct hb_line *c = &m->heartbeat->check[i];
        if (c->state != DUE_FUTURE && !c->milliseconds)
            continue;
        bool future = c->state == DUE_FUTURE;
        struct alert *a = finding_add(f, SEVERITY_INFO, c->name);
        a->value_text = text_minute(f->arena, c->at_ms);
        a->what = arena_text(f->arena, "Heartbeat check %s has a time %s", c->name,
                             future ? "in the future" : "in milliseconds");
        a->why = arena_text(f->arena, "%s says %s for %s%s: the heartbeat script will never find it due.",
                            doc_name(m, DOC_HBSTATE), a->value_text, c->name,
                            future ? ", later than now" : ", written in milliseconds where seconds are meant");
        finding_do(a, arena_text(f->arena, "correct %s in %s: seconds of the epoch, as `date +%%s` prints", c->name,
                                 doc_name(m, DOC_HBSTATE)));
    }
}

const struct rule rule_heartbeat_clock = {
    .name = "heartbeat_clock",
    .help = "a heartbeat check's time is in the future, or in milliseconds",
    .judge = judge,
};
