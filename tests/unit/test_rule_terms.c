/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The engine over real rules: their terms, limits for clearing, what davy.toml changes. */
#include "rule_rig.h"

#include "rule/terms.h"

static void every_rule_has_its_terms_in_the_same_order(void **state)
{
    (void)state;
    struct arena a = {0};
    const struct terms *t;
    size_t count = terms_of(&a, settings_default(), &t);
    for (size_t i = 0; i < count; i++) {
        assert_non_null(rules[i]);
        assert_string_equal(rules[i]->name, t[i].rule);
        for (int c = 0; c < ENGINE_CAUSES && t[i].because[c]; c++) {
            bool found = false;
            for (size_t k = 0; k < count; k++)
                found = found || strcmp(t[k].rule, t[i].because[c]) == 0;
            assert_true(found);
        }
    }
    assert_null(rules[count]);
    arena_release(&a);
}

static void limits_for_clearing_are_on_the_near_side(void **state)
{
    (void)state;
    for (size_t i = 0; rules[i]; i++) {
        const struct rule_limits *l = rules[i]->limits;
        if (!l)
            continue;
        double up = l->critical > l->warning ? 1 : -1;
        assert_true((l->warning - l->clear_warning) * up > 0);
        assert_true((l->critical - l->clear_critical) * up >= 0);
    }
}

static struct sample ask(struct rig *r, const char *rule)
{
    struct engine_in in;
    const struct terms *t;
    size_t count = terms_of(&r->arena, r->m.settings, &t);
    samples_of(&r->arena, &r->m, t, count, &in);
    for (size_t i = 0; i < in.sample_count; i++)
        if (strcmp(in.sample[i].rule, rule) == 0)
            return in.sample[i];
    return (struct sample){.rule = NULL};
}

static void success_of(struct rig *r, double rate)
{
    r->scores.known = true;
    r->scores.h24 = window_of_mean(20, 0.6, rate);
}

static void between_the_limits_it_neither_fires_nor_clears(void **state)
{
    (void)state;
    static const struct {
        double rate;
        enum severity enter, hold;
    } rows[] = {{0.29, SEVERITY_CRITICAL, SEVERITY_CRITICAL}, {0.32, SEVERITY_WARNING, SEVERITY_CRITICAL},
                {0.40, SEVERITY_WARNING, SEVERITY_WARNING},   {0.50, SEVERITY_OK, SEVERITY_WARNING},
                {0.54, SEVERITY_OK, SEVERITY_WARNING},        {0.55, SEVERITY_OK, SEVERITY_OK}};
    struct rig r;
    rig_init(&r);
    rig_file(&r, DOC_HISTORY);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        success_of(&r, rows[i].rate);
        struct sample s = ask(&r, "success_rate");
        assert_int_equal(s.enter, rows[i].enter);
        assert_int_equal(s.hold, rows[i].hold);
    }
    rig_release(&r);
}

static void davy_toml_changes_limits_terms_and_severity(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    rig_file(&r, DOC_HISTORY);
    static const char text[] = "[rule.success_rate]\nwarning = 0.9\nseverity = \"info\"\nfor_s = 7\nclear_for_s = 9\n"
                               "[rule.clock]\nenabled = false\n";
    struct err e;
    struct decode_in in = {.bytes = bytes_of(text), .name = "davy.toml"};
    r.m.settings = settings_decode(&r.arena, &in, &e);
    assert_non_null(r.m.settings);
    success_of(&r, 0.85);
    assert_int_equal(ask(&r, "success_rate").enter, SEVERITY_INFO);
    success_of(&r, 0.94); /* 0.05 above the limit, as its own are */
    assert_int_equal(ask(&r, "success_rate").enter, SEVERITY_OK);
    assert_int_equal(ask(&r, "success_rate").hold, SEVERITY_INFO);
    const struct terms *t;
    size_t count = terms_of(&r.arena, r.m.settings, &t);
    for (size_t i = 0; i < count; i++) {
        bool mine = strcmp(t[i].rule, "success_rate") == 0;
        assert_int_equal(t[i].off, strcmp(t[i].rule, "clock") == 0);
        assert_true(!mine || (t[i].for_ms == 7000 && t[i].clear_ms == 9000));
    }
    rig_release(&r);
}

static void a_rule_without_its_file_is_blind_and_keeps_what_fires(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    rig_file(&r, DOC_HISTORY);
    const struct terms *t;
    struct engine_in in;
    struct incidents s = incidents_none;
    size_t count = terms_of(&r.arena, r.m.settings, &t);
    success_of(&r, 0.2);
    for (int i = 0; i < 20; i++) { /* minutes */
        if (i == 5)
            r.scores.known = false;
        if (i == 5)
            r.m.origin[DOC_HISTORY].state = ORIGIN_MISSING;
        samples_of(&r.arena, &r.m, t, count, &in);
        in.now = (struct engine_now){NOW + i * MINUTE, i * MINUTE, "boot"};
        s = engine_step(&r.arena, &s, &in).state;
    }
    const struct incident *i = incident_find(&s, "success_rate", "");
    assert_non_null(i);
    assert_int_equal(i->state, INCIDENT_FIRING);
    assert_true(i->unknown);
    rig_release(&r);
}

static void faults_of(const char *text, const char *want)
{
    struct rig r;
    rig_init(&r);
    struct settings_fault fault[SETTINGS_FAULTS];
    struct decode_in in = {.bytes = bytes_of(text), .name = "davy.toml", .check = rules_check};
    size_t count = settings_check(&r.arena, &in, fault);
    assert_int_equal(count, want != NULL);
    if (want)
        assert_has(fault[0].text, want);
    rig_release(&r);
}

static void what_davy_toml_says_wrong_of_a_rule_is_said_with_its_line(void **state)
{
    (void)state;
    faults_of("[rule.clock]\nenabled = false\n", NULL);
    faults_of("[rule.budget_hig]\nenabled = false\n", "line 1: there is no rule budget_hig; did you mean budget_high?");
    faults_of("[rule.clock]\nwarning = 3\n", "rule clock has no limits to set");
    faults_of("[rule.clock]\nfor_s = -1\n", "line 2: rule.clock.for_s must be whole seconds");
    faults_of("[rule.clock]\nenabled = 3\n", "line 2: rule.clock.enabled must be true or false");
    faults_of("[rule.clock]\nfrob = 3\n", "line 2: rule.clock.frob is no setting");
    faults_of("[rule.budget_high]\nwarning = 96\n", "line 2: rule.budget_high.warning is on the wrong side");
    faults_of("[rule.budget_high]\nclear_critical = 96\n", "rule.budget_high.clear_critical is on the wrong side");
    faults_of("[rule.budget_high]\nseverity = \"bad\"\n", "line 2: rule.budget_high.severity must be \"info\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_rule_has_its_terms_in_the_same_order),
        cmocka_unit_test(limits_for_clearing_are_on_the_near_side),
        cmocka_unit_test(between_the_limits_it_neither_fires_nor_clears),
        cmocka_unit_test(davy_toml_changes_limits_terms_and_severity),
        cmocka_unit_test(a_rule_without_its_file_is_blind_and_keeps_what_fires),
        cmocka_unit_test(what_davy_toml_says_wrong_of_a_rule_is_said_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
