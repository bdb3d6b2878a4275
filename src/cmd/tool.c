/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/tool.h"

#include "base/near.h"

#include <stdlib.h>
#include <string.h>

int tool_complain(const struct tool *t, const struct err *e)
{
    fprintf(stderr, "%s: %s\n", t->name, e->text);
    return TOOL_USAGE;
}

int tool_failed(const struct tool *t, const struct err *e)
{
    tool_complain(t, e);
    return TOOL_FAILED;
}

static int too_many(const struct tool *t, char **argv, const char *word, struct err *e)
{
    err_set(e, "%s %s takes no '%.60s': %s %s --help", t->name, argv[0], word, t->name, argv[0]);
    return -1;
}

int tool_words(const struct tool *t, const struct option_row *rows, int argc, char **argv, int most, void *target,
               struct err *e)
{
    static const struct option_row none[] = {{.name = NULL}};
    int words = 0;
    bool closed = false;
    for (int at = 0; at < argc;) {
        int used = closed ? 1 : options_parse(rows ? rows : none, argc - at, argv + at, target, e);
        if (used < 0)
            return -1;
        closed = closed || (used > 1 && strcmp(argv[at + used - 1], "--") == 0);
        at += used;
        if (at < argc && words == most)
            return too_many(t, argv, argv[at], e);
        if (at < argc)
            argv[++words] = argv[at];
    }
    return words;
}

int tool_print(const struct tool *t, json_t *value)
{
    char *text = value ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    json_decref(value);
    if (!text) {
        fprintf(stderr, "%s: the answer cannot be printed\n", t->name);
        return TOOL_FAILED;
    }
    puts(text);
    free(text);
    return TOOL_OK;
}

static const struct tool_command *by_name(const struct tool *t, const char *name)
{
    for (const struct tool_command *c = t->command; c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static int unknown(const struct tool *t, const char *name)
{
    struct err e;
    const char *near = NULL;
    for (const struct tool_command *c = t->command; c->name && !near; c++)
        if (near_enough(bytes_of(name), bytes_of(c->name)))
            near = c->name;
    if (near)
        err_set(&e, "no command '%.40s'; did you mean %s? (%s --help lists all)", name, near, t->name);
    else
        err_set(&e, "no command '%.40s': %s --help lists all", name, t->name);
    return tool_complain(t, &e);
}

static bool asks_for_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

/* Up to "--": what is behind it belongs to somebody else. */
static bool has_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (asks_for_help(argv[i]))
            return true;
    return false;
}

static int help_of(const struct tool *t, const char *name)
{
    return name && !by_name(t, name) ? unknown(t, name) : tool_help(t, name);
}

static int command(const struct tool *t, int argc, char **argv)
{
    const struct tool_command *c = by_name(t, argv[0]);
    if (!c)
        return unknown(t, argv[0]);
    return has_help(argc, argv) ? tool_help(t, c->name) : c->run(t, argc, argv);
}

static int nothing_said(const struct tool *t)
{
    struct err e;
    err_set(&e, "say a command: %s --help lists all", t->name);
    return tool_complain(t, &e);
}

static int version(const struct tool *t)
{
    printf("%s " DAVY_VERSION "\n", t->name);
    return TOOL_OK;
}

static int run(const struct tool *t, int argc, char **argv)
{
    if (argc < 2)
        return nothing_said(t);
    if (asks_for_help(argv[1]) || strcmp(argv[1], "help") == 0)
        return help_of(t, argc > 2 ? argv[2] : NULL);
    if (strcmp(argv[1], "--version") == 0)
        return version(t);
    return strcmp(argv[1], "manual") == 0 ? tool_manual(t) : command(t, argc - 1, argv + 1);
}

int tool_main(const struct tool *t, int argc, char **argv)
{
    int code = run(t, argc, argv);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fprintf(stderr, "%s: cannot write to standard output\n", t->name);
    return TOOL_USAGE;
}
