/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log, whole and in small blocks: how it arrives must make no difference. */
#include "model_check.h"

#include "base/timetext.h"
#include "model/log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct log *view(struct arena *a, const struct logfold *f)
{
    struct docs docs = {.logfold = f};
    return log_at(a, &docs, INT64_C(1795322860000));
}

static void check(struct arena *a, const struct log *l)
{
    uint64_t lines = 0;
    for (size_t i = 0; i < LOG_LEVELS; i++)
        lines += l->count[i];
    demand(lines <= l->lines && l->line_count <= LOG_LINES && l->error_count <= LOG_ERRORS &&
           l->error_count <= l->line_count);
    for (size_t i = 0; i < l->line_count; i++)
        demand_safe(a, l->line[i].text);
    for (size_t i = 0; i < l->stage_count; i++)
        demand_safe(a, l->stage[i].message);
    demand_safe(a, l->status_line);
}

static void compare(const struct log *x, const struct log *y)
{
    demand(x->lines == y->lines && x->line_count == y->line_count && x->nul_runs == y->nul_runs);
    demand(x->last_ms == y->last_ms && x->stage_count == y->stage_count && x->wallet_broken == y->wallet_broken);
    demand(memcmp(x->mark, y->mark, sizeof x->mark) == 0 && memcmp(x->last_day, y->last_day, sizeof x->last_day) == 0);
    for (size_t i = 0; i < x->line_count; i++)
        demand(strcmp(x->line[i].text, y->line[i].text) == 0 && x->line[i].repeat == y->line[i].repeat);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct arena a = {0};
    size_t step = (size_t)data[0] % 17 + 1;
    struct bytes text = {(const char *)data + 1, size - 1};
    struct logfold *whole = logfold_new(0), *pieces = logfold_new(0);
    logfold_feed(whole, text);
    for (size_t i = 0; i < text.len; i += step)
        logfold_feed(pieces, (struct bytes){text.at + i, text.len - i < step ? text.len - i : step});
    const struct log *x = view(&a, whole), *y = view(&a, pieces);
    check(&a, x);
    compare(x, y);
    logfold_free(whole);
    logfold_free(pieces);
    arena_release(&a);
    return 0;
}
