/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-mine: the miner of the hashrate auction. The table of its commands, and how one is found. */
#include "cmd/mine.h"

#include <string.h>

const struct mine_command mine_commands[] = {
    {
        .name = "budget",
        .usage = "budget < PRICES",
        .help = "how much hashrate the subnet can pay for at these prices, before and after the cap",
        .run = mine_budget,
        .takes =
            "{\"alpha_tao\": fp18, \"tao_usdc\": fp18, \"hashp_usdc\": fp18, \"share\": 1.0, \"cap\": fp18 or null}: "
            "share is the part of the miners' emission that counts (1)",
        .gives = "{\"budget_ph\", \"capped_ph\"}",
        .example = {"davy-mine budget < prices.json"},
    },
    {
        .name = "commit",
        .usage = "commit [--force] [--limit SECONDS] [CONFIG]",
        .help = "publish what a configuration (config.toml) says, when the chain does not have it or has it for 72 "
                "minutes: "
                "signed with the hotkey, sent, and waited for until the finalized chain shows it",
        .options = mine_commit_options,
        .run = mine_commit,
        .gives = "{\"published\", \"why\": \"changed\", \"text\", \"head\"} and of what was published "
                 "{\"extrinsic\", \"nonce\", \"block\", \"finalized\"}",
        .example = {"davy-mine commit", "davy-mine commit --force /etc/rig/config.toml"},
        .exits =
            "  2  the configuration or the wallet is wrong, no node answers, or the chain\n     has not taken it\n",
    },
    {
        .name = "consensus",
        .usage = "consensus < PRICES",
        .help = "the price that the validators agree on, by stake",
        .run = mine_consensus,
        .takes = "{\"prices\": {HOTKEY: fp18}, \"stakes\": {HOTKEY: rao}, \"gamma\": 0.67}",
        .gives = "{\"price\": fp18 or null}",
        .example = {"davy-mine consensus < prices.json"},
    },
    {
        .name = "decode",
        .usage = "decode < COMMITMENTS",
        .help = "what commitments of the chain mean to every miner and validator: bids, or prices and bans",
        .run = mine_decode,
        .takes = "one commitment a line: its text, or 0x and its bytes in hexadecimal",
        .gives = "a line each: {\"v\", \"type\": \"b\", \"bids\": [[hashrate, price_fp18, count]]}, or {\"v\", "
                 "\"type\": \"p\", \"prices\": {KEY: price_fp18}, \"bans\": [uid]}, or null for what is no valid "
                 "commitment",
        .example = {"echo '2;b;BTC,1=0.25:4,0.45:2' | davy-mine decode"},
    },
    {
        .name = "encode",
        .usage = "encode [CONFIG]",
        .help = "what a configuration (config.toml) would publish: the commitment's text and its length",
        .run = mine_encode,
        .gives = "{\"text\": \"2;b;BTC,1=0.25:4\", \"bytes\": 16}",
        .example = {"davy-mine encode", "davy-mine encode /etc/rig/config.toml"},
        .exits = "  2  the configuration is wrong, or nothing can be published from it\n",
    },
    {
        .name = "follow",
        .usage = "follow [-C DIR] [CONFIG] [-n N]",
        .help = "the chain's head and its auction window as they move: one question a block at most, of the endpoints "
                "of the configuration. Reads no wallet",
        .options = mine_follow_options,
        .run = mine_follow,
        .gives =
            "a line for each block: {\"block\", \"finalized\", \"block_time\", \"netuid\", \"tempo\", \"window\": "
            "{\"index\", \"start\", \"end\", \"blocks_left\", \"seconds_left\"}, \"block_interval_s\", \"endpoint\", "
            "\"latency_ms\", \"error\", \"endpoints\"}; block is null where nobody answers, and error says why",
        .example = {"davy-mine follow -C /srv/miner", "davy-mine follow -n 1 | jq .window"},
        .exits = "  2  the configuration is wrong\n",
    },
    {
        .name = "key",
        .usage = "key ADDRESS|FILE [--netuid N]",
        .help = "an account: its address, its public key, and where the chain keeps its commitment",
        .options = mine_key_options,
        .run = mine_key,
        .gives = "{\"ss58\", \"public_key\", \"prefix\", \"storage_key\", \"netuid\"}, and of a wallet file "
                 "\"can_sign\" (and \"why\" not): no secret of it is ever printed",
        .example = {"davy-mine key 5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY",
                    "davy-mine key ~/.bittensor/wallets/default/hotkeys/default --netuid 89"},
        .exits = "  2  the address or the file is damaged, or others may read the file\n",
    },
    {
        .name = "manual",
        .usage = "manual",
        .help = "print the manual page (troff)",
        .run = mine_manual,
        .example = {"davy-mine manual | man -l -"},
    },
    {
        .name = "node",
        .usage = "node ENDPOINT... [--netuid N] [--limit SECONDS]",
        .help = "what nodes of a chain say, and whether davy could mine with them; signs and sends nothing",
        .options = mine_node_options,
        .run = mine_node,
        .gives =
            "{\"usable\", \"why\", \"endpoint\", \"genesis\", \"spec_version\", \"transaction_version\", "
            "\"head\", \"finalized\", \"metadata\", \"tempo\", \"ss58_prefix\", \"endpoints\": [{\"host\", \"asked\", "
            "\"failed\", \"latency_ms\", \"why\"}]}: the first that answers is the one that is looked at",
        .example = {"davy-mine node finney", "davy-mine node https://my.node:9944 archive --limit 10"},
        .exits = "  2  no node answers, or davy could not mine with this chain\n",
    },
    {
        .name = "once",
        .usage = "once [-C DIR] commitment|auction [CONFIG]",
        .help = "one run of a job as the service makes it, in a process of its own with 120 seconds: look at the "
                "commitment and publish it if need be, or compute the auction of the window and route its hashrate. "
                "The log goes to standard error",
        .options = mine_once_options,
        .run = mine_once,
        .gives = "{\"job\", \"ok\", \"error\", \"head\", \"patch\"}: patch is what changes in "
                 "state/auction-status.json",
        .example = {"davy-mine once auction", "davy-mine once -C /srv/miner commitment"},
        .exits = "  2  the run failed; error says why\n",
    },
    {
        .name = "route",
        .usage = "route [CONFIG] < RESULT",
        .help =
            "do with a result what the miner does with it: set the proxy's pools.toml (or the Braiins profile) to the "
            "hashrate that was won, and run the hook of the configuration, as its table [mine] says. Files are really "
            "written",
        .run = mine_route,
        .takes = "{\"my_bids\": [{\"hashrate\": \"0.1\", \"price_fp18\": \"1000000000000000000\", \"won\": true}]}, "
                 "and whatever the hook shall see",
        .gives =
            "{\"mode\", \"path\", \"state\", \"target\", \"matched\", \"exec\"}: state is updated, same, no file, no "
            "section, no entries, no match or no hashrate",
        .example = {"davy-mine route config.toml < result.json"},
        .exits = "  2  a file could not be written, the hook failed, or the configuration is\n     wrong\n",
    },
    {
        .name = "run",
        .usage = "run [-C DIR] [CONFIG]",
        .help =
            "the miner as a service: the commitment is looked at every 5 minutes, the auction every minute, each in a "
            "process of its own that is ended after 120 seconds. config.toml is read at each run: a wrong one fails "
            "that run. Tells the dashboard in state/auction-status.json. SIGHUP runs both jobs now, SIGTERM ends it. "
            "One service a rig",
        .options = mine_run_options,
        .run = mine_run,
        .gives = "the log, a JSON object a line",
        .example = {"davy-mine run -C /srv/miner", "systemctl enable --now davy-mine"},
        .exits = "  2  the configuration is wrong at the start, or another davy-mine runs the rig\n",
    },
    {
        .name = "solve",
        .usage = "solve [--solver cbc|exact|both] < AUCTION",
        .help =
            "who wins an auction: by cbc, as validators ask it, by our own exact solver, or by both, held against each "
            "other",
        .options = mine_solve_options,
        .run = mine_solve,
        .takes = "{\"budget_ph\": 8.0, \"bids\": {HOTKEY: [[hashrate, price_fp18, count]]}, \"seed\": 1, "
                 "\"max_multiplier\": 1.05}",
        .gives =
            "{\"winners\": [{\"hotkey\", \"hashrate\", \"price\"}], \"objective\": {\"value\", \"cost\"}, "
            "\"items\", \"solver\", \"agree\"}: value and cost in millionths of a PH; agree is null where one solver "
            "answered; where cbc's is worse, it is in \"other\" and the exact answer counts",
        .example = {"davy-mine solve --solver both < auction.json"},
        .exits = "  2  cbc alone was asked and gave no answer\n",
    },
    {
        .name = "window",
        .usage = "window BLOCK --netuid N [--tempo T]",
        .help = "the auction window that a block lies in, and how long it lasts",
        .options = mine_window_options,
        .run = mine_window,
        .gives = "{\"epoch_start\", \"base\", \"index\", \"start\", \"end\", \"blocks_to_next\", \"seconds_to_next\", "
                 "\"wait\"}: wait is true where the miner would wait for the next window (45 s or less)",
        .example = {"davy-mine window 7500000 --netuid 89"},
    },
    {.name = NULL},
};

int mine_complain(const struct err *e)
{
    fprintf(stderr, "davy-mine: %s\n", e->text);
    return MINE_USAGE;
}

int mine_failed(const struct err *e)
{
    mine_complain(e);
    return MINE_FAILED;
}

int mine_words(const struct option_row *rows, int argc, char **argv, int most, void *target, struct err *e)
{
    static const struct option_row none[] = {{.name = NULL}};
    int words = 0;
    for (int at = 0; at < argc;) {
        int used = options_parse(rows ? rows : none, argc - at, argv + at, target, e);
        if (used < 0)
            return -1;
        at += used;
        if (at < argc && words == most) {
            err_set(e, "davy-mine %s takes no '%.60s': davy-mine %s --help", argv[0], argv[at], argv[0]);
            return -1;
        }
        if (at < argc)
            argv[++words] = argv[at];
    }
    return words;
}

static int version(void)
{
    puts("davy-mine " DAVY_VERSION);
    return MINE_OK;
}

static int nothing_said(void)
{
    struct err e;
    err_set(&e, "say a command: davy-mine --help lists all");
    return mine_complain(&e);
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
        return mine_help(argc > 2 ? argv[2] : NULL);
    if (strcmp(name, "--version") == 0)
        return version();
    for (const struct mine_command *c = mine_commands; c->name; c++)
        if (strcmp(name, c->name) == 0)
            return has_help(argc - 1, argv + 1) ? mine_help(name) : c->run(argc - 1, argv + 1);
    return mine_unknown(name);
}

int main(int argc, char **argv)
{
    int code = run(argc, argv);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fputs("davy-mine: cannot write to standard output\n", stderr);
    return MINE_USAGE;
}
