/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy report: how the miner does, in the words of its heartbeat. */
#include "cmd/davy.h"

#include "cmd/davy_memory.h"
#include "sink/report.h"

#include <langinfo.h>
#include <string.h>

struct report_options {
    const char *output;
};
const struct option_row report_options[] = {
    {"output", 'o', "FORM", "text, json or markdown (text)", OPTION_TEXT, offsetof(struct report_options, output)},
    {.name = NULL},
};

static enum report_kind kind_of(const char *name)
{
    int kind = 0;
    while (name != NULL && kind < REPORT_KINDS && strcmp(report_kind_name((enum report_kind)kind), name) != 0)
        kind++;
    return name != NULL ? (enum report_kind)kind : REPORT_KINDS;
}

static int print(const struct davy_options *o, enum report_kind kind, const struct report_sink *sink)
{
    struct err e;
    struct arena a = {0};
    struct rig *r = davy_look(o, &e);
    if (r == NULL)
        return davy_fail(&e);
    rig_range(r, kind == REPORT_DAILY ? RANGE_24H : RANGE_FIT);
    struct model *m = davy_judged(r, &a);
    bool ascii = o->ascii || strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
    sink->write(stdout, report_make(&a, m, kind), ascii);
    arena_release(&a);
    rig_close(r);
    return DAVY_OK;
}

int davy_report(const struct davy_options *o, int argc, char **argv)
{
    struct report_options mine = {.output = o->output};
    struct err e = {""};
    const char *word;
    if (!davy_one_word(report_options, argc, argv, &mine, &word, &e))
        return davy_fail(&e);
    enum report_kind kind = kind_of(word);
    const struct report_sink *sink = report_sink_by_name(mine.output != NULL ? mine.output : "text");
    if (kind == REPORT_KINDS)
        err_set(&e, "report: say heartbeat, daily or weekly; see davy report --help");
    else if (sink == NULL)
        err_set(&e, "-o %.40s: expected json, markdown or text", mine.output);
    return e.text[0] != '\0' ? davy_fail(&e) : print(o, kind, sink);
}
