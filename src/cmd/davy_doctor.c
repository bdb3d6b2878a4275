/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy doctor: what was found, what is missing, how to set it. It only looks. */
#include "cmd/davy_doctor.h"

#include "base/timetext.h"
#include "base/utf8.h"
#include "base/wrap.h"
#include "rule/rule.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DOCTOR_PROBLEM = 1 };

struct doctor_options {
    const char *output;
};
const struct option_row doctor_options[] = {
    {"output", 'o', "FORM", "text or json (text)", OPTION_TEXT, offsetof(struct doctor_options, output)},
    {.name = NULL},
};

static const char *const mark_names[MARKS] = {
    [MARK_NOTE] = "note",
    [MARK_OK] = "ok",
    [MARK_PROBLEM] = "problem",
};

/* ---- what was found ---- */

void doctor_say(struct doctor *d, enum mark mark, const char *what, const char *fix, const char *format, ...)
{
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (d->count == d->room) {
        size_t room = d->room ? d->room * 2 : 64, size = sizeof *d->check;
        d->check = arena_grow(&d->arena, d->check, d->count * size, room * size);
        d->room = room;
    }
    d->check[d->count++] = (struct check){mark, d->section, what, doctor_safe(d, text), fix};
    d->marked[mark]++;
}

const char *doctor_safe(struct doctor *d, const char *text)
{
    return text_safe(&d->arena, bytes_of(text), 0);
}

const char *doctor_span(struct doctor *d, int64_t ms)
{
    char text[TIME_TEXT];
    return arena_text(&d->arena, "%s", duration_short(text, ms > 0 ? ms : 0));
}

static void cannot_open(struct doctor *d, const char *why)
{
    struct stat s;
    bool folder = d->dir[0] != '\0' && stat(d->dir, &s) == 0 && S_ISDIR(s.st_mode);
    doctor_say(d, MARK_PROBLEM, folder ? "options" : "folder",
               folder ? NULL : "davy -C DIR doctor, with the folder that the miner runs in", "%s", why);
}

static void open_rig(struct doctor *d)
{
    struct rig_options options;
    struct err e;
    const char *dir = d->options->dir != NULL ? d->options->dir : ".";
    if (realpath(dir, d->dir) == NULL)
        d->dir[0] = '\0';
    d->section = "Rig";
    if (davy_rig_options(d->options, &options, &e))
        d->rig = rig_open(&options, &e);
    if (d->rig == NULL) {
        cannot_open(d, e.text);
        return;
    }
    d->model = rig_model(d->rig, &d->arena);
    rules_judge(&d->arena, d->model);
    doctor_say(d, MARK_OK, "folder", NULL, "%s", d->dir);
}

static void look(struct doctor *d)
{
    static void (*const of_rig[])(struct doctor * d) = {doctor_files, doctor_daemon, doctor_history, doctor_actions};
    static void (*const of_world[])(struct doctor * d) = {doctor_noticing, doctor_terminal, doctor_machine,
                                                          doctor_program};
    open_rig(d);
    for (size_t i = 0; d->model != NULL && i < sizeof of_rig / sizeof of_rig[0]; i++)
        of_rig[i](d);
    for (size_t i = 0; i < sizeof of_world / sizeof of_world[0]; i++)
        of_world[i](d);
}

/* ---- how it is told ---- */

/* The first line is words; those below are for a file, as they are. */
static void print_fix(struct arena *a, const char *fix)
{
    struct bytes rest = bytes_of(fix);
    size_t len = bytes_find(rest, "\n");
    int used = printf("           fix: ");
    wrap_put(stdout, used, used, arena_copy(a, (struct bytes){rest.at, len}));
    for (rest = bytes_from(rest, len + 1); rest.len > 0; rest = bytes_from(rest, len + 1)) {
        len = bytes_find(rest, "\n");
        printf("%*s%.*s\n", used, "", (int)len, rest.at);
    }
}

static void print_check(struct arena *a, const struct check *c, const char *before)
{
    if (strcmp(c->section, before) != 0)
        printf("%s%s\n", *before ? "\n" : "", c->section);
    wrap_put(stdout, printf("  %-7s  %s: ", mark_names[c->mark], c->what), 11, c->text);
    if (c->fix != NULL)
        print_fix(a, c->fix);
}

static void print_text(struct doctor *d)
{
    const char *before = "";
    size_t bad = d->marked[MARK_PROBLEM], notes = d->marked[MARK_NOTE];
    for (size_t i = 0; i < d->count; i++) {
        print_check(&d->arena, &d->check[i], before);
        before = d->check[i].section;
    }
    printf("\n%zu problem%s, %zu note%s.\n", bad, bad == 1 ? "" : "s", notes, notes == 1 ? "" : "s");
}

static json_t *json_of(const struct check *c)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s?}", "section", c->section, "what", c->what, "mark", mark_names[c->mark],
                     "text", c->text, "fix", c->fix);
}

static void print_json(struct doctor *d)
{
    json_t *list = json_array();
    for (size_t i = 0; i < d->count; i++)
        json_array_append_new(list, json_of(&d->check[i]));
    json_t *all = json_pack("{s:i, s:s, s:b, s:i, s:i, s:o}", "version", 1, "davy", DAVY_VERSION, "ok",
                            d->marked[MARK_PROBLEM] == 0, "problems", (int)d->marked[MARK_PROBLEM], "notes",
                            (int)d->marked[MARK_NOTE], "checks", list);
    json_dumpf(all, stdout, JSON_INDENT(2));
    puts("");
    json_decref(all);
}

static void (*printer(const char *form))(struct doctor *d)
{
    if (form == NULL || strcmp(form, "text") == 0)
        return print_text;
    return strcmp(form, "json") == 0 ? print_json : NULL;
}

int davy_doctor(const struct davy_options *o, int argc, char **argv)
{
    struct doctor_options mine = {.output = o->output};
    struct doctor d = {.options = o};
    struct err e = {""};
    int words = options_parse(doctor_options, argc, argv, &mine, &e);
    void (*print)(struct doctor * d) = printer(mine.output);
    if (words >= 0 && words < argc)
        davy_too_many(&e, "doctor", argv[words]);
    else if (words >= 0 && print == NULL)
        err_set(&e, "-o %.40s: expected text or json", mine.output);
    if (e.text[0] != '\0')
        return davy_fail(&e);
    look(&d);
    print(&d);
    rig_close(d.rig);
    arena_release(&d.arena);
    return d.marked[MARK_PROBLEM] > 0 ? DOCTOR_PROBLEM : DAVY_OK;
}
