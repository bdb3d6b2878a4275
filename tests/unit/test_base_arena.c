/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static void memory_is_zeroed_and_aligned_even_after_a_reset(void **state)
{
    (void)state;
    struct arena a = {0};
    for (int round = 0; round < 3; round++) {
        for (size_t size = 0; size < 3000; size = size * 2 + 1) {
            unsigned char *at = arena_alloc(&a, size);
            assert_int_equal((uintptr_t)at % 16, 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(at[i], 0);
            memset(at, 0xee, size);
        }
        arena_reset(&a);
    }
    arena_release(&a);
    assert_null(a.chunk);
}

static void blocks_never_overlap_across_chunks(void **state)
{
    (void)state;
    enum { BLOCKS = 500 };
    struct arena a = {0};
    unsigned char *at[BLOCKS];
    size_t size[BLOCKS];
    for (size_t i = 0; i < BLOCKS; i++) {
        size[i] = i * i % 7919;
        at[i] = arena_alloc(&a, size[i]);
        memset(at[i], (int)(i % 256), size[i]);
    }
    for (size_t i = 0; i < BLOCKS; i++)
        for (size_t k = 0; k < size[i]; k++)
            assert_int_equal(at[i][k], i % 256);
    arena_release(&a);
}

static void a_reset_keeps_the_largest_chunk_so_a_steady_user_needs_no_more_mallocs(void **state)
{
    (void)state;
    struct arena a = {0};
    arena_alloc(&a, 300000);
    arena_alloc(&a, 10);
    arena_reset(&a);
    const struct arena_chunk *kept = a.chunk;
    arena_alloc(&a, 299000);
    assert_ptr_equal(a.chunk, kept);
    arena_release(&a);
}

static void an_empty_arena_may_be_reset_and_released(void **state)
{
    (void)state;
    struct arena a = {0};
    arena_reset(&a);
    arena_release(&a);
    arena_release(&a);
    assert_non_null(arena_alloc(&a, 0));
    arena_release(&a);
}

static void growing_copies_the_old_bytes_and_zeroes_the_new(void **state)
{
    (void)state;
    struct arena a = {0};
    char *grown = arena_grow(&a, "abcdef", 6, 12);
    assert_memory_equal(grown, "abcdef\0\0\0\0\0\0", 12);
    assert_memory_equal(arena_grow(&a, grown, 12, 3), "abc", 3);
    assert_int_equal(*(char *)arena_grow(&a, NULL, 0, 8), 0);
    arena_release(&a);
}

static void a_copy_keeps_inner_nuls_and_ends_in_one(void **state)
{
    (void)state;
    struct arena a = {0};
    assert_memory_equal(arena_copy(&a, (struct bytes){"a\0b", 3}), "a\0b", 4);
    assert_string_equal(arena_copy(&a, (struct bytes){0}), "");
    arena_release(&a);
}

static void formatted_text_of_any_length_fits(void **state)
{
    (void)state;
    struct arena a = {0};
    assert_string_equal(arena_text(&a, "%s line %d", "x.json", 3), "x.json line 3");
    assert_int_equal(strlen(arena_text(&a, "%*s|", 100000, "")), 100001);
    assert_string_equal(arena_text(&a, "%s", ""), "");
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned_even_after_a_reset),
        cmocka_unit_test(blocks_never_overlap_across_chunks),
        cmocka_unit_test(a_reset_keeps_the_largest_chunk_so_a_steady_user_needs_no_more_mallocs),
        cmocka_unit_test(an_empty_arena_may_be_reset_and_released),
        cmocka_unit_test(growing_copies_the_old_bytes_and_zeroes_the_new),
        cmocka_unit_test(a_copy_keeps_inner_nuls_and_ends_in_one),
        cmocka_unit_test(formatted_text_of_any_length_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
