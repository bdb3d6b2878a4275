/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-sim's help, printed from the table of commands. At most 80 columns. */
#include "cmd/sim.h"

#include "base/bytes.h"
#include "base/near.h"
#include "base/wrap.h"

#include <string.h>

static const struct sim_command *command_by_name(const char *name)
{
    for (const struct sim_command *c = sim_commands; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static void of_command(const struct sim_command *c)
{
    printf("usage: davy-sim %s\n\n", c->usage);
    wrap_put(stdout, 0, 0, c->help);
    if (c->options) {
        puts("\nOptions:");
        options_help(c->options, stdout);
    }
    if (c->more)
        c->more(stdout, false);
    for (size_t i = 0; c->example[i]; i++)
        printf("%s  %s\n", i == 0 ? "\nExamples:\n" : "", c->example[i]);
    puts("\nExit status:\n  0  told to stop, or printed\n  3  something is wrong with the command line or the folder");
}

static void of_all(void)
{
    puts("usage: davy-sim COMMAND ...\n");
    wrap_put(
        stdout, 0, 0,
        "Simulates a mining rig: writes its files exactly as the real programs do, in one folder, and sends nothing "
        "anywhere. davy demo uses it. And simulates who a rig talks with, on 127.0.0.1.");
    puts("\nCommands (davy-sim COMMAND --help tells more of one):");
    for (const struct sim_command *c = sim_commands; c->name; c++)
        wrap_put(stdout, printf("  %-8s  ", c->name), 12, c->help);
    puts("\nOptions:\n  -h, --help     print this help\n      --version  print the version\n\n"
         "Examples:\n  davy-sim rig /tmp/rig &    a rig, until it is stopped\n"
         "  davy -C /tmp/rig           look at it\n\n"
         "Exit status:\n  0  told to stop, or printed\n  3  something is wrong with the command line or the folder");
}

int sim_help(const char *name)
{
    const struct sim_command *c = name ? command_by_name(name) : NULL;
    if (name && !c)
        return sim_unknown(name);
    if (c)
        of_command(c);
    else
        of_all();
    return SIM_OK;
}

int sim_unknown(const char *name)
{
    struct err e;
    const char *near = NULL;
    for (const struct sim_command *c = sim_commands; c->name && !near; c++)
        if (near_enough(bytes_of(name), bytes_of(c->name)))
            near = c->name;
    if (near)
        err_set(&e, "no command '%.40s'; did you mean %s? (davy-sim --help lists all)", name, near);
    else
        err_set(&e, "no command '%.40s': davy-sim --help lists all", name);
    return sim_complain(&e);
}
