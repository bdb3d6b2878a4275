/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The manual pages, printed from the tables that the program runs on. */
#include "cmd/davy.h"

#include "action/keymap.h"
#include "base/troff.h"
#include "cmd/davy_keymap.h"
#include "cmd/davy_pages.h"
#include "rule/rule.h"
#include "sink/sink.h"
#include "view/view.h"

#include <string.h>

static void item(const char *head, const char *text)
{
    fputs(".TP\n.B ", stdout);
    troff_text(stdout, head);
    putchar('\n');
    troff_text(stdout, text);
    putchar('\n');
}

static void examples(const struct davy_page *p)
{
    for (const struct page_pair *x = p->example; x->head != NULL; x++)
        item(x->head, x->text);
}

static void page(const struct davy_page *p, const struct option_row *options)
{
    puts(".RS");
    if (p != NULL) {
        troff_text(stdout, p->about);
        putchar('\n');
    }
    if (options != NULL)
        options_manual(options, stdout);
    if (p != NULL && p->example[0].head != NULL) {
        puts(".PP\nExamples:");
        examples(p);
    }
    puts(".RE");
}

static void commands(void)
{
    puts(".SH COMMANDS");
    for (const struct davy_command *c = davy_commands; c->name != NULL; c++) {
        item(c->usage, c->help);
        page(davy_page(c->name), c->options);
    }
    item("davy NAME ...", "Runs the program davy-NAME, beside davy or in PATH.");
}

static void tables(void)
{
    struct arena arena = {0};
    struct keymap keymap;
    keymap_make(&keymap, NULL, NULL, NULL);
    puts(".SH OUTPUTS\nWhat\n.B \\-o\ntakes:");
    for (size_t i = 0; sinks[i] != NULL; i++)
        item(sinks[i]->name, sinks[i]->help);
    puts(".SH PANES");
    for (size_t i = 0; panes[i] != NULL; i++)
        item(panes[i]->name, panes[i]->help);
    puts(".SH KEYS");
    for (const struct action *a = actions; a->run != NULL; a++)
        item(keymap_keys(&arena, &keymap, a), a->help);
    puts(".SH ALERTS\nThe rules, and what makes them true with the default limits:");
    for (size_t i = 0; rules[i] != NULL; i++)
        item(rules[i]->name, rules[i]->help);
    arena_release(&arena);
}

static void manual_davy(void)
{
    printf(".TH DAVY 1 \"\" \"davy %s\" \"davy\"\n", DAVY_VERSION);
    puts(".SH NAME\ndavy \\- the safety lamp for mining rigs: a dashboard on a rig's files\n"
         ".SH SYNOPSIS\n.B davy\n[\\fB\\-C\\fR \\fIDIR\\fR] [\\fIoptions\\fR]\n.br\n.B davy \\-\\-once\n"
         "[\\fB\\-o json\\fR|\\fBstyles\\fR|\\fBtext\\fR|\\fBtmux\\fR] [\\fIoptions\\fR]\n.br\n.B davy\n"
         "\\fICOMMAND\\fR ...\n.SH DESCRIPTION\n"
         "Shows what the miner in a folder is doing, whether it earns, what it spends, when the next auction window "
         "closes, "
         "and what to do when something is wrong. It reads the rig's files as they change, and /proc; it never "
         "connects to "
         "the miner, never signals it and never writes to its folder.\n.SH OPTIONS");
    options_manual(davy_options, stdout);
    commands();
    puts(".SH EXAMPLES");
    examples(davy_page(""));
    tables();
    puts(".SH ENVIRONMENT");
    item("NO_COLOR", "Not empty: no colours.");
    item("DAVY_WATCH", "inotifytools, raw or poll: as --watch.");
    item("LC_ALL, LC_CTYPE, LANG", "Without UTF-8 only 7-bit characters are drawn.");
    puts(".SH FILES");
    item("davy.toml",
         "In the rig's folder: where its files are, limits, looks. Read again when it changes. See davy.toml(5).");
    puts(".SH EXIT STATUS\n0 when asked to leave or when the terminal is gone; 3 when something is wrong with the "
         "command "
         "line, the folder or the terminal; 128 and the signal's number when ended by one.\n"
         ".SH SEE ALSO\n.BR davy.toml (5),\n.BR davy\\-sim (1)");
}

static void manual_toml(void)
{
    settings_manual(stdout, davy_keys_manual);
}

int davy_manual(const struct davy_options *o, int argc, char **argv)
{
    static const struct {
        const char *topic;
        void (*print)(void);
    } pages[] = {{"davy", manual_davy}, {"davy.toml", manual_toml}};
    (void)o;
    struct err e;
    for (size_t i = 0; argc == 2 && i < sizeof pages / sizeof pages[0]; i++) {
        if (strcmp(pages[i].topic, argv[1]) == 0) {
            pages[i].print();
            return DAVY_OK;
        }
    }
    err_set(&e, "usage: davy manual davy|davy.toml");
    return davy_fail(&e);
}
