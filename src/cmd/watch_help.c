/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --help and the manual page, from one table. */
#include "cmd/watch.h"

#include "base/troff.h"
#include "base/wrap.h"

#include <stdio.h>

enum { COLUMN = 26, PAIRS = 8 };

static const char about[] =
    "Watches a rig without a terminal: the same rules and the same alert engine as the dashboard and davy check, "
    "always on. "
    "It evaluates when a file changes and every five seconds, keeps acks, silences and what was told in "
    "state/davy/alerts.jsonl, tells people through davy-notify, sends the daily and the weekly report, runs davy check "
    "as "
    "the heartbeat, and removes old logs. What was confirmed survives kill -9: nothing is lost, and what may have been "
    "sent "
    "already is marked \"(may be a repeat)\". It never asks anything and needs no network of its own: davy-notify "
    "does, "
    "under a time limit.";

struct watch_pair {
    const char *head, *text;
};
static const struct watch_section {
    const char *title;
    struct watch_pair pair[PAIRS]; /* .head NULL ends */
} sections[] = {
    {"What is told, and how often",
     {{"a new alert", "one message; critical after 5 s, others after a minute; four and more are one digest"},
      {"what changes about it", "the same message, edited"},
      {"it grows worse, is over", "a reply to it, which makes a noise"},
      {"nobody acknowledges", "what is critical is told again after 15 minutes, by the second way too"},
      {"quiet hours", "only what is critical; the rest is one digest in the morning"},
      {"limits", "one message a second, six in ten minutes, nine with critical ones; pauses that Telegram wants"}}},
    {"Settings of davy.toml",
     {{"[notify]", "whom to tell, quiet hours; see davy.toml(5)"},
      {"[watch]", "how often, when reports are made, the file for Prometheus"},
      {"DAVY_TELEGRAM_TOKEN", "variable: the bot's token, where notify.token_file names no file"}}},
    {"Signals",
     {{"HUP", "opens the rig anew and reads davy.toml again (a changed davy.toml is read by itself)"},
      {"TERM, INT", "ends, after the message under way has come to its end; twice: at once"}}},
    {"Output",
     {{"standard error", "a line of words for each event: time= level= event= ...; nothing on standard output"}}},
    {"Examples",
     {{"davy-watch -C /srv/miner", "until it is told to stop"},
      {"systemctl enable --now", "davy-watch: as a service, on DAVY_RIG of /etc/default/davy"},
      {"davy alerts test-message", "is anybody told?"}}},
    {"Files",
     {{"DIR/state/davy/", "alerts.jsonl: the journal; watch.json: that it watches, what is next; uptime.json"},
      {"DIR/davy.toml", "the settings"}}},
    {"Exit status", {{"0", "was told to stop"}, {"3", "something is wrong, or another davy-watch is at work there"}}},
};

void watch_help(const struct option_row *options)
{
    puts("usage: davy-watch [-C DIR] [--config FILE]\n");
    wrap_put(stdout, 0, 0, about);
    puts("\nOptions:");
    options_help(options, stdout);
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        printf("\n%s:\n", sections[i].title);
        for (const struct watch_pair *p = sections[i].pair; p < sections[i].pair + PAIRS && p->head != NULL; p++)
            wrap_put(stdout, printf("  %-*s ", COLUMN - 3, p->head), COLUMN, p->text);
    }
}

void watch_manual(const struct option_row *options)
{
    printf(".TH DAVY\\-WATCH 1 \"\" \"davy %s\" \"davy\"\n", DAVY_VERSION);
    puts(".SH NAME\ndavy\\-watch \\- watch a mining rig and tell people");
    puts(".SH SYNOPSIS\n.B davy\\-watch\n[\\-C DIR] [\\-\\-config FILE]\n.SH DESCRIPTION");
    troff_text(stdout, about);
    puts("\n.SH OPTIONS");
    options_manual(options, stdout);
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        printf(".SH \"%s\"\n", sections[i].title);
        for (const struct watch_pair *p = sections[i].pair; p < sections[i].pair + PAIRS && p->head != NULL; p++) {
            fputs(".TP\n", stdout);
            troff_text(stdout, p->head);
            fputs("\n", stdout);
            troff_text(stdout, p->text);
            fputs("\n", stdout);
        }
    }
    puts(".SH SEE ALSO\n.BR davy (1),\n.BR davy\\-notify (1),\n.BR davy.toml (5)");
}
