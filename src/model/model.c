/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/model.h"

#include "base/timetext.h"

struct model *model_build(struct arena *a, const struct model_in *in)
{
    struct model *m = arena_alloc(a, sizeof *m);
    m->now_ms = in->now_ms;
    m->rig_name = in->rig_name;
    m->rig_dir = in->rig_dir;
    m->host = in->host;
    m->page = in->page;
    m->find = in->find;
    m->record = in->record;
    m->notice = in->notice;
    m->settings = in->docs->settings ? in->docs->settings : settings_default();
    for (size_t i = 0; i < DOC_COUNT; i++)
        m->origin[i] = in->origin[i];
#define PART(type, build) m->type = build;
#include "model/parts.def"
#undef PART
    return m;
}

int64_t model_data_age_ms(const struct model *m)
{
    int64_t newest = NOT_KNOWN;
    for (size_t i = 0; i < DOC_COUNT; i++)
        if (i != DOC_SETTINGS && m->origin[i].mtime_ms > newest)
            newest = m->origin[i].mtime_ms;
    if (newest == NOT_KNOWN)
        return NOT_KNOWN;
    return m->now_ms > newest ? m->now_ms - newest : 0;
}

enum severity model_worst(const struct model *m)
{
    enum severity worst = SEVERITY_OK;
    for (size_t i = 0; i < m->alert_count; i++)
        if (m->alert[i].severity > worst)
            worst = m->alert[i].severity;
    return worst;
}

size_t model_count(const struct model *m, enum severity s)
{
    size_t n = 0;
    for (size_t i = 0; i < m->alert_count; i++)
        n += m->alert[i].severity == s;
    return n;
}
