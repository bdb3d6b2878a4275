/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Older tasks are read when the screen comes to them. */
#include "cmd/davy.h"

#include "view/view.h"

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
