/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/neurons.h"

#include "chain/portable.h"
#include "chain/ss58.h"

static bool read_stake(struct portable neuron, uint64_t *rao)
{
    struct portable stakes, pair, amount;
    struct portable_list list;
    *rao = 0;
    if (!portable_field(neuron, "stake", &stakes) || !portable_items(stakes, &list))
        return false;
    if (list.left == 0)
        return true;
    return portable_next(&list, &pair) && portable_place(pair, 1, &amount) && portable_number(amount, rao);
}

static bool read_neuron(struct portable v, struct neuron *out)
{
    struct portable hotkey, uid;
    struct bytes account;
    uint64_t number;
    if (!portable_field(v, "hotkey", &hotkey) || !portable_octets(hotkey, &account) || account.len != ACCOUNT_BYTES ||
        !portable_field(v, "uid", &uid) || !portable_number(uid, &number) || number > UINT16_MAX)
        return false;
    out->hotkey = (const uint8_t *)account.at;
    out->uid = (uint16_t)number;
    return read_stake(v, &out->stake_rao);
}

static bool read_all(struct arena *a, struct portable v, struct neuron **out, size_t *count)
{
    struct portable_list list;
    struct portable one;
    if (!portable_fits(v) || !portable_items(v, &list))
        return false;
    struct neuron *at = arena_array(a, list.left + 1, sizeof *at);
    size_t n = 0;
    while (portable_next(&list, &one))
        if (!read_neuron(one, &at[n++]))
            return false;
    *out = at;
    *count = n;
    return true;
}

bool neurons_read(struct arena *a, const struct metadata *m, struct bytes in, struct neuron **out, size_t *count,
                  struct err *e)
{
    const struct runtime_method *method = metadata_method(m, "NeuronInfoRuntimeApi", "get_neurons_lite");
    if (!method)
        return err_set(e,
                       "this chain's metadata does not say what %s answers: metadata V15 of a Bittensor node is needed",
                       NEURONS_METHOD);
    return read_all(a, (struct portable){m, method->output, in}, out, count) ||
           err_set(e, "the chain's list of neurons is not what its metadata says: ask another endpoint");
}
