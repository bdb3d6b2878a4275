/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/task_rows.h"

#include "base/numtext.h"
#include "base/timetext.h"
#include "view/pane.h"

#include <limits.h>
#include <string.h>

/* Lines of replaced tasks among the newest are in the file and not in the list. */
static int64_t in_file(const struct scores *s, int i)
{
    return i + (int64_t)s->task_skipped;
}

int task_rows(const struct model *m)
{
    const struct scores *s = m->scores;
    int newest = task_newest_rows(s);
    if (!m->page || newest < (int)s->task_count)
        return newest;
    int64_t rows = task_file_rows(s, m->page->total) - (int64_t)s->task_skipped;
    return rows < newest ? newest : rows > INT_MAX ? INT_MAX : (int)rows;
}

static const struct task_line *task_row(const struct model *m, int i)
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

/* ---- with a filter ---- */

static const struct task_find *find_of(const struct model *m, const struct ui *ui)
{
    const char *filter = shown_filter(ui, &pane_tasks);
    return m->find && filter[0] != '\0' && strcmp(m->find->text, filter) == 0 ? m->find : NULL;
}

/* As want_of(), among those that were found. */
static struct want want_found(const struct task_find *f, const struct ui *ui)
{
    int64_t cursor = ui->cursor[pane_by_name("tasks")], h = ui->h, last = (int64_t)f->newest_count + f->older - 1;
    cursor = cursor > last ? last : cursor;
    int64_t first = cursor - h - (int64_t)f->newest_count, end = first + 2 * h;
    first = first < 0 ? 0 : first;
    if (end <= first || (f->first <= first && (end < f->older ? end : f->older) <= f->first + (int64_t)f->count))
        return (struct want){0};
    first = first < h ? 0 : first - h;
    return (struct want){.first = first, .count = end + h - first};
}

bool view_wants_find(const struct model *m, const struct ui *ui, struct find_want *out)
{
    const struct task_find *f = find_of(m, ui);
    *out = (struct find_want){.text = shown_filter(ui, &pane_tasks), .count = 2 * ui->h};
    if (!f)
        return out->text[0] != '\0' || m->find;
    struct want w = want_found(f, ui);
    out->first = w.first;
    out->count = w.count;
    return w.count > 0;
}

void task_list_of(struct task_list *l, const struct model *m, const struct ui *ui)
{
    *l = (struct task_list){.find = find_of(m, ui), .all = task_rows(m)};
    if (!l->find) {
        shown_of(&l->shown, m, ui, &pane_tasks);
        l->count = l->shown.count;
        return;
    }
    int64_t count = (int64_t)l->find->newest_count + l->find->older;
    l->count = count > INT_MAX ? INT_MAX : (int)count;
}

const struct task_line *task_listed(const struct task_list *l, const struct model *m, int i)
{
    const struct task_find *f = l->find;
    if (!f)
        return task_row(m, shown_row(&l->shown, i));
    if (i < (int)f->newest_count)
        return &m->scores->task[f->newest[i]];
    int64_t at = i - (int64_t)f->newest_count - f->first;
    return at >= 0 && at < (int64_t)f->count ? &f->row[at] : NULL;
}

const char *task_list_progress(struct arena *a, const struct model *m, const struct task_list *l)
{
    char back[TIME_TEXT], found[NUM_TEXT];
    const struct task_find *f = l->find;
    if (f && !f->error && m->scores->early)
        return "among the newest; the others as soon as the history is read";
    if (!f || f->done)
        return NULL;
    if (f->back_ms == NOT_KNOWN)
        return "searching all tasks";
    double percent = f->total > 0 ? (double)f->searched * 100 / (double)f->total : 0;
    return arena_text(a, "searched back to %.10s, %.0f %%: %s found", time_minute(back, f->back_ms),
                      percent > 99 ? 99 : percent, num_group(found, l->count));
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
    struct task_list l;
    task_list_of(&l, m, ui);
    int at = ui->cursor[pane_by_name("tasks")];
    at = at >= l.count ? l.count - 1 : at;
    return at < 0 ? NULL : task_listed(&l, m, at);
}
