/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy export prometheus-rules: the rules of the alert engine for a Prometheus that reads davy export prometheus. Their
 * limits stay davy's: a metric says whether a rule's condition is seen. What Prometheus cannot say: two thresholds (a rule
 * clears there at the limit at which it fires), a number of samples, and that no data is not fine (a rule of its own says
 * that davy is not seen any more). */
#include "cmd/davy_export.h"

#include "rule/terms.h"

#include <string.h>

/* What is indented is one rule. Names of rules are of a-z, 0-9 and _; help is quoted, for YAML and for the template. */
static void print_text(FILE *out, const char *text)
{
    fputc('\'', out);
    for (; *text != '\0'; text++)
        fputs(*text == '\'' ? "''" : (char[2]){*text, '\0'}, out);
    fputc('\'', out);
}

static void print_times(FILE *out, const struct terms *t)
{
    if (t->for_ms > 0)
        fprintf(out, "        for: %llds\n", (long long)t->for_ms / 1000);
    if (t->clear_ms > 0)
        fprintf(out, "        keep_firing_for: %llds\n", (long long)t->clear_ms / 1000);
}

/* A cause hides what follows from it as long as it is seen. */
static void print_one(FILE *out, const struct rule *r, const struct terms *t, const char *severity, const char *which)
{
    fprintf(out, "      - alert: davy_%s_%s\n", r->name, severity);
    fprintf(out, "        expr: sum without (severity) (davy_rule_seen{rule=\"%s\",severity=~\"%s\"}) > 0\n", r->name,
            which);
    print_times(out, t);
    fprintf(out, "        labels:\n          severity: %s\n", severity);
    if (t->because[0] != NULL)
        fprintf(out, "          because: %s\n", t->because[0]);
    fputs("        annotations:\n          summary: ", out);
    print_text(out, r->help);
    fputc('\n', out);
}

static bool write_rules(FILE *out, const struct model *m, const struct ui *ui, const struct looks *looks,
                        struct arena *a, struct err *e)
{
    const struct terms *terms;
    size_t count = terms_of(a, m->settings, &terms);
    (void)ui, (void)looks;
    fputs("# Made by davy export prometheus-rules; for the metrics of davy export prometheus.\n"
          "groups:\n  - name: davy\n    rules:\n"
          "      - alert: davy_not_seen\n        expr: absent(davy_timestamp_seconds) or time() - davy_timestamp_seconds > 600\n"
          "        for: 60s\n        labels:\n          severity: critical\n"
          "        annotations:\n          summary: 'no metrics of the rig for ten minutes: nothing is known of it'\n",
          out);
    for (size_t i = 0; i < count; i++)
        if (!terms[i].off) {
            print_one(out, rules[i], &terms[i], "warning", "warning|critical");
            print_one(out, rules[i], &terms[i], "critical", "critical");
        }
    return (fflush(out) == 0 && !ferror(out)) || err_set(e, "cannot write the rules");
}

const struct sink sink_prometheus_rules = {
    .name = "prometheus-rules",
    .help = "the alert rules for a Prometheus",
    .write = write_rules,
};
