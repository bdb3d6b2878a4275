/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

static const struct rule_limits limits = {
    .warning = 0.50, .critical = 0.30, .clear_warning = 0.55, .clear_critical = 0.33};

static void judge(const struct model *m, struct findings *f)
{
    const struct score_window *w = &m->scores->h24;
    const double warning = finding_limit(f, &rule_success_rate, SEVERITY_WARNING);
    const double worst = finding_limit(f, &rule_success_rate, SEVERITY_CRITICAL);
    enum severity severity = severity_below(w->success, warning, worst);
    if (!m->scores->known || severity == SEVERITY_OK || w->count < MIN_SCORED)
        return;
    bool critical = severity == SEVERITY_CRITICAL;
    struct alert *a = finding_add(f, severity, "");
    finding_numbers(a, w->success, critical ? worst : warning);
    a->value_text = text_percent_apart(f->arena, w->success, a->limit, 1);
    a->limit_text = arena_text(f->arena, "< %g%%", a->limit * 100);
    a->what = arena_text(f->arena, "Success rate %s over 24 h", a->value_text);
    a->why = arena_text(f->arena, "%s of %lld tasks scored above %s in the last 24 h (%s).", a->value_text,
                        (long long)w->count, text_fixed(f->arena, m->settings->success_threshold, 2),
                        doc_name(m, DOC_HISTORY));
    finding_do(a, "compare subnets and strategies in the scores pane: where do tasks fail?");
    finding_do(a, "raise min_confidence_threshold or lower participation_rate in config/subnet-profiles.json");
    do_read_log(f, m, a);
}

const struct rule rule_success_rate = {
    .name = "success_rate",
    .help = "less than 50 % (critical: 30 %) of the scores of 24 h are above the success threshold (10 tasks at least)",
    .judge = judge,
    .limits = &limits,
};
