/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SCALE, metadata and what is read by metadata. An input is a list of changes to the simulated runtime's metadata (three
 * bytes each: where, what), then a value that is read as everything there is. */
#include "chain/commitments.h"
#include "chain/extrinsic.h"
#include "chain/neurons.h"
#include "chain/portable.h"
#include "sim/runtime.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CHANGES = 8 };

static void read_values(struct arena *a, const struct metadata *m, struct bytes in)
{
    struct commitment_record r;
    struct extrinsic_seen x;
    struct extrinsic_draft d;
    struct extrinsic_terms t = {.era = {64, 3}};
    struct neuron *n;
    struct bytes call, payload;
    size_t count;
    struct err e;
    if (commitment_record_read(m, in, &r) && r.is_raw && r.text.len > in.len)
        abort();
    neurons_read(a, m, in, &n, &count, &e);
    if (extrinsic_read(m, in, &x, &e))
        extrinsic_payload(a, m, &t, &x, &payload, &e);
    if (commitment_call(a, m, 89, bytes_of("2;b;"), &call, &e) && extrinsic_draft(a, m, &t, call, &d, &e) &&
        !d.payload.len)
        abort();
    for (uint32_t type = 0; type < m->type_count; type++)
        portable_fits((struct portable){m, type, in});
}

static void read_scale(struct bytes in)
{
    struct scale_in s = scale_from(in);
    while (s.rest.len && !s.bad) {
        scale_compact(&s);
        scale_vector(&s);
        scale_option(&s);
        scale_uint(&s, 3);
    }
    if (s.bad && s.rest.len)
        abort();
}

/* Made once: most of the time would go into it. */
static struct bytes runtime_of(unsigned version)
{
    static struct arena kept;
    static struct bytes made[2];
    if (!made[version % 2].len)
        made[version % 2] = runtime_metadata(&kept, version);
    return made[version % 2];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct err e;
    if (size < 1)
        return 0;
    struct bytes whole = runtime_of(data[0] & 1 ? 14 : 15);
    char *copy = arena_copy(&a, whole);
    size_t at = 1;
    for (int i = 0; i < (data[0] >> 1) % CHANGES && at + 3 <= size; i++, at += 3)
        copy[(data[at] | (size_t)data[at + 1] << 8) % whole.len] = (char)data[at + 2];
    struct bytes rest = {(const char *)data + at, size - at};
    const struct metadata *m = metadata_read(&a, (struct bytes){copy, whole.len}, &e);
    if (m)
        read_values(&a, m, rest);
    metadata_read(&a, rest, &e);
    read_scale(rest);
    arena_release(&a);
    return 0;
}
