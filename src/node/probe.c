/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/probe.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 12, FIELDS_OLD = 4, NAME_AT = 2, FIELD = 96 };

/* Splits a line at its commas; what is too much belongs to the name, which stands at number `name_at`. */
static bool split(struct bytes line, size_t fields, size_t name_at, struct bytes out[FIELDS])
{
    size_t commas = 0, at = 0, begin = 0;
    for (size_t i = 0; i < line.len; i++)
        commas += line.at[i] == ',';
    if (commas + 1 < fields)
        return false;
    size_t spare = commas + 1 - fields;
    for (size_t i = 0; i <= line.len && at < fields; i++) {
        if (i < line.len && line.at[i] != ',')
            continue;
        if (at == name_at && spare > 0 && i < line.len) {
            spare--;
            continue;
        }
        out[at++] = bytes_trim((struct bytes){line.at + begin, i - begin});
        begin = i + 1;
    }
    return at == fields;
}

static bool is_known(struct bytes field)
{
    return field.len > 0 && *field.at != '[' && !bytes_starts(field, "ERR") && !bytes_is(field, "N/A");
}

static double number(struct bytes field)
{
    char text[FIELD], *end;
    if (!is_known(field) || field.len >= sizeof text)
        return NAN;
    memcpy(text, field.at, field.len);
    text[field.len] = '\0';
    double v = strtod(text, &end);
    while (*end == ' ')
        end++;
    return end == text || (*end && strcmp(end, "MiB") != 0) || !isfinite(v) || v < 0 || v > 1e9 ? NAN : v;
}

static int64_t whole(struct bytes field)
{
    double v = number(field);
    return isnan(v) ? NOT_KNOWN : (int64_t)v;
}

static const char *text(struct arena *a, struct bytes field)
{
    if (!is_known(field))
        return NULL;
    json_t *o = json_pack("{ss%}", "t", field.at, field.len); /* invalid UTF-8 gives none */
    const char *safe = json_text(a, o, "t");
    json_decref(o);
    return safe;
}

static bool needs_reset(const struct bytes *field, size_t fields)
{
    for (size_t i = 0; i < fields; i++)
        if (bytes_find(field[i], "GPU requires reset") < field[i].len)
            return true;
    return false;
}

static struct probe_gpu new_kind(struct arena *a, const struct bytes f[FIELDS])
{
    return (struct probe_gpu){.index = whole(f[0]),
                              .uuid = text(a, f[1]),
                              .name = text(a, f[2]),
                              .driver = text(a, f[3]),
                              .total_mib = whole(f[4]),
                              .used_mib = whole(f[5]),
                              .free_mib = whole(f[6]),
                              .util_pct = whole(f[7]),
                              .temp_c = whole(f[8]),
                              .power_w = number(f[9]),
                              .pstate = text(a, f[10]),
                              .compute_cap = text(a, f[11]),
                              .lost = needs_reset(f, FIELDS)};
}

static struct probe_gpu old_kind(struct arena *a, const struct bytes f[FIELDS], size_t number_of_it)
{
    return (struct probe_gpu){.index = (int64_t)number_of_it,
                              .name = text(a, f[0]),
                              .total_mib = whole(f[1]),
                              .used_mib = whole(f[2]),
                              .util_pct = whole(f[3]),
                              .free_mib = NOT_KNOWN,
                              .temp_c = NOT_KNOWN,
                              .power_w = NAN,
                              .lost = needs_reset(f, FIELDS_OLD)};
}

size_t probe_gpus(struct arena *a, struct bytes csv, bool old, struct probe_gpu out[PROBE_GPUS])
{
    struct bytes line, field[FIELDS];
    size_t n = 0;
    while (n < PROBE_GPUS && bytes_line(&csv, &line)) {
        if (!split(line, old ? FIELDS_OLD : FIELDS, old ? 0 : NAME_AT, field))
            continue;
        struct probe_gpu g = old ? old_kind(a, field, n) : new_kind(a, field);
        if (g.name && (old || g.index != NOT_KNOWN))
            out[n++] = g;
    }
    return n;
}

const char *probe_cuda(struct arena *a, struct bytes banner)
{
    size_t at = bytes_find(banner, "CUDA Version: "), n = 0;
    struct bytes rest = bytes_from(banner, at + strlen("CUDA Version: "));
    while (n < rest.len && n < 8 && ((rest.at[n] >= '0' && rest.at[n] <= '9') || rest.at[n] == '.'))
        n++;
    return at < banner.len && n > 0 ? arena_copy(a, (struct bytes){rest.at, n}) : NULL;
}

int64_t probe_nominal_mib(int64_t mib)
{
    int64_t whole_gib = (mib + 1023) / 1024 * 1024;
    return mib > 0 && (whole_gib - mib) * 1000 < 25 * whole_gib ? whole_gib : mib;
}

int64_t probe_meminfo(struct bytes meminfo, const char *name)
{
    struct bytes line;
    int64_t kib;
    while (bytes_line(&meminfo, &line)) {
        if (!bytes_cut(&line, name) || !bytes_cut(&line, ":"))
            continue;
        line = bytes_trim(line);
        if (line.len > 3 && bytes_i64(bytes_trim((struct bytes){line.at, line.len - 2}), &kib) && kib >= 0)
            return kib * 1024;
    }
    return NOT_KNOWN;
}

const char *probe_cpu_model(struct arena *a, struct bytes cpuinfo)
{
    struct bytes line;
    while (bytes_line(&cpuinfo, &line))
        if (bytes_cut(&line, "model name"))
            return text(a, bytes_trim(bytes_from(line, bytes_find(line, ":") + 1)));
    return NULL;
}

size_t probe_models(struct arena *a, const json_t *tags, const char *out[PROBE_MODELS])
{
    const json_t *list = json_list(tags, "models"), *one;
    size_t i, n = 0;
    json_array_foreach(list, i, one)
    {
        const char *name = json_text(a, one, "name");
        if (name && n < PROBE_MODELS)
            out[n++] = name;
    }
    return n;
}
