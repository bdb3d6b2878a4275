/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/task_rows.h"

#include "view/pane.h"
#include "view/shown.h"

#include <limits.h>

/* Lines of replaced tasks among the newest are in the file and not in the list. */
static int64_t in_file(const struct scores *s, int i)
{
    return i + (int64_t)s->task_skipped;
}

static int newest_rows(const struct scores *s)
{
    int n = (int)s->task_count;
    if (s->span.range == RANGE_FIT || s->span.range == RANGE_ALL)
        return n;
    while (n > 0 && s->task[n - 1].t_ms <= s->span.after_ms)
        n--;
    return n;
}

int task_rows(const struct model *m)
{
    const struct scores *s = m->scores;
    int newest = newest_rows(s);
    if (!m->page || newest < (int)s->task_count)
        return newest;
    int64_t rows = m->page->total;
    if (s->span.range != RANGE_FIT && s->span.range != RANGE_ALL && s->span.rows < rows)
        rows = s->span.rows;
    rows -= (int64_t)s->task_skipped;
    return rows < newest ? newest : rows > INT_MAX ? INT_MAX : (int)rows;
}

const struct task_line *task_row(const struct model *m, int i)
{
    const struct scores *s = m->scores;
    if (i < (int)s->task_count)
        return &s->task[i];
    int64_t at = m->page ? in_file(s, i) - m->page->first : -1;
    if (at < 0 || at >= (int64_t)m->page->count || !m->page->row[at].llm)
        return NULL;
    return &m->page->row[at];
}

static bool has(const struct model *m, int64_t first, int64_t end)
{
    const struct task_page *p = m->page;
    end = end < p->total ? end : p->total;
    return p->first <= first && end <= p->first + (int64_t)p->count;
}

struct want {
    int64_t first, count; /* 0: nothing */
};

/* A screen to both sides of the selected row; and when that is not there, another one, so that not every step reads. */
static struct want want_of(const struct model *m, const struct ui *ui)
{
    const struct scores *s = m->scores;
    int cursor = ui->cursor[pane_by_name("tasks")], h = ui->h;
    int last = m->page ? task_rows(m) - 1 : 0;
    cursor = cursor > last ? last : cursor;
    if (!m->page || cursor + h < (int)s->task_count || shown_filter(ui, &pane_tasks)[0] != '\0')
        return (struct want){0};
    int64_t newest = in_file(s, (int)s->task_count), first = in_file(s, cursor) - h, end = in_file(s, cursor) + h;
    if (has(m, first < newest ? newest : first, end))
        return (struct want){0};
    first = first - h < newest ? newest : first - h;
    return (struct want){.first = first, .count = end + h - first};
}

bool view_wants_tasks(const struct model *m, const struct ui *ui, int64_t *first, int64_t *count)
{
    struct want w = want_of(m, ui);
    *first = w.first;
    *count = w.count;
    return w.count > 0;
}

bool view_wants_record(const struct model *m, const struct ui *ui, uint64_t *line)
{
    const struct task_line *t = ui->detail && pane_zoomed(ui, &pane_tasks) ? task_selected(m, ui) : NULL;
    if (!t || !m->page || (m->record && m->record->line == t->line))
        return false;
    *line = t->line;
    return true;
}

const struct task_line *task_selected(const struct model *m, const struct ui *ui)
{
    struct shown shown;
    shown_of(&shown, m, ui, &pane_tasks);
    int at = ui->cursor[pane_by_name("tasks")];
    at = at >= shown.count ? shown.count - 1 : at;
    return at < 0 ? NULL : task_row(m, shown_row(&shown, at));
}
