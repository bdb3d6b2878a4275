/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Older tasks are read when the screen comes to them, and searched while there is time. */
#include "cmd/davy.h"

#include "base/timetext.h"
#include "view/view.h"

#include <limits.h>

static bool look_for(struct rig *r, struct model *m, const struct ui *ui)
{
    struct find_want want;
    if (!view_wants_find(m, ui, &want))
        return false;
    rig_seek(r, want.text, want.first, want.count);
    m->find = rig_find(r, m->scores);
    return true;
}

bool davy_older_tasks(struct rig *r, struct model *m, const struct ui *ui)
{
    int64_t first, rows;
    uint64_t line;
    bool page = view_wants_tasks(m, ui, &first, &rows), record = view_wants_record(m, ui, &line);
    bool found = look_for(r, m, ui);
    if (page) {
        rig_look(r, first, rows);
        m->page = rig_page(r);
    }
    if (record) {
        rig_open_task(r, line);
        m->record = rig_record(r);
    }
    return page || record || found;
}

bool davy_search(struct rig *r, struct model *m, int64_t until_ms)
{
    bool more = m->find != NULL && rig_seek_step(r, m->scores, until_ms);
    m->find = rig_find(r, m->scores);
    return more;
}

/* Its row in the list without a filter. */
static int64_t row_at(struct rig *r, const struct scores *s, int64_t t_ms)
{
    for (size_t i = 0; i < s->task_count; i++)
        if (s->task[i].t_ms <= t_ms)
            return (int64_t)i;
    int64_t row = rig_task_at(r, t_ms) - (int64_t)s->task_skipped;
    return row < (int64_t)s->task_count ? (int64_t)s->task_count : row;
}

/* Its place among those that the filter found. */
static int64_t found_at(struct rig *r, const struct model *m, int64_t row)
{
    size_t newest = 0;
    while (newest < m->find->newest_count && m->find->newest[newest] < row)
        newest++;
    return newest < m->find->newest_count ? (int64_t)newest : (int64_t)newest + rig_found_before(r, m->scores, row);
}

void davy_jump(struct rig *r, const struct model *m, struct ui *ui)
{
    int64_t row = row_at(r, m->scores, ui->jump_ms);
    bool filtered = m->find != NULL && ui->filter[pane_by_name("tasks")][0] != '\0';
    if (filtered && !m->find->done && (m->find->back_ms == NOT_KNOWN || m->find->back_ms > ui->jump_ms))
        ui_say(ui, "the search has not come so far back yet");
    row = filtered ? found_at(r, m, row) : row;
    ui->cursor[pane_by_name("tasks")] = row > INT_MAX ? INT_MAX : (int)row;
}
