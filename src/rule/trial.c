/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rule/trial.h"

#include "base/json.h"
#include "base/timetext.h"
#include "rule/finding.h"
#include "rule/terms.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRIES_MOST = 100000, STEPS_MOST = 1000000, EVERY_S = 10 };

/* ---- reading ---- */

struct reading {
    struct arena *a;
    const struct settings *settings;
    const char *name;
    struct err *e;
};

static const struct rule *rule_of(const char *name)
{
    for (size_t i = 0; name != NULL && rules[i] != NULL; i++)
        if (strcmp(rules[i]->name, name) == 0)
            return rules[i];
    return NULL;
}

static int severity_of(const char *name)
{
    for (int s = SEVERITY_OK; name != NULL && s <= SEVERITY_CRITICAL; s++)
        if (strcmp(severity_name((enum severity)s), name) == 0)
            return s;
    return -1;
}

static enum severity by_limits(double v, double warning, double critical, bool up)
{
    if (up ? v > critical : v < critical)
        return SEVERITY_CRITICAL;
    return (up ? v > warning : v < warning) ? SEVERITY_WARNING : SEVERITY_OK;
}

static bool take_value(const struct reading *r, const struct rule *rule, double v, struct trial_sample *out)
{
    const struct rule_limits *l = rule_limits_of(r->a, rule, rule_setting_of(&r->settings->rules, rule->name));
    if (l == NULL)
        return err_set(r->e, "%s: rule %s has no limits that a value could be held against; say a severity", r->name,
                       rule->name);
    bool up = rule->limits->critical > rule->limits->warning ||
              (rule->limits->critical == rule->limits->warning && rule->limits->warning > rule->limits->clear_warning);
    out->enter = by_limits(v, l->warning, l->critical, up);
    out->hold = by_limits(v, l->clear_warning, l->clear_critical, up);
    out->hold = out->hold < out->enter ? out->enter : out->hold;
    return true;
}

static bool take_severity(const struct reading *r, const json_t *o, struct trial_sample *out)
{
    const char *text = json_text(r->a, o, "severity"), *hold = json_text(r->a, o, "hold");
    int enter = text == NULL ? SEVERITY_OK : severity_of(text), held = hold == NULL ? enter : severity_of(hold);
    if (enter < 0 || held < 0 || (text == NULL && !out->unknown))
        return err_set(r->e,
                       "%s: a sample wants \"value\", \"unknown\": true, or \"severity\": ok, info, warning, critical",
                       r->name);
    out->enter = (enum severity)enter;
    out->hold = (enum severity)(held < enter ? enter : held);
    return true;
}

static bool is_true(const json_t *o, const char *key)
{
    return json_is_true(json_object_get(o, key));
}

static bool read_key(const struct reading *r, const json_t *o, int64_t *at_ms, const char **rule, const char **subject)
{
    int64_t at_s = json_int(o, "at_s");
    const char *name = json_text(r->a, o, "rule"), *of = json_text(r->a, o, "subject");
    if (at_s < 0 || at_s > INT32_MAX)
        return err_set(r->e, "%s: each entry wants \"at_s\", seconds from the beginning", r->name);
    if (rule_of(name) == NULL)
        return err_set(r->e, "%s: there is no rule '%s'; man davy, ALERTS, names all", r->name,
                       name != NULL ? name : "");
    *at_ms = at_s * 1000;
    *rule = name;
    *subject = of != NULL ? of : "";
    return true;
}

static bool read_sample(const struct reading *r, const json_t *o, struct trial_sample *out)
{
    double v = json_num(o, "value");
    *out = (struct trial_sample){.unknown = is_true(o, "unknown")};
    if (!read_key(r, o, &out->at_ms, &out->rule, &out->subject))
        return false;
    return isnan(v) ? take_severity(r, o, out) : take_value(r, rule_of(out->rule), v, out);
}

static int flag(const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    return json_is_boolean(v) ? json_is_true(v) : -1;
}

static bool read_expect(const struct reading *r, const json_t *o, struct trial_expect *out)
{
    static const char *const states[] = {"ok", "pending", "firing", "recovering"};
    bool known = false;
    *out = (struct trial_expect){.state = json_text(r->a, o, "state"),
                                 .severity = json_text(r->a, o, "severity"),
                                 .unknown = flag(o, "unknown"),
                                 .hidden = flag(o, "hidden")};
    for (size_t i = 0; out->state != NULL && i < sizeof states / sizeof *states; i++)
        known = known || strcmp(states[i], out->state) == 0;
    if (out->state != NULL && !known)
        return err_set(r->e, "%s: \"state\" is ok, pending, firing or recovering", r->name);
    if (out->severity != NULL && severity_of(out->severity) < 0)
        return err_set(r->e, "%s: \"severity\" is ok, info, warning or critical", r->name);
    return read_key(r, o, &out->at_ms, &out->rule, &out->subject);
}

static int by_time_sample(const void *x, const void *y)
{
    const struct trial_sample *a = x, *b = y;
    return (a->at_ms > b->at_ms) - (a->at_ms < b->at_ms);
}

static int by_time_expect(const void *x, const void *y)
{
    const struct trial_expect *a = x, *b = y;
    return (a->at_ms > b->at_ms) - (a->at_ms < b->at_ms);
}

static const json_t *list_of(const struct reading *r, const json_t *root, const char *key, size_t *count)
{
    const json_t *list = json_list(root, key);
    *count = json_array_size(list);
    if (*count <= ENTRIES_MOST)
        return list;
    err_set(r->e, "%s: more than %d entries of \"%s\"", r->name, ENTRIES_MOST, key);
    return NULL;
}

static bool read_samples(const struct reading *r, const json_t *root, struct trial *out)
{
    const json_t *list = list_of(r, root, "samples", &out->samples);
    if (list == NULL)
        return out->samples > ENTRIES_MOST ? false : err_set(r->e, "%s: expected a list \"samples\"", r->name);
    struct trial_sample *sample = arena_array(r->a, out->samples, sizeof *sample);
    for (size_t i = 0; i < out->samples; i++)
        if (!read_sample(r, json_array_get(list, i), &sample[i]))
            return false;
    if (out->samples > 0)
        qsort(sample, out->samples, sizeof *sample, by_time_sample); /* in glibc two of one time stay as they stood */
    out->sample = sample;
    return true;
}

static bool read_expects(const struct reading *r, const json_t *root, struct trial *out)
{
    const json_t *list = list_of(r, root, "expect", &out->expects);
    if (list == NULL && out->expects > 0)
        return false;
    struct trial_expect *expect = arena_array(r->a, out->expects, sizeof *expect);
    for (size_t i = 0; i < out->expects; i++)
        if (!read_expect(r, json_array_get(list, i), &expect[i]))
            return false;
    if (out->expects > 0)
        qsort(expect, out->expects, sizeof *expect, by_time_expect);
    out->expect = expect;
    return true;
}

static bool read_times(const struct reading *r, const json_t *root, struct trial *out)
{
    int64_t every = json_int(root, "every_s"), until = json_int(root, "until_s"), last = 0;
    if (out->samples > 0)
        last = out->sample[out->samples - 1].at_ms;
    if (out->expects > 0 && out->expect[out->expects - 1].at_ms > last)
        last = out->expect[out->expects - 1].at_ms;
    out->every_ms = (every == NOT_KNOWN ? EVERY_S : every) * 1000;
    out->until_ms = until == NOT_KNOWN ? last : until * 1000;
    if (every != NOT_KNOWN && (every < 1 || every > INT32_MAX))
        return err_set(r->e, "%s: \"every_s\" is the seconds between two steps, 1 at least", r->name);
    if (until != NOT_KNOWN && (until < 0 || until > INT32_MAX))
        return err_set(r->e, "%s: \"until_s\" is the last moment, in seconds", r->name);
    if (out->until_ms / out->every_ms > STEPS_MOST)
        return err_set(r->e, "%s: more than %d steps: a longer every_s will do", r->name, STEPS_MOST);
    return true;
}

bool trial_read(struct arena *a, struct bytes text, const char *name, const struct settings *s, struct trial *out,
                struct err *e)
{
    struct reading r = {a, s, name, e};
    json_t *root = json_read(text, name, e);
    *out = (struct trial){0};
    bool done = root != NULL && read_samples(&r, root, out) && read_expects(&r, root, out) && read_times(&r, root, out);
    json_decref(root);
    return done;
}
