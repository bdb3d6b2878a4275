/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Help and manual of a program that is a table of commands. Help has at most 80 columns. */
#include "cmd/tool.h"

#include "base/troff.h"
#include "base/wrap.h"

#include <string.h>

static const char usage_exit[] = "  3  something is wrong with the command line or the input";

static void put_part(const char *title, const char *text)
{
    if (!text)
        return;
    printf("\n%s:\n", title);
    wrap_put(stdout, printf("  "), 2, text);
}

static void put_examples(const char *const *example)
{
    for (size_t i = 0; example[i]; i++)
        printf("%s  %s\n", i == 0 ? "\nExamples:\n" : "", example[i]);
}

static void of_command(const struct tool *t, const struct tool_command *c)
{
    printf("usage: %s %s\n\n", t->name, c->usage);
    wrap_put(stdout, 0, 0, c->help);
    put_part("Standard input", c->takes);
    put_part("Prints", c->gives);
    if (c->options) {
        puts("\nOptions:");
        options_help(c->options, stdout);
    }
    put_examples(c->example);
    printf("\nExit status:\n  0  done\n%s%s\n", c->exits ? c->exits : "", usage_exit);
}

static void of_all(const struct tool *t)
{
    printf("usage: %s COMMAND ...\n\n", t->name);
    wrap_put(stdout, 0, 0, t->about);
    printf("\nCommands (%s COMMAND --help tells more of one):\n", t->name);
    for (const struct tool_command *c = t->command; c->name; c++)
        wrap_put(stdout, printf("  %-9s  ", c->name), 13, c->help);
    wrap_put(stdout, printf("  %-9s  ", "manual"), 13, "print the manual page (troff)");
    puts("\nOptions:\n  -h, --help     print this help\n      --version  print the version");
    put_examples(t->example);
    printf("\nExit status:\n  0  done\n%s\n", usage_exit);
}

int tool_help(const struct tool *t, const char *name)
{
    for (const struct tool_command *c = t->command; name && c->name; c++)
        if (strcmp(c->name, name) == 0)
            return of_command(t, c), TOOL_OK;
    of_all(t);
    return TOOL_OK;
}

static void man_part(const char *title, const char *text)
{
    if (!text)
        return;
    printf(".PP\n%s: ", title);
    troff_text(stdout, text);
    printf("\n");
}

static void man_examples(const char *const *example)
{
    for (size_t i = 0; example[i]; i++) {
        fputs(i == 0 ? ".PP\nExamples:\n.nf\n" : "", stdout);
        troff_text(stdout, example[i]);
        fputs(example[i + 1] ? "\n" : "\n.fi\n", stdout);
    }
}

static void man_command(const struct tool *t, const struct tool_command *c)
{
    printf(".SS ");
    troff_text(stdout, c->name);
    printf("\n.nf\n");
    troff_text(stdout, t->name);
    printf(" ");
    troff_text(stdout, c->usage);
    printf("\n.fi\n.PP\n");
    troff_text(stdout, c->help);
    printf("\n");
    man_part("Standard input", c->takes);
    man_part("Prints", c->gives);
    if (c->options)
        options_manual(c->options, stdout);
    man_examples(c->example);
}

int tool_manual(const struct tool *t)
{
    printf(".TH ");
    for (const char *p = t->name; *p; p++)
        *p == '-' ? printf("\\-") : printf("%c", *p >= 'a' ? *p - 'a' + 'A' : *p);
    printf(" 1 \"\" \"davy %s\" \"davy\"\n.SH NAME\n", DAVY_VERSION);
    troff_text(stdout, t->name);
    printf(" \\- %s\n.SH SYNOPSIS\n.B ", t->title);
    troff_text(stdout, t->name);
    printf("\n.I COMMAND ...\n.SH DESCRIPTION\n");
    troff_text(stdout, t->about);
    printf("\n.SH COMMANDS\n");
    for (const struct tool_command *c = t->command; c->name; c++)
        man_command(t, c);
    printf(".SH EXIT STATUS\n0 when done, 2 when the task failed, 3 when something is wrong with the command line or "
           "the input.\n"
           ".SH SEE ALSO\n%s\n",
           t->see_also);
    return TOOL_OK;
}
