/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-sim: simulators for the demo and the tests. */
#include "cmd/sim.h"

#include <string.h>
#include <time.h>

const struct sim_command sim_commands[] = {
    {
        .name = "daemon",
        .usage = "daemon DIR miner_daemon.py [options]",
        .help = "the simulated miner daemon; started by rig and by DIR/scripts/start-miner.sh, ends with its rig",
        .options = sim_daemon_options,
        .run = sim_daemon,
    },
    {
        .name = "manual",
        .usage = "manual",
        .help = "print the manual page (troff)",
        .run = sim_manual,
    },
    {
        .name = "rig",
        .usage = "rig DIR [options]",
        .help = "write a rig's files into DIR as the real writers do, until it is told to stop",
        .options = sim_rig_options,
        .run = sim_rig,
        .more = sim_rig_more,
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

static int help(void)
{
    puts("usage: davy-sim COMMAND ...\n");
    for (const struct sim_command *c = sim_commands; c->name; c++) {
        printf("  davy-sim %s\n      %s\n", c->usage, c->help);
        if (c->options)
            options_help(c->options, stdout);
        if (c->more)
            c->more(stdout, false);
        puts("");
    }
    puts("  davy-sim --help, --version");
    return SIM_OK;
}

static int version(void)
{
    puts("davy-sim " DAVY_VERSION);
    return SIM_OK;
}

static int unknown(const char *name)
{
    struct err e;
    err_set(&e, name ? "no command '%s': see davy-sim --help" : "say a command: see davy-sim --help", name);
    return sim_complain(&e);
}

static int run(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : NULL;
    if (name && (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help")))
        return help();
    if (name && !strcmp(name, "--version"))
        return version();
    for (const struct sim_command *c = sim_commands; name && c->name; c++)
        if (!strcmp(name, c->name))
            return c->run(argc - 1, argv + 1);
    return unknown(name);
}

int main(int argc, char **argv)
{
    int code = run(argc, argv);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fputs("davy-sim: cannot write to standard output\n", stderr);
    return SIM_USAGE;
}
