/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sinks that carry colours: "ansi" and "svg". */
#include "full_rig.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "sink/plane.h"
#include "sink/sink.h"
#include "sink/svg_shapes.h"
#include "view/glyph.h"

static const struct ui small = {.w = 100, .h = 30};

static char *written(const struct sink *sink, const struct model *m, const struct ui *ui, const struct looks *looks)
{
    struct arena arena = {0};
    struct err e = {""};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_true(sink->write(out, m, ui, looks, &arena, &e));
    fclose(out);
    assert_int_equal(strlen(text), size);
    arena_release(&arena);
    return text;
}

/* Takes the escape sequences out, which must be SGR only; each line ends with the terminal's own colours. */
static void strip(char *text)
{
    char *to = text;
    bool plain = true;
    for (char *p = text; *p; p++) {
        if (*p == '\033') {
            size_t len = strspn(p + 2, "0123456789;");
            assert_true(p[1] == '[' && p[2 + len] == 'm');
            plain = len == 1 && p[2] == '0';
            p += len + 2;
            continue;
        }
        assert_true(*p != '\n' || plain);
        *to++ = *p;
    }
    *to = '\0';
}

static void ansi_without_its_colours_is_the_text(void **state)
{
    static const enum color_depth depths[] = {COLOR_24BIT, COLOR_256, COLOR_16, COLOR_8, COLOR_NONE, COLOR_AUTO};
    static struct full_rig f;
    (void)state;
    full_rig_init(&f);
    for (size_t i = 0; i < sizeof depths / sizeof *depths; i++) {
        struct looks looks = {&theme_lamp, depths[i]};
        char *colours = written(&sink_ansi, &f.rig.m, &small, &looks),
             *text = written(&sink_text, &f.rig.m, &small, &looks);
        assert_non_null(strchr(colours, '\033'));
        strip(colours);
        assert_string_equal(colours, text);
        free(colours);
        free(text);
    }
    rig_release(&f.rig);
}

static void ansi_colours_are_of_the_depth(void **state)
{
    static struct full_rig f;
    (void)state;
    full_rig_init(&f);
    static const struct {
        enum color_depth depth;
        const char *has, *has_not;
    } cases[] = {
        {COLOR_24BIT, ";38;2;1;2;3", ";38;5;"},
        {COLOR_256, ";38;5;16", ";38;2;"},
        {COLOR_16, ";97", ";38;"},
        {COLOR_8, ";37", ";97"},
        {COLOR_NONE, "\033[0;1m", ";3"},
    };
    struct theme t = theme_lamp;
    for (int i = 0; i < STYLE_COUNT; i++)
        t.look[i] = (struct look){0x010203, -1, 16, -1, 15, -1, 7, -1, 0, LOOK_BOLD};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = written(&sink_ansi, &f.rig.m, &small, &(struct looks){&t, cases[i].depth});
        assert_non_null(strstr(text, cases[i].has));
        assert_null(strstr(text, cases[i].has_not));
        free(text);
    }
    rig_release(&f.rig);
}

/* The characters of all words, put back into a grid by their places. */
static void place_words(const char *svg, char grid[30][101])
{
    memset(grid, ' ', 30 * 101);
    for (const char *p = strstr(svg, "<text "); p; p = strstr(p + 1, "<text ")) {
        int x = 0, y = 0, length = 0;
        assert_int_equal(sscanf(strstr(p, " x=\""), " x=\"%d\" y=\"%d\" textLength=\"%d", &x, &y, &length) >= 2, 1);
        assert_int_equal(x % SVG_CELL_W, 0);
        const char *at = strchr(p, '>') + 1;
        int cells = 0;
        for (int column = x / SVG_CELL_W; *at != '<'; column++, cells++) {
            const char *name = strncmp(at, "&lt;", 4) == 0    ? "<"
                               : strncmp(at, "&gt;", 4) == 0  ? ">"
                               : strncmp(at, "&amp;", 5) == 0 ? "&"
                                                              : NULL;
            assert_in_range(column, 0, 99);
            struct bytes rest = {at, strlen(at)};
            char32_t c = name ? (char32_t)*name : utf8_next(&rest);
            grid[y / SVG_CELL_H][column] = (char)(c < 0x7F ? c : '?');
            at = name ? strchr(at, ';') + 1 : rest.at;
        }
        assert_true(cells == 1 || length == cells * SVG_CELL_W);
    }
}

static void svg_has_each_word_in_its_place(void **state)
{
    static struct full_rig f;
    static char grid[30][101];
    struct arena a = {0};
    (void)state;
    full_rig_init(&f);
    char *svg = written(&sink_svg, &f.rig.m, &small, &(struct looks){&theme_lamp, COLOR_AUTO});
    place_words(svg, grid);
    const struct frame *frame = plane_draw(&f.rig.m, &small, &a);
    for (int i = 0; i < frame->w * frame->h; i++) {
        char32_t c = frame->cell[i].ch;
        char want = c == 0 || svg_is_shape(c) ? ' ' : c < 0x7F ? (char)c : '?', got = grid[i / 100][i % 100];
        if (want != got)
            fail_msg("row %d column %d: '%c', not '%c'", i / 100, i % 100, got, want);
    }
    free(svg);
    arena_release(&a);
    rig_release(&f.rig);
}

static void text_of_others_is_no_markup(void **state)
{
    static struct full_rig f;
    (void)state;
    full_rig_init(&f);
    f.alert[0].what = "</text><script>alert('x')</script>&amp;\xEF\xBF\xBE";
    char *svg = written(&sink_svg, &f.rig.m, &small, &(struct looks){&theme_lamp, COLOR_AUTO});
    assert_null(strstr(svg, "<script"));
    assert_non_null(strstr(svg, "&lt;/text&gt;&lt;script&gt;alert("));
    assert_non_null(strstr(svg, "&amp;amp;"));
    assert_null(strstr(svg, "\xEF\xBF\xBE")); /* U+FFFE is in no XML document */
    free(svg);
    rig_release(&f.rig);
}

static void every_glyph_of_ours_is_a_shape(void **state)
{
    static const char32_t ours[] = {GLYPH_ELLIPSIS,  GLYPH_DOT,        GLYPH_UP,           GLYPH_DOWN,
                                    GLYPH_POINT,     GLYPH_YES,        GLYPH_NO,           GLYPH_LINE,
                                    GLYPH_HEAVY,     GLYPH_BAR,        GLYPH_DASH,         GLYPH_CORNER_TL,
                                    GLYPH_CORNER_TR, GLYPH_CORNER_BR,  GLYPH_CORNER_BL,    GLYPH_AXIS,
                                    GLYPH_EIGHTH,    GLYPH_EIGHTH + 7, GLYPH_BRAILLE + 255};
    (void)state;
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
        int layers = 0;
        for (int l = 0; l < SVG_LAYERS; l++)
            layers += svg_in_layer(ours[i], (enum svg_layer)l);
        assert_int_equal(layers, 1);
    }
    assert_false(svg_is_shape(U'a'));
    assert_false(svg_is_shape(U'|'));
    assert_false(svg_in_layer(GLYPH_BRAILLE, SVG_FILL)); /* nothing to be seen */
}

/* Eight dots of one cell, none outside it. */
static void braille_stays_in_its_cell(void **state)
{
    char *path = NULL;
    size_t size = 0;
    (void)state;
    FILE *out = open_memstream(&path, &size);
    svg_shape(out, GLYPH_BRAILLE + 255, 90, 180);
    fclose(out);
    double x = 0, y = 0;
    int dots = 0;
    for (const char *p = path; *p; p++) {
        double a, b;
        if ((*p == 'm' || *p == 'M') && sscanf(p + 1, "%lf %lf", &a, &b) == 2) {
            x = *p == 'M' ? a : x + a;
            y = *p == 'M' ? b : y + b;
            dots += *p == 'm';
            assert_true(x >= 90 && x + 3 <= 99 + 3 * (*p == 'M') && y >= 180 && y + 3 <= 198 + 3 * (*p == 'M'));
        }
    }
    assert_int_equal(dots, 8);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ansi_without_its_colours_is_the_text), cmocka_unit_test(ansi_colours_are_of_the_depth),
        cmocka_unit_test(svg_has_each_word_in_its_place),       cmocka_unit_test(text_of_others_is_no_markup),
        cmocka_unit_test(every_glyph_of_ours_is_a_shape),       cmocka_unit_test(braille_stays_in_its_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
