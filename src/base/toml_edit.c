/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/toml_map.h"

#include <string.h>

static struct bytes replaced(struct arena *a, struct bytes text, size_t from, size_t to, const char *with)
{
    size_t len = strlen(with);
    char *out = arena_alloc(a, text.len - (to - from) + len + 1);
    memcpy(out, text.at, from);
    memcpy(out + from, with, len);
    memcpy(out + from + len, text.at + to, text.len - to);
    return (struct bytes){out, text.len - (to - from) + len};
}

static size_t line_begin(struct bytes text, size_t at)
{
    while (at > 0 && text.at[at - 1] != '\n')
        at--;
    return at;
}

/* Behind the line end of the line that at is in. */
static size_t line_end(struct bytes text, size_t at)
{
    size_t end = at + bytes_find(bytes_from(text, at), "\n");
    return end < text.len ? end + 1 : text.len;
}

static struct bytes without(struct arena *a, struct bytes text, const struct toml_map *m, const struct toml_place *p)
{
    if (!m->table[p->table].is_inline)
        return replaced(a, text, line_begin(text, p->key), line_end(text, p->end), "");
    size_t from = p->key, to = p->end;
    if (p->comma_after > 0) {
        for (to = p->comma_after + 1; to < text.len && text.at[to] == ' ';)
            to++;
    } else if (p->comma_before > 0)
        from = p->comma_before;
    return replaced(a, text, from, to, "");
}

/* The last entry that stands in the table; NULL: it is empty. */
static const struct toml_place *last_in(const struct toml_map *m, size_t table)
{
    const struct toml_place *last = NULL;
    for (size_t i = 0; i < m->places; i++)
        if (m->place[i].table == table)
            last = &m->place[i];
    return last;
}

static const char *end_of_line(struct bytes text)
{
    return bytes_find(text, "\r\n") < text.len ? "\r\n" : "\n";
}

/* A line of its own, indented as the one before. */
static struct bytes with_line(struct arena *a, struct bytes text, size_t at, struct bytes indent, const char *entry)
{
    const char *newline = end_of_line(text);
    bool unfinished = at > 0 && text.at[at - 1] != '\n';
    return replaced(a, text, at, at,
                    arena_text(a, "%s%s%s%s", unfinished ? newline : "", arena_copy(a, indent), entry, newline));
}

static struct bytes with_entry(struct arena *a, struct bytes text, const struct toml_map *m, size_t table,
                               const char *entry)
{
    const struct toml_table *t = &m->table[table];
    const struct toml_place *last = last_in(m, table);
    if (t->is_inline && last)
        return replaced(a, text, last->end, last->end, arena_text(a, ", %s", entry));
    if (t->is_inline)
        return replaced(a, text, t->begin, t->begin, arena_text(a, " %s ", entry));
    if (!last)
        return with_line(a, text, t->begin, (struct bytes){0}, entry);
    size_t begin = line_begin(text, last->key);
    return with_line(a, text, line_end(text, last->end), (struct bytes){text.at + begin, last->key - begin}, entry);
}

static const struct toml_place *place_at(const struct toml_map *m, const char *path)
{
    for (size_t i = 0; i < m->places; i++)
        if (strcmp(m->place[i].path, path) == 0)
            return &m->place[i];
    return NULL;
}

struct bytes toml_edit(struct arena *a, struct bytes text, const char *path, const char *key, const char *value,
                       struct err *e)
{
    struct toml_map m;
    if (!toml_map_make(a, text, &m, e))
        return (struct bytes){0};
    const struct toml_place *p = place_at(&m, arena_text(a, "%s%s" TOML_SEP, path, key));
    if (p)
        return value ? replaced(a, text, p->value, p->end, value) : without(a, text, &m, p);
    if (!value)
        return text;
    for (size_t i = 0; i < m.tables; i++)
        if (strcmp(m.table[i].path, path) == 0)
            return with_entry(a, text, &m, i, arena_text(a, "%s = %s", key, value));
    err_set(e, "it has no table to put %s into", key);
    return (struct bytes){0};
}
