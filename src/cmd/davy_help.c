/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --help, printed from the tables of options and commands and from the pages. At most 80 columns. */
#include "cmd/davy.h"

#include "action/keymap.h"
#include "base/wrap.h"
#include "cmd/davy_pages.h"

#include <string.h>

enum { COLUMN_MOST = 42 };

static int widest(const struct page_pair *pair)
{
    int most = 0;
    for (; pair->head != NULL; pair++)
        if ((int)strlen(pair->head) > most && strlen(pair->head) <= COLUMN_MOST)
            most = (int)strlen(pair->head);
    return most;
}

static void pairs(const char *title, const struct page_pair *pair)
{
    int column = widest(pair);
    if (pair->head == NULL)
        return;
    printf("\n%s:\n", title);
    for (; pair->head != NULL; pair++) {
        int used = printf("  %-*s  ", column, pair->head);
        wrap_put(stdout, used, column + 4, pair->text);
    }
}

static void page_end(const struct davy_page *page)
{
    if (page == NULL)
        return;
    pairs("Words", page->term);
    pairs("Examples", page->example);
    pairs("Files", page->file);
    pairs("Exit status", page->status);
}

static void of_command(const struct davy_command *c)
{
    const struct davy_page *page = davy_page(c->name);
    printf("usage: %s\n\n", c->usage);
    wrap_put(stdout, 0, 0, page != NULL ? page->about : c->help);
    puts("\nOptions:");
    if (c->options != NULL)
        options_help(c->options, stdout);
    wrap_put(stdout, printf("  and those of davy itself (davy --help): "), 2, "-C DIR, --config FILE, ...");
    page_end(page);
}

static void list_commands(void)
{
    puts("\nCommands (davy help COMMAND tells more of one):");
    for (const struct davy_command *c = davy_commands; c->name != NULL; c++)
        wrap_put(stdout, printf("  %-10s  ", c->name), 14, c->help);
    wrap_put(stdout, printf("  %-10s  ", "NAME"), 14, "anything else runs the program davy-NAME");
}

/* Those that the footer hints at. */
static void list_keys(void)
{
    struct arena a = {0};
    struct keymap k;
    keymap_make(&k, NULL, NULL, NULL);
    puts("\nKeys on the screen (? tells all of them there):");
    for (const struct action *x = actions; x->run != NULL; x++)
        if (x->footer)
            wrap_put(stdout, printf("  %-14s  ", keymap_keys(&a, &k, x)), 18, x->help);
    arena_release(&a);
}

static void of_davy(void)
{
    const struct davy_page *page = davy_page("");
    for (const struct page_pair *u = davy_usages; u->head != NULL; u++)
        printf("%s %-32s  %s\n", u == davy_usages ? "usage:" : "      ", u->head, u->text);
    puts("");
    wrap_put(stdout, 0, 0, page->about);
    list_commands();
    puts("\nOptions, before or behind the command:");
    options_help(davy_options, stdout);
    list_keys();
    page_end(page);
    puts("\nMore: man davy, man davy.toml");
}

static const struct davy_command *command_by_name(const char *name)
{
    for (const struct davy_command *c = davy_commands; c->name != NULL; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

int davy_help(const struct davy_options *o, int argc, char **argv)
{
    (void)o;
    const struct davy_command *c = argc > 1 ? command_by_name(argv[1]) : NULL;
    if (argc > 1 && c == NULL)
        return davy_run_other(argv[1], (char *[]){argv[1], (char[]){"--help"}, NULL});
    if (c != NULL)
        of_command(c);
    else
        of_davy();
    return DAVY_OK;
}

int davy_run_command(struct davy_options *o, int argc, char **argv)
{
    struct err e;
    const struct davy_command *c = command_by_name(argv[0]);
    if (c == NULL)
        return davy_run_other(argv[0], argv);
    int words = davy_words(o, c->options, argc, argv, &e);
    if (words < 0)
        return davy_fail(&e);
    argv[words] = NULL;
    if (o->help)
        return davy_help(o, 2, (char *[]){(char[]){"help"}, argv[0], NULL});
    return c->run(o, words, argv);
}
