/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Metadata of the simulated chain, from its tables. */
#include "sim/runtime.h"

#include "chain/hex.h"
#include "sim/runtime_private.h"

#include <string.h>

struct writer {
    struct scale_out o;
    struct runtime_types types;
    unsigned version;
};

static void put_name(struct writer *w, const char *name)
{
    scale_put_vector(&w->o, bytes_of(name));
}

static void put_type(struct writer *w, const char *name)
{
    runtime_put_type_number(&w->o, &w->types, bytes_of(name));
}

static void put_optional_type(struct writer *w, const char *name)
{
    scale_put_uint(&w->o, name != NULL, 1);
    if (name)
        put_type(w, name);
}

static void put_nothing(struct writer *w) /* an empty vector, or None */
{
    scale_put_uint(&w->o, 0, 1);
}

static void put_hex(struct writer *w, const char *hex)
{
    struct bytes raw = {"", 0};
    hex_read(w->o.arena, bytes_of(hex), &raw);
    scale_put_vector(&w->o, raw);
}

static void put_storage_item(struct writer *w, const struct runtime_storage *s)
{
    put_name(w, s->item);
    scale_put_uint(&w->o, !s->optional, 1);
    scale_put_uint(&w->o, s->key != NULL, 1);
    if (s->key) {
        scale_put_compact(&w->o, s->hashers);
        for (size_t i = 0; i < s->hashers; i++)
            scale_put_uint(&w->o, s->hasher[i], 1);
        put_type(w, s->key);
    }
    put_type(w, s->value);
    put_hex(w, s->fallback);
    put_nothing(w);
}

static void put_storage(struct writer *w, const char *pallet)
{
    size_t count = 0;
    for (const struct runtime_storage *s = runtime_storages; s->pallet; s++)
        count += strcmp(s->pallet, pallet) == 0;
    scale_put_uint(&w->o, 1, 1);
    put_name(w, pallet);
    scale_put_compact(&w->o, count);
    for (const struct runtime_storage *s = runtime_storages; s->pallet; s++)
        if (strcmp(s->pallet, pallet) == 0)
            put_storage_item(w, s);
}

static void put_constants(struct writer *w, const char *pallet)
{
    size_t count = 0;
    for (const struct runtime_constant *c = runtime_constants; c->pallet; c++)
        count += strcmp(c->pallet, pallet) == 0;
    scale_put_compact(&w->o, count);
    for (const struct runtime_constant *c = runtime_constants; c->pallet; c++) {
        if (strcmp(c->pallet, pallet) != 0)
            continue;
        put_name(w, c->name);
        put_type(w, c->type);
        put_hex(w, c->value);
        put_nothing(w);
    }
}

static void put_pallets(struct writer *w)
{
    size_t count = 0;
    while (runtime_pallets[count].name)
        count++;
    scale_put_compact(&w->o, count);
    for (const struct runtime_pallet *p = runtime_pallets; p->name; p++) {
        put_name(w, p->name);
        put_storage(w, p->name);
        put_optional_type(w, p->calls);
        put_nothing(w); /* events */
        put_constants(w, p->name);
        put_nothing(w); /* errors */
        scale_put_uint(&w->o, p->index, 1);
        if (w->version >= 15)
            put_nothing(w);
    }
}

static void put_extensions(struct writer *w)
{
    size_t count = 0;
    while (runtime_extensions[count].name)
        count++;
    scale_put_compact(&w->o, count);
    for (const struct runtime_extension *x = runtime_extensions; x->name; x++) {
        put_name(w, x->name);
        put_type(w, x->extra);
        put_type(w, x->additional);
    }
}

static void put_method(struct writer *w, const struct runtime_method_row *m)
{
    put_name(w, m->api);
    scale_put_compact(&w->o, 1);
    put_name(w, m->name);
    scale_put_compact(&w->o, 1);
    put_name(w, m->input);
    put_type(w, m->input_type);
    put_type(w, m->output);
    put_nothing(w);
    put_nothing(w);
}

static void put_apis(struct writer *w)
{
    size_t count = 0;
    while (runtime_methods[count].api)
        count++;
    scale_put_compact(&w->o, count);
    for (const struct runtime_method_row *m = runtime_methods; m->api; m++)
        put_method(w, m);
}

static void put_extrinsic(struct writer *w)
{
    if (w->version < 15)
        put_type(w, "UncheckedExtrinsic");
    scale_put_uint(&w->o, 4, 1);
    if (w->version >= 15) {
        put_type(w, "MultiAddress");
        put_type(w, "RuntimeCall");
        put_type(w, "MultiSignature");
        put_type(w, "all_extensions");
    }
    put_extensions(w);
    put_type(w, "Runtime");
}

struct bytes runtime_metadata(struct arena *a, unsigned version)
{
    struct writer w = {.o = {.arena = a}, .types = runtime_all_types(a), .version = version};
    scale_put(&w.o, bytes_of("meta"));
    scale_put_uint(&w.o, version, 1);
    runtime_put_types(&w.o, &w.types);
    put_pallets(&w);
    put_extrinsic(&w);
    if (version >= 15) {
        put_apis(&w);
        put_type(&w, "RuntimeCall"); /* of calls, events and errors */
        put_type(&w, "unit");
        put_type(&w, "unit");
        put_nothing(&w);
    }
    return scale_bytes(&w.o);
}
