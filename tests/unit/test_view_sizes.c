/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every size, every rig, every way of looking: no crash (under sanitizers), no half of a wide character, only 7 bits in
 * ASCII, and a frame never changes before the moment it names. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "sample_model.h"
#include "view_screen.h"

typedef struct model *sample_fn(struct arena *a);
static sample_fn *const samples[] = {sample_well, sample_trouble, sample_empty, sample_broken, sample_wide};
enum { SAMPLES = sizeof samples / sizeof *samples };

static const struct key_hint hints[] = {
    {.key = "Tab", .name = "next", .help = "focus the next pane", .footer = true},
    {.key = "↑ ↓", .name = "move", .help = "move the cursor 日本語", .footer = true}};

static void check_frame(const struct frame *f, const struct ui *ui, int sample)
{
    int broken = broken_cell(f);
    if (broken >= 0)
        fail_msg("half a wide character: sample %d at %dx%d, column %d row %d, focus %d zoom %d", sample, f->w, f->h,
                 broken % f->w, broken / f->w, ui->focus, ui->zoom);
    for (int i = 0; i < f->w * f->h; i++) {
        char32_t c = f->cell[i].ch;
        if (f->cell[i].style >= STYLE_COUNT || (c != 0 && c < ' ') || (ui->ascii && (c < ' ' || c > '~')))
            fail_msg("cell U+%04X style %d at %dx%d", (unsigned)c, f->cell[i].style, f->w, f->h);
    }
    assert_true(f->next_ms > SAMPLE_NOW);
}

static void draw_and_check(const struct model *m, const struct ui *ui, int w, int h, int sample)
{
    struct arena a = {NULL};
    struct frame *f = frame_new(&a, w, h);
    view_draw(f, m, ui);
    check_frame(f, ui, sample);
    arena_release(&a);
}

/* Changes everything the user can change, by a small generator: the same walk each time. */
static struct ui ui_of(uint32_t *seed, int w, int h)
{
    *seed = *seed * 1664525u + 1013904223u;
    uint32_t r = *seed >> 8;
    struct ui ui = {.w = w, .h = h, .hint = hints, .hint_count = 2};
    ui.focus = (int)(r % (uint32_t)pane_count());
    ui.zoom = r / 8 % 2;
    ui.help = r / 16 % 8 == 0;
    ui.ascii = r / 128 % 4 == 0;
    ui.graph = (enum graph_form)(r / 512 % 3);
    ui.paused = r / 2048 % 2;
    ui.message = r / 4096 % 4 == 0 ? "採掘 done" : NULL;
    ui.cursor[ui.focus] = (int)(r / 16384 % 70);
    ui.help_scroll = (int)(r / 16384 % 50);
    return ui;
}

static void every_small_size_is_drawn_whole(void **state)
{
    uint32_t seed = 1;
    (void)state;
    for (int k = 0; k < SAMPLES; k++) {
        struct arena a = {NULL};
        const struct model *m = samples[k](&a);
        for (int h = 1; h <= 26; h++) {
            for (int w = 1; w <= 84; w += 1 + (w > 30) * 2) {
                struct ui plain = {.hint = hints, .hint_count = 2}, other = ui_of(&seed, w, h);
                draw_and_check(m, &plain, w, h, k);
                draw_and_check(m, &other, w, h, k);
            }
        }
        arena_release(&a);
    }
}

static void large_sizes_are_drawn_whole(void **state)
{
    uint32_t seed = 7;
    (void)state;
    for (int k = 0; k < SAMPLES; k++) {
        struct arena a = {NULL};
        const struct model *m = samples[k](&a);
        for (int h = 22 + k; h <= 70; h += 7) {
            for (int w = 66 + k; w <= 210; w += 11) {
                struct ui plain = {.hint = hints, .hint_count = 2}, other = ui_of(&seed, w, h);
                draw_and_check(m, &plain, w, h, k);
                draw_and_check(m, &other, w, h, k);
            }
        }
        arena_release(&a);
    }
}

/* A cursor that no key could set, as after a list that shrank. */
static void absurd_cursors_do_no_harm(void **state)
{
    static const int cursors[] = {-1, -1000000, 1000000, INT32_MAX, INT32_MIN};
    struct arena a = {NULL};
    (void)state;
    for (int k = 0; k < SAMPLES; k++) {
        const struct model *m = samples[k](&a);
        for (int i = 0; i < 5 * pane_count() * 2; i++) {
            struct ui ui = {.w = 60,
                            .h = 20,
                            .focus = i / 10,
                            .zoom = i % 2,
                            .help_scroll = cursors[i / 2 % 5],
                            .help = i % 7 == 0};
            for (int p = 0; p < PANE_MAX; p++)
                ui.cursor[p] = cursors[i / 2 % 5];
            draw_and_check(m, &ui, 60, 20, k);
        }
    }
    arena_release(&a);
}

static int first_difference(const struct frame *x, const struct frame *y)
{
    for (int i = 0; i < x->w * x->h; i++) {
        if (x->cell[i].ch != y->cell[i].ch || x->cell[i].style != y->cell[i].style)
            return i;
    }
    return -1;
}

/* Only now moves: what the parts computed stands still, so ages, countdown and clock are what is compared. */
static void nothing_changes_before_the_moment_a_frame_names(void **state)
{
    static const struct {
        int w, h;
    } sizes[] = {{200, 60}, {120, 40}, {80, 24}, {20, 5}, {80, 1}};
    (void)state;
    for (int k = 0; k < SAMPLES; k++) {
        struct arena a = {NULL};
        struct model *m = samples[k](&a);
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            struct ui ui = {.focus = 0};
            m->now_ms = SAMPLE_NOW;
            struct frame *f = frame_new(&a, sizes[i].w, sizes[i].h), *g = frame_new(&a, sizes[i].w, sizes[i].h);
            view_draw(f, m, &ui);
            if (f->next_ms == INT64_MAX)
                continue;
            m->now_ms = f->next_ms - 1;
            view_draw(g, m, &ui);
            int differs = first_difference(f, g);
            if (differs >= 0)
                fail_msg("sample %d at %dx%d changed early in column %d of row %d", k, f->w, f->h, differs % f->w,
                         differs / f->w);
        }
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_small_size_is_drawn_whole),
        cmocka_unit_test(large_sizes_are_drawn_whole),
        cmocka_unit_test(absurd_cursors_do_no_harm),
        cmocka_unit_test(nothing_changes_before_the_moment_a_frame_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
