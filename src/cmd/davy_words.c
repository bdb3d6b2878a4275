/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of the command line: options that all commands know may also stand behind the command. */
#include "cmd/davy.h"

#include "base/near.h"
#include "base/utf8.h"

#include <string.h>

static const struct option_row *row_of(const struct option_row *rows, const char *word)
{
    bool named = word[1] == '-';
    size_t len = named ? strcspn(word + 2, "=") : 0;
    for (; rows != NULL && rows->name != NULL; rows++)
        if (named ? strlen(rows->name) == len && memcmp(rows->name, word + 2, len) == 0 : rows->letter == word[1])
            return rows;
    return NULL;
}

/* 2: its value is the next word. */
static int words_of(const struct option_row *row, const char *word)
{
    bool attached = word[1] == '-' ? strchr(word, '=') != NULL : word[2] != '\0';
    return row->kind != OPTION_FLAG && !attached ? 2 : 1;
}

/* Reads one option with its value: as a command line of its own. */
static bool read_one(struct davy_options *o, char **argv, int count, struct err *e)
{
    char *line[4] = {argv[0], argv[0], count > 1 ? argv[1] : NULL, NULL};
    return options_parse(davy_options, count + 1, line, o, e) == count + 1;
}

int davy_words(struct davy_options *o, const struct option_row *own, int argc, char **argv, struct err *e)
{
    int kept = 1, at = 1;
    while (at < argc && strcmp(argv[at], "--") != 0) {
        const char *word = argv[at];
        bool option = word[0] == '-' && word[1] != '\0';
        const struct option_row *mine = option ? row_of(own, word) : NULL;
        const struct option_row *all = option && mine == NULL ? row_of(davy_options, word) : NULL;
        int count = all != NULL ? words_of(all, word) : mine != NULL ? words_of(mine, word) : 1;
        count = count > argc - at ? argc - at : count;
        if (all != NULL && !read_one(o, argv + at, count, e))
            return -1;
        for (int i = 0; all == NULL && i < count; i++)
            argv[kept++] = argv[at + i];
        at += count;
    }
    while (at < argc)
        argv[kept++] = argv[at++];
    return kept;
}

bool davy_one_word(const struct option_row *own, int argc, char **argv, void *target, const char **word, struct err *e)
{
    int at = options_parse(own, argc, argv, target, e);
    *word = at >= 0 && at < argc ? argv[at] : NULL;
    if (*word == NULL)
        return at >= 0;
    int more = options_parse(own, argc - at, argv + at, target, e);
    return more >= 0 && (more == argc - at || davy_too_many(e, argv[0], argv[at + more]));
}

bool davy_no_command(struct err *e, const char *name)
{
    struct arena scratch = {0};
    const char *shown = text_safe(&scratch, bytes_of(name), 40), *near = NULL;
    for (const struct davy_command *c = davy_commands; c->name != NULL && near == NULL; c++)
        if (near_enough(bytes_of(name), bytes_of(c->name)))
            near = c->name;
    if (near != NULL)
        err_set(e, "no command '%s'; did you mean %s? (davy --help lists all)", shown, near);
    else
        err_set(e, "no command '%s': davy --help lists all", shown);
    arena_release(&scratch);
    return false;
}

bool davy_too_many(struct err *e, const char *command, const char *word)
{
    struct arena scratch = {0};
    err_set(e, "%s: '%s' is not expected; see davy %s --help", command, text_safe(&scratch, bytes_of(word), 40),
            command);
    arena_release(&scratch);
    return false;
}
