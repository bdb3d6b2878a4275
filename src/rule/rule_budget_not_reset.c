/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include "base/timetext.h"

#include <math.h>

/* The reference's own reset prints to standard output and changes nothing (rig-files 5.5), so this is a common case. A
 * rig resets at its next heartbeat, 2 to 4 h later: said at once, a warning after the 6 h of reliability 3.2. */
static const int64_t PATIENCE_MS = 6 * 3600000LL;

static void judge(const struct model *m, struct findings *f)
{
    const struct budgets *b = m->budgets;
    if (!b->known || !b->not_reset)
        return;
    bool young = b->overdue_reset_ms != NOT_KNOWN && b->overdue_reset_ms <= PATIENCE_MS;
    struct alert *a = finding_add(f, young ? SEVERITY_INFO : SEVERITY_WARNING, "");
    if (b->overdue_reset_ms != NOT_KNOWN) {
        finding_numbers(a, (double)(b->overdue_reset_ms / 1000), young ? (double)NAN : (double)(PATIENCE_MS / 1000));
        a->since_ms = m->now_ms - b->overdue_reset_ms;
        a->value_text = text_span(f->arena, b->overdue_reset_ms);
        a->limit_text = young ? "" : "> 6h 00m";
    }
    a->what = "Budgets not reset for this month";
    bool reset = b->last_reset_ms != NOT_KNOWN; /* else the proof is that nobody saved the file since */
    a->why =
        arena_text(f->arena, "The month began at %s, %s %s is of %s: the counters still hold the tokens of before.",
                   text_minute(f->arena, b->cycle_start_ms), reset ? "the newest reset in" : "the last change of",
                   doc_name(m, DOC_BUDGETS), text_minute(f->arena, reset ? b->last_reset_ms : b->updated_ms));
    const char *file = doc_word(f->arena, m, DOC_BUDGETS);
    finding_do(a, arena_text(f->arena, "cp %s %s.bak", file, file));
    finding_do(a, arena_text(f->arena,
                             "jq '.budgets |= map_values(.used_this_month = 0 | .last_reset = now)' %s > %s.new "
                             "&& mv %s.new %s",
                             file, file, file, file));
}

const struct rule rule_budget_not_reset = {
    .name = "budget_not_reset",
    .help = "a new month began and the token counters were not reset; a warning after 6 h",
    .judge = judge,
};
