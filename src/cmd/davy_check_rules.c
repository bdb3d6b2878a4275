/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy check --lint-rules, --test-rules: of the rules, not of the rig. */
#include "base/file.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "cmd/davy_check.h"
#include "rule/rule.h"
#include "rule/trial.h"

enum { TRIAL_MOST = 4 << 20 };

static int fail(const struct err *e)
{
    davy_fail(e);
    return CHECK_UNKNOWN;
}

/* ---- davy.toml ---- */

static const char *file_of(struct arena *a, const struct davy_options *o)
{
    if (o->config != NULL)
        return o->config;
    return o->dir == NULL ? "davy.toml" : arena_text(a, "%s/davy.toml", o->dir);
}

/* settings NULL behind it: something is wrong with the file, and was said. A file that is not there is no fault. */
static size_t lint(struct arena *a, const struct davy_options *o, const struct settings **settings)
{
    struct settings_fault fault[SETTINGS_FAULTS];
    struct file_stat stat;
    struct err e = {""};
    const char *path = file_of(a, o);
    struct decode_in in = {.name = text_safe(a, bytes_of(path), 0), .check = rules_check};
    *settings = settings_default();
    if (!file_read(a, path, TRIAL_MOST, &in.bytes, &stat, &e)) {
        if (stat.exists || o->config != NULL) {
            *settings = NULL;
            davy_fail(&e);
        }
        return stat.exists || o->config != NULL;
    }
    size_t count = settings_check(a, &in, fault);
    for (size_t i = 0; i < count; i++)
        fprintf(stderr, "davy: %s\n", fault[i].text);
    *settings = count > 0 ? NULL : settings_decode(a, &in, &e);
    return count;
}

static const char *span(struct arena *a, int64_t ms)
{
    char text[TIME_TEXT];
    return arena_text(a, "%s", duration_short(text, ms));
}

static int print_rules(const struct settings *s)
{
    size_t changed = 0, count = 0;
    for (; rules[count] != NULL; count++) {
        const struct rule_setting *set = rule_setting_of(&s->rules, rules[count]->name);
        changed += set != NULL;
        if (set != NULL && set->off)
            printf("%s: switched off\n", set->rule);
        else if (set != NULL)
            printf("%s: changed by davy.toml\n", set->rule);
    }
    printf("%zu rules, %zu changed by davy.toml: ok\n", count, changed);
    return CHECK_OK;
}

int check_lint(const struct davy_options *o)
{
    struct arena a = {0};
    const struct settings *s;
    size_t faults = lint(&a, o, &s);
    int code = faults > 0 || s == NULL ? CHECK_CRITICAL : print_rules(s);
    arena_release(&a);
    return code;
}

/* ---- a timeline ---- */

static void say(void *ctx, const struct trial_line *l)
{
    struct arena *a = ctx;
    const struct incident *i = l->incident;
    const struct trial_expect *x = l->expect;
    if (i != NULL)
        printf("%8s  %s%s%s: %s%s%s%s%s\n", span(a, l->at_ms), i->rule, *i->subject ? "/" : "", i->subject,
               incident_state_name(i->state), i->severity > SEVERITY_OK ? " " : "",
               i->severity > SEVERITY_OK ? severity_name(i->severity) : "", i->unknown ? ", unknown" : "",
               i->hidden ? ", hidden by its cause" : "");
    else
        printf("%8s  %s%s%s: expected%s%s%s%s%s%s, but it is %s\n", span(a, l->at_ms), x->rule, *x->subject ? "/" : "",
               x->subject, x->state ? " " : "", x->state ? x->state : "", x->severity ? " " : "",
               x->severity ? x->severity : "",
               x->unknown < 0 ? ""
               : x->unknown   ? " unknown"
                              : " known",
               x->hidden < 0 ? ""
               : x->hidden   ? " hidden"
                             : " not hidden",
               l->found);
}

static int run(struct arena *a, const char *path, const struct settings *s)
{
    struct bytes text;
    struct file_stat stat;
    struct trial t;
    struct err e;
    if (!file_read(a, path, TRIAL_MOST, &text, &stat, &e) ||
        !trial_read(a, text, text_safe(a, bytes_of(path), 0), s, &t, &e))
        return fail(&e);
    size_t failed = trial_run(a, &t, s, say, a);
    printf("%zu of %zu expectations met\n", t.expects - failed, t.expects);
    return failed > 0 ? CHECK_CRITICAL : CHECK_OK;
}

int check_trial(const struct davy_options *o, const char *path)
{
    struct arena a = {0};
    const struct settings *s;
    size_t faults = lint(&a, o, &s);
    int code = faults > 0 || s == NULL ? CHECK_UNKNOWN : run(&a, path, s);
    arena_release(&a);
    return code;
}
