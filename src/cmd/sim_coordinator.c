/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-sim coordinator: who hands out jobs to nodes, on 127.0.0.1, for tests and the demo. */
#include "cmd/sim_coordinator.h"

#include "base/file.h"
#include "base/troff.h"
#include "base/wrap.h"
#include "cmd/sim.h"
#include "node/receipt.h"

#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct coordinator_line {
    const char *journal, *record, *scenario, *fault, *seed, *miner_keys, *client_key, *admin_key;
    int64_t port, tied, random, lease_ms;
    double seconds;
    bool strict;
};
const struct option_row sim_coordinator_options[] = {
    {"admin-key", 0, "KEY", "of /v1/admin (sim-admin)", OPTION_TEXT, offsetof(struct coordinator_line, admin_key)},
    {"client-key", 0, "KEY", "of who orders jobs (sim-client)", OPTION_TEXT,
     offsetof(struct coordinator_line, client_key)},
    {"fault", 0, "RULE", "one thing that goes wrong: see below", OPTION_TEXT, offsetof(struct coordinator_line, fault)},
    {"journal", 0, "FILE", "keep the book there: the next start goes on with it, also after kill -9", OPTION_TEXT,
     offsetof(struct coordinator_line, journal)},
    {"lease-ms", 0, "MS", "strict: a job that its node has not named for so long is given out again (30000)",
     OPTION_INT, offsetof(struct coordinator_line, lease_ms)},
    {"miner-keys", 0, "LIST", "keys of nodes, with commas between (sim-miner)", OPTION_TEXT,
     offsetof(struct coordinator_line, miner_keys)},
    {"port", 0, "N", "where it listens, on 127.0.0.1 only (0: any)", OPTION_INT,
     offsetof(struct coordinator_line, port)},
    {"receipt-seed", 0, "HEX", "of the key that signs receipts, 64 digits; none: no receipts (a known one)",
     OPTION_TEXT, offsetof(struct coordinator_line, seed)},
    {"record", 0, "FILE", "write every request there, a line of JSON each", OPTION_TEXT,
     offsetof(struct coordinator_line, record)},
    {"scenario", 0, "FILE", "rules of what goes wrong, one a line", OPTION_TEXT,
     offsetof(struct coordinator_line, scenario)},
    {"seconds", 0, "N", "stop after this time (never)", OPTION_NUMBER, offsetof(struct coordinator_line, seconds)},
    {"seed", 0, "N", "of chance, for rules with a share (1)", OPTION_INT, offsetof(struct coordinator_line, random)},
    {"strict", 0, NULL,
     "as a coordinator should be: idempotent, knows whose job it is, tells of cancels, takes artifacts", OPTION_FLAG,
     offsetof(struct coordinator_line, strict)},
    {"tied", 0, "PID", "end when this process ends, which must be the one that starts davy-sim (0: none)", OPTION_INT,
     offsetof(struct coordinator_line, tied)},
    {.name = NULL},
};

static void put_line(FILE *out, bool troff, const char *text)
{
    if (!troff) {
        wrap_put(out, fprintf(out, "  "), 4, text);
        return;
    }
    fputs(".br\n", out);
    troff_text(out, text);
    fputs("\n", out);
}

void sim_coordinator_more(FILE *out, bool troff)
{
    struct arena a = {0};
    fputs(troff ? ".PP\n" : "\n", out);
    put_line(out, troff,
             "Prints one line of JSON when it is ready: port, url (of dialect 1), public_key (hexadecimal). POST "
             "/__admin/submit, cancel, drain, forget and fault, and GET /__admin/state and log, need no key.");
    fputs(troff ? ".PP\nA rule is REQUEST WHEN WHAT [N]:\n" : "\nRules are REQUEST WHEN WHAT [N]:\n", out);
    put_line(out, troff, "REQUEST: any, register, heartbeat, poll, result, fail, artifact, ack, progress");
    put_line(out, troff, "WHEN: all, 3, 3-, 3-7 (which of these requests), 20% (so many of them)");
    for (size_t i = 0; i < FAULTS; i++)
        put_line(out, troff,
                 arena_text(&a, "%s%s%s: %s", fault_names[i].name, fault_names[i].number ? " N" : "",
                            fault_names[i].number
                                ? arena_text(&a, " (%s, %lld)", fault_names[i].number, (long long)fault_names[i].usual)
                                : "",
                            fault_names[i].help));
    arena_release(&a);
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

/* false with the sentence. *use: whether there is a key at all. */
static bool read_seed(const char *text, uint8_t seed[COORDINATOR_SEED], bool *use, struct err *e)
{
    size_t len = 0;
    *use = strcmp(text, "none") != 0;
    if (*use &&
        (sodium_hex2bin(seed, COORDINATOR_SEED, text, strlen(text), NULL, &len, NULL) != 0 || len != COORDINATOR_SEED))
        return err_set(e, "--receipt-seed: expected 64 hexadecimal digits, or none");
    return true;
}

static bool read_rules(struct office *o, const struct coordinator_line *l, struct err *e)
{
    struct arena a = {0};
    struct bytes lines = bytes_of(l->fault);
    struct file_stat s;
    bool good = !l->scenario || file_read(&a, l->scenario, 1 << 20, &lines, &s, e);
    good = good && office_faults(o, lines, e);
    arena_release(&a);
    return good;
}

static bool open_loop(struct office *o, const struct coordinator_line *l, struct err *e)
{
    static const int signals[] = {SIGHUP, SIGINT, SIGTERM};
    o->loop = loop_open(e);
    for (size_t i = 0; o->loop && i < sizeof signals / sizeof *signals; i++)
        if (!loop_signal(o->loop, signals[i], on_signal, o->loop, e))
            return false;
    if (o->loop && l->seconds > 0)
        loop_timer(o->loop, loop_now() + (int64_t)(l->seconds * 1000), on_end, o->loop);
    return o->loop != NULL;
}

static void say(const struct office *o, const uint8_t *seed)
{
    uint8_t key[crypto_sign_PUBLICKEYBYTES], secret[crypto_sign_SECRETKEYBYTES];
    char hex[2 * sizeof key + 1] = "";
    if (seed) {
        crypto_sign_seed_keypair(key, secret, seed);
        sodium_bin2hex(hex, sizeof hex, key, sizeof key);
    }
    printf("{\"port\":%d,\"url\":\"http://127.0.0.1:%d/v1\",\"public_key\":\"%s\"}\n", o->port, o->port, hex);
    fflush(stdout);
}

static int serve(struct office *o, const struct coordinator_line *l, const uint8_t *seed)
{
    struct err e;
    if (!journal_open(o, l->journal, &e) || !record_open(o, l->record, &e) || !read_rules(o, l, &e) ||
        !open_loop(o, l, &e) || !office_open(o, &e))
        return sim_complain(&e);
    sim_tie(l->tied);
    say(o, seed);
    return loop_run(o->loop);
}

static void end(struct office *o)
{
    office_shut(o);
    if (o->record)
        fclose(o->record);
    if (o->journal_fd >= 0)
        close(o->journal_fd);
    for (size_t i = 0; i < OFFICE_LOG; i++)
        free(o->log[i]);
    if (o->loop)
        loop_close(o->loop);
}

int sim_coordinator(int argc, char **argv)
{
    struct coordinator_line l = {
        .seed = "6461767920646176792064617679206461767920646176792064617679202121",
        .miner_keys = "sim-miner",
        .client_key = "sim-client",
        .admin_key = "sim-admin",
        .random = 1,
        .lease_ms = 30000,
    };
    uint8_t seed[COORDINATOR_SEED];
    struct err e;
    bool signs = false;
    int words = sim_words(sim_coordinator_options, argc, argv, &l, &e);
    if (words > 0)
        err_set(&e, "coordinator takes options only; see davy-sim coordinator --help");
    if (words == 0 && (l.port < 0 || l.port > 65535))
        words = -(int)!err_set(&e, "--port: expected 0 to 65535");
    if (words != 0 || !read_seed(l.seed, seed, &signs, &e))
        return sim_complain(&e);
    signal(SIGPIPE, SIG_IGN);
    struct coordinator_options o = {l.strict, l.miner_keys, l.client_key, l.admin_key, signs ? seed : NULL, l.lease_ms};
    struct office office = {.book = coordinator_open(&o), .port = (int)l.port, .journal_fd = -1};
    random_seed(&office.chance, (uint64_t)l.random);
    int code = serve(&office, &l, signs ? seed : NULL);
    end(&office);
    coordinator_close(office.book);
    return code;
}
