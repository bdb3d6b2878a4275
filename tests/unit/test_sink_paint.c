/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the painter sends makes a small terminal show the frame, whatever it showed before; and how many bytes that takes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "sink/paint.h"

#include <stdlib.h>
#include <string.h>

enum { W = 31, H = 9, ROUNDS = 400 };

struct place {
    char32_t ch;
    struct ink ink;
};
struct terminal { /* as much of xterm as the painter uses; anything else fails the test */
    struct place cell[H][W];
    int x, y;
    bool wrapping; /* the last column was written: the next character would go to the next row */
    struct ink pen;
    int top, bottom; /* the scrolling region */
    char32_t last;
    bool bce;
};

static const struct ink own = {-1, -1, 0};

static void erase(struct terminal *t, int y, int from, int to)
{
    struct ink ink = own;
    if (t->bce)
        ink.bg = t->pen.bg;
    for (int x = from; x < to; x++)
        t->cell[y][x] = (struct place){' ', ink};
}

/* Half of a wide character leaves a blank. */
static void put(struct terminal *t, char32_t ch)
{
    int width = cell_width(ch);
    assert_false(t->wrapping);
    assert_true(t->x + width <= W);
    if (t->cell[t->y][t->x].ch == 0)
        t->cell[t->y][t->x - 1].ch = ' ';
    int behind = t->x + width;
    if (behind < W && t->cell[t->y][behind].ch == 0)
        t->cell[t->y][behind].ch = ' ';
    t->cell[t->y][t->x] = (struct place){ch, t->pen};
    if (width == 2)
        t->cell[t->y][t->x + 1] = (struct place){0, t->pen};
    t->x += width;
    t->wrapping = t->x == W;
    t->x -= t->wrapping;
    t->last = ch;
}

static int color(const int *n, int *at, int base)
{
    int kind = n[*at + 1];
    if (n[*at] != base + 8)
        return n[*at] >= base + 60 ? n[*at] - base - 52 : n[*at] - base;
    *at += kind == 5 ? 2 : 4;
    return kind == 5 ? n[*at] : INK_RGB | n[*at - 2] << 16 | n[*at - 1] << 8 | n[*at];
}

static void dye(struct terminal *t, const int *n, int count)
{
    static const uint8_t on[] = {[1] = LOOK_BOLD, [2] = LOOK_DIM, [4] = LOOK_UNDERLINE, [7] = LOOK_REVERSE};
    static const uint8_t off[] = {[2] = LOOK_BOLD | LOOK_DIM, [4] = LOOK_UNDERLINE, [7] = LOOK_REVERSE};
    for (int i = 0; i < count; i++) {
        if (n[i] == 0)
            t->pen = own;
        else if (n[i] < 8)
            t->pen.attr |= on[n[i]];
        else if (n[i] >= 22 && n[i] < 28)
            t->pen.attr &= (uint8_t)~off[n[i] - 20];
        else if (n[i] == 39 || n[i] == 49)
            *(n[i] == 39 ? &t->pen.fg : &t->pen.bg) = -1;
        else if ((n[i] >= 30 && n[i] < 39) || (n[i] >= 90 && n[i] < 98))
            t->pen.fg = color(n, &i, 30);
        else if ((n[i] >= 40 && n[i] < 49) || (n[i] >= 100 && n[i] < 108))
            t->pen.bg = color(n, &i, 40);
        else
            fail_msg("SGR %d", n[i]);
    }
}

static void go(struct terminal *t, int x, int y)
{
    assert_in_range(x, 0, W - 1);
    assert_in_range(y, 0, H - 1);
    t->x = x;
    t->y = y;
    t->wrapping = false;
}

static void clear(struct terminal *t)
{
    for (int y = 0; y < H; y++)
        erase(t, y, 0, W);
}

static void scroll(struct terminal *t, int up)
{
    struct place was[H][W];
    memcpy(was, t->cell, sizeof was);
    for (int y = t->top; y <= t->bottom; y++)
        if (y + up >= t->top && y + up <= t->bottom)
            memcpy(t->cell[y], was[y + up], sizeof was[0]);
        else
            erase(t, y, 0, W);
}

/* Numbers that are left out are 1, or 0 where zero means something. */
static void obey(struct terminal *t, char letter, int *n, int count)
{
    int one = n[0] > 0 ? n[0] : 1;
    switch (letter) {
    case 'm':
        dye(t, n, count);
        break;
    case 'H':
        go(t, count > 1 ? n[1] - 1 : 0, one - 1);
        break;
    case 'G':
        go(t, one - 1, t->y);
        break;
    case 'A':
        go(t, t->x, t->y - one);
        break;
    case 'B':
        go(t, t->x, t->y + one);
        break;
    case 'C':
        go(t, t->x + one, t->y);
        break;
    case 'D':
        go(t, t->x - one, t->y);
        break;
    case 'K':
        erase(t, t->y, t->x, W);
        break;
    case 'X':
        erase(t, t->y, t->x, t->x + one);
        break;
    case 'r':
        t->top = count > 1 ? n[0] - 1 : 0;
        t->bottom = count > 1 ? n[1] - 1 : H - 1;
        go(t, 0, 0);
        break;
    case 'S':
    case 'T':
        scroll(t, letter == 'S' ? one : -one);
        break;
    case 'J':
        assert_int_equal(n[0], 2);
        clear(t);
        break;
    case 'b':
        for (int i = 0; i < one; i++)
            put(t, t->last);
        break;
    default:
        fail_msg("CSI %c", letter);
    }
}

static void show(struct terminal *t, struct bytes in)
{
    while (in.len > 0) {
        char32_t ch = utf8_next(&in);
        if (ch == '\033') {
            int n[16] = {0}, count = 1;
            assert_int_equal(utf8_next(&in), '[');
            while ((ch = utf8_next(&in)) < '@') {
                if (ch == ';')
                    count++;
                else
                    n[count - 1] = n[count - 1] * 10 + (int)(ch - '0');
            }
            obey(t, (char)ch, n, count);
        } else if (ch == '\n' || ch == '\r' || ch == '\b') {
            assert_false(t->wrapping);
            go(t, ch == '\r' ? 0 : t->x - (ch == '\b'), t->y + (ch == '\n'));
        } else {
            put(t, ch);
        }
    }
}

static void check(const struct terminal *t, const struct cell *want, const struct looks *l)
{
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            const struct place *have = &t->cell[y][x];
            struct ink ink = ink_of(l, (enum style)want[y * W + x].style);
            assert_int_equal(have->ch, want[y * W + x].ch);
            assert_int_equal(have->ink.bg, ink.bg);
            if (have->ch == ' ' && !(ink.attr & (LOOK_REVERSE | LOOK_UNDERLINE)))
                assert_int_equal(have->ink.attr & (LOOK_REVERSE | LOOK_UNDERLINE), 0);
            else if (have->ch != 0)
                assert_true(ink_same(have->ink, ink));
        }
}

static uint32_t chance(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

static void scribble(struct cell *cells, uint32_t *seed)
{
    static const char32_t ink[] = {' ', ' ', ' ', 'a', '7', U'─', U'│', U'⠒', U'三', U'✅'};
    int y = (int)chance(seed, H), x = (int)chance(seed, W), n = 1 + (int)chance(seed, W);
    char32_t ch = ink[chance(seed, sizeof ink / sizeof ink[0])];
    uint8_t style = (uint8_t)chance(seed, STYLE_COUNT);
    int width = cell_width(ch);
    struct cell *row = cells + y * W;
    if (row[x].ch == 0)
        row[x - 1].ch = ' ';
    for (; n > 0 && x + width <= W; n--, x += width) {
        row[x] = (struct cell){ch, style};
        if (width == 2)
            row[x + 1] = (struct cell){0, style};
    }
    if (x < W && row[x].ch == 0)
        row[x].ch = ' ';
}

/* As a log does: rows go up or down, and one cell of each is another one. */
static void shift(struct cell *cells, uint32_t *seed)
{
    int top = (int)chance(seed, H - 2), bottom = top + 1 + (int)chance(seed, (uint32_t)(H - top - 1)),
        by = 1 + (int)chance(seed, 2);
    bool up = chance(seed, 2) != 0;
    for (int i = 0; i + by <= bottom - top; i++) {
        int to = up ? top + i : bottom - i, from = up ? to + by : to - by;
        memcpy(cells + to * W, cells + from * W, W * sizeof *cells);
        if (chance(seed, 3) == 0)
            scribble(cells, seed);
    }
}

/* As the sink does: rows that are as in the frame before are not looked at. */
static void give(struct painter *p, const struct cell *want)
{
    for (int y = 0; y < H; y++)
        if (!paint_same(p, y, want + y * W))
            memcpy(p->next + y * W, want + y * W, W * sizeof *want);
}

static void rounds(struct paint_caps caps, enum color_depth depth, uint32_t seed)
{
    struct theme theme = theme_lamp;
    struct cell want[W * H];
    struct terminal t = {.pen = {3, 4, LOOK_REVERSE}, .bce = caps.bce, .x = 5, .y = 5, .bottom = H - 1};
    struct painter p = {.caps = caps};
    theme.look[STYLE_NORMAL].bg256 = (int16_t)(seed % 2 ? 17 : -1); /* a theme with a ground of its own */
    theme.look[STYLE_NORMAL].rgb_bg = seed % 2 ? 0x102030 : -1;
    struct looks looks = {&theme, depth};
    for (int i = 0; i < W * H; i++) {
        want[i] = (struct cell){' ', STYLE_NORMAL};
        t.cell[i / W][i % W] = (struct place){'#', own};
    }
    paint_looks(&p, &looks);
    paint_size(&p, W, H);
    for (int i = 0; i < ROUNDS; i++) {
        for (uint32_t n = chance(&seed, 6); n > 0; n--)
            scribble(want, &seed);
        if (chance(&seed, 3) == 0)
            shift(want, &seed);
        if (chance(&seed, 50) == 0)
            paint_forget(&p);
        give(&p, want);
        p.len = 0;
        paint_next(&p);
        show(&t, (struct bytes){p.out, p.len});
        check(&t, want, &looks);
        give(&p, want);
        p.len = 0;
        paint_next(&p);
        assert_int_equal(p.len, 0); /* nothing changed */
    }
    paint_release(&p);
}

static void test_any_frame_after_any_other_is_shown_as_it_is(void **state)
{
    (void)state;
    static const enum color_depth depths[] = {COLOR_NONE, COLOR_8, COLOR_16, COLOR_256, COLOR_24BIT};
    uint32_t seed = 1;
    for (int caps = 0; caps < 16; caps++)
        for (size_t d = 0; d < sizeof depths / sizeof depths[0]; d++, seed++)
            rounds((struct paint_caps){caps & 1, caps & 1 && seed & 1, caps & 2, caps & 8, caps & 4}, depths[d], seed);
}

static struct painter painted(const char *text)
{
    struct painter p = {.caps = {true, true, true, true, true}};
    paint_looks(&p, &(struct looks){&theme_lamp, COLOR_256});
    paint_size(&p, W, H);
    for (int i = 0; i < W * H; i++)
        p.next[i] = (struct cell){' ', STYLE_NORMAL};
    for (int i = 0; text[i] != '\0'; i++)
        p.next[2 * W + 3 + i] = (struct cell){(char32_t)(unsigned char)text[i], STYLE_NORMAL};
    p.len = 0;
    paint_next(&p);
    return p;
}

static void again(struct painter *p, const char *text, size_t most)
{
    memcpy(p->next, p->shown, sizeof(struct cell) * W * H);
    for (int i = 0; i < W * H; i++)
        p->next[i].style = STYLE_NORMAL;
    for (int i = 0; text[i] != '\0'; i++)
        p->next[2 * W + 3 + i].ch = (char32_t)(unsigned char)text[i];
    p->len = 0;
    paint_next(p);
    assert_in_range(p->len, 1, most);
}

static void test_a_digit_that_counts_down_takes_two_bytes(void **state)
{
    (void)state;
    struct painter p = painted("10:09 left");
    again(&p, "10:08 left", sizeof "\033[3;8H8" - 1);
    again(&p, "10:07 left", sizeof "\b7" - 1);
    again(&p, "10:06 left", sizeof "\b6" - 1);
    again(&p, "09:59 left", sizeof "\033[5D09:59" - 1);
    paint_release(&p);
}

static void test_a_line_of_one_character_is_sent_by_number(void **state)
{
    (void)state;
    struct painter p = {.caps = {true, true, true, true, true}};
    paint_looks(&p, &(struct looks){&theme_lamp, COLOR_256});
    paint_size(&p, W, H);
    for (int i = 0; i < W * H; i++)
        p.next[i] = (struct cell){U'─', STYLE_NORMAL};
    p.len = 0;
    paint_next(&p);
    assert_in_range(p.len, 1, 20 + H * (sizeof "\033[2;1H─\033[30b" - 1));
    paint_release(&p);
}

static void ask_and_answer(int dx, size_t least, size_t most)
{
    struct painter p = {.caps = {true, true, true, true, true}, .ask = true};
    paint_looks(&p, &(struct looks){&theme_lamp, COLOR_256});
    paint_size(&p, W, H);
    for (int i = 0; i < 2; i++) {
        for (int k = 0; k < W * H; k++)
            p.next[k] = (struct cell){k % W < W - 2 && k >= W ? U'─' : ' ', STYLE_NORMAL};
        p.len = 0;
        paint_next(&p);
        paint_put(&p, "", 1);
        assert_int_equal(strstr(p.out, "\033[6n") != NULL, i == 0); /* once */
        p.len--;
        if (i == 0)
            paint_answer(&p, p.asked_x + dx, p.asked_y);
    }
    assert_in_range(p.len, least, most);
    paint_release(&p);
}

static void test_a_terminal_that_cannot_repeat_gets_its_lines_in_full(void **state)
{
    (void)state;
    ask_and_answer(0, 0, 0);
    ask_and_answer(-7, (H - 1) * (W - 2) * 3, 2000);
}

static void test_a_new_line_of_a_log_costs_one_line(void **state)
{
    (void)state;
    struct painter p = {.caps = {true, true, true, true, true}};
    paint_looks(&p, &(struct looks){&theme_lamp, COLOR_256});
    paint_size(&p, W, H);
    for (int first = 9; first >= 0; first--) {
        for (int i = 0; i < W * H; i++)
            p.next[i] = (struct cell){(char32_t)('a' + (first + i / W) * (i % W + 3) % 26), STYLE_NORMAL};
        p.len = 0;
        paint_next(&p);
        if (first < 9)
            assert_in_range(p.len, 1, W + 30);
    }
    paint_release(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_frame_after_any_other_is_shown_as_it_is),
        cmocka_unit_test(test_a_digit_that_counts_down_takes_two_bytes),
        cmocka_unit_test(test_a_new_line_of_a_log_costs_one_line),
        cmocka_unit_test(test_a_terminal_that_cannot_repeat_gets_its_lines_in_full),
        cmocka_unit_test(test_a_line_of_one_character_is_sent_by_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
