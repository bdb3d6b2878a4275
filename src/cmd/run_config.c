/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/run.h"

#include "base/file.h"
#include "base/toml.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { CONFIG_MOST = 1 << 20, ARGV_MOST = 64, GRACE_S = 10, GRACE_MOST_S = 600 };

static bool is_argv(const json_t *v)
{
    size_t n = json_array_size(v);
    for (size_t i = 0; i < n; i++)
        if (!json_is_string(json_array_get(v, i)) ||
            strlen(json_string_value(json_array_get(v, i))) != json_string_length(json_array_get(v, i)))
            return false;
    return n > 0 && n <= ARGV_MOST && json_string_length(json_array_get(v, 0)) > 0;
}

static bool is_text(const json_t *v)
{
    return json_is_string(v) && json_string_length(v) > 0 && strlen(json_string_value(v)) == json_string_length(v);
}

static bool is_grace(const json_t *v)
{
    return json_is_integer(v) && json_integer_value(v) >= 0 && json_integer_value(v) <= GRACE_MOST_S;
}

static bool is_environment(const json_t *v)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)v, key, value)
    {
        if (*key == '\0' || strchr(key, '=') != NULL || !json_is_string(value))
            return false;
    }
    return json_is_object(v);
}

static const struct config_key {
    const char *name;
    bool (*fits)(const json_t *v);
    const char *expected;
} keys[] = {
    {"command", is_argv, "a list of words, such as [\"python3\", \"main.py\"]"},
    {"direct", is_argv, "a list of words; {user} in it is the username"},
    {"environment", is_environment, "a table of texts"},
    {"folder", is_text, "a folder, below the rig's or absolute"},
    {"grace_s", is_grace, "whole seconds from 0 to 600"},
    {"user", is_text, "the name of a user"},
};

static bool check_key(const char *module, const char *key, const json_t *value, struct err *e)
{
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if (strcmp(keys[i].name, key) == 0)
            return keys[i].fits(value) || err_set(e, "modules.%s.%s: expected %s", module, key, keys[i].expected);
    return err_set(e, "modules.%s: unknown key %.40s; it has command, direct, environment, folder, grace_s and user",
                   module, key);
}

static bool is_name(const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < n; i++)
        if (!isalnum((unsigned char)name[i]) && strchr("-_", name[i]) == NULL)
            return false;
    return n > 0 && n < RUN_NAME;
}

static bool check_module(const char *name, const json_t *module, struct err *e)
{
    const char *key;
    json_t *value;
    if (!is_name(name) || !json_is_object(module))
        return err_set(e, "[modules.NAME]: NAME is of letters, digits, - and _, %d at most", RUN_NAME - 1);
    json_object_foreach((json_t *)module, key, value)
    {
        if (!check_key(name, key, value, e))
            return false;
    }
    return json_object_get(module, "command") != NULL || err_set(e, "modules.%s.command is missing", name);
}

static bool check_all(const json_t *modules, struct err *e)
{
    const char *name;
    json_t *module;
    if (json_object_size(modules) == 0)
        return err_set(e, "there is no [modules.NAME] in it: nothing to run");
    if (json_object_size(modules) > RUN_MODULES)
        return err_set(e, "more than %d modules", RUN_MODULES);
    json_object_foreach((json_t *)modules, name, module)
    {
        if (!check_module(name, module, e))
            return false;
    }
    return true;
}

struct placed {
    const char *name;
    json_t *config;
    unsigned line;
};

static int by_line(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    return x->line != y->line ? (x->line < y->line ? -1 : 1) : strcmp(x->name, y->name);
}

/* By the line at which each begins: toml++ knows them by name only, and their numbers ("Module 1") are the owner's order. */
static json_t *in_order(struct arena *a, json_t *modules, struct bytes text)
{
    struct placed *all = arena_array(a, json_object_size(modules) + 1, sizeof *all);
    json_t *out = json_object(), *config;
    const char *name;
    size_t count = 0;
    json_object_foreach(modules, name, config)
    {
        unsigned line = toml_line(text, arena_text(a, "modules.%s", name));
        all[count++] = (struct placed){name, config, line};
    }
    qsort(all, count, sizeof *all, by_line);
    for (size_t i = 0; i < count; i++)
        json_object_set(out, all[i].name, all[i].config);
    return out;
}

json_t *run_config_read(const char *path, struct err *e)
{
    struct arena a = {0};
    struct file_stat st;
    struct bytes text;
    struct err why;
    json_t *modules = NULL;
    json_t *root = file_read(&a, path, CONFIG_MOST, &text, &st, e) ? toml_read(text, path, e) : NULL;
    if (root != NULL) {
        modules = json_object_get(root, "modules");
        if (check_all(modules, &why))
            modules = in_order(&a, modules, text);
        else
            modules = (err_set(e, "%.120s: %s", path, why.text), NULL);
    }
    json_decref(root);
    arena_release(&a);
    return modules;
}

/* {user} anywhere in the word. */
static char *fill_in(struct arena *a, const char *word, const char *user)
{
    const char *at = strstr(word, "{user}");
    if (at == NULL || user == NULL)
        return arena_copy(a, bytes_of(word));
    return arena_text(a, "%.*s%s%s", (int)(at - word), word, user, at + strlen("{user}"));
}

char **run_config_argv(struct arena *a, const json_t *module, const struct run_how *how)
{
    const json_t *direct = how->direct != NULL ? json_object_get(module, "direct") : NULL;
    const json_t *list = direct != NULL ? direct : json_object_get(module, "command");
    size_t n = json_array_size(list);
    char **argv = arena_array(a, n + 2, sizeof *argv);
    for (size_t i = 0; i < n; i++)
        argv[i] = fill_in(a, json_string_value(json_array_get(list, i)), how->direct);
    if (direct != NULL && how->force_fresh)
        argv[n] = arena_copy(a, bytes_of("--force-fresh"));
    return argv;
}

int64_t run_config_grace_ms(const json_t *module)
{
    int64_t s = json_int(module, "grace_s");
    return (s >= 0 && s <= GRACE_MOST_S ? s : GRACE_S) * 1000;
}

const char *run_config_user(const json_t *module)
{
    return json_string_value(json_object_get(module, "user"));
}
