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
    if (options != NULL)
        options_manual(options, stdout);
    for (const struct page_pair *x = p != NULL ? p->term : NULL; x != NULL && x->head != NULL; x++)
        item(x->head, x->text);
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
        const struct davy_page *p = davy_page(c->name);
        item(c->usage, p != NULL ? p->about : c->help);
        page(p, c->options);
    }
    item("davy NAME ...", "Runs the program davy-NAME, beside davy or in PATH.");
}

/* Its keys; of what has none, how the palette calls it. */
static const char *called(struct arena *a, const struct keymap *k, const struct action *x)
{
    const char *keys = keymap_keys(a, k, x);
    return keys[0] != '\0' ? keys : arena_text(a, ":%s %s", x->id, x->takes != NULL ? x->takes : "");
}

static void timelines(void)
{
    puts(".PP\nA rule can be tried without a rig:\n.B davy check --test-rules FILE\ntakes a timeline as JSON, steps "
         "the alert "
         "engine\nthrough it, on the terms of davy.toml, and says when an incident is pending, firing, recovering and "
         "over. "
         "\"value\"\nis held against the limits of a rule that has some; \"severity\" (ok, info, warning, critical) or "
         "\"unknown\" says it\noutright. A sample holds until the next one of the same rule and subject. With "
         "\"expect\" the "
         "exit status is 2\nwhen something else came of it.\n.PP\n.nf");
    puts("{\"every_s\": 10, \"until_s\": 600,\n \"samples\": [{\"at_s\": 0, \"rule\": \"budget_high\", \"subject\": "
         "\"openai\", \"value\": 85},\n             {\"at_s\": 60, \"rule\": \"daemon_down\", \"severity\": "
         "\"critical\"},\n"
         "             {\"at_s\": 90, \"rule\": \"daemon_down\", \"unknown\": true}],\n \"expect\": [{\"at_s\": 130, "
         "\"rule\": \"daemon_down\", \"state\": \"firing\", \"severity\": \"critical\"}]}\n.fi");
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
        item(called(&arena, &keymap, a), a->help);
    puts(".SH ALERTS\nThe rules, and what makes them true with the default limits:");
    for (size_t i = 0; rules[i] != NULL; i++)
        item(rules[i]->name, rules[i]->help);
    timelines();
    arena_release(&arena);
}

/* Of the tasks pane, and of what makes a start short. */
static void tasks(void)
{
    puts(".SH TASKS\nThe tasks pane lists all tasks of the history, newest first. In it / takes:");
    item("a word", "The tasks with it in their id, LLM, strategy, kind, or subnet as in sn19.");
    item("a condition", "As --where of davy history: score<0.5, llm=gemini-pro and not subnet=19, id~3f, pending.");
    item("@TIME",
         "No filter: jumps to the newest task that is not newer. TIME as in --since of davy history, also with "
         "a blank before the time of day and with a minus: @2026-10-12 14:00, @-3d. :at TIME does the same.");
    puts(".PP");
    troff_text(stdout,
               "The newest tasks are asked at once, all others piece by piece of the file, the newest first; the last "
               "row tells how far that is and how many were found, and every key works meanwhile. n and N go from one "
               "to the next, Esc ends it. Enter twice shows one record whole; what is longer than the pane moves with "
               "PgDn and PgUp. What was read of the history is kept in history.index (see FILES), so the next start "
               "reads only what was appended. While there is none yet, the newest tasks are shown from the end of the "
               "file, and the footer tells how far reading is.");
    putchar('\n');
}

static void files(void)
{
    puts(".SH FILES");
    item("davy.toml",
         "In the rig's folder: where its files are, limits, looks, commands, keys. Read again when it changes. See "
         "davy.toml(5).");
    item("state/davy/audit.jsonl", "Below the rig's folder: who restarted or committed, when, and what became of it.");
    item("state/davy/history.index",
         "Below the rig's folder, or ~/.cache/davy/history-*.index (XDG_CACHE_HOME moves it) where that cannot be "
         "written: what was learnt from the task history. It counts only while the history's first KiB "
         "and the bytes before the place where reading goes on are the same; otherwise it is read anew. It may be "
         "deleted "
         "at any time; --read-only writes none. After a rotation it still knows the tasks of the file before.");
    item("~/.config/davy/themes/NAME.toml", "Themes of your own; XDG_CONFIG_HOME moves it.");
}

static void manual_davy(void)
{
    printf(".TH DAVY 1 \"\" \"davy %s\" \"davy\"\n", DAVY_VERSION);
    puts(".SH NAME\ndavy \\- the safety lamp for mining rigs: a dashboard on a rig's files\n.SH SYNOPSIS");
    for (const struct page_pair *u = davy_usages; u->head != NULL; u++) {
        puts(u == davy_usages ? ".B" : ".br\n.B");
        troff_text(stdout, u->head);
        putchar('\n');
    }
    puts(".SH DESCRIPTION");
    troff_text(stdout, davy_page("")->about);
    puts("\nIt reads /proc too; it never connects to the miner and never signals it. It writes nothing into the rig's\n"
         "files; when you tell it to restart the daemon or to force a commitment, it runs the command that it shows "
         "you and "
         "keeps\na log of that.\n.SH OPTIONS");
    options_manual(davy_options, stdout);
    commands();
    puts(".SH EXAMPLES");
    examples(davy_page(""));
    tables();
    tasks();
    davy_looks_manual();
    puts(".SH ENVIRONMENT");
    item("COLORFGBG", "Its last number is the colour of the ground: with 7 or 15 davy begins with the theme daylight.");
    item("COLORTERM", "truecolor or 24bit: the terminal has 24-bit colours. ssh does not hand it on: --color 24bit.");
    item("DAVY_WATCH", "inotifytools, raw or poll: as --watch.");
    item("LC_ALL, LC_CTYPE, LANG", "Without UTF-8 only 7-bit characters are drawn.");
    item("NO_COLOR", "Not empty: no colours.");
    item("TERM", "The kind of terminal; terminfo must know it.");
    files();
    puts(".SH EXIT STATUS\nOf the dashboard; commands tell theirs with --help.");
    for (const struct page_pair *x = davy_page("")->status; x->head != NULL; x++)
        item(x->head, x->text);
    puts(".SH SEE ALSO\n.BR davy.toml (5),\n.BR davy\\-sim (1)");
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
