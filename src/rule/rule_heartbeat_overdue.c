/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include "base/timetext.h"

static void judge_line(const struct model *m, struct findings *f, const struct hb_line *c)
{
    struct alert *a = finding_add(f, SEVERITY_WARNING, c->name);
    a->value_text = text_span(f->arena, c->age_ms);
    if (c->overdue_ms != NOT_KNOWN && c->age_ms != NOT_KNOWN) {
        finding_numbers(a, (double)(c->age_ms / 1000), (double)(c->overdue_ms / 1000));
        a->since_ms = c->at_ms == NOT_KNOWN ? NOT_KNOWN : c->at_ms + c->overdue_ms;
        a->limit_text = arena_text(f->arena, "> %s", text_span(f->arena, c->overdue_ms));
    }
    a->what = arena_text(f->arena, "Heartbeat check %s is overdue", c->name);
    a->why = arena_text(f->arena, "%s ran last at %s, %s ago, and is due every %s, overdue after %s (%s).", c->name,
                        text_minute(f->arena, c->at_ms), a->value_text, text_span(f->arena, c->interval_ms),
                        text_span(f->arena, c->overdue_ms), doc_name(m, DOC_HBSTATE));
    finding_do(a, "is the agent's heartbeat on? crontab -l; openclaw system heartbeat last --json");
    finding_do(a, arena_text(f->arena, "read what it should do: less %s", doc_word(f->arena, m, DOC_CHECKLIST)));
}

static void judge(const struct model *m, struct findings *f)
{
    for (size_t i = 0; m->heartbeat->known && i < m->heartbeat->check_count; i++) {
        if (m->heartbeat->check[i].state == DUE_OVERDUE)
            judge_line(m, f, &m->heartbeat->check[i]);
    }
}

const struct rule rule_heartbeat_overdue = {
    .name = "heartbeat_overdue",
    .help = "a heartbeat check did not run for longer than its time (the miner's own: 4 h 10 min)",
    .judge = judge,
};
