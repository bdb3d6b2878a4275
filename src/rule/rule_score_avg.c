/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

/* Two windows, one finding: 24 h below 0.5 is a warning, the last 20 tasks below 0.2 critical (rig-files 4.1). The "info
 * below 0.7" of reliability 3.2 is the target of 4.1, which the pane shows; a target not reached is no alert. */
static const struct rule_limits limits = {
    .warning = 0.5, .critical = 0.2, .clear_warning = 0.53, .clear_critical = 0.22};

static bool low(const struct score_window *w, double limit)
{
    return w->count >= MIN_SCORED && below(w->mean, limit);
}

static const char *window_text(struct arena *a, const struct score_window *w)
{
    return w->count ? arena_text(a, "%s over %lld task%s", text_fixed(a, w->mean, 2), (long long)w->count,
                                 plural((uint64_t)w->count))
                    : "no scored task";
}

static void judge(const struct model *m, struct findings *f)
{
    const struct scores *s = m->scores;
    const double limit = finding_limit(f, &rule_score_avg, SEVERITY_WARNING);
    const double worst = finding_limit(f, &rule_score_avg, SEVERITY_CRITICAL);
    bool critical = low(&s->last20, worst), warning = low(&s->h24, limit);
    if (!s->known || (!critical && !warning))
        return;
    struct alert *a = finding_add(f, critical ? SEVERITY_CRITICAL : SEVERITY_WARNING, "");
    finding_numbers(a, critical ? s->last20.mean : s->h24.mean, critical ? worst : limit);
    a->value_text = text_apart(f->arena, a->value, a->limit, 2);
    a->limit_text = arena_text(f->arena, "< %s", text_fixed(f->arena, a->limit, 2));
    a->what = arena_text(f->arena, "Score average %s over %s", a->value_text,
                         critical ? arena_text(f->arena, "the last %lld tasks", (long long)s->last20.count) : "24 h");
    a->why = arena_text(f->arena, "Mean of the last 20: %s; of 24 h: %s; newest task %s (%s).",
                        window_text(f->arena, &s->last20), window_text(f->arena, &s->h24),
                        text_minute(f->arena, s->last_ms), doc_name(m, DOC_HISTORY));
    finding_do(a, arena_text(f->arena, "tail -n 20 %s", doc_word(f->arena, m, DOC_HISTORY)));
    do_read_log(f, m, a);
    finding_do(a, "change preferred_llm or prompt_strategy in config/subnet-profiles.json");
}

const struct rule rule_score_avg = {
    .name = "score_avg",
    .help = "the mean score of 24 h is below 0.5; critical: that of the last 20 tasks is below 0.2 (10 tasks at least)",
    .judge = judge,
    .limits = &limits,
};
