/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/mine_follow.h"

#include "auction/window.h"
#include "base/timetext.h"
#include "chain/hex.h"
#include "chain/storage_key.h"
#include "cmd/mine.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SAMPLES = 61, /* an hour's fifth: the window's own blocks */
    GUESSES = 4,  /* blocks above the finalized one that is known, of which the next one is probably one */
    QUESTIONS = 4 + GUESSES,
    MARGIN_MS = 1500, /* a block has to travel */
    TRY_MS = 10000,
    TEMPO_USUAL = 360,
    MS = 1000,
    QUARTERS = 4
};
enum { HEAD, FINALIZED, TIME, TEMPO, MORE };
static const int64_t clocks_agree_ms = 60000;

struct sample {
    uint64_t block;
    int64_t at_ms; /* by the chain's clock */
};
struct follow {
    struct loop *loop;
    struct mine_rpc *rpc;
    struct mine_setup *setup;
    struct arena a; /* of the question under way */
    int fd;
    int64_t lines_left;               /* NOT_KNOWN: for ever */
    uint64_t block, tempo, finalized; /* 0: not known */
    uint8_t unknown_hash[HASH_BYTES]; /* a finalized block whose number has to be asked */
    bool has_unknown, answered, told;
    int64_t asked_ms; /* loop clock */
    struct sample sample[SAMPLES];
    size_t samples;
};
static void ask(void *ctx);

/* ---- questions ---------------------------------------------------------------------------------------------------- */

/* Two values whose keys no runtime so far has moved; whoever signs or computes an auction reads the metadata. */
static const char *key_of(struct follow *f, const char *pallet, const char *item, const int64_t *netuid)
{
    struct scale_out key = {.arena = &f->a};
    storage_prefix(&key, pallet, item);
    if (netuid)
        scale_put_uint(&key, (uint64_t)*netuid, 2);
    return arena_text(&f->a, "[\"%s\"]", hex_text(&f->a, scale_bytes(&key)));
}

/* Finality is told as a hash. Its number is one of the next ones, or has to be asked, which waits for the next question. */
static size_t questions(struct follow *f, struct rpc_question q[QUESTIONS])
{
    size_t n = MORE;
    q[HEAD] = (struct rpc_question){"chain_getHeader", NULL};
    q[FINALIZED] = (struct rpc_question){"chain_getFinalizedHead", NULL};
    q[TIME] = (struct rpc_question){"state_getStorage", key_of(f, "Timestamp", "Now", NULL)};
    q[TEMPO] =
        (struct rpc_question){"state_getStorage", key_of(f, "SubtensorModule", "Tempo", &f->setup->config->netuid)};
    if (f->has_unknown)
        q[n++] = (struct rpc_question){
            "chain_getHeader",
            arena_text(&f->a, "[\"%s\"]", hex_text(&f->a, (struct bytes){(const char *)f->unknown_hash, HASH_BYTES}))};
    else if (f->finalized)
        for (uint64_t i = 0; i < GUESSES; i++)
            q[n++] = (struct rpc_question){"chain_getBlockHash",
                                           arena_text(&f->a, "[%llu]", (unsigned long long)(f->finalized + i))};
    return n;
}

static uint64_t little_endian(struct follow *f, const struct rpc_answer *r, size_t bytes)
{
    struct bytes raw;
    if (!rpc_hex(&f->a, r, &raw) || raw.len != bytes)
        return 0;
    struct scale_in s = scale_from(raw);
    return scale_uint(&s, bytes);
}

static void take_finality(struct follow *f, const struct rpc_answers *r, size_t count)
{
    uint8_t hash[HASH_BYTES], guess[HASH_BYTES];
    uint64_t number;
    bool found = false;
    if (!rpc_hash(&r->at[FINALIZED], hash))
        return;
    if (f->has_unknown && count > MORE && rpc_header_number(&r->at[MORE], &number)) {
        f->finalized = number; /* of a block ago; the next one will be among the guesses */
        f->has_unknown = false;
        found = true;
    } else {
        for (size_t i = MORE; i < count && !found; i++)
            if (rpc_hash(&r->at[i], guess) && memcmp(guess, hash, HASH_BYTES) == 0) {
                f->finalized += i - MORE;
                found = true;
            }
    }
    if (found)
        return;
    f->has_unknown = true;
    memcpy(f->unknown_hash, hash, HASH_BYTES);
}

/* ---- what is told ------------------------------------------------------------------------------------------------- */

/* Over the blocks of the last twelve minutes, as many of them as were seen. */
static json_t *interval(const struct follow *f)
{
    if (f->samples < 2)
        return json_null();
    const struct sample *first = &f->sample[0], *last = &f->sample[f->samples - 1];
    return json_real((double)(last->at_ms - first->at_ms) / (double)(last->block - first->block) / MS);
}

static void add_sample(struct follow *f, int64_t at_ms)
{
    if (f->samples > 0 && f->sample[f->samples - 1].block >= f->block)
        f->samples = 0; /* the chain went back: what was measured is of another one */
    if (f->samples == SAMPLES)
        memmove(f->sample, f->sample + 1, --f->samples * sizeof f->sample[0]);
    if (at_ms > 0)
        f->sample[f->samples++] = (struct sample){f->block, at_ms};
}

static void put(struct follow *f, json_t *line)
{
    json_object_set_new(line, "endpoints", mine_endpoints_json(&f->setup->endpoints));
    char *text = json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(15));
    json_decref(line);
    struct arena a = {0};
    const char *whole = arena_text(&a, "%s\n", text ? text : "{}");
    bool ok = write(f->fd, whole, strlen(whole)) >= 0;
    free(text);
    arena_release(&a);
    f->told = true;
    if (!ok || (f->lines_left != NOT_KNOWN && --f->lines_left == 0))
        loop_stop(f->loop, ok ? MINE_OK : MINE_FAILED);
}

static json_t *window_json(const struct follow *f)
{
    struct window w = window_of((int64_t)f->block, f->setup->config->netuid, (int64_t)f->tempo);
    return json_pack("{si sI sI sI sI}", "index", w.index, "start", (json_int_t)w.start, "end", (json_int_t)w.end,
                     "blocks_left", (json_int_t)w.blocks_to_next, "seconds_left",
                     (json_int_t)(w.blocks_to_next * f->setup->mine->block_ms / MS));
}

static void tell_block(struct follow *f, int64_t at_ms)
{
    const struct endpoint *by = mine_rpc_endpoint(f->rpc);
    json_t *o = json_pack("{sI so sf sI sI so so ss sI sn}", "block", (json_int_t)f->block, "finalized",
                          f->finalized ? json_integer((json_int_t)f->finalized) : json_null(), "block_time",
                          (double)(at_ms > 0 ? at_ms : wall_now()) / MS, "netuid", (json_int_t)f->setup->config->netuid,
                          "tempo", (json_int_t)f->tempo, "window", window_json(f), "block_interval_s", interval(f),
                          "endpoint", by->host, "latency_ms", (json_int_t)by->latency_ms, "error");
    put(f, o);
}

static void tell_silence(struct follow *f, const struct err *e)
{
    if (f->answered || !f->told)
        put(f, json_pack("{sn sI ss}", "block", "netuid", (json_int_t)f->setup->config->netuid, "error", e->text));
    f->answered = false;
}

/* ---- when --------------------------------------------------------------------------------------------------------- */

/* Shortly after the next block should be there, and never sooner than a block after a question that brought nothing new. */
static int64_t pause_ms(const struct follow *f, int64_t at_ms, bool new_block)
{
    int64_t block = f->setup->mine->block_ms, wall = wall_now(), since = loop_now() - f->asked_ms;
    int64_t margin = block / QUARTERS < MARGIN_MS ? block / QUARTERS : MARGIN_MS, least = block - since;
    if (!new_block || at_ms <= 0 || at_ms > wall || wall - at_ms > clocks_agree_ms)
        return least > 0 ? least : 0;
    int64_t next = at_ms + block + margin - wall;
    while (next < least - block / QUARTERS)
        next += block;
    return next > 0 ? next : 0;
}

static void on_answers(void *ctx, struct rpc_answers *r, const struct err *e)
{
    struct follow *f = ctx;
    uint64_t head = 0;
    struct err odd;
    bool ok = r && rpc_header_number(&r->at[HEAD], &head);
    int64_t at_ms = ok ? (int64_t)little_endian(f, &r->at[TIME], sizeof at_ms) : 0;
    if (r && !ok)
        err_set(&odd, "%.200s does not tell its head", mine_rpc_endpoint(f->rpc)->host);
    else if (!ok)
        odd = *e;
    else if (!endpoint_head(&f->setup->endpoints, mine_rpc_endpoint(f->rpc), head, loop_now()))
        ok = err_set(&odd, "%s", mine_rpc_endpoint(f->rpc)->why.text);
    bool new_block = ok && (head != f->block || !f->answered);
    if (new_block) {
        uint64_t tempo = little_endian(f, &r->at[TEMPO], 2);
        size_t count = MORE + (f->has_unknown ? 1 : f->finalized ? GUESSES : 0);
        f->block = head;
        f->tempo = tempo ? tempo : TEMPO_USUAL;
        take_finality(f, r, count);
        add_sample(f, at_ms);
        tell_block(f, at_ms);
        f->answered = true;
    } else if (!ok) {
        tell_silence(f, &odd);
    }
    if (r)
        rpc_answers_release(r);
    loop_timer(f->loop, loop_now() + pause_ms(f, at_ms, new_block), ask, f);
}

static void ask(void *ctx)
{
    struct follow *f = ctx;
    struct rpc_question q[QUESTIONS];
    arena_reset(&f->a);
    f->asked_ms = loop_now();
    size_t count = questions(f, q);
    mine_rpc_start(f->rpc, &f->a, q, count, on_answers, f);
}

static void leave(void *ctx, int signo)
{
    (void)signo;
    loop_stop(ctx, MINE_OK);
}

static void closed(void *ctx, uint32_t events)
{
    (void)events;
    loop_stop(ctx, MINE_OK);
}

int mine_follow_do(struct mine_setup *setup, int fd, int64_t lines)
{
    struct err e;
    struct follow *f = calloc(1, sizeof *f);
    struct mine_rpc_limits limits = {.try_ms = TRY_MS, .all_ms = setup->mine->block_ms * 2};
    if (!f)
        return MINE_FAILED;
    *f = (struct follow){.setup = setup, .fd = fd, .lines_left = lines > 0 ? lines : NOT_KNOWN};
    signal(SIGPIPE, SIG_IGN);
    int code = MINE_FAILED;
    if ((f->loop = loop_open(&e)) && (f->rpc = mine_rpc_open(f->loop, &setup->endpoints, &limits, &e)) &&
        loop_signal(f->loop, SIGTERM, leave, f->loop, &e) && loop_signal(f->loop, SIGINT, leave, f->loop, &e)) {
        loop_fd(f->loop, fd, 0, closed, f->loop, &e); /* a pipe that nobody reads any more; a file cannot be watched */
        loop_timer(f->loop, loop_now(), ask, f);
        code = loop_run(f->loop);
    } else {
        mine_complain(&e);
    }
    if (f->rpc)
        mine_rpc_close(f->rpc);
    if (f->loop)
        loop_close(f->loop);
    arena_release(&f->a);
    free(f);
    return code;
}

/* ---- the command -------------------------------------------------------------------------------------------------- */

struct follow_options {
    const char *dir;
    int64_t lines;
};
const struct option_row mine_follow_options[] = {
    {"directory", 'C', "DIR", "the rig's folder (where davy-mine is started)", OPTION_TEXT,
     offsetof(struct follow_options, dir)},
    {"lines", 'n', "N", "end after so many lines (0: never)", OPTION_INT, offsetof(struct follow_options, lines)},
    {.name = NULL},
};

int mine_follow(int argc, char **argv)
{
    struct err e;
    struct arena a = {0};
    struct follow_options o = {.lines = 0};
    struct mine_setup setup;
    int words = mine_words(mine_follow_options, argc, argv, 1, &o, &e);
    if (words < 0)
        return mine_complain(&e);
    if (o.dir && chdir(o.dir) != 0) {
        err_set(&e, "-C %.200s: there is no such folder", o.dir);
        return mine_complain(&e);
    }
    bool ok = mine_setup_read(&a, words > 0 ? argv[1] : "config.toml", &setup, &e);
    int code = ok ? mine_follow_do(&setup, STDOUT_FILENO, o.lines) : mine_failed(&e);
    arena_release(&a);
    return code;
}
