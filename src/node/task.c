/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/task.h"

#include "node/yaml.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { TASKS_MOST = 256, PARAMS_MOST = 64, TEXT_MOST = 64 << 10, RUNTIME_S = 7200, OUTPUT_MB = 5000 };

struct source {
    struct arena *a;
    const char *file;
    struct err *e;
};

static bool wrong(const struct source *s, const char *key, const char *what)
{
    return err_set(s->e, "%.100s: %.60s: %s", s->file, key, what);
}

static bool only(const struct source *s, const json_t *o, const char *const *known)
{
    const char *key;
    json_t *v;
    if (!json_is_object(o))
        return wrong(s, known[0], "expected a map");
    json_object_foreach((json_t *)o, key, v)
    {
        size_t i = 0;
        while (known[i] && strcmp(known[i], key) != 0)
            i++;
        if (!known[i])
            return wrong(s, key, "not a key that is known here; no task is allowed until it is mended");
    }
    return true;
}

static bool flag_of(const struct source *s, const json_t *o, const char *key, bool *out)
{
    const json_t *v = json_object_get(o, key);
    *out = json_is_true(v);
    return !v || json_is_boolean(v) || wrong(s, key, "expected true or false");
}

static bool int_of(const struct source *s, const json_t *o, const char *key, int64_t most, int64_t *out)
{
    const json_t *v = json_object_get(o, key);
    if (v && (!json_is_integer(v) || json_integer_value(v) < 1 || json_integer_value(v) > most))
        return wrong(s, key, "expected a whole number above 0");
    *out = v ? json_integer_value(v) : *out;
    return true;
}

static bool bound_of(const struct source *s, const json_t *o, const char *key, double *out)
{
    const json_t *v = json_object_get(o, key);
    *out = v ? json_number_value(v) : *out;
    return !v || json_is_number(v) || wrong(s, key, "expected a number");
}

static bool is_name(const char *name, size_t most)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    return name && *name && strlen(name) <= most && strspn(name, letters) == strlen(name);
}

static bool is_task(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    return is_name(name, 64) && *name >= 'a' && *name <= 'z' && strspn(name, letters) == strlen(name);
}

/* ---- one parameter ---- */

static bool type_of(const struct source *s, const json_t *o, struct task_param *out)
{
    static const char *const name[] = {
        [TASK_STRING] = "string", [TASK_INTEGER] = "integer", [TASK_NUMBER] = "number", [TASK_BOOLEAN] = "boolean"};
    const char *type = json_string_value(json_object_get(o, "type"));
    for (size_t i = 0; type && i < sizeof name / sizeof *name; i++)
        if (strcmp(type, name[i]) == 0)
            return out->type = (enum task_type)i, true;
    return wrong(s, out->name, "type must be string, integer, number or boolean");
}

static bool choice_of(const struct source *s, const json_t *o, struct task_param *out)
{
    const json_t *list = json_object_get(o, "enum");
    if (list && (!json_array_size(list) || out->type != TASK_STRING))
        return wrong(s, out->name, "enum must be a list of texts, of a string");
    const char **text = arena_array(s->a, json_array_size(list) + 1, sizeof *text);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        if (!json_is_string(one))
            return wrong(s, out->name, "enum must be a list of texts, of a string");
        text[i] = arena_copy(s->a, bytes_of(json_string_value(one)));
    }
    out->one_of = text;
    out->one_of_count = json_array_size(list);
    return true;
}

static bool param_of(const struct source *s, const char *name, const json_t *o, struct task_param *out)
{
    static const char *const known[] = {"type", "minimum", "maximum", "maxLength", "enum", NULL};
    *out = (struct task_param){.least = -DBL_MAX, .most = DBL_MAX, .length = TEXT_MOST};
    out->name = arena_copy(s->a, bytes_of(name));
    if (!is_name(name, 64))
        return wrong(s, name, "expected letters, digits and _");
    return only(s, o, known) && type_of(s, o, out) && bound_of(s, o, "minimum", &out->least) &&
           bound_of(s, o, "maximum", &out->most) && int_of(s, o, "maxLength", TEXT_MOST, &out->length) &&
           choice_of(s, o, out);
}

static struct task_param *param_named(struct task_param *param, size_t count, const char *name)
{
    for (size_t i = 0; name && i < count; i++)
        if (strcmp(param[i].name, name) == 0)
            return &param[i];
    return NULL;
}

static bool require(const struct source *s, const json_t *list, struct task_param *param, size_t count)
{
    if (list && !json_is_array(list))
        return wrong(s, "required", "expected a list of names");
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct task_param *p = param_named(param, count, json_string_value(json_array_get(list, i)));
        if (!p)
            return wrong(s, "required", "names a parameter that properties does not have");
        p->required = true;
    }
    return true;
}

static bool params_of(const struct source *s, const json_t *o, struct task *out)
{
    static const char *const known[] = {"properties", "required", "type", "additionalProperties", NULL};
    const json_t *properties = json_object_get(o, "properties");
    if (!o)
        return true;
    if (!only(s, o, known) || (properties && !json_is_object(properties)))
        return wrong(s, "params", "expected a map with properties and required");
    if (json_object_get(o, "additionalProperties") && !json_is_false(json_object_get(o, "additionalProperties")))
        return wrong(s, "additionalProperties", "only false can be promised");
    if (json_object_size(properties) > PARAMS_MOST)
        return wrong(s, "properties", "more than 64");
    struct task_param *param = arena_array(s->a, json_object_size(properties) + 1, sizeof *param);
    const char *key;
    json_t *v;
    out->param = param;
    json_object_foreach((json_t *)properties, key, v) if (!param_of(s, key, v, &param[out->params++])) return false;
    return require(s, json_object_get(o, "required"), param, out->params);
}

/* ---- one task ---- */

static bool sha256_of(const struct source *s, const json_t *o, struct task *out)
{
    const json_t *v = json_object_get(o, "sha256");
    const char *text = json_string_value(v);
    if (v && (!text || strlen(text) != 64 || strspn(text, "0123456789abcdef") != 64))
        return wrong(s, "sha256", "expected 64 hexadecimal digits, in quotes");
    out->sha256 = v ? arena_copy(s->a, bytes_of(text)) : NULL;
    return true;
}

static bool network_of(const struct source *s, const json_t *o, struct task *out)
{
    const json_t *v = json_object_get(o, "network");
    const char *text = v ? json_string_value(v) : "none";
    out->network = text && strcmp(text, "host") == 0;
    return out->network || (text && strcmp(text, "none") == 0) || wrong(s, "network", "expected none or host");
}

static bool task_of(const struct source *s, const json_t *o, struct task *out)
{
    static const char *const known[] = {"name",   "sha256",      "params", "max_runtime_s", "max_output_mb",
                                        "limits", "restartable", "gpu",    "network",       NULL};
    static const char *const limits[] = {"mem_mb", NULL};
    const json_t *limit = json_object_get(o, "limits");
    const char *name = json_string_value(json_object_get(o, "name"));
    if (!only(s, o, known) || (limit && !only(s, limit, limits)))
        return false;
    if (!is_task(name))
        return wrong(s, "name", "expected small letters, digits and _: the task's file without .py");
    *out = (struct task){.runtime_s = RUNTIME_S, .output_mb = OUTPUT_MB};
    out->name = arena_copy(s->a, bytes_of(name));
    return sha256_of(s, o, out) && network_of(s, o, out) && flag_of(s, o, "gpu", &out->gpu) &&
           flag_of(s, o, "restartable", &out->restartable) &&
           int_of(s, o, "max_runtime_s", 7 * 86400, &out->runtime_s) &&
           int_of(s, o, "max_output_mb", 1 << 24, &out->output_mb) &&
           int_of(s, limit, "mem_mb", 1 << 24, &out->mem_mb) && params_of(s, json_object_get(o, "params"), out);
}

static bool tasks_of(const struct source *s, const json_t *o, struct tasks *out)
{
    static const char *const known[] = {"tasks", NULL};
    const json_t *list = json_object_get(o, "tasks");
    if (!only(s, o, known) || !json_is_array(list) || json_array_size(list) > TASKS_MOST)
        return wrong(s, "tasks", "expected a list of at most 256 tasks");
    struct task *task = arena_array(s->a, json_array_size(list) + 1, sizeof *task);
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (!task_of(s, json_array_get(list, i), &task[i]))
            return false;
        for (size_t k = 0; k < i; k++)
            if (strcmp(task[i].name, task[k].name) == 0)
                return wrong(s, task[i].name, "stands there twice");
    }
    *out = (struct tasks){task, json_array_size(list)};
    return true;
}

bool task_read(struct arena *a, struct bytes yaml, const char *file, struct tasks *out, struct err *e)
{
    struct source s = {a, file, e};
    json_t *o = yaml_tree(yaml, file, e);
    bool good = o && tasks_of(&s, o, out);
    json_decref(o);
    return good;
}

/* ---- what a job gives ---- */

static bool takes_text(const struct task_param *p, const json_t *v)
{
    const char *text = json_string_value(v);
    if (!text || json_string_length(v) > (size_t)p->length || strlen(text) != json_string_length(v))
        return false;
    for (size_t i = 0; i < p->one_of_count; i++)
        if (strcmp(p->one_of[i], text) == 0)
            return true;
    return !p->one_of_count;
}

static bool takes(const struct task_param *p, const json_t *v)
{
    double x = json_number_value(v);
    bool within = x >= p->least && x <= p->most;
    switch (p->type) {
    case TASK_STRING:
        return takes_text(p, v);
    case TASK_INTEGER:
        return json_is_integer(v) && within;
    case TASK_NUMBER:
        return json_is_number(v) && isfinite(x) && within;
    case TASK_BOOLEAN:
        return json_is_boolean(v);
    }
    return false;
}

bool task_takes(const struct task *t, const json_t *params, struct err *e)
{
    size_t known = 0;
    for (size_t i = 0; i < t->params; i++) {
        const struct task_param *p = &t->param[i];
        const json_t *v = json_object_get(params, p->name);
        known += v != NULL;
        if (v ? !takes(p, v) : p->required)
            return err_set(e, "parameter %.64s of the task %s", p->name,
                           v ? "is not what its list allows" : "is missing");
    }
    return known == json_object_size(params) || err_set(e, "the task has parameters that its list does not name");
}
