/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Answers of JSON-RPC nodes, read as answers to one question and to three, and each as every kind of result. */
#include "chain/rpc.h"

#include "chain/hex.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(struct arena *a, const struct rpc_answer *r)
{
    struct bytes hex, *keys;
    struct rpc_value *values;
    uint8_t hash[32];
    uint64_t number = 0;
    uint32_t spec, transaction;
    size_t count;
    if (!r->ok && (!r->why || !r->why[0]))
        abort();
    if (rpc_hex(a, r, &hex) && (!r->ok || hex.len > 65536))
        abort();
    rpc_hash(r, hash);
    rpc_uint(r, &number);
    if (rpc_header_number(r, &number) && number > UINT32_MAX)
        abort();
    rpc_runtime(r, &spec, &transaction);
    rpc_is_null(r);
    rpc_keys(a, r, &keys, &count);
    if (rpc_values(a, r, &values, &count))
        for (size_t i = 0; i < count; i++)
            hex_text(a, values[i].key);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (size_t count = 1; count <= 3; count += 2) {
        struct arena a = {0};
        struct rpc_answers answers = {0};
        struct err e = {""};
        if (rpc_answers_read(&a, (struct bytes){(const char *)data, size}, count, &answers, &e))
            for (size_t i = 0; i < count; i++)
                look(&a, &answers.at[i]);
        else if (!e.text[0])
            abort();
        rpc_answers_release(&answers);
        arena_release(&a);
    }
    return 0;
}
