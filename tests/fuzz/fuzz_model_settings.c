/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy.toml: settings or sentences, never both; the sentences are safe, in the order of their lines, and the same for both
 * ways of reading. */
#include "model_check.h"

#include "model/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct err e = {0};
    struct settings_fault fault[SETTINGS_FAULTS];
    struct decode_in in = {.bytes = {(const char *)data, size}, .name = "davy.toml"};
    const struct settings *s = settings_decode(&a, &in, &e);
    size_t count = settings_check(&a, &in, fault);
    demand((s == NULL) == (count > 0) && count <= SETTINGS_FAULTS);
    for (size_t i = 0; i < count; i++) {
        demand_safe(&a, fault[i].text);
        demand(i == 0 || fault[i - 1].line <= fault[i].line);
    }
    for (int i = 0; s != NULL && i < DOC_COUNT; i++)
        demand_safe(&a, s->path[i]);
    arena_release(&a);
    return 0;
}
