/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --help and the manual page, from one table. */
#include "cmd/run.h"

#include "base/troff.h"
#include "base/wrap.h"

#include <stdio.h>

enum { COLUMN = 26 };

static const char about[] =
    "Keeps the modules of a miner running: those of [modules.NAME] in davy.toml. Reads what they print and keeps it in "
    "logs/NAME.log with the time of each line, 10 MB at most and five older files. Starts again what died, after 1, 2, "
    "4 ... 60 "
    "seconds; what died three times within ten minutes waits until those are over. Before a module is started again, "
    "and when "
    "it is stopped, all that it ever started is ended, however often it forked: asked first, and after its grace "
    "killed. What "
    "a killed davy-run left is ended before anything is started, so nothing ever runs twice.";

struct run_pair {
    const char *head, *text;
};
static const struct run_section {
    const char *title;
    struct run_pair pair[8]; /* .head NULL ends */
} sections[] = {
    {"Keys of [modules.NAME]",
     {{"command = [\"CMD\", ...]", "what runs; there is no shell in between"},
      {"direct = [\"CMD\", ...]", "instead of it with --direct USER; {user} in a word is USER"},
      {"folder = \"DIR\"", "where, below the rig's folder or absolute (the rig's folder)"},
      {"environment = { A = \"b\" }", "more variables of the environment"},
      {"user = \"NAME\"", "as whom (as davy-run itself)"},
      {"grace_s = 10", "seconds between asking and killing, 0 to 600"}}},
    {"Signals",
     {{"TERM, INT", "stops all modules, then davy-run ends"},
      {"HUP",
       "reads davy.toml again: starts, stops and restarts what is otherwise; with a mistake in it nothing changes"}}},
    {"Examples",
     {{"davy-run -C /srv/miner", "until it is told to stop"},
      {"davy-run --direct elonmusk", "one account"},
      {"systemctl start davy-run", "as a service, on DAVY_RIG of /etc/default/davy"}}},
    {"Files",
     {{"DIR/davy.toml", "the settings"},
      {"DIR/logs/NAME.log", "output of a module"},
      {"DIR/state/davy/run.json", "what runs: state, process, since when, restarts, last exit"}}},
    {"Exit status",
     {{"0", "was told to stop, and nothing runs any more"},
      {"3", "the command line or davy.toml is wrong, or another davy-run runs there"}}},
};

void run_help(const struct option_row *options)
{
    puts("usage: davy-run [-C DIR] [--direct USER [--force-fresh]]\n");
    wrap_put(stdout, 0, 0, about);
    puts("\nOptions:");
    options_help(options, stdout);
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        printf("\n%s:\n", sections[i].title);
        for (const struct run_pair *p = sections[i].pair; p->head != NULL; p++)
            wrap_put(stdout, printf("  %-*s  ", COLUMN, p->head), COLUMN + 4, p->text);
    }
}

static void say(const char *text)
{
    troff_text(stdout, text);
    putchar('\n');
}

void run_manual(const struct option_row *options)
{
    printf(".TH DAVY\\-RUN 1 \"\" \"davy %s\" \"davy\"\n", DAVY_VERSION);
    puts(".SH NAME\ndavy\\-run \\- keeps the modules of a miner running\n.SH SYNOPSIS\n.B davy\\-run\n"
         "[\\-C DIR] [\\-\\-direct USER [\\-\\-force\\-fresh]]\n.SH DESCRIPTION");
    say(about);
    puts(".SH OPTIONS");
    options_manual(options, stdout);
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        printf(".SH \"%s\"\n", sections[i].title);
        for (const struct run_pair *p = sections[i].pair; p->head != NULL; p++) {
            fputs(".TP\n.B ", stdout);
            say(p->head);
            say(p->text);
        }
    }
    puts(".SH SEE ALSO\n.BR davy (1),\n.BR davy.toml (5)");
}
