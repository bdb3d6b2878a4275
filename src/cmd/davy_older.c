/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Older tasks are read when the screen comes to them. */
#include "cmd/davy.h"

#include "view/view.h"

#include <limits.h>

bool davy_older_tasks(struct rig *r, struct model *m, const struct ui *ui)
{
    int64_t first, rows;
    uint64_t line;
    bool page = view_wants_tasks(m, ui, &first, &rows), record = view_wants_record(m, ui, &line);
    if (page) {
        rig_look(r, first, rows);
        m->page = rig_page(r);
    }
    if (record) {
        rig_open_task(r, line);
        m->record = rig_record(r);
    }
    return page || record;
}

void davy_jump(struct rig *r, const struct model *m, struct ui *ui)
{
    const struct scores *s = m->scores;
    int *cursor = &ui->cursor[pane_by_name("tasks")];
    for (size_t i = 0; i < s->task_count; i++) {
        if (s->task[i].t_ms <= ui->jump_ms) {
            *cursor = (int)i;
            return;
        }
    }
    int64_t row = rig_task_at(r, ui->jump_ms) - (int64_t)s->task_skipped;
    *cursor = row < (int64_t)s->task_count ? (int)s->task_count : row > INT_MAX ? INT_MAX : (int)row;
}
