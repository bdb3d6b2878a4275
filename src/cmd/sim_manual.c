/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-sim.1, printed from the same tables as the help. */
#include "cmd/sim.h"

#include "base/troff.h"

static void put_command(const struct sim_command *c)
{
    printf(".SS davy\\-sim %s\n", c->name);
    printf(".nf\n");
    troff_text(stdout, "davy-sim ");
    troff_text(stdout, c->usage);
    printf("\n.fi\n.PP\n");
    troff_text(stdout, c->help);
    printf("\n");
    if (c->options)
        options_manual(c->options, stdout);
    if (c->more)
        c->more(stdout, true);
    for (size_t i = 0; c->example[i]; i++) {
        fputs(i == 0 ? ".PP\nExamples:\n.nf\n" : "", stdout);
        troff_text(stdout, c->example[i]);
        fputs(c->example[i + 1] ? "\n" : "\n.fi\n", stdout);
    }
}

int sim_manual(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    printf(".TH DAVY\\-SIM 1 \"\" \"davy %s\" \"davy\"\n", DAVY_VERSION);
    printf(".SH NAME\ndavy\\-sim \\- a simulated mining rig and its peers, for the demo and for tests\n");
    printf(".SH SYNOPSIS\n.B davy\\-sim\n.I COMMAND ...\n.SH DESCRIPTION\n");
    printf(
        "Writes the files of a mining rig exactly as the real programs write them: in place, by appending, or by "
        "renaming, "
        "with their wording and their bugs. Two weeks of history come first, so that every pane has something to "
        "show. Nothing is ever sent anywhere; everything happens in one folder, which must be new, empty, or made by "
        "davy\\-sim.\n");
    printf(".SH COMMANDS\n");
    for (const struct sim_command *c = sim_commands; c->name; c++)
        put_command(c);
    printf(".SH EXIT STATUS\n0 when told to stop, 3 when something is wrong with the command line or the folder.\n");
    printf(".SH SEE ALSO\n.BR davy (1)\n");
    return SIM_OK;
}
