/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-node allowlist: what a list lets jobs run. */
#include "cmd/node.h"

#include "base/file.h"
#include "node/allow.h"
#include "node/yaml.h"

#include <string.h>

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

static int test(const struct tool *t, char **word, int count)
{
    struct arena a = {0};
    struct allow list;
    struct err e;
    struct bytes token[ALLOW_TOKENS];
    struct allow_place place[ALLOW_TOKENS];
    if (!read_list(&a, word[0], &list, &e)) {
        arena_release(&a);
        return tool_failed(t, &e);
    }
    size_t tokens = 0;
    for (int i = 1; i < count && tokens < ALLOW_TOKENS; i++)
        token[tokens++] = bytes_of(word[i]);
    bool allowed = allow_argv(&list, token, tokens, place, &e);
    tool_print(t, allowed
                      ? json_pack("{sb ss so}", "allowed", 1, "command", list.path, "argument", places(place, tokens))
                      : json_pack("{sb ss ss}", "allowed", 0, "command", list.path, "why", e.text));
    arena_release(&a);
    return allowed ? TOOL_OK : TOOL_FAILED;
}

int node_allowlist(const struct tool *t, int argc, char **argv)
{
    struct err e;
    int words = tool_words(t, NULL, argc, argv, ALLOW_TOKENS + 1, NULL, &e);
    if (words < 0)
        return tool_complain(t, &e);
    if (words > 1 && strcmp(argv[1], "check") == 0)
        return check(t, argv + 2, words - 1);
    if (words > 1 && strcmp(argv[1], "test") == 0)
        return test(t, argv + 2, words - 1);
    err_set(&e, "say check FILE or test FILE -- ARGUMENTS: davy-node allowlist --help");
    return tool_complain(t, &e);
}
