/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <string.h>
#include <cmocka.h>

#include "view/chart.h"
#include "view_screen.h"

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct series series_of(const double *v, int count, enum graph_form form)
{
    return (struct series){v, count, 0, 1, 0.5, STYLE_CHART, STYLE_BAD, form};
}

static struct grid grid_of(int w, int h)
{
    return frame_grid(frame_new(&arena, w, h));
}

static void a_sparkline_ends_at_the_right_with_the_newest_value(void **state)
{
    static const double v[] = {0.0, 0.3, 0.6, 1.0};
    struct series block = series_of(v, 4, GRAPH_BLOCK), braille = series_of(v, 4, GRAPH_BRAILLE),
                  plain = series_of(v, 4, GRAPH_ASCII);
    struct grid g = grid_of(6, 3);
    (void)state;
    chart_spark(g, 0, 0, 6, &block);
    chart_spark(g, 0, 1, 6, &braille);
    chart_spark(g, 0, 2, 6, &plain);
    assert_string_equal(screen_text(&arena, g.frame), "  ▁▃▅█\n    ⣠⣾\n  _:=#\n");
    assert_int_equal(g.frame->cell[3].style, STYLE_BAD);
    assert_int_equal(g.frame->cell[4].style, STYLE_CHART);
}

static void only_the_newest_values_that_fit_are_shown(void **state)
{
    static const double v[] = {1.0, 1.0, 1.0, 0.0};
    struct series s = series_of(v, 4, GRAPH_BLOCK);
    struct grid g = grid_of(2, 1);
    (void)state;
    chart_spark(g, 0, 0, 2, &s);
    assert_string_equal(screen_text(&arena, g.frame), "█▁\n");
}

static void a_gap_stays_empty(void **state)
{
    static const double v[] = {1.0, NAN, 1.0};
    struct series s = series_of(v, 3, GRAPH_BLOCK);
    struct grid g = grid_of(3, 1), plot = grid_of(3, 2);
    (void)state;
    chart_spark(g, 0, 0, 3, &s);
    assert_string_equal(screen_text(&arena, g.frame), "█ █\n");
    s.limit = NAN;
    chart_plot(plot, &s);
    assert_string_equal(screen_text(&arena, plot.frame), "█ █\n█ █\n");
}

static void a_chart_draws_its_limit_where_nothing_else_is(void **state)
{
    static const double v[] = {1.0, 1.0, 0.1, 0.1};
    struct series s = series_of(v, 4, GRAPH_ASCII);
    struct grid g = grid_of(4, 3);
    (void)state;
    chart_plot(g, &s);
    assert_string_equal(screen_text(&arena, g.frame), "''  \n----\n  ..\n");
    assert_int_equal(g.frame->cell[4].style, STYLE_CHART_LIMIT);
    assert_int_equal(g.frame->cell[0].style, STYLE_CHART);
    assert_int_equal(g.frame->cell[10].style, STYLE_BAD);
}

static void a_braille_line_has_no_holes(void **state)
{
    static const double v[] = {0.0, 1.0};
    struct series s = series_of(v, 2, GRAPH_BRAILLE);
    struct grid g = grid_of(4, 4);
    (void)state;
    s.limit = NAN;
    chart_plot(g, &s);
    for (int y = 0; y < 4; y++) {
        bool drawn = false;
        for (int x = 0; x < 4; x++)
            drawn |= g.frame->cell[y * 4 + x].ch > 0x2800;
        assert_true(drawn);
    }
}

static void more_hours_than_dots_are_averaged(void **state)
{
    static const double v[] = {0.2, 0.8, 0.2, 0.8, 0.2, 0.8, 0.2, 0.8};
    struct series s = series_of(v, 8, GRAPH_ASCII);
    struct grid g = grid_of(4, 5);
    (void)state;
    s.limit = NAN;
    chart_plot(g, &s);
    assert_string_equal(screen_text(&arena, g.frame), "    \n    \n****\n    \n    \n");
}

static void charts_without_room_or_range_draw_nothing(void **state)
{
    static const double v[] = {0.2};
    struct series s = series_of(v, 1, GRAPH_BRAILLE);
    struct grid g = grid_of(2, 1);
    (void)state;
    chart_plot(grid_part(g, 5, 5, 1, 1), &s);
    s.high = s.low;
    chart_plot(g, &s);
    assert_string_equal(screen_text(&arena, g.frame), "  \n");
}

static const char *gauge_text(struct gauge v, int w)
{
    struct grid g = grid_of(w, 1);
    gauge_draw(g, 0, 0, w, &v);
    return screen_text(&arena, g.frame);
}

static void a_gauge_shows_fill_mark_and_heading(void **state)
{
    (void)state;
    assert_string_equal(gauge_text((struct gauge){0.5, NAN, NAN, STYLE_GOOD}, 8), "━━━━────\n");
    assert_string_equal(gauge_text((struct gauge){0.5, 0.25, 0.8, STYLE_GOOD}, 8), "━━│━──▸─\n");
    assert_string_equal(gauge_text((struct gauge){1.4, NAN, 1.9, STYLE_BAD}, 4), "━━━▸\n");
    assert_string_equal(gauge_text((struct gauge){NAN, NAN, NAN, STYLE_GOOD}, 4), "────\n");
    assert_string_equal(gauge_text((struct gauge){0, NAN, NAN, STYLE_GOOD}, 4), "────\n");
}

static void a_little_is_not_nothing(void **state)
{
    (void)state;
    assert_string_equal(gauge_text((struct gauge){0.001, NAN, NAN, STYLE_GOOD}, 4), "━───\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sparkline_ends_at_the_right_with_the_newest_value),
        cmocka_unit_test(only_the_newest_values_that_fit_are_shown),
        cmocka_unit_test(a_gap_stays_empty),
        cmocka_unit_test(a_chart_draws_its_limit_where_nothing_else_is),
        cmocka_unit_test(a_braille_line_has_no_holes),
        cmocka_unit_test(more_hours_than_dots_are_averaged),
        cmocka_unit_test(charts_without_room_or_range_draw_nothing),
        cmocka_unit_test(a_gauge_shows_fill_mark_and_heading),
        cmocka_unit_test(a_little_is_not_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
