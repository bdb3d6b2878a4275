/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "full_rig.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "sink/plane.h"
#include "sink/sink.h"

static const struct looks colours = {&theme_lamp, COLOR_256}, plain = {&theme_lamp, COLOR_NONE};

static char *dressed(const char *sink, const struct model *m, const struct ui *ui, const struct looks *looks)
{
    struct arena arena = {0};
    struct err e = {""};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_true(sink_by_name(sink)->write(out, m, ui, looks, &arena, &e));
    fclose(out);
    assert_int_equal(strlen(text), size);
    arena_release(&arena);
    return text;
}

static char *written(const char *sink, const struct model *m, const struct ui *ui)
{
    return dressed(sink, m, ui, &colours);
}

static char *plane(void (*write)(FILE *, const struct frame *), const struct frame *f)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    write(out, f);
    fclose(out);
    return text;
}

static void names_are_alphabetical_and_found(void **state)
{
    (void)state;
    for (size_t i = 0; sinks[i]; i++) {
        assert_true(sinks[i]->help && *sinks[i]->help && sinks[i]->write);
        assert_ptr_equal(sink_by_name(sinks[i]->name), sinks[i]);
        if (i)
            assert_true(strcmp(sinks[i - 1]->name, sinks[i]->name) < 0);
    }
    assert_non_null(sink_by_name("json"));
    assert_non_null(sink_by_name("styles"));
    assert_non_null(sink_by_name("text"));
    assert_non_null(sink_by_name("tmux"));
    assert_null(sink_by_name("xml"));
    assert_null(sink_by_name(""));
    assert_null(sink_by_name(NULL));
}

static void a_plane_has_no_trailing_blanks_and_each_wide_character_once(void **state)
{
    (void)state;
    struct arena a = {0};
    struct frame *f = frame_new(&a, 8, 3);
    struct grid g = frame_grid(f);
    grid_text(g, 1, 0, STYLE_BAD, "a\xe6\x97\xa5g"); /* a, a wide one, g */
    grid_text(g, 6, 1, STYLE_GOOD, "\xe6\x9c\xac");  /* wide, up to the edge */
    char *glyphs = plane(plane_glyphs, f), *styles = plane(plane_styles, f);
    assert_string_equal(glyphs, " a\xe6\x97\xa5g\n      \xe6\x9c\xac\n\n");
    char bad = style_rows[STYLE_BAD].letter, good = style_rows[STYLE_GOOD].letter;
    char want[32];
    snprintf(want, sizeof want, " %c%c%c%c\n      %c%c\n\n", bad, bad, bad, bad, good, good);
    assert_string_equal(styles, want);
    free(glyphs);
    free(styles);
    arena_release(&a);
}

static void blanks_with_a_style_count_in_the_style_plane_only(void **state)
{
    (void)state;
    struct arena a = {0};
    struct frame *f = frame_new(&a, 4, 1);
    grid_fill(frame_grid(f), 0, 0, 4, 1, STYLE_HEADER, U' ');
    char *glyphs = plane(plane_glyphs, f), *styles = plane(plane_styles, f);
    assert_string_equal(glyphs, "\n");
    assert_int_equal(strlen(styles), 5);
    assert_int_equal(styles[3], style_rows[STYLE_HEADER].letter);
    free(glyphs);
    free(styles);
    arena_release(&a);
}

/* Lines, each at most w cells, without trailing blank, without controls. */
static size_t check_lines(const char *text, int w)
{
    size_t lines = 0;
    while (*text) {
        size_t n = strcspn(text, "\n");
        assert_int_equal(text[n], '\n');
        assert_true(n == 0 || text[n - 1] != ' ');
        char line[4096];
        assert_true(n < sizeof line);
        memcpy(line, text, n);
        line[n] = 0;
        for (size_t i = 0; i < n; i++)
            assert_true((unsigned char)line[i] >= 0x20 && line[i] != 0x7f);
        assert_true(text_width(line) <= w);
        text += n + 1;
        lines++;
    }
    return lines;
}

static const int sizes[][2] = {{1, 1}, {20, 5}, {36, 20}, {40, 10}, {80, 1}, {80, 24}, {120, 40}, {200, 60}};

static void the_text_has_the_lines_of_the_size_and_nothing_but_text(void **state)
{
    (void)state;
    static struct full_rig f;
    full_rig_init(&f);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct ui ui = {.w = sizes[i][0], .h = sizes[i][1]};
        char *text = written("text", &f.rig.m, &ui);
        assert_int_equal(check_lines(text, ui.w), (size_t)ui.h);
        free(text);
    }
    rig_release(&f.rig);
}

static void the_styles_are_the_text_then_a_line_then_as_many_lines_of_letters(void **state)
{
    (void)state;
    static struct full_rig f;
    full_rig_init(&f);
    struct ui ui = {.w = 80, .h = 24};
    char *text = written("text", &f.rig.m, &ui), *both = written("styles", &f.rig.m, &ui);
    assert_memory_equal(both, text, strlen(text));
    const char *rest = both + strlen(text);
    assert_memory_equal(rest, "---\n", 4);
    assert_int_equal(check_lines(rest + 4, ui.w), 24);
    for (const char *c = rest + 4; *c; c++) {
        bool known = *c == '\n';
        for (int s = 0; s < STYLE_COUNT; s++)
            known = known || *c == style_rows[s].letter;
        assert_true(known);
    }
    free(text);
    free(both);
    rig_release(&f.rig);
}

static void a_size_of_nothing_is_one_cell(void **state)
{
    (void)state;
    struct rig r;
    rig_init(&r);
    struct ui ui = {.w = 0, .h = -3};
    char *text = written("text", &r.m, &ui);
    assert_int_equal(check_lines(text, 1), 1);
    free(text);
    rig_release(&r);
}

static void the_tmux_line_colours_the_worst_word_only(void **state)
{
    (void)state;
    static struct full_rig f;
    full_rig_init(&f);
    struct ui ui = {.w = 80, .h = 24};
    char *line = written("tmux", &f.rig.m, &ui);
    const char *start = strstr(line, "#[default,fg=colour231,bg=colour124,bold]CRIT#[default]");
    assert_non_null(start);
    assert_null(strstr(start + strlen("#[default,fg=colour231,bg=colour124,bold]CRIT#[default]"), "#["));
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    free(line);
    rig_release(&f.rig);
}

static void the_tmux_line_without_colours_is_the_plain_line(void **state)
{
    (void)state;
    static struct full_rig f;
    full_rig_init(&f);
    struct ui ui = {.w = 80, .h = 24};
    char *line = dressed("tmux", &f.rig.m, &ui, &plain);
    assert_string_equal(line, arena_text(&f.rig.arena, "%s\n", view_line(&f.rig.arena, &f.rig.m)));
    free(line);
    rig_release(&f.rig);
}

static void markup_in_data_does_not_reach_tmux(void **state)
{
    (void)state;
    static struct full_rig f;
    full_rig_init(&f);
    f.alert[0].rule = f.alert[0].what = f.alert[0].subject = "#[bg=red]#(reboot)";
    f.rig.stages.current.name = "#S";
    struct ui ui = {.w = 80, .h = 24};
    char *line = dressed("tmux", &f.rig.m, &ui, &plain);
    assert_non_null(strchr(line, '#')); /* else this proves nothing */
    for (const char *c = line; *c; c++) {
        if (*c == '#') {
            assert_int_equal(c[1], '#');
            c++;
        }
    }
    free(line);
    rig_release(&f.rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_alphabetical_and_found),
        cmocka_unit_test(a_plane_has_no_trailing_blanks_and_each_wide_character_once),
        cmocka_unit_test(blanks_with_a_style_count_in_the_style_plane_only),
        cmocka_unit_test(the_text_has_the_lines_of_the_size_and_nothing_but_text),
        cmocka_unit_test(the_styles_are_the_text_then_a_line_then_as_many_lines_of_letters),
        cmocka_unit_test(a_size_of_nothing_is_one_cell),
        cmocka_unit_test(the_tmux_line_colours_the_worst_word_only),
        cmocka_unit_test(the_tmux_line_without_colours_is_the_plain_line),
        cmocka_unit_test(markup_in_data_does_not_reach_tmux),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
