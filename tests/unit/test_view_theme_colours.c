/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What eyes see of the themes in themes/: contrast after WCAG 2, distance in OKLab, and both as somebody with deuteranopia
 * or protanopia sees them (Machado, Oliveira, Fernandes 2009, severity 1). */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <glob.h>
#include <math.h>

#include "base/file.h"
#include "model/alert.h"
#include "view/theme_ink.h"

static struct arena arena;

/* ---- eyes ---- */

struct light {
    double v[3];
};
struct eyes {
    const char *name;
    double m[3][3];
};
enum { TYPICAL, DEUTERANOPE, PROTANOPE, EYES };
static const struct eyes eyes[EYES] = {
    [TYPICAL] = {"all cones", {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
    [DEUTERANOPE] = {"deuteranopia",
                     {{0.367322, 0.860646, -0.227968},
                      {0.280085, 0.672501, 0.047413},
                      {-0.011820, 0.042940, 0.968881}}},
    [PROTANOPE] = {"protanopia",
                   {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216}, {-0.003882, -0.048116, 1.051998}}},
};

static struct light times(const double m[3][3], struct light in)
{
    struct light out;
    for (int i = 0; i < 3; i++)
        out.v[i] = m[i][0] * in.v[0] + m[i][1] * in.v[1] + m[i][2] * in.v[2];
    return out;
}

static struct light light_of(int32_t rgb, const struct eyes *who)
{
    struct light l;
    for (int i = 0; i < 3; i++) {
        double c = (rgb >> (16 - 8 * i) & 255) / 255.0;
        l.v[i] = c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
    }
    l = times(who->m, l);
    for (int i = 0; i < 3; i++)
        l.v[i] = fmin(1, fmax(0, l.v[i]));
    return l;
}

static double luminance(int32_t rgb, const struct eyes *who)
{
    struct light l = light_of(rgb, who);
    return 0.2126 * l.v[0] + 0.7152 * l.v[1] + 0.0722 * l.v[2];
}

static double contrast(int32_t a, int32_t b, const struct eyes *who)
{
    double x = luminance(a, who) + 0.05, y = luminance(b, who) + 0.05;
    return x > y ? x / y : y / x;
}

static struct light oklab(int32_t rgb, const struct eyes *who)
{
    static const double lms[3][3] = {{0.4122214708, 0.5363325363, 0.0514459929},
                                     {0.2119034982, 0.6806995451, 0.1073969566},
                                     {0.0883024619, 0.2817188376, 0.6299787005}};
    static const double lab[3][3] = {{0.2104542553, 0.7936177850, -0.0040720468},
                                     {1.9779984951, -2.4285922050, 0.4505937099},
                                     {0.0259040371, 0.7827717662, -0.8086757660}};
    struct light l = times(lms, light_of(rgb, who));
    for (int i = 0; i < 3; i++)
        l.v[i] = cbrt(l.v[i]);
    return times(lab, l);
}

static double distance(int32_t a, int32_t b, const struct eyes *who)
{
    struct light x = oklab(a, who), y = oklab(b, who);
    return sqrt(pow(x.v[0] - y.v[0], 2) + pow(x.v[1] - y.v[1], 2) + pow(x.v[2] - y.v[2], 2));
}

static void known_colours_measure_as_they_should(void **state)
{
    (void)state;
    assert_true(fabs(contrast(0xFFFFFF, 0x000000, &eyes[TYPICAL]) - 21) < 0.01);
    assert_true(fabs(contrast(0x767676, 0xFFFFFF, &eyes[TYPICAL]) - 4.54) < 0.01);
    assert_true(fabs(oklab(0xFFFFFF, &eyes[TYPICAL]).v[0] - 1) < 0.001);
    for (int i = 0; i < EYES; i++) /* greys stay greys */
        assert_true(fabs(oklab(0x808080, &eyes[i]).v[1]) < 0.001);
    /* Red and green of one lightness are nearly one to them, and very different to others; blue and yellow are not. */
    assert_true(distance(0xCC6666, 0x7A9A50, &eyes[TYPICAL]) > 3 * distance(0xCC6666, 0x7A9A50, &eyes[DEUTERANOPE]));
    assert_true(distance(0x0087FF, 0xFFD700, &eyes[DEUTERANOPE]) > 0.4);
    assert_true(distance(0x0087FF, 0xFFD700, &eyes[PROTANOPE]) > 0.4);
}

/* ---- themes ---- */

/* What a style is for decides how much it must stand out. Lines say nothing that a title does not; the empty part of a
 * gauge stands beside its number. */
enum role { FACT, QUIET, GRAPH, LINE, FAINT, ROLES };
static const enum role roles[STYLE_COUNT] = {
    [STYLE_DIM] = QUIET,         [STYLE_FOOTER] = QUIET, [STYLE_FRAME] = LINE,   [STYLE_FRAME_FOCUS] = LINE,
    [STYLE_GAUGE_EMPTY] = FAINT, [STYLE_CHART] = GRAPH,  [STYLE_CHART2] = GRAPH, [STYLE_CHART_LIMIT] = GRAPH,
};
/* On black, white or the theme's own ground; and on the grounds of schemes that many people have. */
static const double least[ROLES][2] = {
    [FACT] = {4.5, 4.0}, [QUIET] = {4.5, 3.9}, [GRAPH] = {3, 3}, [LINE] = {3, 2.25}, [FAINT] = {1.6, 1.4},
};

static const struct {
    int32_t ground[4];
    int count;
} grounds[] = {
    [GROUND_DARK] = {{0x000000, 0x1E1E1E, 0x282C34, 0x002B36}, 4},
    [GROUND_LIGHT] = {{0xFFFFFF, 0xFDF6E3, 0xEEEEEC}, 3},
};

static int32_t seen_fg(const struct looks *l, enum style s)
{
    return ink_rgb(ink_of(l, s).fg, ground_ink(l->theme->ground));
}

static const struct theme *load(const char *path)
{
    struct bytes text;
    struct file_stat s;
    struct err e = {""};
    const struct theme *t = NULL;
    if (file_read(&arena, path, 1 << 16, &text, &s, &e))
        t = theme_decode(&arena, text, path, &e);
    if (!t)
        fail_msg("%s", e.text);
    return t;
}

static const struct theme *named(const char *name)
{
    return load(arena_text(&arena, SOURCE_DIR "/themes/%s.toml", name));
}

static int for_each(void (*check)(const struct theme *))
{
    glob_t found;
    assert_int_equal(glob(SOURCE_DIR "/themes/*.toml", 0, NULL, &found), 0);
    int count = (int)found.gl_pathc;
    for (int i = 0; i < count; i++)
        check(load(found.gl_pathv[i]));
    globfree(&found);
    return count;
}

/* Schemes that change the ground change the sixteen with it, so xterm's are looked at on black and white only. */
static void check_contrast(const struct looks *l, enum style s)
{
    struct ink ink = ink_of(l, s);
    enum theme_ground g = l->theme->ground;
    int32_t fg = ink_rgb(ink.fg, ground_ink(g));
    int count = ink.bg >= 0 || l->depth == COLOR_16 ? 1 : grounds[g].count;
    for (int i = 0; i < count; i++) {
        int32_t ground = ink.bg >= 0 ? ink_rgb(ink.bg, -1) : grounds[g].ground[i];
        double is = contrast(fg, ground, &eyes[TYPICAL]), must = l->depth == COLOR_16 ? 3 : least[roles[s]][i > 0];
        if (is < must)
            fail_msg("%s, %d colours: %s #%06x on #%06x has %.2f to 1, at least %.2f", l->theme->name, (int)l->depth,
                     style_rows[s].name, (unsigned)fg, (unsigned)ground, is, must);
    }
}

static void check_theme(const struct theme *t)
{
    assert_true(t->help[0] != '\0');
    for (int s = 0; t->ground != GROUND_ANY && s < STYLE_COUNT; s++) {
        check_contrast(&(struct looks){t, COLOR_24BIT}, (enum style)s);
        check_contrast(&(struct looks){t, COLOR_256}, (enum style)s);
        if (roles[s] == FACT) /* the terminal's sixteen are what they are */
            check_contrast(&(struct looks){t, COLOR_16}, (enum style)s);
    }
}

static void every_theme_can_be_read_on_its_grounds(void **state)
{
    (void)state;
    assert_true(for_each(check_theme) >= 6);
}

static void high_contrast_is_seven_to_one_on_its_own_ground(void **state)
{
    const struct theme *t = named("high-contrast");
    (void)state;
    for (int d = 0; d < 2; d++) {
        struct looks l = {t, d ? COLOR_24BIT : COLOR_256};
        for (int s = 0; s < STYLE_COUNT; s++) {
            struct ink ink = ink_of(&l, (enum style)s);
            assert_true(ink.bg >= 0); /* no terminal's ground shines through */
            double must = roles[s] == FAINT ? 3 : 7;
            if (contrast(ink_rgb(ink.fg, -1), ink_rgb(ink.bg, -1), &eyes[TYPICAL]) < must)
                fail_msg("%s is below %g to 1", style_rows[s].name, must);
        }
    }
}

/* ---- states ---- */

/* What stands side by side and must not be taken for each other: states, badges (by their grounds), series of a chart. */
struct set {
    enum style style[6];
    int count;
    bool grounds;
};
static const struct set states = {{STYLE_GOOD, STYLE_INFO, STYLE_WARN, STYLE_BAD, STYLE_STALE, STYLE_ACCENT}, 6, false};
static const struct set badges = {{STYLE_GOOD_BADGE, STYLE_WARN_BADGE, STYLE_BAD_BADGE}, 3, true};
static const struct set series = {{STYLE_CHART, STYLE_CHART2, STYLE_CHART_LIMIT}, 3, false};

static int32_t seen_of(const struct looks *l, const struct set *set, int i)
{
    return set->grounds ? ink_rgb(ink_of(l, set->style[i]).bg, ground_paper(l->theme->ground))
                        : seen_fg(l, set->style[i]);
}

static void check_set(const struct looks *l, const struct set *set, const struct eyes *who, double must)
{
    for (int i = 0; i < set->count; i++) {
        for (int k = 0; k < i; k++) {
            double is = distance(seen_of(l, set, i), seen_of(l, set, k), who);
            if (is < must)
                fail_msg("%s, %d colours, %s: %s and %s are %.3f apart, at least %.3f", l->theme->name, (int)l->depth,
                         who->name, style_rows[set->style[i]].name, style_rows[set->style[k]].name, is, must);
        }
    }
}

static void check_states(const struct looks *l, const struct eyes *who, double must)
{
    check_set(l, &states, who, must);
    check_set(l, &badges, who, must);
    check_set(l, &series, who, must);
}

static void check_typical(const struct theme *t)
{
    if (t->ground == GROUND_ANY)
        return;
    check_states(&(struct looks){t, COLOR_24BIT}, &eyes[TYPICAL], 0.07);
    check_states(&(struct looks){t, COLOR_256}, &eyes[TYPICAL], 0.06);
}

static void states_have_colours_of_their_own(void **state)
{
    (void)state;
    for_each(check_typical);
}

/* 0.02 is a difference that can just be seen side by side; these are seen apart, in thin letters. */
static void the_safe_theme_is_safe_for_both_kinds_of_red_green_blindness(void **state)
{
    const struct theme *t = named("colour-blind");
    (void)state;
    for (int i = 0; i < EYES; i++) {
        check_states(&(struct looks){t, COLOR_24BIT}, &eyes[i], 0.14);
        check_states(&(struct looks){t, COLOR_256}, &eyes[i], 0.14);
        check_states(&(struct looks){t, COLOR_16}, &eyes[i], 0.12);
    }
    for (int i = 0; i < states.count; i++) { /* and red is darker to some */
        struct ink ink = ink_of(&(struct looks){t, COLOR_24BIT}, states.style[i]);
        for (int who = 0; who < EYES; who++)
            assert_true(contrast(ink_rgb(ink.fg, -1), ink_rgb(ink.bg, -1), &eyes[who]) >= 4.5);
    }
}

/* The check can fail: lamp's red and green are what these eyes cannot tell apart. */
static void lamp_would_not_pass_for_safe(void **state)
{
    (void)state;
    struct looks l = {&theme_lamp, COLOR_24BIT};
    assert_true(distance(seen_fg(&l, STYLE_GOOD), seen_fg(&l, STYLE_BAD), &eyes[DEUTERANOPE]) < 0.05);
}

static void check_without_colours(const struct theme *t)
{
    for (int colours = 0; colours < 2; colours++) {
        struct looks l = {t, colours ? COLOR_8 : COLOR_NONE};
        uint8_t bad = ink_of(&l, STYLE_BAD).attr, good = ink_of(&l, STYLE_GOOD).attr;
        assert_true(bad & LOOK_BOLD && !(good & LOOK_BOLD));
    }
    assert_int_not_equal(t->look[STYLE_BAD_BADGE].mono, t->look[STYLE_WARN_BADGE].mono);
    assert_int_not_equal(t->look[STYLE_WARN_BADGE].mono, t->look[STYLE_GOOD_BADGE].mono);
    assert_int_not_equal(t->look[STYLE_FRAME].mono, t->look[STYLE_FRAME_FOCUS].mono);
    assert_int_not_equal(t->look[STYLE_TITLE].mono, t->look[STYLE_TITLE_FOCUS].mono);
}

static void no_state_is_told_by_colour_alone(void **state)
{
    (void)state;
    for_each(check_without_colours);
    for (int a = SEVERITY_OK; a <= SEVERITY_CRITICAL; a++) /* badges have words */
        for (int b = SEVERITY_OK; b < a; b++)
            assert_string_not_equal(severity_mark((enum severity)a), severity_mark((enum severity)b));
}

static void mono_sends_no_colour_at_any_depth(void **state)
{
    const struct theme *t = named("mono");
    (void)state;
    for (int s = 0; s < STYLE_COUNT; s++) {
        struct ink ink = ink_of(&(struct looks){t, COLOR_24BIT}, (enum style)s);
        assert_int_equal(ink.fg, -1);
        assert_int_equal(ink.bg, -1);
        assert_int_equal(ink.attr, t->look[s].mono);
    }
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_colours_measure_as_they_should),
        cmocka_unit_test(every_theme_can_be_read_on_its_grounds),
        cmocka_unit_test(high_contrast_is_seven_to_one_on_its_own_ground),
        cmocka_unit_test(states_have_colours_of_their_own),
        cmocka_unit_test(the_safe_theme_is_safe_for_both_kinds_of_red_green_blindness),
        cmocka_unit_test(lamp_would_not_pass_for_safe),
        cmocka_unit_test(no_state_is_told_by_colour_alone),
        cmocka_unit_test(mono_sends_no_colour_at_any_depth),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
