/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy history -o csv: RFC 4180 but for its line ends, which are those of this machine. A line of names, then rows; no total.
 * Texts are as they are: who opens it in a spreadsheet says that they are texts, or a name like "=1+1" becomes a formula there.
 * A quote put before it would hide that from a person and break every script. */
#include "cmd/davy_history.h"

#include "base/timetext.h"

#include <string.h>

static void next_field(struct history_job *j)
{
    if (j->inside)
        putchar(',');
    j->inside = true;
}

static void field(struct history_job *j, const char *value)
{
    next_field(j);
    if (strpbrk(value, ",\"\r\n") == NULL) {
        fputs(value, stdout);
        return;
    }
    putchar('"');
    for (; *value != '\0'; value++) {
        if (*value == '"')
            putchar('"');
        putchar(*value);
    }
    putchar('"');
}

static void number(struct history_job *j, const char *name, const char *digits)
{
    (void)name;
    field(j, digits);
}

static void text(struct history_job *j, const char *name, const char *value)
{
    (void)name;
    field(j, value != NULL ? value : "");
}

static void time_of(struct history_job *j, const char *name, int64_t ms)
{
    char second[TIME_TEXT] = "";
    (void)name;
    next_field(j);
    if (ms == NOT_KNOWN)
        return;
    time_iso(second, ms);
    printf("%.*s.%03dZ", (int)strcspn(second, "Z"), second, (int)((ms % 1000 + 1000) % 1000));
}

static void flag(struct history_job *j, const char *name, bool v)
{
    text(j, name, v ? "true" : "false");
}

static const struct history_writer writer = {number, text, time_of, flag};

/* ---- the line of names: the same members, without their values ---- */

static void name_of_text(struct history_job *j, const char *name, const char *value)
{
    (void)value;
    field(j, name);
}

static void name_of_time(struct history_job *j, const char *name, int64_t ms)
{
    (void)ms;
    field(j, name);
}

static void name_of_flag(struct history_job *j, const char *name, bool v)
{
    (void)v;
    field(j, name);
}

static const struct history_writer names = {name_of_text, name_of_text, name_of_time, name_of_flag};

static void end_line(struct history_job *j)
{
    putchar('\n');
    j->inside = false;
}

static void begin(struct history_job *j)
{
    const struct record none = {0};
    if (j->by == SUMS_ALL)
        history_put_task(j, &names, &(struct where_row){.record = &none});
    else
        history_put_group(j, &names, &(struct sums_row){0});
    end_line(j);
}

static void task(struct history_job *j, const struct where_row *row)
{
    history_put_task(j, &writer, row);
    end_line(j);
}

static void group(struct history_job *j, const struct sums_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        history_put_group(j, &writer, &rows[i]);
        end_line(j);
    }
}

static void end(struct history_job *j, const struct sums_row *total)
{
    (void)j;
    (void)total;
}

const struct history_form history_csv = {"csv", begin, task, group, end};
