/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-node: the miner node. The table of its commands. */
#include "cmd/node.h"

#include "runner/jobexec.h"

#include <sodium.h>
#include <string.h>

static const struct tool_command commands[] = {
    {
        .name = "allowlist",
        .usage = "allowlist check FILE... | test FILE -- [ARGUMENT...] | test FOLDER -- NAME [ARGUMENT...]",
        .help = "what an allow-list lets jobs run: check reads lists as the node does, test says which rule takes each "
                "argument, or why "
                "none does",
        .run = node_allowlist,
        .gives = "check: a line a file. test: JSON, {\"allowed\", \"command\", \"argument\": [{\"rule\", \"item\"}]}, "
                 "or with \"why\"",
        .example = {"davy-node allowlist check /etc/davy/allowlist.d/*.yaml",
                    "davy-node allowlist test allowlist.d/ffmpeg.yaml -- -y -i a.mp4 output.mp4",
                    "davy-node allowlist test /etc/davy/allowlist.d -- ffmpeg -y -i a.mp4 output.mp4"},
        .exits = "  2  a list is wrong, or the arguments are denied\n",
    },
    {
        .name = "cancel",
        .usage = "cancel JOB [options]",
        .help = "ends a job that runs or waits; the coordinator is told E_CANCELED",
        .options = node_ask_options,
        .run = node_ask,
        .example = {"davy-node cancel 0123456789abcdef0123456789abcdef"},
        .exits = "  2  no node runs, or it has no such job\n",
    },
    {
        .name = "config",
        .usage = "config check [options]",
        .help = "reads the settings ([node] of davy.toml), the key and the allow-lists as the node does, and says what "
                "it found; the key itself is never shown",
        .options = node_ask_options,
        .run = node_config,
        .example = {"davy-node config check", "davy-node config check -C /srv/miner"},
        .exits = "  2  something is wrong with them\n",
    },
    {
        .name = "drain",
        .usage = "drain [options]",
        .help = "no new work; what runs or waits here goes on, and the node stays up until resume",
        .options = node_ask_options,
        .run = node_ask,
        .example = {"davy-node drain"},
        .exits = "  2  no node runs\n",
    },
    {
        .name = "job",
        .usage = "job FILE [options]",
        .help =
            "one job, run here and now as the node would run it: within the same lists, limits and sandbox, without a "
            "coordinator. FILE is JSON as a coordinator sends it. Interrupted, it ends the job",
        .options = node_job_options,
        .run = node_job,
        .gives = "one line of JSON: {\"code\", \"message\", \"result\", \"metrics\", \"sandbox\", \"artifacts\", "
                 "\"run_ms\"}; code is empty when the job was done. What the job made is in its folder",
        .example = {"davy-node job job.json --allowlist /etc/davy/allowlist.d --folder /tmp/try"},
        .exits = "  2  the job failed\n",
    },
    {
        .name = "jobs",
        .usage = "jobs [options]",
        .help = "the jobs that the node has: what runs, waits, and is being reported",
        .options = node_ask_options,
        .run = node_ask,
        .gives = "a line a job, or with -o json a list",
        .example = {"davy-node jobs", "davy-node jobs -o json"},
        .exits = "  2  no node runs\n",
    },
    {
        .name = "outbox",
        .usage = "outbox [options]",
        .help = "reports that the coordinator did not take yet, and what it answered last",
        .options = node_ask_options,
        .run = node_ask,
        .example = {"davy-node outbox"},
        .exits = "  2  no node runs\n",
    },
    {
        .name = "probe",
        .usage = "probe [options]",
        .help = "what the node would register: processors, memory, disk, GPUs, models, commands",
        .options = node_ask_options,
        .run = node_probe,
        .gives = "one line of JSON",
        .example = {"davy-node probe"},
        .exits = "  2  it cannot look\n",
    },
    {
        .name = "receipts",
        .usage = "receipts list|verify|export FILE [--key HEX]",
        .help = "the receipts that coordinators gave: a ledger (receipts.jsonl), or one receipt (JSON). verify holds "
                "the chain of lines "
                "together and each signature against the key",
        .options = node_receipts_options,
        .run = node_receipts,
        .gives = "list: a line a receipt. verify: one line of JSON with what was found. export: comma-separated values",
        .example = {"davy-node receipts list state/node/receipts.jsonl",
                    "davy-node receipts verify receipt.json --key "
                    "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"},
        .exits = "  2  something is not valid\n",
    },
    {
        .name = "resume",
        .usage = "resume [options]",
        .help = "asks for work again, after drain",
        .options = node_ask_options,
        .run = node_ask,
        .example = {"davy-node resume"},
        .exits = "  2  no node runs\n",
    },
    {
        .name = "retry",
        .usage = "retry JOB [options]",
        .help = "reports a job again whose report was given up (the coordinator had forgotten or refused it)",
        .options = node_ask_options,
        .run = node_ask,
        .example = {"davy-node retry 0123456789abcdef0123456789abcdef"},
        .exits = "  2  no node runs, or no such report was given up\n",
    },
    {
        .name = "run",
        .usage = "run [options]",
        .help =
            "the node itself: registers with the coordinator, asks for jobs, runs them, reports them until they are "
            "taken. SIGTERM drains and ends it, a second one at once; SIGHUP reads settings, key and allow-lists again",
        .options = node_run_options,
        .run = node_run,
        .example = {"davy-node run", "davy-node run -C /srv/miner"},
    },
    {
        .name = "status",
        .usage = "status [options]",
        .help = "how the node that runs is: state, slots, queue, earnings, problems",
        .options = node_ask_options,
        .run = node_ask,
        .gives = "a few lines, or with -o json what state/node-status.json holds",
        .example = {"davy-node status", "davy-node status -o json"},
        .exits = "  2  no node runs\n",
    },
    {.name = NULL},
};

static const struct tool node = {
    .name = "davy-node",
    .title = "the miner node: jobs from a coordinator, run safely",
    .about =
        "Jobs come from a coordinator, run within limits, and are paid with receipts. run is the node itself; its "
        "settings are [node] of davy.toml(5). status, jobs, outbox, cancel, retry, drain and resume speak to a node "
        "that runs; the other commands need none.",
    .example = {"davy-node config check", "davy-node run", "davy-node status"},
    .see_also = ".BR davy (1),\n.BR davy\\-sim (1),\n.BR davy.toml (5)",
    .command = commands,
};

int main(int argc, char **argv)
{
    struct err e;
    if (argc == 2 && strcmp(argv[1], "jobexec") == 0)
        return jobexec_main();
    if (sodium_init() < 0)
        return err_set(&e, "libsodium does not start"), tool_complain(&node, &e);
    return tool_main(&node, argc, argv);
}
