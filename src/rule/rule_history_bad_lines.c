/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

static void judge(const struct model *m, struct findings *f)
{
    const struct history_counts *c = &m->scores->counts;
    uint64_t bad = c->malformed + c->invalid; /* too long ones are malformed, too */
    if (!m->scores->known || !bad)
        return;
    const struct history_note *note = m->scores->note_count ? &m->scores->note[m->scores->note_count - 1] : NULL;
    struct alert *a = finding_add(f, SEVERITY_INFO, "");
    finding_numbers(a, (double)bad, 0);
    a->value_text = arena_text(f->arena, "%s line%s", text_count(f->arena, (int64_t)bad), plural(bad));
    a->limit_text = "> 0";
    a->what =
        arena_text(f->arena, "%s unusable line%s in the history", text_count(f->arena, (int64_t)bad), plural(bad));
    a->why = arena_text(
        f->arena,
        "%s: %llu malformed (%llu of them too long), %llu with an invalid score or time%s; no average counts them.",
        doc_name(m, DOC_HISTORY), (unsigned long long)c->malformed, (unsigned long long)c->oversize,
        (unsigned long long)c->invalid,
        note ? arena_text(f->arena, "; the last is line %llu: %s", (unsigned long long)note->line,
                          note->why ? note->why : "unusable")
             : "");
    if (!note)
        finding_do(a, "the lines went with the file that was rotated away; nothing to mend");
    else
        finding_do(a, arena_text(f->arena, "sed -n %llup %s", (unsigned long long)note->line,
                                 doc_word(f->arena, m, DOC_HISTORY)));
}

const struct rule rule_history_bad_lines = {
    .name = "history_bad_lines",
    .help = "lines of the task history are malformed, too long, or have a score that is no number in 0..1",
    .judge = judge,
};
