/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "runner/launch.h"

#include "base/json.h"

#include <stddef.h>
#include <string.h>

/* ---- numbers and texts: a row each, so that both directions cannot disagree ---- */

struct number_row {
    const char *key;
    size_t at; /* of an int64_t in struct launch */
};
static const struct number_row numbers[] = {
    {"uid", offsetof(struct launch, uid)},
    {"without", offsetof(struct launch, without)},
    {"runtime_ms", offsetof(struct launch, limits.runtime_ms)},
    {"grace_ms", offsetof(struct launch, limits.grace_ms)},
    {"stall_ms", offsetof(struct launch, limits.stall_ms)},
    {"mem_mb", offsetof(struct launch, limits.mem_mb)},
    {"nproc", offsetof(struct launch, limits.nproc)},
    {"nofile", offsetof(struct launch, limits.nofile)},
    {"fsize_mb", offsetof(struct launch, limits.fsize_mb)},
    {"output_mb", offsetof(struct launch, limits.output_mb)},
    {"cpu_s", offsetof(struct launch, limits.cpu_s)},
    {"cpu_pct", offsetof(struct launch, limits.cpu_pct)},
    {"log_mb", offsetof(struct launch, limits.log_mb)},
    {"nice", offsetof(struct launch, limits.nice)},
    {"io_level", offsetof(struct launch, limits.io_level)},
};
static const struct number_row texts[] = {
    {"id", offsetof(struct launch, id)},           {"folder", offsetof(struct launch, folder)},
    {"program", offsetof(struct launch, program)}, {"program_sha256", offsetof(struct launch, program_sha256)},
    {"task", offsetof(struct launch, task)},       {"task_sha256", offsetof(struct launch, task_sha256)},
    {"params", offsetof(struct launch, params)},   {"mark", offsetof(struct launch, mark)},
    {"group", offsetof(struct launch, group)},     {"progress", offsetof(struct launch, progress)},
};
static const struct number_row flags[] = {
    {"cgroup_must", offsetof(struct launch, cgroup_must)},
    {"network", offsetof(struct launch, network)},
    {"gpu", offsetof(struct launch, gpu)},
};
enum {
    NUMBERS = sizeof numbers / sizeof *numbers,
    TEXTS = sizeof texts / sizeof *texts,
    FLAGS = sizeof flags / sizeof *flags
};

static void *field(struct launch *l, size_t at)
{
    return (char *)l + at;
}

static const void *peek(const struct launch *l, size_t at)
{
    return (const char *)l + at;
}

/* ---- to JSON ---- */

static json_t *list_json(const char *const *text)
{
    json_t *out = json_array();
    for (; text && *text; text++)
        json_array_append_new(out, json_string(*text));
    return out;
}

static json_t *kinds_json(const struct launch *l)
{
    json_t *out = json_array();
    for (size_t i = 0; i < l->words; i++)
        json_array_append_new(out, json_integer(l->kind[i]));
    return out;
}

static json_t *exits_json(const struct launch *l)
{
    json_t *out = json_array();
    for (size_t i = 0; i < l->ok_exits; i++)
        json_array_append_new(out, json_integer(l->ok_exit[i]));
    return out;
}

static json_t *artifacts_json(const struct launch *l)
{
    json_t *out = json_array();
    for (size_t i = 0; i < l->artifacts; i++)
        json_array_append_new(out, json_pack("{ss ss sI}", "path", l->artifact[i].path, "type", l->artifact[i].type,
                                             "most", (json_int_t)l->artifact[i].most_bytes));
    return out;
}

static json_t *cgroup_json(const struct cgroup_place *p)
{
    json_t *paths = json_array();
    for (int i = 0; i < CGROUP_PARTS; i++)
        json_array_append_new(paths, json_string(p->path[i]));
    return json_pack("{si so}", "kind", (int)p->kind, "path", paths);
}

json_t *launch_json(const struct launch *l)
{
    json_t *o = json_object();
    for (size_t i = 0; i < NUMBERS; i++)
        json_object_set_new(o, numbers[i].key, json_integer(*(const int64_t *)peek(l, numbers[i].at)));
    for (size_t i = 0; i < TEXTS; i++)
        json_object_set_new(o, texts[i].key, json_from_text(*(const char *const *)peek(l, texts[i].at)));
    for (size_t i = 0; i < FLAGS; i++)
        json_object_set_new(o, flags[i].key, json_boolean(*(const bool *)peek(l, flags[i].at)));
    json_object_set_new(o, "argv", list_json(l->argv));
    json_object_set_new(o, "kind", kinds_json(l));
    json_object_set_new(o, "env", list_json(l->env));
    json_object_set_new(o, "readable", list_json(l->readable));
    json_object_set_new(o, "ok_exit", exits_json(l));
    json_object_set_new(o, "artifact", artifacts_json(l));
    json_object_set_new(o, "cgroup", cgroup_json(&l->cgroup));
    return o;
}

/* ---- and back ---- */

static const char *text_of(struct arena *a, const json_t *v)
{
    return json_is_string(v) ? arena_copy(a, (struct bytes){json_string_value(v), json_string_length(v)}) : NULL;
}

static const char *const *list_of(struct arena *a, const json_t *list, size_t *count)
{
    const char **out = arena_array(a, json_array_size(list) + 1, sizeof *out);
    *count = 0;
    for (size_t i = 0; i < json_array_size(list); i++)
        if ((out[*count] = text_of(a, json_array_get(list, i))))
            (*count)++;
    return out;
}

static void kinds_of(struct arena *a, const json_t *list, struct launch *out)
{
    enum launch_path_kind *kind = arena_array(a, out->words + 1, sizeof *kind);
    for (size_t i = 0; i < out->words; i++)
        kind[i] = (enum launch_path_kind)json_integer_value(json_array_get(list, i));
    out->kind = kind;
}

static void exits_of(struct arena *a, const json_t *list, struct launch *out)
{
    int64_t *code = arena_array(a, json_array_size(list) + 1, sizeof *code);
    for (size_t i = 0; i < json_array_size(list); i++)
        code[i] = json_integer_value(json_array_get(list, i));
    out->ok_exit = code;
    out->ok_exits = json_array_size(list);
}

static void artifacts_of(struct arena *a, const json_t *list, struct launch *out)
{
    struct job_artifact *artifact = arena_array(a, json_array_size(list) + 1, sizeof *artifact);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *one = json_array_get(list, i);
        artifact[i] = (struct job_artifact){.path = text_of(a, json_object_get(one, "path")),
                                            .type = text_of(a, json_object_get(one, "type")),
                                            .most_bytes = json_integer_value(json_object_get(one, "most"))};
    }
    out->artifact = artifact;
    out->artifacts = json_array_size(list);
}

static void cgroup_of(const json_t *o, struct cgroup_place *out)
{
    const json_t *paths = json_object_get(o, "path");
    *out = (struct cgroup_place){.kind = (enum cgroup_kind)json_integer_value(json_object_get(o, "kind"))};
    for (size_t i = 0; i < CGROUP_PARTS; i++) {
        const json_t *path = json_array_get(paths, i);
        if (json_is_string(path) && json_string_length(path) < CGROUP_PATH)
            memcpy(out->path[i], json_string_value(path), json_string_length(path));
    }
}

bool launch_read(struct arena *a, const json_t *o, struct launch *out)
{
    size_t count;
    *out = (struct launch){.uid = -1};
    for (size_t i = 0; i < NUMBERS; i++)
        *(int64_t *)field(out, numbers[i].at) = json_integer_value(json_object_get(o, numbers[i].key));
    for (size_t i = 0; i < TEXTS; i++)
        *(const char **)field(out, texts[i].at) = text_of(a, json_object_get(o, texts[i].key));
    for (size_t i = 0; i < FLAGS; i++)
        *(bool *)field(out, flags[i].at) = json_is_true(json_object_get(o, flags[i].key));
    out->argv = list_of(a, json_object_get(o, "argv"), &out->words);
    kinds_of(a, json_object_get(o, "kind"), out);
    out->env = list_of(a, json_object_get(o, "env"), &count);
    out->readable = list_of(a, json_object_get(o, "readable"), &count);
    exits_of(a, json_object_get(o, "ok_exit"), out);
    artifacts_of(a, json_object_get(o, "artifact"), out);
    cgroup_of(json_object_get(o, "cgroup"), &out->cgroup);
    return out->id && out->folder && out->program && out->mark && out->group && out->words > 0;
}
