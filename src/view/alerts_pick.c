/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/alerts_pick.h"

#include "view/pane.h"
#include "view/shown.h"

static bool holds(const struct alert *x, const struct needle *n)
{
    bool found = needle_in(n, x->what) || needle_in(n, x->why) || needle_in(n, x->rule) || needle_in(n, x->subject) ||
                 needle_in(n, severity_name(x->severity));
    for (int i = 0; i < ALERT_DO && x->todo[i] && !found; i++)
        found = needle_in(n, x->todo[i]);
    return found;
}

int alerts_list(const struct model *m, const struct ui *ui, const struct needle *n, int16_t *row, int most)
{
    int count = 0;
    (void)ui;
    for (size_t i = 0; i < m->alert_count; i++) {
        if (!holds(&m->alert[i], n))
            continue;
        if (count < most)
            row[count] = (int16_t)i;
        count++;
    }
    return count;
}

const struct model *alerts_pick(struct picked *p, const struct model *m, const struct ui *ui)
{
    struct shown shown;
    shown_of(&shown, m, ui, &pane_alerts);
    if (shown.every)
        return m;
    p->model = *m;
    p->model.alert = p->alert;
    p->model.alert_count = (size_t)(shown.count < PICKED_MOST ? shown.count : PICKED_MOST);
    for (size_t i = 0; i < p->model.alert_count; i++)
        p->alert[i] = m->alert[shown.row[i]];
    return &p->model;
}
