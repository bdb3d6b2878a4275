/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/commitments.h"

#include "chain/portable.h"
#include "chain/ss58.h"

#include <stdio.h>

#define PALLET "Commitments"
#define ITEM "CommitmentOf"

/* Raw0 to Raw128 are as long as their names say; BigRaw has a length of its own. */
static bool raw_data(struct portable data, struct bytes *out)
{
    struct bytes name;
    struct portable inner = {.at = {NULL, 0}};
    if (!portable_variant(data, &name, &inner))
        return false;
    if (bytes_is(name, "Raw0"))
        *out = (struct bytes){"", 0};
    else if (!(bytes_starts(name, "Raw") || bytes_is(name, "BigRaw")) || !inner.m || !portable_octets(inner, out))
        return false;
    return true;
}

bool commitment_record_read(const struct metadata *m, struct bytes in, struct commitment_record *out)
{
    const struct storage_item *item = metadata_storage(m, PALLET, ITEM);
    struct portable record = {m, item ? item->value : 0, in}, block, info, fields, first;
    struct portable_list list;
    struct commitment_record r = {0};
    if (!item || !portable_fits(record) || !portable_field(record, "block", &block) ||
        !portable_number(block, &r.block) || !portable_field(record, "info", &info) ||
        !portable_field(info, "fields", &fields) || !portable_items(fields, &list))
        return false;
    r.is_raw = portable_next(&list, &first) && raw_data(first, &r.text);
    *out = r;
    return true;
}

/* The type of the items behind a field of fields: info.fields is a bounded vector of Data. */
static uint32_t data_type(const struct metadata *m, const struct type_variant *call)
{
    uint32_t type = NO_TYPE;
    for (size_t i = 0; i < call->fields.count; i++)
        if (bytes_is(call->fields.at[i].name, "info"))
            type = call->fields.at[i].type;
    for (int depth = 0; type != NO_TYPE && depth < 8; depth++) {
        const struct type_def *t = &m->type[type];
        if (t->kind == TYPE_VARIANT)
            return type;
        if (t->kind == TYPE_SEQUENCE)
            type = t->item;
        else
            type = t->kind == TYPE_COMPOSITE && t->fields.count == 1 ? t->fields.at[0].type : NO_TYPE;
    }
    return NO_TYPE;
}

static bool put_data(struct scale_out *o, const struct metadata *m, uint32_t type, struct bytes text, struct err *e)
{
    char name[24];
    snprintf(name, sizeof name, "Raw%zu", text.len);
    int index = type == NO_TYPE ? -1 : portable_variant_index(m, type, name);
    if (index < 0)
        return err_set(e, "this chain takes no commitment of %zu bytes", text.len);
    scale_put_uint(o, (uint64_t)index, 1);
    scale_put(o, text);
    return true;
}

bool commitment_call(struct arena *a, const struct metadata *m, uint16_t netuid, struct bytes text, struct bytes *call,
                     struct err *e)
{
    uint8_t pallet = 0;
    struct scale_out o = {.arena = a};
    const struct type_variant *v = metadata_call(m, PALLET, "set_commitment", &pallet);
    if (!v)
        return err_set(e, "this chain has no call Commitments.set_commitment: is it a Bittensor node?");
    scale_put_uint(&o, pallet, 1);
    scale_put_uint(&o, v->index, 1);
    scale_put_uint(&o, netuid, 2);
    scale_put_compact(&o, 1);
    if (!put_data(&o, m, data_type(m, v), text, e))
        return false;
    *call = scale_bytes(&o);
    return true;
}

bool commitment_key(struct scale_out *o, const struct metadata *m, uint16_t netuid, const uint8_t *account,
                    struct err *e)
{
    char id[2] = {(char)(netuid & 0xff), (char)(netuid >> 8)};
    struct bytes keys[2] = {{id, sizeof id}, {(const char *)account, ACCOUNT_BYTES}};
    return metadata_key(m, o, PALLET, ITEM, keys, account ? 2 : 1, e);
}

void commitment_key_usual(struct scale_out *o, uint16_t netuid, const uint8_t *account)
{
    char id[2] = {(char)(netuid & 0xff), (char)(netuid >> 8)};
    storage_prefix(o, PALLET, ITEM);
    storage_part(o, HASHER_IDENTITY, (struct bytes){id, sizeof id});
    if (account)
        storage_part(o, HASHER_TWOX_64_CONCAT, (struct bytes){(const char *)account, ACCOUNT_BYTES});
}

const uint8_t *commitment_account(struct bytes key)
{
    return key.len >= STORAGE_PREFIX + 2 + ACCOUNT_BYTES ? (const uint8_t *)key.at + key.len - ACCOUNT_BYTES : NULL;
}
