/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-node: the miner node. The table of its commands. */
#include "cmd/node.h"

#include <sodium.h>

static const struct tool_command commands[] = {
    {
        .name = "allowlist",
        .usage = "allowlist check FILE... | test FILE -- [ARGUMENT...]",
        .help = "what an allow-list lets jobs run: check reads lists as the node does, test says which rule takes each "
                "argument, or why "
                "none does",
        .run = node_allowlist,
        .gives = "check: a line a file. test: JSON, {\"allowed\", \"command\", \"argument\": [{\"rule\", \"item\"}]}, "
                 "or with \"why\"",
        .example = {"davy-node allowlist check /etc/davy/allowlist.d/*.yaml",
                    "davy-node allowlist test allowlist.d/ffmpeg.yaml -- -y -i a.mp4 output.mp4"},
        .exits = "  2  a list is wrong, or the arguments are denied\n",
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
    {.name = NULL},
};

static const struct tool node = {
    .name = "davy-node",
    .title = "the miner node: jobs from a coordinator, run safely",
    .about = "Jobs come from a coordinator, run within limits, and are paid with receipts. These commands need no "
             "coordinator: they say "
             "what an allow-list allows and what receipts are worth.",
    .example = {"davy-node receipts list state/node/receipts.jsonl"},
    .see_also = ".BR davy (1),\n.BR davy\\-sim (1)",
    .command = commands,
};

int main(int argc, char **argv)
{
    struct err e;
    if (sodium_init() < 0)
        return err_set(&e, "libsodium does not start"), tool_complain(&node, &e);
    return tool_main(&node, argc, argv);
}
