/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy check: one heartbeat. */
#include "cmd/davy_check.h"

#include "base/near.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "loop/loop.h"
#include "model/night.h"
#include "rule/rule.h"

#include <math.h>
#include <string.h>

const struct option_row check_options[] = {
    {"brief", 'b', NULL, "one line with performance data, as monitoring plugins print", OPTION_FLAG,
     offsetof(struct check_options, brief)},
    {"explain", 'e', "RULE", "what a rule means, and what it says now", OPTION_TEXT,
     offsetof(struct check_options, explain)},
    {"json", 0, NULL, "everything, for programs", OPTION_FLAG, offsetof(struct check_options, json)},
    {"lint-rules", 0, NULL, "what is wrong with the [rule.ID] tables of davy.toml; looks at nothing else", OPTION_FLAG,
     offsetof(struct check_options, lint)},
    {"night-mode", 0, NULL, "checks six times as seldom, and only what is critical", OPTION_FLAG,
     offsetof(struct check_options, night_mode)},
    {"notify", 0, NULL, "send what is new, as [notify] of davy.toml has it; davy-watch does it by itself", OPTION_FLAG,
     offsetof(struct check_options, notify)},
    {"respect-silence", 0, NULL, "what is silenced or acknowledged is left out", OPTION_FLAG,
     offsetof(struct check_options, respect_silence)},
    {"test-rules", 0, "FILE", "a timeline in, the states of the alert engine out", OPTION_TEXT,
     offsetof(struct check_options, test_rules)},
    {.name = NULL},
};

struct check_item *check_add(struct check *c, const char *kind, const char *name)
{
    struct check_item *i = &c->item[c->items < CHECK_ITEMS - 1 ? c->items++ : c->items];
    *i = (struct check_item){
        .kind = kind, .name = name, .text = "", .value = NAN, .limit = NAN, .at_ms = c->model->now_ms, .ran = true};
    return i;
}

bool check_knows(const struct model *m)
{
    for (int i = 0; i < DOC_COUNT; i++)
        if (i != DOC_SETTINGS && m->origin[i].read_ms != NOT_KNOWN)
            return true;
    return false;
}

/* ---- one list of alerts ---- */

static struct alert alert_of(const struct check_item *i)
{
    static const enum severity severities[CHECK_CODES] = {
        [CHECK_OK] = SEVERITY_OK,
        [CHECK_WARNING] = SEVERITY_WARNING,
        [CHECK_CRITICAL] = SEVERITY_CRITICAL,
        [CHECK_UNKNOWN] = SEVERITY_WARNING,
    };
    return (struct alert){
        .rule = i->kind,
        .subject = i->name,
        .severity = severities[i->code],
        .state = i->code == CHECK_UNKNOWN ? "unknown" : "firing",
        .since_ms = NOT_KNOWN,
        .value = i->value,
        .limit = i->limit,
        .value_text = "",
        .limit_text = "",
        .what = i->what,
        .why = i->text,
        .todo = {i->todo},
    };
}

/* The heartbeat of the checks that run here and now is not overdue. */
static bool is_answered(const struct check *c, const struct alert *x)
{
    return strcmp(x->rule, "heartbeat_overdue") == 0 && check_due(c, x->subject);
}

static void add_unread(struct check *c, struct alert *list, size_t *count)
{
    if (check_knows(c->model))
        return;
    list[(*count)++] = (struct alert){.rule = "rig",
                                      .subject = "",
                                      .severity = SEVERITY_WARNING,
                                      .state = "unknown",
                                      .since_ms = NOT_KNOWN,
                                      .value = NAN,
                                      .limit = NAN,
                                      .value_text = "",
                                      .limit_text = "",
                                      .what = "nothing is known of this rig: none of its files was read",
                                      .why = "No file of the rig is where it is looked for.",
                                      .todo = {"davy doctor"}};
}

static void join_alerts(struct check *c)
{
    struct model *m = c->model;
    size_t count = 0;
    struct alert *list = arena_array(&c->arena, m->alert_count + c->items + 2, sizeof *list);
    for (size_t i = 0; i < m->alert_count; i++)
        if (!is_answered(c, &m->alert[i]))
            list[count++] = m->alert[i];
    for (size_t i = 0; i < c->items; i++) {
        struct check_item *x = &c->item[i];
        x->what = arena_text(&c->arena, "%s%s%s: %s", x->kind, *x->name ? " " : "", x->name, x->text);
    }
    for (size_t i = 0; i < c->items; i++)
        if (c->item[i].code != CHECK_OK)
            list[count++] = alert_of(&c->item[i]);
    add_unread(c, list, &count);
    count += check_unwatched(c, &list[count]);
    rules_sort(list, count);
    m->alert = list;
    m->alert_count = count;
}

/* ---- looking ---- */

static bool is_night(const struct check *c)
{
    const char *active = rig_settings(c->rig)->active;
    struct night_hours h;
    return c->mine->night_mode || (active != NULL && night_hours(active, &h) && !night_is_active(h, c->model->now_ms));
}

static void look(struct check *c)
{
    c->model = rig_model(c->rig, &c->arena);
    rules_judge(&c->arena, c->model);
    c->night = is_night(c);
    check_groups(c);
    check_recall(c);
    check_disk(c);
    check_memory(c);
    check_processes(c);
    check_own(c);
    check_watch(c);
    join_alerts(c);
    check_engine(c);
    check_keep(c);
}

static int tell(struct check *c)
{
    if (c->mine->explain != NULL)
        return check_explain(c);
    if (c->mine->json)
        return check_json(c);
    return c->mine->brief ? check_brief(c) : check_text(c);
}

static int run(const struct davy_options *o, const struct check_options *mine)
{
    int64_t began_ms = loop_now();
    struct check c = {.options = o, .mine = mine};
    struct rig_options options;
    struct err e;
    if (davy_rig_options(o, &options, &e)) {
        davy_keep(o, &options);
        c.rig = rig_open(&options, &e);
    }
    if (c.rig == NULL) {
        if (mine->brief)
            printf("DAVY UNKNOWN: %s\n", e.text);
        return davy_fail(&e);
    }
    look(&c);
    int code = tell(&c);
    json_decref(c.memory);
    advance_close(&c.engine);
    if (mine->notify)
        check_notify(&c, began_ms);
    arena_release(&c.arena);
    rig_close(c.rig);
    return code;
}

static bool is_rule(const char *name, struct err *e)
{
    const char *near = NULL;
    for (const struct rule *const *r = rules; *r != NULL; r++) {
        if (strcmp((*r)->name, name) == 0)
            return true;
        if (near == NULL && near_enough(bytes_of(name), bytes_of((*r)->name)))
            near = (*r)->name;
    }
    struct arena a = {0};
    const char *shown = text_safe(&a, bytes_of(name), 40);
    err_set(e, "--explain: no rule '%s'%s%s%s", shown,
            near != NULL ? "; did you mean " : "; davy check --json names those that fire", near != NULL ? near : "",
            near != NULL ? "?" : "");
    arena_release(&a);
    return false;
}

static int forms_of(const struct check_options *mine)
{
    return mine->brief + mine->json + mine->lint + (mine->explain != NULL) + (mine->test_rules != NULL);
}

int davy_check(const struct davy_options *o, int argc, char **argv)
{
    struct check_options mine = {0};
    struct err e = {""};
    int words = options_parse(check_options, argc, argv, &mine, &e);
    if (words >= 0 && words < argc)
        davy_too_many(&e, "check", argv[words]);
    else if (words >= 0 && forms_of(&mine) > 1)
        err_set(&e, "check: one of --brief, --json, --explain, --lint-rules and --test-rules");
    else if (words >= 0 && mine.explain != NULL)
        is_rule(mine.explain, &e);
    if (e.text[0] != '\0')
        return davy_fail(&e);
    if (mine.lint)
        return check_lint(o);
    return mine.test_rules != NULL ? check_trial(o, mine.test_rules) : check_guarded(run, o, &mine);
}
