/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-sim: simulators for the demo and the tests. */
#include "cmd/sim.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

const struct sim_command sim_commands[] = {
    {
        .name = "chain",
        .usage = "chain [options]",
        .help = "a node of a simulated chain on 127.0.0.1, for davy-mine: blocks, forks, bids, prices, faults",
        .options = sim_chain_options,
        .run = sim_chain,
        .more = sim_chain_more,
        .example = {"davy-sim chain --speed 10", "davy-sim chain --block-ms 200 --miners 3 --faults 429,slow,cut"},
    },
    {
        .name = "coordinator",
        .usage = "coordinator [options]",
        .help = "a coordinator of jobs on 127.0.0.1 for davy-node: hands them out, books results, signs receipts, "
                "misbehaves as told",
        .options = sim_coordinator_options,
        .run = sim_coordinator,
        .more = sim_coordinator_more,
        .example = {"davy-sim coordinator --journal /tmp/book.jsonl --strict",
                    "davy-sim coordinator --fault 'result 20% close-after'"},
    },
    {
        .name = "daemon",
        .usage = "daemon DIR miner_daemon.py [options]",
        .help = "the simulated miner daemon; started by rig and by DIR/scripts/start-miner.sh, ends with its rig",
        .options = sim_daemon_options,
        .run = sim_daemon,
        .example = {"davy-sim daemon /tmp/rig miner_daemon.py"},
    },
    {
        .name = "manual",
        .usage = "manual",
        .help = "print the manual page (troff)",
        .run = sim_manual,
        .example = {"davy-sim manual | man -l -"},
    },
    {
        .name = "rig",
        .usage = "rig DIR [options]",
        .help = "write a rig's files into DIR as the real writers do, until it is told to stop",
        .options = sim_rig_options,
        .run = sim_rig,
        .more = sim_rig_more,
        .example = {"davy-sim rig /tmp/rig", "davy-sim rig /tmp/rig --scenario daemon-crash --speed 10",
                    "davy-sim rig --list"},
    },
    {
        .name = "telegram",
        .usage = "telegram [options]",
        .help = "a Telegram Bot API on 127.0.0.1 for tests and the demo: prints its port, records what it was asked",
        .options = sim_telegram_options,
        .run = sim_telegram,
        .more = sim_telegram_more,
        .example = {"davy-sim telegram --record /tmp/chat.jsonl", "davy-sim telegram --faults 429,500,ok"},
    },
    {.name = NULL},
};

int sim_complain(const struct err *e)
{
    fprintf(stderr, "davy-sim: %s\n", e->text);
    return SIM_USAGE;
}

int32_t sim_utc_offset_s(void)
{
    time_t now = time(NULL);
    struct tm local;
    return localtime_r(&now, &local) ? (int32_t)local.tm_gmtoff : 0;
}

int sim_words(const struct option_row *rows, int argc, char **argv, void *target, struct err *e)
{
    int words = 0;
    for (int at = 0; at < argc;) {
        int used = options_parse(rows, argc - at, argv + at, target, e);
        if (used < 0)
            return -1;
        at += used;
        if (at < argc)
            argv[++words] = argv[at];
    }
    return words;
}

static int version(void)
{
    puts("davy-sim " DAVY_VERSION);
    return SIM_OK;
}

static int nothing_said(void)
{
    struct err e;
    err_set(&e, "say a command: davy-sim --help lists all");
    return sim_complain(&e);
}

void sim_tie(int64_t parent)
{
    if (parent && (prctl(PR_SET_PDEATHSIG, SIGTERM) || getppid() != parent))
        raise(SIGTERM);
}

static bool asks_for_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static bool has_help(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (asks_for_help(argv[i]))
            return true;
    return false;
}

static int run(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : NULL;
    if (!name)
        return nothing_said();
    if (asks_for_help(name) || strcmp(name, "help") == 0)
        return sim_help(argc > 2 ? argv[2] : NULL);
    if (strcmp(name, "--version") == 0)
        return version();
    for (const struct sim_command *c = sim_commands; c->name; c++)
        if (strcmp(name, c->name) == 0)
            return has_help(argc - 1, argv + 1) ? sim_help(name) : c->run(argc - 1, argv + 1);
    return sim_unknown(name);
}

int main(int argc, char **argv)
{
    int code = run(argc, argv);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fputs("davy-sim: cannot write to standard output\n", stderr);
    return SIM_USAGE;
}
