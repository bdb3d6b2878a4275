/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --help and the manual page, from one table. */
#include "cmd/notify.h"

#include "base/troff.h"
#include "base/wrap.h"

#include <stdio.h>

enum { COLUMN = 28 };

static const char about[] =
    "Sends one message and says how it went. davy-watch, davy check --notify and davy alerts test-message start it; by "
    "hand it is of use to see what a channel answers. The message is one JSON object on standard input; the answer is "
    "one line of JSON on standard output.";

struct notify_pair {
    const char *head, *text;
};
static const struct notify_section {
    const char *title;
    struct notify_pair pair[12]; /* .head NULL ends */
} sections[] = {
    {"The message",
     {{"channel.kind", "telegram, or exec: a command of yours"},
      {"channel.chat", "telegram: the number of the chat, or @name of a channel"},
      {"channel.token_file", "telegram: file with the bot's token, mode 0600"},
      {"channel.api", "telegram: https://api.telegram.org, or your own server"},
      {"channel.argv", "exec: program and words; the message comes on its standard input, exit 0: it arrived"},
      {"message.text", "plain text, lines; at most 4096 units of UTF-16 are sent"},
      {"message.edit", "telegram: number of the message whose text it becomes"},
      {"message.reply_to", "telegram: number of the message that it answers"},
      {"message.silent", "telegram: true: without a sound"},
      {"limit_ms", "all of it takes no longer (8000)"}}},
    {"The answer",
     {{"end: arrived", "message: its number, for edit and reply_to"},
      {"end: gone", "what was to be edited is not there any more"},
      {"end: later", "it did not arrive; wait_ms: how long to wait, where the channel says so"},
      {"end: refused", "it did not arrive, and asking again changes nothing"},
      {"end: unsure", "nobody knows whether it arrived: the question went out, no answer came"}}},
    {"The bot's token",
     {{"DAVY_TELEGRAM_TOKEN", "variable of the environment; taken first"},
      {"channel.token_file", "a file that nobody else may read"},
      {"CREDENTIALS_DIRECTORY", "where systemd puts telegram.token (LoadCredential=)"},
      {"nowhere else", "it is never a word of a command line, and in no sentence, log or core"}}},
    {"Example",
     {{"davy-notify <test.json",
       "test.json: {\"channel\": {\"kind\": \"exec\", \"argv\": [\"cat\"]}, \"message\": {\"text\": \"hi\"}}"}}},
    {"Exit status",
     {{"0", "it arrived"},
      {"1", "it did not arrive"},
      {"2", "nobody knows"},
      {"3", "the message on standard input is none"}}},
};

void notify_help(void)
{
    puts("usage: davy-notify < MESSAGE\n       davy-notify --help | --version | manual\n");
    wrap_put(stdout, 0, 0, about);
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        printf("\n%s:\n", sections[i].title);
        for (const struct notify_pair *p = sections[i].pair; p < sections[i].pair + 12 && p->head != NULL; p++)
            wrap_put(stdout, printf("  %-*s ", COLUMN - 3, p->head), COLUMN, p->text);
    }
}

void notify_manual(void)
{
    printf(".TH DAVY\\-NOTIFY 1 \"\" \"davy %s\" \"davy\"\n", DAVY_VERSION);
    puts(".SH NAME\ndavy\\-notify \\- send one message and say how it went");
    puts(".SH SYNOPSIS\n.B davy\\-notify\n< MESSAGE\n.SH DESCRIPTION");
    troff_text(stdout, about);
    puts("");
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        printf(".SH \"%s\"\n", sections[i].title);
        for (const struct notify_pair *p = sections[i].pair; p < sections[i].pair + 12 && p->head != NULL; p++) {
            fputs(".TP\n", stdout);
            troff_text(stdout, p->head);
            fputs("\n", stdout);
            troff_text(stdout, p->text);
            fputs("\n", stdout);
        }
    }
    puts(".SH SEE ALSO\n.BR davy (1),\n.BR davy\\-watch (1),\n.BR davy.toml (5)");
}
