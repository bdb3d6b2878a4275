/* SPDX-License-Identifier: GPL-2.0-or-later */
/* performance-metrics.json: refused with a sentence, or of a known shape; the ROI made of it is a number or not known.
 * */
#include <math.h>
#include <stdlib.h>

#include "model/scores.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct err e = {0};
    struct decode_in in = {.bytes = {(const char *)data, size}, .name = "performance-metrics.json"};
    const struct metrics_doc *doc = metrics_decode(&a, &in, &e);
    struct docs docs = {.metrics_doc = doc};
    struct settings s = {.success_threshold = 0.6};
    demand((doc == NULL) == (e.text[0] != '\0'));
    demand(!doc || doc->shape1 || doc->shape2);
    const struct scores *k = scores_at(&a, &docs, &s, INT64_C(1795348800000));
    demand(k->metrics == doc && !k->known && !isinf(k->roi));
    demand(isnan(k->roi) == (k->roi_word == ROI_UNKNOWN));
    arena_release(&a);
    return 0;
}
