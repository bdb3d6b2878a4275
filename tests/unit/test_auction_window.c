/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "auction/window.h"

/* auction.md 2, each row of the table. */
struct vector {
    int64_t block, netuid, tempo, epoch_start, base;
    int index;
    int64_t start, end, blocks, seconds;
    bool wait;
};
static const struct vector vectors[] = {
    {1019, 1, 360, 719, 659, 5, 959, 1019, 1, 12, true},
    {1020, 1, 360, 719, 1020, 0, 1020, 1079, 60, 720, false},
    {1074, 1, 360, 719, 1020, 0, 1020, 1079, 6, 72, false},
    {1075, 1, 360, 719, 1020, 0, 1020, 1079, 5, 60, false},
    {1076, 1, 360, 719, 1020, 0, 1020, 1079, 4, 48, false},
    {1077, 1, 360, 719, 1020, 0, 1020, 1079, 3, 36, true},
    {1079, 1, 360, 719, 1020, 0, 1020, 1079, 1, 12, true},
    {1080, 1, 360, 1080, 1020, 1, 1080, 1139, 60, 720, false},
    {1139, 1, 360, 1080, 1020, 1, 1080, 1139, 1, 12, true},
    {1140, 1, 360, 1080, 1020, 2, 1140, 1199, 60, 720, false},
    {1319, 1, 360, 1080, 1020, 4, 1260, 1319, 1, 12, true},
    {1320, 1, 360, 1080, 1020, 5, 1320, 1380, 61, 732, false},
    {1380, 1, 360, 1080, 1020, 5, 1320, 1380, 1, 12, true},
    {1381, 1, 360, 1080, 1381, 0, 1381, 1440, 60, 720, false},
    {1440, 1, 360, 1080, 1381, 0, 1381, 1440, 1, 12, true},
    {1441, 1, 360, 1441, 1381, 1, 1441, 1500, 60, 720, false},
    {7500000, 89, 360, 7499684, 7499985, 0, 7499985, 7500044, 45, 540, false},
    {7414264, 89, 360, 7414127, 7414067, 3, 7414247, 7414306, 43, 516, false},
    {0, 1, 360, -3, -63, 1, -3, 56, 57, 684, false},
    {100, 1, 360, -3, -63, 2, 57, 116, 17, 204, false},
    {5000, 89, 99, 4909, 4849, 2, 4969, 5028, 29, 348, false},
    {7500000, 89, 720, 7499751, 7499691, 5, 7499991, 7500051, 52, 624, false},
};

static void every_vector_of_the_specification_holds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        const struct vector *v = &vectors[i];
        struct window w = window_of(v->block, v->netuid, v->tempo);
        assert_int_equal(w.epoch_start, v->epoch_start);
        assert_int_equal(w.base, v->base);
        assert_int_equal(w.index, v->index);
        assert_int_equal(w.start, v->start);
        assert_int_equal(w.end, v->end);
        assert_int_equal(w.blocks_to_next, v->blocks);
        assert_int_equal(w.seconds_to_next, v->seconds);
        assert_int_equal(w.wait, v->wait);
        assert_int_equal(epoch_start_of(v->block, v->netuid, v->tempo), v->epoch_start);
    }
}

static void windows_follow_each_other_without_gap_or_overlap(void **state)
{
    (void)state;
    struct window before = window_of(5000, 89, 360);
    for (int64_t block = before.end + 1; block < 12000;) {
        struct window w = window_of(block, 89, 360);
        assert_int_equal(w.start, before.end + 1);
        assert_int_equal(w.index, (before.index + 1) % 6);
        assert_int_equal(w.end - w.start + 1, w.index == 5 ? 61 : 60);
        before = w;
        block = w.end + 1;
    }
}

static void any_epoch_start_of_the_subnet_gives_the_same_windows_at_tempo_360(void **state)
{
    (void)state;
    for (int64_t block = 1000; block < 3000; block += 7) {
        struct window a = window_at(block, 719), b = window_at(block, 719 + 361 * 5);
        assert_int_equal(a.start, b.start);
        assert_int_equal(a.index, b.index);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_vector_of_the_specification_holds),
        cmocka_unit_test(windows_follow_each_other_without_gap_or_overlap),
        cmocka_unit_test(any_epoch_start_of_the_subnet_gives_the_same_windows_at_tempo_360),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
