/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-sim chain: a node of a simulated chain on 127.0.0.1. The chain is pure (sim/chain.h); here are its clock and its
 * command line, in sim_chain_http.c its socket. */
#include "cmd/sim_chain.h"

#include "base/troff.h"
#include "base/wrap.h"
#include "chain/hex.h"
#include "chain/ss58.h"
#include "cmd/sim.h"

#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { BLOCK_MS = 12000, BLOCK_MS_LEAST = 20, MOST_NEURONS = 200 };
struct chain_options {
    int64_t block_ms, finality, fork_every, head, miners, netuid, port, seed, skips, tempo, tied, validators;
    const char *faults, *hotkeys, *prices;
    double seconds, speed;
    int64_t slow_ms;
};
const struct option_row sim_chain_options[] = {
    {"block-ms", 0, "MS", "time between two blocks (12000 divided by --speed)", OPTION_INT,
     offsetof(struct chain_options, block_ms)},
    {"faults", 0, "LIST", "what the first questions meet, one word a POST (see below)", OPTION_TEXT,
     offsetof(struct chain_options, faults)},
    {"finality", 0, "N", "how many blocks finality lags behind the head (3)", OPTION_INT,
     offsetof(struct chain_options, finality)},
    {"fork-every", 0, "N", "about every N blocks the last one to three are replaced (0: never)", OPTION_INT,
     offsetof(struct chain_options, fork_every)},
    {"head", 0, "BLOCK", "where it begins (the seed says)", OPTION_INT, offsetof(struct chain_options, head)},
    {"hotkeys", 0, "LIST", "addresses of miners of yours that are registered, with commas between", OPTION_TEXT,
     offsetof(struct chain_options, hotkeys)},
    {"miners", 0, "N", "miners that bid by themselves (12)", OPTION_INT, offsetof(struct chain_options, miners)},
    {"netuid", 0, "N", "the subnet (89)", OPTION_INT, offsetof(struct chain_options, netuid)},
    {"port", 0, "N", "where it listens, on 127.0.0.1 only (0: any)", OPTION_INT, offsetof(struct chain_options, port)},
    {"prices", 0, "LIST", "what all validators say: ALPHA_TAO=0.04;TAO_USDC=45;... (each its own, about the same)",
     OPTION_TEXT, offsetof(struct chain_options, prices)},
    {"seconds", 0, "N", "stop after this time (never)", OPTION_NUMBER, offsetof(struct chain_options, seconds)},
    {"seed", 0, "N", "of chance: the same seed makes the same chain (1)", OPTION_INT,
     offsetof(struct chain_options, seed)},
    {"skips", 0, "PERCENT", "blocks that come a block's time late (0)", OPTION_INT,
     offsetof(struct chain_options, skips)},
    {"slow-ms", 0, "MS", "how long a slow answer takes (20000)", OPTION_INT, offsetof(struct chain_options, slow_ms)},
    {"speed", 0, "N", "blocks come N times as often, 1 to 600 (1)", OPTION_NUMBER,
     offsetof(struct chain_options, speed)},
    {"tempo", 0, "N", "blocks of an epoch, less one (360)", OPTION_INT, offsetof(struct chain_options, tempo)},
    {"tied", 0, "PID", "end when this process ends, which must be the one that starts davy-sim (0: none)", OPTION_INT,
     offsetof(struct chain_options, tied)},
    {"validators", 0, "N", "validators that say prices (3)", OPTION_INT, offsetof(struct chain_options, validators)},
    {.name = NULL},
};

struct node {
    struct chain_options o;
    struct loop *loop;
    struct sim_chain *chain;
    struct chain_node rpc;
    struct chain_http *http;
};

void sim_chain_more(FILE *out, bool troff)
{
    static const char *const lines[] = {
        "Prints one line of JSON (port, url, head, netuid, genesis) and answers JSON-RPC questions by POST, one or a "
        "batch, as a node does. What is signed for it is verified.",
        "Faults: ok, 429, 500, behind (30 blocks), cut, html, lost (takes an extrinsic and forgets it), no-batch, "
        "slow, stuck (the head stands still). http://127.0.0.1:PORT/429 always meets that one.",
        "sim_advance [BLOCKS], sim_commit [HOTKEY, TEXT], sim_fault [FAULT, COUNT], sim_finality [LAG, -1 holds it], "
        "sim_neuron [HOTKEY, STAKE, FREE], sim_reorganise [BLOCKS], sim_split [[SHARE, ...]] and sim_state [] are "
        "methods for tests.",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        fputs(troff ? ".PP\n" : "\n", out);
        if (troff)
            troff_text(out, lines[i]), fputs("\n", out);
        else
            wrap_put(out, 0, 0, lines[i]);
    }
}

/* ---- its clock ---------------------------------------------------------------------------------------------------- */

static void on_block(void *ctx)
{
    struct node *n = ctx;
    chain_step(n->chain, wall_now());
    int64_t wait_ms = n->chain->next_ms - wall_now();
    loop_timer(n->loop, loop_now() + (wait_ms < 1 ? 1 : wait_ms), on_block, n);
}

/* A question may have moved the chain. */
static void after_question(void *ctx)
{
    on_block(ctx);
}

static void on_signal(void *ctx, int signo)
{
    (void)signo;
    loop_stop(ctx, SIM_OK);
}

static void on_end(void *ctx)
{
    loop_stop(ctx, SIM_OK);
}

/* ---- its command line --------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    size_t at;
    int64_t least, most;
} limits[] = {
    {"block-ms", offsetof(struct chain_options, block_ms), BLOCK_MS_LEAST, 3600000},
    {"finality", offsetof(struct chain_options, finality), 0, 1000},
    {"fork-every", offsetof(struct chain_options, fork_every), 0, 1000000},
    {"head", offsetof(struct chain_options, head), 0, UINT32_MAX / 2},
    {"miners", offsetof(struct chain_options, miners), 0, MOST_NEURONS},
    {"netuid", offsetof(struct chain_options, netuid), 0, UINT16_MAX},
    {"port", offsetof(struct chain_options, port), 0, UINT16_MAX},
    {"skips", offsetof(struct chain_options, skips), 0, 100},
    {"slow-ms", offsetof(struct chain_options, slow_ms), 0, 600000},
    {"tempo", offsetof(struct chain_options, tempo), 1, UINT16_MAX},
    {"validators", offsetof(struct chain_options, validators), 0, 64},
};

static bool check(struct chain_options *o, struct err *e)
{
    if (!(o->speed >= 1 && o->speed <= 600))
        return err_set(e, "--speed: expected 1 to 600");
    if (o->block_ms == 0)
        o->block_ms = (int64_t)(BLOCK_MS / o->speed);
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        int64_t v;
        memcpy(&v, (const char *)o + limits[i].at, sizeof v);
        if (v < limits[i].least || v > limits[i].most)
            return err_set(e, "--%s: expected %lld to %lld", limits[i].name, (long long)limits[i].least,
                           (long long)limits[i].most);
    }
    return true;
}

static bool next_word(struct bytes *rest, struct bytes *word)
{
    *word = (struct bytes){rest->at, bytes_find(*rest, ",")};
    *rest = bytes_from(*rest, word->len + 1);
    return word->len > 0;
}

static bool take_faults(struct node *n, struct err *e)
{
    struct bytes rest = bytes_of(n->o.faults), word;
    bool known = true;
    while (known && n->rpc.queued < CHAIN_FAULT_QUEUE && next_word(&rest, &word))
        n->rpc.queue[n->rpc.queued++] = (uint8_t)chain_fault_of(word, &known);
    return known || err_set(e, "--faults: davy-sim chain --help names those that there are");
}

static bool take_hotkeys(struct node *n, struct err *e)
{
    struct bytes rest = bytes_of(n->o.hotkeys), word;
    uint8_t key[ACCOUNT_BYTES];
    while (next_word(&rest, &word)) {
        if (!ss58_decode(word, key, NULL, e))
            return false;
        if (chain_register(n->chain, key, 0) == NULL)
            return err_set(e, "--hotkeys: the subnet is full");
    }
    return true;
}

static void open_chain(struct node *n)
{
    const struct chain_options *o = &n->o;
    struct sim_chain_setup setup = {
        .seed = (uint64_t)o->seed,
        .netuid = (uint16_t)o->netuid,
        .tempo = (uint16_t)o->tempo,
        .head = o->head,
        .block_ms = o->block_ms,
        .lag = o->finality,
        .forks = o->fork_every,
        .skips = o->skips,
        .miners = o->miners,
        .validators = o->validators,
        .prices = o->prices,
    };
    n->chain = calloc(1, sizeof *n->chain);
    if (n->chain == NULL)
        abort();
    chain_open(n->chain, &setup, wall_now());
    n->rpc.chain = n->chain;
}

static bool open_loop(struct node *n, struct err *e)
{
    static const int signals[] = {SIGHUP, SIGINT, SIGTERM};
    n->loop = loop_open(e);
    for (size_t i = 0; n->loop != NULL && i < sizeof signals / sizeof *signals; i++)
        if (!loop_signal(n->loop, signals[i], on_signal, n->loop, e))
            return false;
    if (n->loop == NULL)
        return false;
    if (n->o.tied != 0 && (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != n->o.tied))
        raise(SIGTERM);
    if (n->o.seconds > 0)
        loop_timer(n->loop, loop_now() + (int64_t)(n->o.seconds * 1000), on_end, n->loop);
    return true;
}

static void introduce(const struct node *n)
{
    uint8_t genesis[32];
    char hex[2 * sizeof genesis + 1];
    chain_hash(n->chain, 0, genesis);
    hex_write(hex, (struct bytes){(const char *)genesis, sizeof genesis});
    int port = chain_http_port(n->http);
    printf(
        "{\"port\": %d, \"url\": \"http://127.0.0.1:%d\", \"head\": %lld, \"netuid\": %lld, \"genesis\": \"0x%s\"}\n",
        port, port, (long long)n->chain->head, (long long)n->o.netuid, hex);
    fflush(stdout);
}

static bool begin(struct node *n, int argc, char **argv, struct err *e)
{
    int words = sim_words(sim_chain_options, argc, argv, &n->o, e);
    if (words > 0)
        err_set(e, "chain takes options only; see davy-sim chain --help");
    if (words != 0 || !check(&n->o, e) || !take_faults(n, e))
        return false;
    if (sodium_init() < 0)
        return err_set(e, "libsodium does not work on this system");
    open_chain(n);
    struct chain_http_setup http = {.loop = NULL,
                                    .node = &n->rpc,
                                    .port = (uint16_t)n->o.port,
                                    .slow_ms = n->o.slow_ms,
                                    .after = after_question,
                                    .ctx = n};
    if (!take_hotkeys(n, e) || !open_loop(n, e))
        return false;
    http.loop = n->loop;
    n->http = chain_http_open(&http, e);
    return n->http != NULL && chain_http_serve(n->http, e);
}

int sim_chain(int argc, char **argv)
{
    struct node n = {
        .o = {.finality = 3, .miners = 12, .netuid = 89, .seed = 1, .slow_ms = 20000, .tempo = 360, .validators = 3}};
    struct err e;
    n.o.speed = 1;
    signal(SIGPIPE, SIG_IGN);
    int code;
    if (begin(&n, argc, argv, &e)) {
        introduce(&n);
        on_block(&n);
        code = loop_run(n.loop);
    } else
        code = sim_complain(&e);
    if (n.http != NULL)
        chain_http_close(n.http);
    if (n.loop != NULL)
        loop_close(n.loop);
    if (n.chain != NULL)
        chain_close(n.chain);
    free(n.chain);
    return code;
}
