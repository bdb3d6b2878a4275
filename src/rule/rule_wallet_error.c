/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

static void judge(const struct model *m, struct findings *f)
{
    const struct log *log = m->log;
    if (!log->known || !log->wallet_broken)
        return;
    struct alert *a = finding_add(f, SEVERITY_CRITICAL, "");
    a->since_ms = log->mark[LOG_MARK_WALLET_ERROR].last_ms;
    a->value_text = "error";
    a->what = "Wallet error";
    a->why = arena_text(f->arena, "The last wallet line of %s is an error and no success came after it: %s",
                        doc_name(m, DOC_LOG), log->wallet_text ? log->wallet_text : "(no text)");
    finding_do(a, arena_text(f->arena, "grep -in wallet %s | tail", doc_word(f->arena, m, DOC_LOG)));
    finding_do(a, "btcli wallet list");
    do_restart(f, m, a);
}

const struct rule rule_wallet_error = {
    .name = "wallet_error",
    .help = "the last line about the wallet in the log is an error, with no success since",
    .judge = judge,
};
