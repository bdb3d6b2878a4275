/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy history -o json: one object, its rows one a line, written as they are found. */
#include "cmd/davy_history.h"

#include "base/timetext.h"
#include "base/utf8.h"

/* Our texts are safe: valid UTF-8 without control characters. */
static void quoted(const char *text)
{
    putchar('"');
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('"');
}

static void name_of(struct history_job *j, const char *name)
{
    printf("%s\"%s\": ", j->inside ? ", " : "", name);
    j->inside = true;
}

static void number(struct history_job *j, const char *name, const char *digits)
{
    name_of(j, name);
    fputs(*digits != '\0' ? digits : "null", stdout);
}

static void text(struct history_job *j, const char *name, const char *value)
{
    name_of(j, name);
    if (value != NULL)
        quoted(value);
    else
        fputs("null", stdout);
}

static void flag(struct history_job *j, const char *name, bool v)
{
    name_of(j, name);
    fputs(v ? "true" : "false", stdout);
}

static void time_of(struct history_job *j, const char *name, int64_t ms);
static const struct history_writer writer = {number, text, time_of, flag};

static void time_of(struct history_job *j, const char *name, int64_t ms)
{
    history_put_whole(j, &writer, name, ms);
}

static void open_object(struct history_job *j)
{
    putchar('{');
    j->inside = false;
}

static void close_object(struct history_job *j)
{
    putchar('}');
    j->inside = true;
}

static void begin(struct history_job *j)
{
    open_object(j);
    number(j, "version", "1");
    time_of(j, "now", j->now_ms);
    name_of(j, "rig");
    open_object(j);
    text(j, "name", j->rig_name);
    text(j, "dir", text_safe(&j->arena, bytes_of(j->dir), 0));
    close_object(j);
    text(j, "history", j->shown);
    time_of(j, "since", j->since_ms);
    time_of(j, "until", j->until_ms);
    text(j, "by", j->by_name);
    text(j, "where", j->where_text);
    history_put_whole(j, &writer, "limit", j->limit);
    name_of(j, j->by == SUMS_ALL ? "tasks" : "groups");
    putchar('[');
}

static void open_row(struct history_job *j)
{
    fputs(j->rows++ == 0 ? "\n  " : ",\n  ", stdout);
    open_object(j);
}

static void task(struct history_job *j, const struct where_row *row)
{
    open_row(j);
    history_put_task(j, &writer, row);
    close_object(j);
}

static void group(struct history_job *j, const struct sums_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        open_row(j);
        history_put_group(j, &writer, &rows[i]);
        close_object(j);
    }
}

static void file_counts(struct history_job *j)
{
    const struct history_counts *c = &j->counts;
    const struct {
        const char *name;
        uint64_t count;
    } rows[] = {
        {"lines", c->lines},         {"scored", c->scored},         {"pending", c->pending}, {"invalid", c->invalid},
        {"malformed", c->malformed}, {"synthetic", c->synthetic},   {"future", c->future},   {"executed", c->executed},
        {"blank", c->blank},         {"duplicates", c->duplicates},
    };
    name_of(j, "file");
    open_object(j);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        history_put_whole(j, &writer, rows[i].name, (int64_t)rows[i].count);
    close_object(j);
}

static void end(struct history_job *j, const struct sums_row *total)
{
    fputs("]", stdout);
    j->inside = true;
    name_of(j, "total");
    open_object(j);
    history_put_sums(j, &writer, total);
    close_object(j);
    file_counts(j);
    puts("}");
}

const struct history_form history_json = {"json", begin, task, group, end};
