/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/settings_checks.h"

#include "base/utf8.h"
#include "base/wrap.h"
#include "model/settings_read.h"

#include <string.h>

enum { NAME_MOST = 40, EVERY_MOST = 31536000 };

/* Names become keys of memory/heartbeat-state.json: nothing that JSON or TOML would have to escape. */
static bool is_name(const char *name)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    size_t len = strspn(name, plain);
    return len > 0 && len <= NAME_MOST && name[len] == '\0';
}

/* ---- values ---- */

static bool put_text(const struct reader *r, const json_t *v, void *to)
{
    struct bytes raw = {json_string_value(v), json_string_length(v)};
    const char *safe = json_is_string(v) && raw.len > 0 ? text_safe(r->a, raw, 0) : NULL;
    if (!safe || !bytes_is(raw, safe))
        return false;
    *(const char **)to = safe;
    return true;
}

static bool put_argv(const struct reader *r, const json_t *v, void *to)
{
    return settings_put_argv(r, NULL, v, to);
}

static bool put_seconds(const json_t *v, int64_t least, int64_t most, void *to)
{
    int64_t n = json_is_integer(v) ? json_integer_value(v) : -1;
    if (n < least || n > most)
        return false;
    *(int64_t *)to = n;
    return true;
}

static bool put_period(const struct reader *r, const json_t *v, void *to)
{
    (void)r;
    return put_seconds(v, 60, EVERY_MOST, to);
}

static bool put_limit(const struct reader *r, const json_t *v, void *to)
{
    (void)r;
    return put_seconds(v, 1, CHECK_LIMIT_MOST_S, to);
}

static bool put_after(const struct reader *r, const json_t *v, void *to)
{
    (void)r;
    return put_seconds(v, 1, EVERY_MOST, to);
}

/* ---- tables ---- */

struct row {
    const char *key, *wants, *example, *help;
    bool (*put)(const struct reader *r, const json_t *v, void *to);
    size_t offset;
};
struct kind {
    const char *table, *sample, *about;
    const struct row *row;
    size_t rows;
};

static const struct row check_rows[] = {
    {"argv", "a list of words, program first",
     "[\"/usr/lib/nagios/plugins/check_load\", \"-w\", \"8\", \"-c\", \"16\"]",
     "The program and its arguments, without a shell; with a slash a file, seen from the rig's folder.", put_argv,
     offsetof(struct check_setting, argv)},
    {"every_s", "whole seconds from 60", "600", "Not more often than this; it is left out in between.", put_period,
     offsetof(struct check_setting, every_s)},
    {"limit_s", "whole seconds from 1 to 7", "5", "Then it, and all it started, is ended, and it is unknown.",
     put_limit, offsetof(struct check_setting, limit_s)},
};
static const struct row process_rows[] = {
    {"pid_file", "the name of a file", "\"state/bot.pid\"", "Its process must be alive.", put_text,
     offsetof(struct process_setting, pid_file)},
    {"match", "text in quotes", "\"bots/mm_1h.py\"",
     "Text that the command line contains; editors, pagers, searches and davy itself are not meant.", put_text,
     offsetof(struct process_setting, match)},
    {"after_s", "whole seconds from 1", "900",
     "Down so long is an alert. Left out: bot_downtime_minutes of the heartbeat's alertThresholds, or 15 minutes.",
     put_after, offsetof(struct process_setting, after_s)},
};
static const struct kind kinds[] = {
    {"check", "load",
     "A command of yours that davy check runs, with the exit codes of monitoring plugins: 0 ok, 1 warning, 2 critical, "
     "anything else unknown. The first line of its output is shown.",
     check_rows, sizeof check_rows / sizeof *check_rows},
    {"process", "bot", "A process that must run, for davy check: a pid file, or text of its command line.",
     process_rows, sizeof process_rows / sizeof *process_rows},
};

static void read_key(struct reader *r, const struct kind *k, const char *name, const char *key, const json_t *v,
                     void *to)
{
    const char *path = arena_text(r->a, "%s.%s.%s", k->table, name, text_safe(r->a, bytes_of(key), NAME_MOST));
    for (size_t i = 0; i < k->rows; i++)
        if (strcmp(k->row[i].key, key) == 0) {
            if (!k->row[i].put(r, v, (char *)to + k->row[i].offset))
                settings_say(r, path, arena_text(r->a, "%s must be %s", path, k->row[i].wants));
            return;
        }
    settings_say(r, path, arena_text(r->a, "unknown key %s; \"man davy.toml\" lists all", path));
}

/* One [check.NAME]; false: nothing to take. */
static bool read_one(struct reader *r, const struct kind *k, const char *name, const json_t *table, void *to)
{
    const char *path = arena_text(r->a, "%s.%s", k->table, text_safe(r->a, bytes_of(name), NAME_MOST)), *key;
    json_t *value;
    if (!is_name(name) || !json_is_object(table)) {
        settings_say(r, path,
                     arena_text(r->a, "%s must be a table [%s.NAME], NAME of at most %d letters, digits, _ and -", path,
                                k->table, NAME_MOST));
        return false;
    }
    size_t faults = r->count;
    json_object_foreach((json_t *)table, key, value) read_key(r, k, name, key, value, to);
    return r->count == faults;
}

static bool is_full(struct reader *r, const struct kind *k, size_t count)
{
    if (count < CHECKS_MOST)
        return false;
    settings_say(r, k->table, arena_text(r->a, "more than %d tables [%s.NAME]", CHECKS_MOST, k->table));
    return true;
}

void settings_read_own_checks(struct reader *r, const json_t *tables)
{
    struct check_setting *c = arena_array(r->a, CHECKS_MOST, sizeof *c);
    const char *name;
    json_t *table;
    json_object_foreach((json_t *)tables, name, table)
    {
        if (is_full(r, &kinds[0], r->to->own.checks))
            break;
        struct check_setting *to = &c[r->to->own.checks];
        *to = (struct check_setting){text_safe(r->a, bytes_of(name), 0), NULL, CHECK_EVERY_S, CHECK_LIMIT_S};
        bool good = read_one(r, &kinds[0], name, table, to);
        if (good && !to->argv)
            settings_say(r, arena_text(r->a, "check.%s", name), arena_text(r->a, "check.%s needs argv", name));
        r->to->own.checks += good && to->argv;
    }
    r->to->own.check = c;
}

void settings_read_processes(struct reader *r, const json_t *tables)
{
    struct process_setting *p = arena_array(r->a, CHECKS_MOST, sizeof *p);
    const char *name;
    json_t *table;
    json_object_foreach((json_t *)tables, name, table)
    {
        if (is_full(r, &kinds[1], r->to->own.processes))
            break;
        struct process_setting *to = &p[r->to->own.processes];
        *to = (struct process_setting){.name = text_safe(r->a, bytes_of(name), 0)};
        bool good = read_one(r, &kinds[1], name, table, to), some = to->pid_file || to->match;
        if (good && !some)
            settings_say(r, arena_text(r->a, "process.%s", name),
                         arena_text(r->a, "process.%s needs pid_file or match", name));
        r->to->own.processes += good && some;
    }
    r->to->own.process = p;
}

/* ---- printed ---- */

/* With a blank behind the #: a check that nobody wants must not come to life with the rest of the example. */
void settings_checks_example(FILE *out)
{
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        fputc('\n', out);
        wrap_comment(out, kinds[k].about);
        fprintf(out, "# [%s.%s]\n", kinds[k].table, kinds[k].sample);
        for (size_t i = 0; i < kinds[k].rows; i++)
            fprintf(out, "# %s = %s\n", kinds[k].row[i].key, kinds[k].row[i].example);
    }
}

void settings_checks_manual(FILE *out)
{
    fputs(".SH CHECKS OF YOUR OWN\n", out);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        fprintf(out, "%s\n", kinds[k].about);
        for (size_t i = 0; i < kinds[k].rows; i++)
            fprintf(out, ".TP\n\\fB%s.NAME.%s\\fR\n%s\n", kinds[k].table, kinds[k].row[i].key, kinds[k].row[i].help);
        fputs(".PP\n", out);
    }
}
