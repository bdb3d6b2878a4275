/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

#include <string.h>

static struct alert *add(const struct model *m, struct findings *f, enum severity s, const char *subject,
                         const char *word)
{
    struct alert *a = finding_add(f, s, subject);
    a->since_ms = m->log->status_ms;
    a->value_text = word;
    a->what = arena_text(f->arena, "%s: %s", subject, word);
    a->why = arena_text(f->arena, "The last status line of %s says: %s", doc_name(m, DOC_LOG), m->log->status_line);
    do_read_log(f, m, a);
    return a;
}

static void judge_module(const struct model *m, struct findings *f, const char *name, const char *word)
{
    if (!word || strcmp(word, "Stopped") != 0)
        return;
    struct alert *a = add(m, f, SEVERITY_CRITICAL, name, "stopped");
    a->limit_text = "running";
    finding_do(a, "the miner tries a restart every 30 s: if it stays stopped, read the lines before it");
}

/* Without the chain the modules still run, so "Running" does not mean mining (rig-files 3.5). */
static void judge_bittensor(const struct model *m, struct findings *f, const char *word)
{
    if (!word || strcmp(word, "Failed") != 0)
        return;
    struct alert *a = add(m, f, SEVERITY_WARNING, "Bittensor", "failed");
    a->limit_text = "OK";
    finding_do(a, "btcli wallet list");
    finding_do(a, "check that the hotkey is registered: btcli wallet overview");
}

static void judge(const struct model *m, struct findings *f)
{
    if (!m->log->known || !m->log->status_line)
        return;
    judge_module(m, f, "Module 1", m->log->module1);
    judge_module(m, f, "Module 2", m->log->module2);
    judge_bittensor(m, f, m->log->bittensor);
}

const struct rule rule_module_down = {
    .name = "module_down",
    .help = "the miner's status line says that a module is stopped (critical) or Bittensor failed (warning)",
    .judge = judge,
};
