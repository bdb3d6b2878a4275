/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the machine has, from the texts of its tools: parsed here, gathered by who may touch the machine. What a tool does not
 * say is not known, never 0: "[N/A]", "[Not Supported]", "ERR!" and nothing are the same. */
#ifndef DAVY_NODE_PROBE_H
#define DAVY_NODE_PROBE_H

#include "base/json.h"
#include "base/timetext.h"

enum { PROBE_GPUS = 16, PROBE_MODELS = 128 };

/* What nvidia-smi is asked for; and where it does not know one of them. Both with --format=csv,noheader,nounits. */
#define PROBE_QUERY                                                                                                    \
    "index,uuid,name,driver_version,memory.total,memory.used,memory.free,utilization.gpu,temperature.gpu,power.draw,"  \
    "pstate,compute_cap"
#define PROBE_QUERY_OLD "name,memory.total,memory.used,utilization.gpu"

struct probe_gpu {
    int64_t index;
    const char *uuid, *name, *driver, *pstate, *compute_cap; /* NULL: not known. Safe */
    int64_t total_mib, used_mib, free_mib, util_pct, temp_c;
    double power_w; /* NAN */
    bool lost;      /* it needs a reset: no job can use it */
};
struct probe {
    const char *host, *arch, *cpu_model, *cuda, *ollama_version; /* NULL: not known */
    int64_t cores, memory_bytes, memory_free_bytes, disk_total_mb, disk_free_mb;
    double load[3]; /* NAN */
    struct probe_gpu gpu[PROBE_GPUS];
    size_t gpus;
    const char *gpu_state; /* "ok", "absent", or what is wrong, in words */
    const char *model[PROBE_MODELS];
    size_t models;
    bool ollama;
};
struct probe_offer { /* what the settings add to it */
    const char *node_id, *version, *price;
    int cpu_slots, gpu_slots;
    bool nominal_vram;
    const char *const *command; /* names of allow-lists, NULL at the end; NULL: none */
    const char *const *task;    /* of Python */
    const char *const *tag;
};

/* Lines of nvidia-smi. old: the four fields. Returns how many GPUs. A name may have a comma in it. */
size_t probe_gpus(struct arena *a, struct bytes csv, bool old, struct probe_gpu out[PROBE_GPUS]);
const char *probe_cuda(struct arena *a, struct bytes banner); /* "CUDA Version: 12.4" of nvidia-smi's head; NULL */
/* A card of 16 GB tells 16380 MiB, and coordinators ask for 16384: less than 2.5 % short of whole GiB counts as whole. */
int64_t probe_nominal_mib(int64_t mib);
int64_t probe_meminfo(struct bytes meminfo, const char *name); /* bytes; NOT_KNOWN */
const char *probe_cpu_model(struct arena *a, struct bytes cpuinfo);
size_t probe_models(struct arena *a, const json_t *tags, const char *out[PROBE_MODELS]);

/* New references. capabilities: what is registered. beat: what a heartbeat carries. */
json_t *probe_capabilities(const struct probe *p, const struct probe_offer *o);
json_t *probe_beat(const struct probe *p);
json_t *probe_gpu_json(const struct probe_gpu *g);
/* The same machine offers the same: what moves by itself (free memory, free disk) is left out. */
struct bytes probe_mark(struct arena *a, const json_t *capabilities);

#endif
