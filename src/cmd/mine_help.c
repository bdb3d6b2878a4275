/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-mine's help, printed from the table of commands. At most 80 columns. */
#include "cmd/mine.h"

#include "base/near.h"
#include "base/wrap.h"

#include <string.h>

static const char exits[] = "\nExit status:\n  0  done\n";
static const char usage_exit[] = "  3  something is wrong with the command line or the input";

static const struct mine_command *command_by_name(const char *name)
{
    for (const struct mine_command *c = mine_commands; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static void put_part(const char *title, const char *text)
{
    if (text == NULL)
        return;
    printf("\n%s:\n", title);
    wrap_put(stdout, printf("  "), 2, text);
}

static void of_command(const struct mine_command *c)
{
    printf("usage: davy-mine %s\n\n", c->usage);
    wrap_put(stdout, 0, 0, c->help);
    put_part("Standard input", c->takes);
    put_part("Prints", c->gives);
    if (c->options) {
        puts("\nOptions:");
        options_help(c->options, stdout);
    }
    for (size_t i = 0; c->example[i]; i++)
        printf("%s  %s\n", i == 0 ? "\nExamples:\n" : "", c->example[i]);
    printf("%s%s%s\n", exits, c->exits ? c->exits : "", usage_exit);
}

static void of_all(void)
{
    puts("usage: davy-mine COMMAND ...\n");
    wrap_put(stdout, 0, 0,
             "The miner of the hashrate auction. All but commit and node ask no chain: they answer what would happen "
             "if, with JSON "
             "in and JSON out. Integers above 2^53 (10^-18 parts, rao) are decimal strings in both directions.");
    puts("\nCommands (davy-mine COMMAND --help tells more of one):");
    for (const struct mine_command *c = mine_commands; c->name; c++)
        wrap_put(stdout, printf("  %-9s  ", c->name), 13, c->help);
    printf("\nOptions:\n  -h, --help     print this help\n      --version  print the version\n\n"
           "Examples:\n  davy-mine encode config.toml\n  davy-mine window 7500000 --netuid 89\n%s%s\n",
           exits, usage_exit);
}

int mine_help(const char *name)
{
    const struct mine_command *c = name ? command_by_name(name) : NULL;
    if (name && !c)
        return mine_unknown(name);
    if (c)
        of_command(c);
    else
        of_all();
    return MINE_OK;
}

int mine_unknown(const char *name)
{
    struct err e;
    const char *near = NULL;
    for (const struct mine_command *c = mine_commands; c->name && !near; c++)
        if (near_enough(bytes_of(name), bytes_of(c->name)))
            near = c->name;
    if (near)
        err_set(&e, "no command '%.40s'; did you mean %s? (davy-mine --help lists all)", name, near);
    else
        err_set(&e, "no command '%.40s': davy-mine --help lists all", name);
    return mine_complain(&e);
}
