/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sink "json": the model as one JSON document, indented, with a newline at its end. */
#include "sink/sink.h"

#include "sink/json_members.h"

#include <errno.h>
#include <string.h>

enum { JSON_VERSION = 1 };

static json_t *json_of_node(const struct model *m, struct arena *a)
{
    (void)m; /* no part of the model is about the node yet */
    (void)a;
    return json_null();
}

/* In the order in which they are printed: that of the interface's description. */
static const struct {
    const char *key;
    json_t *(*make)(const struct model *m, struct arena *a);
} members[] = {
    {"rig", json_of_rig},         {"sources", json_of_sources},
    {"daemon", json_of_daemon},   {"stages", json_of_stages},
    {"modules", json_of_modules},
    {"scores", json_of_scores},   {"tasks", json_of_tasks},
    {"budgets", json_of_budgets}, {"budget_cycle", json_of_budget_cycle},
    {"auction", json_of_auction}, {"heartbeat", json_of_heartbeat},
    {"log", json_of_log},         {"node", json_of_node},
    {"alerts", json_of_alerts},
    {"incidents", json_of_incidents},
    {"silences", json_of_silences},
    {"watch", json_of_watcher},
};

static json_t *json_of_model(const struct model *m, struct arena *a)
{
    json_t *root = json_object();
    put_int(root, "version", JSON_VERSION);
    put_int(root, "now", m->now_ms);
    put_text(root, "worst", severity_name(model_worst(m)));
    put_age(root, "data_age_s", model_data_age_ms(m));
    put_text(root, "notice", m->notice);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        put(root, members[i].key, members[i].make(m, a));
    return root;
}

static bool json_write(FILE *out, const struct model *m, const struct ui *ui, const struct looks *looks,
                       struct arena *a, struct err *e)
{
    (void)ui, (void)looks;
    json_t *root = json_of_model(m, a);
    bool ok = json_dumpf(root, out, JSON_INDENT(2) | JSON_REAL_PRECISION(17)) == 0 && fputc('\n', out) != EOF &&
              fflush(out) == 0;
    json_decref(root);
    return ok || err_set(e, "cannot write the JSON: %s", strerror(errno));
}

const struct sink sink_json = {
    .name = "json",
    .help = "the whole model as one JSON document",
    .write = json_write,
};
