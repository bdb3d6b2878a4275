/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/allow.h"

#include "node/yaml.h"

#include <regex.h>
#include <string.h>

enum { PATTERN_BYTES = 512, ARGS_BYTES = 4096, RUNTIME_S = 7200, OUTPUT_MB = 5000, RULES_MOST = 256 };

struct source {
    struct arena *a;
    const char *file;
    struct err *e;
};

static bool wrong(const struct source *s, const char *key, const char *what)
{
    return err_set(s->e, "%.100s: %.60s: %s", s->file, key, what);
}

static bool text_of(const struct source *s, const json_t *o, const char *key, const char **out)
{
    const json_t *v = json_object_get(o, key);
    if (v && !json_is_string(v))
        return wrong(s, key, "expected a text");
    if (v)
        *out = arena_copy(s->a, bytes_of(json_string_value(v)));
    return true;
}

static bool flag_of(const struct source *s, const json_t *o, const char *key, bool *out)
{
    const json_t *v = json_object_get(o, key);
    if (v && !json_is_boolean(v))
        return wrong(s, key, "expected true or false");
    *out = v ? json_is_true(v) : *out;
    return true;
}

static bool int_of(const struct source *s, const json_t *o, const char *key, int64_t least, int64_t most, int64_t *out)
{
    const json_t *v = json_object_get(o, key);
    if (v && (!json_is_integer(v) || json_integer_value(v) < least || json_integer_value(v) > most))
        return err_set(s->e, "%.100s: %.60s: expected a whole number, %lld to %lld", s->file, key, (long long)least,
                       (long long)most);
    *out = v ? json_integer_value(v) : *out;
    return true;
}

static bool only(const struct source *s, const json_t *o, const char *const *known)
{
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)o, key, v)
    {
        size_t i = 0;
        while (known[i] && strcmp(known[i], key) != 0)
            i++;
        if (!known[i])
            return wrong(s, key, "not a key that is known here; nothing is allowed by this file until it is mended");
    }
    return true;
}

/* The expression takes whole arguments. */
static char *whole(const struct source *s, const char *pattern)
{
    return arena_text(s->a, "^(%s)$", pattern);
}

static bool has_back_reference(const char *pattern)
{
    for (const char *p = strchr(pattern, '\\'); p; p = strchr(p + 2, '\\')) {
        if (p[1] >= '1' && p[1] <= '9')
            return true;
        if (!p[1])
            return false;
    }
    return false;
}

static bool expression(const struct source *s, const char *pattern, const char **out)
{
    regex_t compiled;
    if (strlen(pattern) > PATTERN_BYTES || has_back_reference(pattern))
        return wrong(s, "args", "an expression that is longer than 512 bytes or refers back");
    *out = whole(s, pattern);
    if (regcomp(&compiled, *out, REG_EXTENDED | REG_NOSUB) != 0)
        return wrong(s, "args", "an expression that is not a POSIX extended one");
    regfree(&compiled);
    return true;
}

static bool texts_of(const struct source *s, const json_t *list, const char *key, const char *const **out,
                     size_t *count)
{
    const char **text = arena_array(s->a, json_array_size(list) + 1, sizeof *text);
    if (list && !json_is_array(list))
        return wrong(s, key, "expected a list of texts");
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        if (!json_is_string(one))
            return wrong(s, key, "expected a list of texts");
        text[i] = arena_copy(s->a, bytes_of(json_string_value(one)));
    }
    *out = text;
    *count = json_array_size(list);
    return true;
}

static bool kind_of(const struct source *s, const json_t *rule, struct allow_item *out)
{
    static const char *const name[] = {[ALLOW_LITERAL] = "literal",
                                       [ALLOW_REGEX] = "regex",
                                       [ALLOW_PATH_IN] = "path_in",
                                       [ALLOW_PATH_OUT] = "path_out"};
    const json_t *kind = json_object_get(rule, "kind");
    *out = (struct allow_item){.kind = ALLOW_REGEX};
    if (!kind)
        return true;
    for (size_t i = 0; i < sizeof name / sizeof *name; i++)
        if (json_is_string(kind) && strcmp(json_string_value(kind), name[i]) == 0)
            return out->kind = (enum allow_kind)i, true;
    const json_t *range = json_object_get(kind, "int"), *list = json_object_get(kind, "enum");
    if (json_is_object(range)) {
        out->kind = ALLOW_INT;
        out->max = INT64_MAX;
        return int_of(s, range, "min", INT64_MIN, INT64_MAX, &out->min) &&
               int_of(s, range, "max", INT64_MIN, INT64_MAX, &out->max);
    }
    out->kind = ALLOW_ENUM;
    return json_array_size(list)
               ? texts_of(s, list, "enum", &out->one_of, &out->one_of_count)
               : wrong(s, "kind", "expected literal, regex, path_in, path_out, int: {min, max} or enum: [...]");
}

static bool item_of(const struct source *s, const json_t *v, struct allow_item *out)
{
    if (!json_is_string(v))
        return wrong(s, "args", "an argument's pattern must be a text: put it in quotes");
    const char *text = json_string_value(v);
    if (*text == '-')
        out->kind = ALLOW_LITERAL;
    out->text = arena_copy(s->a, bytes_of(text));
    bool is_pattern = out->kind == ALLOW_REGEX || out->kind == ALLOW_PATH_IN || out->kind == ALLOW_PATH_OUT;
    return !is_pattern || expression(s, text, &out->text);
}

static bool items_of(const struct source *s, const json_t *list, const struct allow_item *like, struct allow_rule *out)
{
    out->items = json_array_size(list);
    if (!out->items)
        return wrong(s, "args", "each rule is a list of one or more patterns");
    struct allow_item *item = arena_array(s->a, out->items, sizeof *item);
    for (size_t i = 0; i < out->items; i++) {
        item[i] = *like;
        if (!item_of(s, json_array_get(list, i), &item[i]))
            return false;
    }
    out->item = item;
    return true;
}

static bool rule_of(const struct source *s, const json_t *v, struct allow_rule *out)
{
    static const char *const known[] = {"match", "max", "required", "kind", NULL};
    struct allow_item like = {.kind = ALLOW_REGEX};
    out->most = 1;
    if (json_is_array(v))
        return items_of(s, v, &like, out);
    if (!json_is_object(v))
        return wrong(s, "args", "each rule is a list of patterns, or a map with match");
    return only(s, v, known) && kind_of(s, v, &like) && int_of(s, v, "max", 1, ALLOW_TOKENS, &out->most) &&
           flag_of(s, v, "required", &out->required) && items_of(s, json_object_get(v, "match"), &like, out);
}

static bool rules_of(const struct source *s, const json_t *list, struct allow *out)
{
    if (list && !json_is_array(list))
        return wrong(s, "args", "expected a list of rules");
    if (json_array_size(list) > RULES_MOST)
        return wrong(s, "args", "more than 256 rules");
    out->rules = json_array_size(list);
    struct allow_rule *rule = arena_array(s->a, out->rules + 1, sizeof *rule);
    out->rule = rule;
    for (size_t i = 0; i < out->rules; i++)
        if (!rule_of(s, json_array_get(list, i), &rule[i]))
            return false;
    return true;
}

static bool command_of(const struct source *s, const json_t *o, struct allow *out)
{
    static const char *const known[] = {"path", "sha256", "argv0", NULL};
    if (!json_is_object(o))
        return wrong(s, "command", "expected a map with path");
    if (!only(s, o, known) || !text_of(s, o, "path", &out->path) || !text_of(s, o, "sha256", &out->sha256) ||
        !text_of(s, o, "argv0", &out->argv0))
        return false;
    if (!out->path || *out->path != '/' || strstr(out->path, "/../") || strlen(out->path) > 1024)
        return wrong(s, "command.path", "expected an absolute path");
    return !out->sha256 || strspn(out->sha256, "0123456789abcdef") == 64 ||
           wrong(s, "command.sha256", "expected 64 hexadecimal digits");
}

static bool name_is_good(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";
    return name && *name && *name != '.' && *name != '-' && strlen(name) <= 64 && strspn(name, letters) == strlen(name);
}

static bool env_of(const struct source *s, const json_t *o, struct allow *out)
{
    const char *key;
    json_t *v;
    if (o && !json_is_object(o))
        return wrong(s, "env", "expected a map of names and texts");
    const char **env = arena_array(s->a, json_object_size(o) + 1, sizeof *env);
    out->env = env;
    json_object_foreach((json_t *)o, key, v)
    {
        if (!json_is_string(v) || strchr(key, '=') || strncmp(key, "LD_", 3) == 0)
            return wrong(s, key, "expected a name and a text; names that begin with LD_ are refused");
        env[out->envs++] = arena_text(s->a, "%s=%s", key, json_string_value(v));
    }
    return true;
}

static bool exits_of(const struct source *s, const json_t *list, struct allow *out)
{
    int *code = arena_array(s->a, json_array_size(list) + 1, sizeof *code);
    out->ok_exit = code;
    out->ok_exits = list ? json_array_size(list) : 1;
    if (list && !json_array_size(list))
        return wrong(s, "ok_exit", "expected a list of exit codes");
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_int_t v = json_integer_value(json_array_get(list, i));
        if (!json_is_integer(json_array_get(list, i)) || v < 0 || v > 255)
            return wrong(s, "ok_exit", "expected a list of exit codes, 0 to 255");
        code[i] = (int)v;
    }
    return true;
}

static bool limits_of(const struct source *s, const json_t *o, struct allow *out)
{
    static const char *const known[] = {"mem_mb", "cpu_pct", "nproc", "nofile", "fsize_mb", "nice", NULL};
    if (o && !json_is_object(o))
        return wrong(s, "limits", "expected a map");
    return only(s, o, known) && int_of(s, o, "mem_mb", 1, 1 << 24, &out->mem_mb) &&
           int_of(s, o, "cpu_pct", 1, 100000, &out->cpu_pct) && int_of(s, o, "nproc", 1, 65536, &out->nproc) &&
           int_of(s, o, "nofile", 8, 65536, &out->nofile) && int_of(s, o, "fsize_mb", 1, 1 << 24, &out->fsize_mb) &&
           int_of(s, o, "nice", 0, 19, &out->nice);
}

/* Only "none" can be promised; a profile is for a proxy that this node does not have. */
static bool network_of(const struct source *s, const json_t *o, struct allow *out)
{
    const char *text = "none";
    if (!text_of(s, o, "network", &text))
        return false;
    out->network = strcmp(text, "host") == 0;
    return out->network || strcmp(text, "none") == 0 || wrong(s, "network", "expected none or host");
}

static bool progress_of(const struct source *s, const json_t *o, struct allow *out)
{
    const char *checked;
    return text_of(s, o, "progress", &out->progress) && (!out->progress || expression(s, out->progress, &checked));
}

static bool read_all(const struct source *s, const json_t *o, struct allow *out)
{
    static const char *const known[] = {"name",
                                        "command",
                                        "args",
                                        "env",
                                        "network",
                                        "gpu",
                                        "restartable",
                                        "limits",
                                        "ok_exit",
                                        "progress",
                                        "max_total_args_len",
                                        "max_runtime_s",
                                        "max_output_mb",
                                        NULL};
    if (!json_is_object(o))
        return err_set(s->e, "%.100s: expected a map with command and args", s->file);
    if (!only(s, o, known) || !command_of(s, json_object_get(o, "command"), out))
        return false;
    out->name = strrchr(out->path, '/') + 1;
    if (!text_of(s, o, "name", &out->name) || !name_is_good(out->name))
        return wrong(s, "name", "expected letters, digits, dots, dashes: what jobs call the command");
    out->args_bytes = ARGS_BYTES;
    out->runtime_s = RUNTIME_S;
    out->output_mb = OUTPUT_MB;
    return rules_of(s, json_object_get(o, "args"), out) && env_of(s, json_object_get(o, "env"), out) &&
           network_of(s, o, out) && flag_of(s, o, "gpu", &out->gpu) &&
           flag_of(s, o, "restartable", &out->restartable) && limits_of(s, json_object_get(o, "limits"), out) &&
           exits_of(s, json_object_get(o, "ok_exit"), out) && progress_of(s, o, out) &&
           int_of(s, o, "max_total_args_len", 0, 1 << 20, &out->args_bytes) &&
           int_of(s, o, "max_runtime_s", 1, 7 * 86400, &out->runtime_s) &&
           int_of(s, o, "max_output_mb", 1, 1 << 24, &out->output_mb);
}

bool allow_read(struct arena *a, struct bytes yaml, const char *file, struct allow *out, struct err *e)
{
    struct source s = {a, file, e};
    struct allow got = {.name = NULL};
    json_t *o = yaml_tree(yaml, file, e);
    bool good = o && read_all(&s, o, &got);
    json_decref(o);
    if (good)
        *out = got;
    return good;
}
