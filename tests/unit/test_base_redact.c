/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/redact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static const char *of(const char *text)
{
    struct bytes out = redact(&arena, (struct bytes){text, strlen(text)});
    return arena_copy(&arena, out);
}

static void secrets_by_name_go_and_their_names_stay(void **state)
{
    (void)state;
    assert_string_equal(of("telegram_token = \"12:ab\"\nx = 1\n"), "telegram_token = \"[removed]\"\nx = 1\n");
    assert_string_equal(of("{\"api_key\": \"a\\\"b\", \"n\": 2}"), "{\"api_key\": \"[removed]\", \"n\": 2}");
    assert_string_equal(of("MNEMONIC=one two three\nnext"), "MNEMONIC=[removed]\nnext");
    assert_string_equal(of("Authorization: Bearer abc.def"), "Authorization: [removed]");
    assert_string_equal(of("sent Bearer abc.def"), "sent Bearer [removed]");
    assert_string_equal(of("password='x y' z"), "password='[removed]' z");
}

static void secrets_by_form_go(void **state)
{
    (void)state;
    assert_string_equal(of("GET /bot123456789:AAabcdefghijklmnopqrstuvwxyz012345/x"), "GET /bot[removed]/x");
    assert_string_equal(of("with sk-abcdefghijklmnop1234 in it"), "with [removed] in it");
    assert_string_equal(of("0x0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef."), "[removed].");
}

static void numbers_and_words_stay(void **state)
{
    (void)state;
    const char *plain = "{\"tokens\": 12, \"seed\": 7, \"token\": null}\nthe key of the matter; 12:30, block 0xabc\n";
    assert_string_equal(of(plain), plain);
    assert_string_equal(of(""), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets_by_name_go_and_their_names_stay),
        cmocka_unit_test(secrets_by_form_go),
        cmocka_unit_test(numbers_and_words_stay),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_release(&arena);
    return failed;
}
