/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Scenario files-torn: what readers meet on a bad day (rig-files.md 7): half documents, 0 bytes, torn and foreign lines,
 * a hole of NULs in the log, terminal escapes, bad UTF-8. */
#include "sim/actors.h"

#include <string.h>

static const char *const odd_records[] = {
    "{\"timestamp\": \"2026-11-22T04:48:51.2148\n",
    "[1, 2, 3]\n",
    "this is not JSON at all\n",
    "\n",
    "{\"timestamp\": \"2026-01-02T03:04:05\", \"task_id\": \"odd-1\", \"validator_score\": NaN, \"tokens_spent\": 5, "
    "\"llm_used\": \"openai-gpt4\", \"prompt_strategy\": \"structured_reasoning\", \"subnet_id\": 1}\n",
    "{\"timestamp\": \"2026-01-02T03:04:06\", \"task_id\": \"odd-2\", \"validator_score\": \"0.9\", \"tokens_spent\": "
    "5, "
    "\"llm_used\": \"openai-gpt4\", \"prompt_strategy\": \"structured_reasoning\", \"subnet_id\": 1}\n",
    "{\"timestamp\": \"2026-01-02T03:04:07Z\", \"task_id\": \"odd-3\", \"validator_score\": 90, \"tokens_spent\": 5, "
    "\"llm_used\": \"openai-gpt4\", \"prompt_strategy\": \"structured_reasoning\", \"subnet_id\": 1}\n",
    "{\"task_id\": \"odd-\\u001b[31m4\", \"response\": \"\\ud83e lone\", \"llm\": \"gemini-pro\", \"classification\": "
    "{}, "
    "\"status\": \"success\"}\n",
};
static const char *const odd_lines[] = {
    "\x1b[2J\x1b[31mERROR\x1b[0m pretending to own the screen \x1b]0;stolen title\x07\n",
    "2026-11-22 04:48:26,955 - __main__ - INFO - right to left \u202e here\n",
    "bad bytes \xff\xfe\xc3( end\n",
    "Traceback (most recent call last):\n  File \"src/miner_daemon.py\", line 214, in run\nOSError: No space left\n",
};
enum { ODD_RECORDS = sizeof odd_records / sizeof *odd_records, ODD_LINES = sizeof odd_lines / sizeof *odd_lines };

static struct bytes half(struct bytes text)
{
    return (struct bytes){text.at, text.len / 2};
}

/* The two that never come back: budgets cut in half, a heartbeat state of 0 bytes. */
void tear_for_good(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    order_add(out, SIM_REWRITE, SIM_BUDGETS, half(ledger_text(s, at_ms, out->arena)));
    order_add(out, SIM_REWRITE, SIM_HEARTBEAT, (struct bytes){"", 0});
    s->absent[SIM_BUDGETS] = s->absent[SIM_HEARTBEAT] = true;
}

static void hole(struct sim *s, struct sim_orders *out)
{
    static const char nuls[600];
    struct sim_text t = {.arena = out->arena};
    put_bytes(&t, (struct bytes){nuls, sizeof nuls});
    put(&t, "2026-11-22 04:48:26,955 - __main__ - INFO - Waiting for tasks...\n"
            "2026-11-22 04:48:26,955 - __main__ - INFO - Waiting for tasks...\n");
    emit_line(s, out, SIM_LOG, put_done(&t));
}

int64_t tearer_act(struct sim *s, int64_t at_ms, struct sim_orders *out)
{
    int64_t n = s->tears++;
    if (!s->setup.scenario->torn)
        return SIM_NEVER;
    emit_line(s, out, SIM_HISTORY, bytes_of(odd_records[n % ODD_RECORDS]));
    if (n % 3 == 0)
        emit_line(s, out, SIM_LOG, bytes_of(odd_lines[n / 3 % ODD_LINES]));
    if (n % 8 == 5)
        hole(s, out);
    if (n % 4 == 1)
        order_add(out, SIM_REWRITE, SIM_STATUS, half(pipeline_text(s, out->arena)));
    if (n % 4 == 3)
        pipeline_document(s, at_ms, out);
    return at_ms + 700;
}
