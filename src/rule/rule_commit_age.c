/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include "base/timetext.h"

#include <string.h>

/* reliability 3.2 has 10 and 30 minutes, as if each run of the 300 s job committed. It does not (auction.md 5): an
 * unchanged commitment is left alone until it is 360 blocks (72 min) old. So the age alone is late after 72 + 10 minutes,
 * two runs of the job, and critical at 150 minutes, when validators drop it. The 10 and 30 minutes hold for what the job
 * must publish at its next run: a configuration that changed. */
static const int64_t LATE_MS = 82 * 60000LL, DROPPED_MS = 150 * 60000LL;
static const int64_t CHANGE_LATE_MS = 10 * 60000LL, CHANGE_LOST_MS = 30 * 60000LL;

static struct alert *add(const struct model *m, struct findings *f, enum severity s, int64_t age, int64_t limit)
{
    struct alert *a = finding_add(f, s, "");
    if (age != NOT_KNOWN) {
        finding_numbers(a, (double)(age / 1000), (double)(limit / 1000));
        a->since_ms = m->now_ms - age + limit;
        a->value_text = text_span(f->arena, age);
        a->limit_text = arena_text(f->arena, "> %s", text_span(f->arena, limit));
    }
    finding_do(a, "does the auction miner run? pgrep -af 'davy-mine|aps_miner'");
    finding_do(
        a, arena_text(f->arena, "jq '{connected,endpoint,error,commitment}' %s", doc_word(f->arena, m, DOC_AUCTION)));
    return a;
}

static void judge_none(const struct model *m, struct findings *f)
{
    const struct auction_doc *d = m->auction->status;
    struct alert *a = add(m, f, SEVERITY_WARNING, NOT_KNOWN, 0);
    a->what = d->has_commitment ? "Commitment not published" : "No commitment on the chain";
    a->why = arena_text(f->arena, "%s of %s says %s: validators see no workers of this rig.", doc_name(m, DOC_AUCTION),
                        text_minute(f->arena, d->updated_ms),
                        d->has_commitment ? "that the commitment is not published" : "that there is no commitment");
}

static void judge_change(const struct model *m, struct findings *f, int64_t age)
{
    bool lost = age > CHANGE_LOST_MS;
    struct alert *a =
        add(m, f, lost ? SEVERITY_CRITICAL : SEVERITY_WARNING, age, lost ? CHANGE_LOST_MS : CHANGE_LATE_MS);
    a->what = arena_text(f->arena, "New configuration not committed for %s", a->value_text);
    a->why =
        arena_text(f->arena, "%s changed %s ago and the commitment is older; the job that commits runs every 5 min.",
                   doc_name(m, DOC_CONFIG), a->value_text);
}

static void judge_age(const struct model *m, struct findings *f, int64_t age)
{
    bool dropped = age > DROPPED_MS;
    struct alert *a = add(m, f, dropped ? SEVERITY_CRITICAL : SEVERITY_WARNING, age, dropped ? DROPPED_MS : LATE_MS);
    a->what = arena_text(f->arena, "Commitment is %s old%s", a->value_text, dropped ? ", validators drop it" : "");
    a->why = arena_text(f->arena,
                        "The commitment of block %lld is %s old (%s); it is renewed after 72 min and dropped by "
                        "validators after 150.",
                        (long long)m->auction->status->commit_block, a->value_text, doc_name(m, DOC_AUCTION));
}

/* How long the configuration wants another commitment than the published one. The miner leaves one alone whose text stays
 * the same, so a comment or a touched file is no change; where nothing can be built, config_warning tells. NOT_KNOWN: it
 * does not. */
static int64_t change_age(const struct model *m)
{
    const struct auction *x = m->auction;
    const char *wanted = x->config ? x->config->commitment : NULL, *published = x->status->commit_text;
    int64_t edited = m->origin[DOC_CONFIG].mtime_ms;
    bool differs = wanted && published && strcmp(wanted, published) != 0;
    return x->config_changed && differs && edited != NOT_KNOWN ? m->now_ms - edited : NOT_KNOWN;
}

static void judge(const struct model *m, struct findings *f)
{
    const struct auction *x = m->auction;
    if (!x->known || !x->status)
        return;
    int64_t change = change_age(m);
    if (!x->status->has_commitment || !x->status->published)
        judge_none(m, f);
    else if (x->commit_age_ms > DROPPED_MS) /* NOT_KNOWN is below everything */
        judge_age(m, f, x->commit_age_ms);
    else if (change > CHANGE_LATE_MS)
        judge_change(m, f, change);
    else if (x->commit_age_ms > LATE_MS)
        judge_age(m, f, x->commit_age_ms);
}

const struct rule rule_commit_age = {
    .name = "commit_age",
    .help =
        "the commitment is older than 82 min (critical: 150 min), absent, or older than the configuration for 10 min "
        "(critical: 30 min)",
    .judge = judge,
};
