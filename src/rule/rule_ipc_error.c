/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/finding.h"

/* More than 5 an hour (rig-files 4.1, from the rig's own messaging rules). reliability 3.2 has "1 in 10 min", which would
 * fire at each restart: the reference prints such a line then. */
static const int64_t LIMIT = 5;

static void judge(const struct model *m, struct findings *f)
{
    const struct log *log = m->log;
    if (!log->known || log->ipc_errors_hour <= LIMIT)
        return;
    struct alert *a = finding_add(f, SEVERITY_WARNING, "");
    finding_numbers(a, (double)log->ipc_errors_hour, (double)LIMIT);
    a->value_text = arena_text(f->arena, "%lld/h", (long long)log->ipc_errors_hour);
    a->limit_text = "> 5/h";
    a->what = arena_text(f->arena, "%lld IPC errors in an hour", (long long)log->ipc_errors_hour);
    a->why = arena_text(f->arena, "%s has %lld IPC errors of the last hour, the newest of %s.", doc_name(m, DOC_LOG),
                        (long long)log->ipc_errors_hour, text_minute(f->arena, log->mark[LOG_MARK_IPC_ERROR].last_ms));
    finding_do(a, arena_text(f->arena, "grep -n IPC %s | tail", doc_word(f->arena, m, DOC_LOG)));
    finding_do(a, m->daemon->socket_path ? arena_text(f->arena, "ls -l %s", path_word(f->arena, m->daemon->socket_path))
                                         : "ls -l /tmp/*.sock");
    do_restart(f, m, a);
}

const struct rule rule_ipc_error = {
    .name = "ipc_error",
    .help = "more than 5 IPC errors in the log within an hour",
    .judge = judge,
};
