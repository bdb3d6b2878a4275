/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include "base/timetext.h"

#include <string.h>

/* TAO per 1,000 tokens; it is never critical by itself. */
static const struct rule_limits limits = {
    .warning = 0.0005, .critical = 0, .clear_warning = 0.0006, .clear_critical = 0};
static const int64_t OLD_MS = 2 * 3600000LL; /* the tracker writes its file at every heartbeat, 2 to 4 h */

static void judge(const struct model *m, struct findings *f)
{
    const struct scores *s = m->scores;
    const double limit = finding_limit(f, &rule_token_roi, SEVERITY_WARNING);
    bool few = s->roi_source && strcmp(s->roi_source, "history") == 0 && s->d7.count < MIN_SCORED;
    if (s->roi_placeholder || few || !below(s->roi, limit))
        return;
    struct alert *a = finding_add(f, SEVERITY_WARNING, "");
    finding_numbers(a, s->roi, limit);
    a->value_text = text_apart(f->arena, s->roi, limit, 5);
    a->limit_text = arena_text(f->arena, "< %s", text_fixed(f->arena, limit, 5));
    a->what = arena_text(f->arena, "Unprofitable: %s TAO per 1,000 tokens", a->value_text);
    bool old = s->roi_ms != NOT_KNOWN && m->now_ms - s->roi_ms > OLD_MS;
    a->why = arena_text(f->arena, "In the 7 days %s%s %s TAO were earned: %s TAO per 1,000 tokens spent (from the %s).",
                        old ? "before " : "to ", old ? text_minute(f->arena, s->roi_ms) : "now",
                        text_fixed(f->arena, s->tao_7d, 4), a->value_text, s->roi_source ? s->roi_source : "files");
    finding_do(a, "see in the scores pane which LLM spends most for its score");
    finding_do(a, "lower max_tokens_per_task or participation_rate of the subnet in config/subnet-profiles.json");
}

const struct rule rule_token_roi = {
    .name = "token_roi",
    .help = "less than 0.0005 TAO are earned per 1,000 tokens over 7 days",
    .judge = judge,
    .limits = &limits,
};
