/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-mine.1, printed from the same tables as the help. */
#include "cmd/mine.h"

#include "base/troff.h"

static void put_part(const char *title, const char *text)
{
    if (text == NULL)
        return;
    printf(".PP\n%s: ", title);
    troff_text(stdout, text);
    printf("\n");
}

static void put_command(const struct mine_command *c)
{
    printf(".SS davy\\-mine %s\n.nf\n", c->name);
    troff_text(stdout, "davy-mine ");
    troff_text(stdout, c->usage);
    printf("\n.fi\n.PP\n");
    troff_text(stdout, c->help);
    printf("\n");
    put_part("Standard input", c->takes);
    put_part("Prints", c->gives);
    if (c->options)
        options_manual(c->options, stdout);
    for (size_t i = 0; c->example[i]; i++) {
        fputs(i == 0 ? ".PP\nExamples:\n.nf\n" : "", stdout);
        troff_text(stdout, c->example[i]);
        fputs(c->example[i + 1] ? "\n" : "\n.fi\n", stdout);
    }
}

int mine_manual(int argc, char **argv)
{
    struct err e;
    if (mine_words(NULL, argc, argv, 0, NULL, &e) < 0)
        return mine_complain(&e);
    printf(".TH DAVY\\-MINE 1 \"\" \"davy %s\" \"davy\"\n", DAVY_VERSION);
    printf(".SH NAME\ndavy\\-mine \\- the miner of the hashrate auction\n");
    printf(".SH SYNOPSIS\n.B davy\\-mine\n.I COMMAND ...\n.SH DESCRIPTION\n");
    printf("Bids of a rig are published as a commitment on the chain, and every window of sixty blocks an auction says "
           "which of them won. The commands without a chain answer what would happen if: JSON in, JSON out. Integers "
           "above 2^53 (parts of 10^\\-18, rao) are decimal strings in both directions.\n");
    printf(".PP\nThe service, davy\\-mine run, reads config.toml at each run of a job: an edit counts at the next one, "
           "a wrong one "
           "fails that run. It writes state/auction\\-status.json for the dashboard and logs a JSON object a line. "
           "SIGHUP: "
           "both jobs run now; SIGUSR1: the commitment is looked at now; SIGTERM: it ends with all that it started.\n");
    printf(".SH COMMANDS\n");
    for (const struct mine_command *c = mine_commands; c->name; c++)
        put_command(c);
    printf(
        ".SH EXIT STATUS\n0 when done, 2 when the task failed, 3 when something is wrong with the command line or the "
        "input.\n");
    printf(".SH SEE ALSO\n.BR davy (1),\n.BR davy\\-sim (1),\n.BR cbc (1)\n");
    return MINE_OK;
}
