/* SPDX-License-Identifier: GPL-2.0-or-later */
/* performance-metrics.json: two writers, two shapes, each replaces the other's file (rig-files.md 1.4). Numbers may be
 * NaN. */
#include "base/json.h"
#include "base/timetext.h"
#include "model/scores.h"

#include <math.h>

static void read_shape1(const json_t *root, struct metrics_doc *doc)
{
    const json_t *day = json_child(root, "performance_24h"), *week = json_child(root, "performance_7day");
    doc->tao_7d = json_num(week, "tao_earned");
    doc->tokens_7d = json_int(week, "token_spend");
    doc->average = json_num(day, "average_score");
    doc->success = json_num(day, "success_rate");
    doc->tasks = json_int(day, "tasks_completed");
}

static void read_shape2(const json_t *root, struct metrics_doc *doc)
{
    doc->average = json_num(root, "average_score");
    doc->success = json_num(root, "success_rate");
    doc->period_days = json_int(root, "period_days");
    doc->tasks = json_int(root, "tasks_completed");
}

/* Shape 2 has no TAO in it and replaces shape 1 as soon as the tracker runs: what was earned stays known, with its time. */
static void keep_tao(struct metrics_doc *doc, const struct metrics_doc *before)
{
    doc->tao_ms = doc->updated_ms;
    if (!before || !isnan(doc->tao_7d))
        return;
    doc->tao_7d = before->tao_7d;
    doc->tokens_7d = before->tokens_7d;
    doc->tao_ms = before->tao_ms;
}

static const struct metrics_doc *read_root(struct arena *a, const json_t *root, const struct decode_in *in,
                                           struct err *e)
{
    struct metrics_doc d = {.tao_7d = NAN,
                            .tokens_7d = NOT_KNOWN,
                            .average = NAN,
                            .success = NAN,
                            .period_days = NOT_KNOWN,
                            .tasks = NOT_KNOWN,
                            .updated_ms = json_time(root, "last_updated", 0)};
    d.shape1 = json_child(root, "performance_7day") != NULL;
    d.shape2 = json_object_get(root, "period_days") != NULL;
    if (!d.shape1 && !d.shape2) {
        err_set(e, "%s: unknown shape: neither performance_7day nor period_days is there", in->name);
        return NULL;
    }
    if (d.shape1)
        read_shape1(root, &d);
    if (d.shape2) /* the newer writer's numbers win where both are there */
        read_shape2(root, &d);
    keep_tao(&d, in->before);
    struct metrics_doc *out = arena_alloc(a, sizeof *out);
    *out = d;
    return out;
}

const void *metrics_decode(struct arena *a, const struct decode_in *in, struct err *e)
{
    json_t *root = json_read(in->bytes, in->name, e);
    if (!root)
        return NULL;
    const struct metrics_doc *doc = NULL;
    if (json_is_object(root))
        doc = read_root(a, root, in, e);
    else
        err_set(e, "%s: expected one JSON object", in->name);
    json_decref(root);
    return doc;
}
