/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-node allowlist: what a list lets jobs run. */
#include "cmd/node.h"

#include "base/file.h"
#include "node/allow.h"
#include "node/yaml.h"
#include "runner/lists.h"

#include <string.h>
#include <sys/stat.h>

static bool read_list(struct arena *a, const char *path, struct allow *out, struct err *e)
{
    struct file_stat s;
    struct bytes in;
    return file_read(a, path, YAML_BYTES, &in, &s, e) && allow_read(a, in, path, out, e);
}

static int check(const struct tool *t, char **path, int count)
{
    struct arena a = {0};
    struct allow list;
    struct err e;
    int code = TOOL_OK;
    for (int i = 0; i < count; i++)
        if (read_list(&a, path[i], &list, &e))
            printf("%s: %s, %zu rules\n", path[i], list.name, list.rules);
        else
            code = tool_failed(t, &e);
    arena_release(&a);
    return code;
}

static json_t *places(const struct allow_place *place, size_t count)
{
    json_t *out = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(
            out, json_pack("{sI sI}", "rule", (json_int_t)place[i].rule + 1, "item", (json_int_t)place[i].item + 1));
    return out;
}

static int tell(const struct tool *t, const struct allow *list, char **word, int count)
{
    struct err e;
    struct bytes token[ALLOW_TOKENS] = {{0}};
    struct allow_place place[ALLOW_TOKENS];
    size_t tokens = 0;
    for (int i = 0; i < count && tokens < ALLOW_TOKENS; i++)
        token[tokens++] = bytes_of(word[i]);
    bool allowed = allow_argv(list, token, tokens, place, &e);
    tool_print(t, allowed
                      ? json_pack("{sb ss so}", "allowed", 1, "command", list->path, "argument", places(place, tokens))
                      : json_pack("{sb ss ss}", "allowed", 0, "command", list->path, "why", e.text));
    return allowed ? TOOL_OK : TOOL_FAILED;
}

/* A folder is read as the node reads it, owners and modes too; which of its lists counts is the job's first word. */
static int test_folder(const struct tool *t, char **word, int count)
{
    struct err e;
    struct lists *lists = lists_open(word[0], &e);
    const struct allow *list = count > 1 ? lists_command(lists, word[1]) : NULL;
    int code = TOOL_FAILED;
    for (size_t i = 0; lists_problem(lists, i); i++)
        fprintf(stderr, "%s: %s\n", t->name, lists_problem(lists, i));
    if (!lists)
        code = tool_failed(t, &e);
    else if (list)
        code = tell(t, list, word + 2, count - 2);
    else
        tool_print(t, json_pack("{sb ss}", "allowed", 0, "why", "no list of this folder has that name"));
    lists_close(lists);
    return code;
}

static int test(const struct tool *t, char **word, int count)
{
    struct arena a = {0};
    struct allow list;
    struct err e;
    struct stat s;
    if (stat(word[0], &s) == 0 && S_ISDIR(s.st_mode))
        return test_folder(t, word, count);
    int code = read_list(&a, word[0], &list, &e) ? tell(t, &list, word + 1, count - 1) : tool_failed(t, &e);
    arena_release(&a);
    return code;
}

int node_allowlist(const struct tool *t, int argc, char **argv)
{
    struct err e;
    int words = tool_words(t, NULL, argc, argv, ALLOW_TOKENS + 2, NULL, &e);
    if (words < 0)
        return tool_complain(t, &e);
    if (words > 1 && strcmp(argv[1], "check") == 0)
        return check(t, argv + 2, words - 1);
    if (words > 1 && strcmp(argv[1], "test") == 0)
        return test(t, argv + 2, words - 1);
    err_set(&e, "say check FILE, test FILE -- ARGUMENTS or test FOLDER -- NAME ARGUMENTS: davy-node allowlist --help");
    return tool_complain(t, &e);
}
