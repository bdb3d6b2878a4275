/* SPDX-License-Identifier: GPL-2.0-or-later */
/* All that the file says about one task. */
#include "base/json_lines.h"
#include "source/task_pages.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* How many lines before the piece's last record it stands; false: it is in no piece of this file. */
static bool place_in(struct task_pages *t, int fd, struct mark from, struct mark end, uint64_t *n)
{
    uint64_t last;
    if (end.offset <= from.offset || t->record_line >= end.line || !task_pages_last(t, from, end, fd, &last))
        return false;
    uint64_t back = end.line - 1 - t->record_line;
    *n = last - back;
    return back <= last;
}

static void read_record(struct task_pages *t, struct arena *a, const struct marks *m, int fd)
{
    size_t k = marks_of_line(m, t->record_line);
    struct mark from = marks_at(m, k), end = marks_next(m, k);
    uint64_t n;
    if (fd < 0 || !place_in(t, fd, from, end, &n))
        return;
    size_t len = end.offset - from.offset < PIECE_MOST ? (size_t)(end.offset - from.offset) : PIECE_MOST;
    char *block = malloc(len);
    ssize_t got = block != NULL ? pread(fd, block, len, (off_t)from.offset) : 0;
    if (got > 0)
        tell(t->record, a, (struct bytes){block, (size_t)got}, n);
    free(block);
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
