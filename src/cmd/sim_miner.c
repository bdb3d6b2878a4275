/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/sim_miner.h"

#include "auction/window.h"
#include "chain/hex.h"
#include "chain/sr25519.h"
#include "chain/ss58.h"
#include "cmd/sim_chain.h"
#include "cmd/sim_keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { AFTER_MS = 400, SLOW_MS = 20000 };
#define HOTKEYS "wallets/openclawd-miner/hotkeys"

struct sim_miner {
    struct sim_miner_setup setup;
    const struct sim *rig;
    struct sim_chain *chain;
    struct chain_node node;
    struct chain_http *http;
    uint8_t hotkey[32];
    char url[48], program[PATH_MAX];
    pid_t child;    /* 0: none */
    int64_t window; /* the last one that davy-mine was told of: its first block */
};

static void beside(char out[PATH_MAX], const char *program)
{
    const char *slash = strrchr(program, '/');
    int folder = slash ? (int)(slash - program) + 1 : 0;
    snprintf(out, PATH_MAX, "%.*sdavy-mine", folder, program);
}

bool sim_miner_found(const char *program)
{
    char path[PATH_MAX];
    struct stat s;
    beside(path, program);
    return stat(path, &s) == 0 && S_ISREG(s.st_mode) && (s.st_mode & S_IXUSR) != 0;
}

/* ---- the hotkey --------------------------------------------------------------------------------------------------- */

static bool make_folders(int dir_fd, struct err *e)
{
    static const char *const folders[] = {"wallets", "wallets/openclawd-miner", HOTKEYS};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (mkdirat(dir_fd, folders[i], 0700) != 0 && errno != EEXIST)
            return err_set(e, "cannot make %s: %s", folders[i], strerror(errno));
    return true;
}

/* A new one each time: whoever sends something to a key that others know has lost it. */
static bool make_hotkey(struct sim_miner *m, struct err *e)
{
    uint8_t seed[SR25519_SEED];
    struct sr25519 key;
    char hex[2 * sizeof seed + 1], address[SS58_TEXT], text[256];
    randombytes_buf(seed, sizeof seed);
    sr25519_from_seed(&key, seed);
    memcpy(m->hotkey, key.public_key, sizeof m->hotkey);
    hex_write(hex, (struct bytes){(const char *)seed, sizeof seed});
    int len = snprintf(text, sizeof text, "{\"secretSeed\": \"0x%s\", \"ss58Address\": \"%s\"}\n", hex,
                       ss58_encode(address, key.public_key, SS58_BITTENSOR));
    int fd = openat(m->setup.dir_fd, HOTKEYS "/default", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool good = fd >= 0 && write(fd, text, (size_t)len) == len;
    if (!good)
        err_set(e, "cannot write the hotkey: %s", strerror(errno));
    if (fd >= 0)
        close(fd);
    sodium_memzero(seed, sizeof seed);
    sodium_memzero(&key, sizeof key);
    sodium_memzero(hex, sizeof hex);
    sodium_memzero(text, sizeof text);
    return good;
}

/* ---- the chain ---------------------------------------------------------------------------------------------------- */

/* davy-mine looks every minute, however fast the chain is: where windows are shorter it is told of each. */
static void call_miner(struct sim_miner *m)
{
    enum { AUCTION_EVERY_MS = 60000, PLACE = 3 };
    const struct sim_chain *c = m->chain;
    struct window w = window_of(c->head, c->setup.netuid, c->setup.tempo);
    bool hurries = c->setup.block_ms * WINDOW_BLOCKS < AUCTION_EVERY_MS + AUCTION_EVERY_MS / 4;
    if (hurries && m->child > 0 && c->head >= w.start + PLACE && w.start > m->window) {
        kill(m->child, SIGHUP);
        m->window = w.start;
    }
}

static void on_block(void *ctx)
{
    struct sim_miner *m = ctx;
    chain_step(m->chain, wall_now());
    call_miner(m);
    int64_t wait_ms = m->chain->next_ms - wall_now();
    loop_timer(m->setup.loop, loop_now() + (wait_ms < 1 ? 1 : wait_ms), on_block, m);
}

struct sim_miner *sim_miner_open(const struct sim_miner_setup *setup, struct err *e)
{
    struct sim_miner *m = calloc(1, sizeof *m);
    if (m == NULL)
        abort();
    m->setup = *setup;
    m->chain = calloc(1, sizeof *m->chain);
    m->node.chain = m->chain;
    beside(m->program, setup->program);
    struct chain_http_setup http = {setup->loop, &m->node, 0, SLOW_MS, on_block, m};
    bool ready = m->chain != NULL && sodium_init() >= 0 && make_folders(setup->dir_fd, e) && make_hotkey(m, e);
    m->http = ready ? chain_http_open(&http, e) : NULL;
    if (m->http == NULL) {
        sim_miner_close(m);
        return NULL;
    }
    snprintf(m->url, sizeof m->url, "http://127.0.0.1:%d", chain_http_port(m->http));
    return m;
}

const char *sim_miner_url(const struct sim_miner *m)
{
    return m->url;
}

/* ---- davy-mine ---------------------------------------------------------------------------------------------------- */

static void child_ended(void *ctx, pid_t pid, int status)
{
    struct sim_miner *m = ctx;
    (void)status;
    if (m->child == pid)
        m->child = 0;
}

/* In the child. The death of its parent ends it: also when that was killed. */
static void become_miner(const struct sim_miner *m, pid_t parent)
{
    char log[PATH_MAX];
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    snprintf(log, sizeof log, "%s/logs/davy-mine.log", m->setup.dir);
    int in = open("/dev/null", O_RDONLY), out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600);
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) != 0 || getppid() != parent || in < 0 || out < 0 || dup2(in, 0) < 0 ||
        dup2(out, 1) < 0 || dup2(out, 2) < 0)
        _exit(SIM_USAGE);
    unsetenv("NOTIFY_SOCKET"); /* of whoever started the demo */
    execl(m->program, "davy-mine", "run", "-C", m->setup.dir, (char *)NULL);
    _exit(SIM_USAGE);
}

static void start_miner(struct sim_miner *m)
{
    struct err e;
    pid_t parent = getpid();
    m->child = fork();
    if (m->child == 0)
        become_miner(m, parent);
    if (m->child < 0 || !loop_child(m->setup.loop, m->child, child_ended, m, &e))
        m->child = 0;
}

static void open_chain(struct sim_miner *m)
{
    const struct sim *s = m->rig;
    struct sim_chain_setup setup = {.seed = s->setup.seed,
                                    .netuid = SIM_NETUID,
                                    .tempo = SIM_TEMPO,
                                    .head = s->market.block,
                                    .block_ms = market_block_ms(s),
                                    .lag = 2,
                                    .forks = 40,
                                    .skips = 2,
                                    .miners = 18, /* so many that ours are not always among the winners */
                                    .validators = 3};
    chain_open(m->chain, &setup, wall_now());
    struct chain_account *us = chain_register(m->chain, m->hotkey, 0);
    if (us != NULL)
        chain_commit(m->chain, us, s->market.commit_block, market_commitment(s, &m->chain->arena));
}

static void begin(void *ctx)
{
    struct sim_miner *m = ctx;
    struct err e;
    open_chain(m);
    m->window = window_of(m->chain->head, SIM_NETUID, SIM_TEMPO).start;
    on_block(m);
    if (chain_http_serve(m->http, &e))
        start_miner(m);
}

void sim_miner_begin(struct sim_miner *m, const struct sim *s)
{
    m->rig = s;
    loop_timer(m->setup.loop, loop_now() + AFTER_MS, begin, m);
}

void sim_miner_stop(struct sim_miner *m)
{
    if (m != NULL && m->child > 0)
        kill(m->child, SIGTERM); /* not waited for yet: it is ours */
}

void sim_miner_close(struct sim_miner *m)
{
    if (m == NULL)
        return;
    if (m->child > 0)
        keeper_end(m->child);
    if (m->http != NULL)
        chain_http_close(m->http);
    if (m->chain != NULL)
        chain_close(m->chain);
    free(m->chain);
    free(m);
}
