/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include "base/timetext.h"

/* Counted by davy-mine, and by the windows that ended since its last result: the larger one, since a miner that is down
 * counts nothing. */
static const int64_t WARNING = 1, CRITICAL = 3;

static int64_t missed(const struct auction *x)
{
    int64_t counted = x->status && x->status->missed_windows != NOT_KNOWN ? x->status->missed_windows : 0;
    int64_t since = x->windows_since_result != NOT_KNOWN ? x->windows_since_result : 0;
    return counted > since ? counted : since;
}

static const char *last_result(struct arena *a, const struct auction *x)
{
    if (!x->status || !x->status->has_result)
        return "there is no result yet";
    return arena_text(a, "the last result is of window %lld/6, blocks %lld-%lld, %s",
                      (long long)x->status->result_index + 1, (long long)x->status->result_start,
                      (long long)x->status->result_end, text_minute(a, x->status->result_ms));
}

static void judge(const struct model *m, struct findings *f)
{
    const struct auction *x = m->auction;
    int64_t n = missed(x);
    if (!x->known || n < WARNING)
        return;
    bool critical = n >= CRITICAL;
    struct alert *a = finding_add(f, critical ? SEVERITY_CRITICAL : SEVERITY_WARNING, "");
    finding_numbers(a, (double)n, (double)(critical ? CRITICAL : WARNING));
    a->since_ms = x->status && x->status->has_result ? x->status->result_ms : NOT_KNOWN;
    a->value_text = arena_text(f->arena, "%lld window%s", (long long)n, plural((uint64_t)n));
    a->limit_text = critical ? ">= 3" : ">= 1";
    a->what = arena_text(f->arena, "%lld auction window%s missed", (long long)n, plural((uint64_t)n));
    a->why = arena_text(
        f->arena, "%s%s (%s)%s.", a->value_text,
        n == 1 ? " passed without a result"
               : " passed without "
                 "a result each",
        doc_name(m, DOC_AUCTION),
        arena_text(f->arena, "; %s%s", last_result(f->arena, x), x->estimated ? "; the block is estimated" : ""));
    finding_do(a, "does the auction miner run? pgrep -af 'davy-mine|aps_miner'");
    finding_do(a, arena_text(f->arena, "jq '{connected,endpoint,error,block}' %s", doc_word(f->arena, m, DOC_AUCTION)));
}

const struct rule rule_auction_missed = {
    .name = "auction_missed",
    .help = "1 auction window (critical: 3) passed without being processed",
    .judge = judge,
};
