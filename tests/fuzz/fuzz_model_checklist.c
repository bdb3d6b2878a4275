/* SPDX-License-Identifier: GPL-2.0-or-later */
/* HEARTBEAT.md is never refused; an item is never empty, and a list with items is not empty. */
#include "model_check.h"

#include "model/heartbeat.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct err e = {0};
    struct decode_in in = {.bytes = {(const char *)data, size}, .name = "HEARTBEAT.md"};
    const struct checklist_doc *doc = checklist_decode(&a, &in, &e);
    demand(doc != NULL);
    demand(doc->count == 0 || !doc->effectively_empty);
    for (size_t i = 0; i < doc->count; i++) {
        demand_safe(&a, doc->item[i].text);
        demand_safe(&a, doc->item[i].section);
    }
    arena_release(&a);
    return 0;
}
