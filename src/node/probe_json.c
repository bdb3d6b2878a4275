/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a coordinator is told of the machine. */
#include "node/probe.h"

#include "node/message.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static json_t *mb(int64_t bytes)
{
    return json_from_int(bytes == NOT_KNOWN ? NOT_KNOWN : bytes >> 20);
}

static json_t *words(const char *const *list)
{
    json_t *out = json_array();
    for (; list && *list; list++)
        json_array_append_new(out, json_string(*list));
    return out;
}

static json_t *gpu_offer(const struct probe_gpu *g, bool nominal)
{
    int64_t told = nominal && g->total_mib != NOT_KNOWN ? probe_nominal_mib(g->total_mib) : g->total_mib;
    return json_pack("{so so so so so so so}", "name", json_from_text(g->name), "memory_mb", json_from_int(told),
                     "memory_mib_actual", json_from_int(g->total_mib), "index", json_from_int(g->index), "uuid",
                     json_from_text(g->uuid), "driver", json_from_text(g->driver), "compute_cap",
                     json_from_text(g->compute_cap));
}

json_t *probe_gpu_json(const struct probe_gpu *g)
{
    return json_pack("{so so so so so so so so}", "index", json_from_int(g->index), "name", json_from_text(g->name),
                     "util", json_from_int(g->util_pct), "mem_used_mb", json_from_int(g->used_mib), "mem_total_mb",
                     json_from_int(g->total_mib), "temp_c", json_from_int(g->temp_c), "power_w",
                     json_from_num(g->power_w), "pstate", json_from_text(g->pstate));
}

static json_t *gpus(const struct probe *p, bool nominal)
{
    json_t *out = json_array();
    for (size_t i = 0; i < p->gpus; i++)
        if (!p->gpu[i].lost)
            json_array_append_new(out, gpu_offer(&p->gpu[i], nominal));
    return out;
}

static json_t *models(const struct probe *p)
{
    json_t *out = json_array();
    for (size_t i = 0; i < p->models; i++)
        json_array_append_new(out, json_string(p->model[i]));
    return out;
}

static json_t *runners(const struct probe *p, const struct probe_offer *o)
{
    json_t *cli = json_pack("{sb so}", "enabled", o->command && *o->command, "commands", words(o->command));
    json_t *python = json_pack("{sb so}", "enabled", o->task && *o->task, "tasks", words(o->task));
    json_t *ollama = json_pack("{sb sb so}", "enabled", p->ollama, "url_ok", p->ollama, "version",
                               json_from_text(p->ollama_version));
    return json_pack("{so so so}", "cli", cli, "python", python, "ollama", ollama);
}

/* A price as written: 0.02 is not 0.0200000004. */
static json_t *price(const char *text)
{
    char *end;
    double v = text ? strtod(text, &end) : NAN;
    return text && *end == '\0' ? json_from_num(v) : json_null();
}

json_t *probe_capabilities(const struct probe *p, const struct probe_offer *o)
{
    json_t *out =
        json_pack("{so so so so ss? ss? so}", "gpus", gpus(p, o->nominal_vram), "cuda", json_from_text(p->cuda),
                  "models", models(p), "price", price(o->price), "node", o->node_id, "version", o->version, "cpu",
                  json_pack("{so so so}", "logical_cores", json_from_int(p->cores), "model",
                            json_from_text(p->cpu_model), "arch", json_from_text(p->arch)));
    json_object_set_new(out, "memory", json_pack("{so}", "total_bytes", json_from_int(p->memory_bytes)));
    json_object_set_new(out, "memory_mb", mb(p->memory_bytes));
    json_object_set_new(out, "disk",
                        json_pack("{so so}", "workspace_total_mb", json_from_int(p->disk_total_mb), "workspace_free_mb",
                                  json_from_int(p->disk_free_mb)));
    json_object_set_new(out, "disk_free_mb", json_from_int(p->disk_free_mb));
    json_object_set_new(out, "runners", runners(p, o));
    json_object_set_new(out, "slots", json_pack("{si si}", "cpu", o->cpu_slots, "gpu", o->gpu_slots));
    json_object_set_new(out, "tags", words(o->tag));
    json_object_set_new(out, "platform", json_string("linux"));
    return out;
}

static json_t *load(const struct probe *p)
{
    return json_pack("[ooo]", json_from_num(p->load[0]), json_from_num(p->load[1]), json_from_num(p->load[2]));
}

json_t *probe_beat(const struct probe *p)
{
    bool known = p->memory_bytes > 0 && p->memory_free_bytes != NOT_KNOWN;
    double used = known ? 100.0 * (1.0 - (double)p->memory_free_bytes / (double)p->memory_bytes) : NAN;
    json_t *list = json_array();
    for (size_t i = 0; i < p->gpus; i++)
        json_array_append_new(list, probe_gpu_json(&p->gpu[i]));
    return json_pack("{so so so so}", "load_avg", load(p), "memory_percent",
                     json_from_num(isnan(used) ? NAN : round(used * 10) / 10), "disk_free_mb",
                     json_from_int(p->disk_free_mb), "gpus", list);
}

struct bytes probe_mark(struct arena *a, const json_t *capabilities)
{
    json_t *still = json_copy((json_t *)capabilities);
    json_object_del(still, "disk_free_mb");
    json_object_del(still, "disk");
    struct bytes text = message_text(a, still);
    json_decref(still);
    return text;
}
