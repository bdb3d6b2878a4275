/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that the file says about one task. */
#include "base/json_lines.h"
#include "source/task_pages.h"

#include <stdlib.h>
#include <string.h>

enum { LINES_MOST = 400, ID_MOST = 128 };

void task_pages_open(struct task_pages *t, uint64_t line)
{
    if (t->record_wanted && t->record_line == line)
        return;
    t->record_wanted = true;
    t->record_line = line;
    t->record = NULL;
}

/* The n-th line of the text. */
static struct bytes line_at(struct bytes text, uint64_t n)
{
    struct bytes line = {text.at, 0};
    for (uint64_t i = 0; i <= n; i++)
        if (!bytes_line(&text, &line))
            return (struct bytes){text.at, 0};
    return line;
}

/* As it is written there: what joins two lines of one task. Empty: it has none, or an odd one. */
static struct bytes id_of(struct bytes line)
{
    static const char key[] = "\"task_id\"";
    struct bytes rest = bytes_trim(bytes_from(line, bytes_find(line, key) + sizeof key - 1));
    if (!bytes_cut(&rest, ":"))
        return (struct bytes){"", 0};
    rest = bytes_trim(rest);
    const char *end = rest.len > 1 && rest.at[0] == '"' ? memchr(rest.at + 1, '"', rest.len - 1) : NULL;
    size_t len = end ? (size_t)(end - rest.at) + 1 : 0;
    return (struct bytes){rest.at, len > ID_MOST ? 0 : len};
}

/* The line before it, in the same piece, that was written when the task was executed. */
static struct bytes executed(struct bytes text, struct bytes record)
{
    struct bytes id = id_of(record), line, found = {"", 0};
    while (id.len > 2 && bytes_line(&text, &line) && line.at < record.at)
        if (memmem(line.at, line.len, id.at, id.len) != NULL && bytes_equal(id_of(line), id))
            found = line;
    return found;
}

static void tell(struct task_record *r, struct arena *a, struct bytes text, uint64_t n)
{
    struct bytes record = line_at(text, n), before = executed(text, record);
    const char **line = arena_array(a, LINES_MOST, sizeof *line);
    r->count = json_lines(a, record, line, LINES_MOST);
    if (before.len > 0 && r->count + 2 < LINES_MOST) {
        line[r->count++] = "executed:";
        r->count += json_lines(a, before, line + r->count, LINES_MOST - r->count);
    }
    r->text = line;
}

/* Which line of its piece it is; false: it is in no piece of this file. */
static bool place_in(struct task_pages *t, const struct marks *m, size_t k, int fd, uint64_t *n)
{
    const struct piece *p = t->record_line < marks_next(m, k).line ? piece_at(&t->pieces, m, k, fd) : NULL;
    if (p == NULL || p->count == 0)
        return false;
    *n = t->record_line - piece_base(p, m, k);
    return *n <= p->row[p->count - 1].line;
}

static void read_record(struct task_pages *t, struct arena *a, const struct marks *m, int fd)
{
    size_t k = marks_of_line(m, t->record_line);
    uint64_t n;
    if (!place_in(t, m, k, fd, &n))
        return;
    struct bytes block = piece_bytes(marks_at(m, k), marks_next(m, k), fd);
    if (block.len > 0)
        tell(t->record, a, block, n);
    free((void *)(uintptr_t)block.at);
}

const struct task_record *task_pages_record(struct task_pages *t, const struct marks *m, int fd)
{
    if (!t->record_wanted || t->record != NULL)
        return t->record;
    t->record_live = !t->record_live;
    struct arena *a = &t->record_arena[t->record_live];
    arena_reset(a);
    t->record = arena_alloc(a, sizeof *t->record);
    t->record->line = t->record_line;
    read_record(t, a, m, fd);
    return t->record;
}
