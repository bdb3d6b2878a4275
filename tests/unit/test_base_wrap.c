/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/wrap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void check_wrap(int at, int indent, const char *text, const char *want)
{
    char *got = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&got, &len);
    assert_non_null(out);
    wrap_put(out, at, indent, text);
    fclose(out);
    assert_string_equal(got, want);
    free(got);
}

static void words_that_do_not_fit_go_to_the_next_line(void **state)
{
    (void)state;
    check_wrap(0, 0, "", "\n");
    check_wrap(0, 0, "  one   two ", "one two\n");
    check_wrap(72, 4, "12345678 9", "12345678\n    9\n");
    check_wrap(70, 4, "12345678 9", "12345678 9\n");
    check_wrap(76, 2, "\xe4\xb8\x89\xe4\xb8\x89 x", "\xe4\xb8\x89\xe4\xb8\x89\n  x\n"); /* two cells each */
}

static void a_word_longer_than_a_line_stays_whole(void **state)
{
    (void)state;
    char word[101], want[103];
    memset(word, 'w', 100);
    word[100] = '\0';
    snprintf(want, sizeof want, "%s\n", word);
    check_wrap(0, 2, word, want);
}

static void each_line_of_a_comment_has_its_mark(void **state)
{
    (void)state;
    char *got = NULL, words[170] = "";
    size_t len = 0;
    FILE *out = open_memstream(&got, &len);
    assert_non_null(out);
    for (int i = 0; i < 16; i++)
        strcat(words, "123456789 "); /* seven a line: 2 + 7 * 10 - 1 cells, an eighth would need 81 */
    wrap_comment(out, words);
    fclose(out);
    assert_int_equal(strncmp(got, "# 123456789 ", 12), 0);
    assert_int_equal(strcspn(got, "\n"), 71);
    assert_int_equal(strncmp(got + 72, "# 123456789 ", 12), 0);
    free(got);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_that_do_not_fit_go_to_the_next_line),
        cmocka_unit_test(each_line_of_a_comment_has_its_mark),
        cmocka_unit_test(a_word_longer_than_a_line_stays_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
