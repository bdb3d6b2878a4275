/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "node/allow.h"
#include "node/yaml.h"

static const char ffmpeg[] =
    "command:\n  path: /usr/bin/ffmpeg\nargs:\n  - [\"-y\"]\n  - [\"-i\", \".+\\\\.(mp4|wav|mkv)$\"]\n"
    "  - [\"-c:v\", \"(libx264|copy)\"]\n  - [\"-c:a\", \"(aac|copy)\"]\n  - [\"-b:v\", \"[0-9]{3,6}k\"]\n"
    "  - [\"output\\\\.(mp4|mkv)\"]\nmax_runtime_s: 3600\n";

enum { MOST = 16 };

static struct allow list_of(struct arena *a, const char *yaml)
{
    struct allow list;
    struct err e = {""};
    if (!allow_read(a, bytes_of(yaml), "tool.yaml", &list, &e))
        fail_msg("%s", e.text);
    return list;
}

/* words: one blank between arguments. "" when it is allowed, else the sentence. */
static const char *asked(const struct allow *list, const char *words)
{
    static struct err e;
    struct bytes token[MOST];
    size_t count = 0;
    for (const char *p = words; *p; count++) {
        size_t len = strcspn(p, " ");
        token[count] = (struct bytes){p, len};
        p += len + (p[len] == ' ');
    }
    return allow_argv(list, token, count, NULL, &e) ? "" : e.text;
}

static void assert_denied(const struct allow *list, const char *words)
{
    if (!*asked(list, words))
        fail_msg("'%s' was allowed", words);
}

static void the_sample_of_the_reference_takes_what_it_names(void **state)
{
    (void)state;
    struct arena a = {0};
    struct allow list = list_of(&a, ffmpeg);
    assert_string_equal(list.name, "ffmpeg");
    assert_int_equal(list.runtime_s, 3600);
    assert_string_equal(asked(&list, "-y -i input1.mp4 -c:v libx264 output.mp4"), "");
    assert_string_equal(asked(&list, "-i a/b.wav -b:v 2500k -c:a copy output.mkv"), "");
    assert_string_equal(asked(&list, ""), "");
    assert_string_equal(asked(&list, "-y -y"), "no rule of ffmpeg takes argument 2");
    assert_denied(&list, "-i a.mp4 -i b.mp4");
    assert_denied(&list, "-c:v libx265");
    assert_denied(&list, "-c:v libx264x");
    assert_denied(&list, "xlibx264");
    assert_denied(&list, "-b:v 12k");
    assert_denied(&list, "-i");
    arena_release(&a);
}

static void no_expression_takes_what_leaves_the_workspace(void **state)
{
    (void)state;
    struct arena a = {0};
    struct allow list = list_of(&a, "command: {path: /bin/x}\nargs:\n  - [\".*\"]\n");
    static const char *const bad[] = {
        "/etc/x.mp4",   "../other/x.mp4", "a/../../x", "a/..", "..",    "http://evil/x.mp4",
        "concat:a.mp4", "file:x",         "-f",        "--",   "a\x01", "\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_denied(&list, bad[i]);
    assert_string_equal(asked(&list, "a..b"), "");
    assert_string_equal(asked(&list, "x/y.mp4"), "");
    arena_release(&a);
}

static void kinds_ranges_lists_and_required_rules(void **state)
{
    (void)state;
    struct arena a = {0};
    struct allow list = list_of(&a, "name: tool\ncommand: {path: /bin/x}\nargs:\n"
                                    "  - {match: [\"-n\", \"count\"], kind: {int: {min: 1, max: 9}}, max: 2}\n"
                                    "  - {match: [\"-m\", \"model\"], kind: {enum: [\"llama3.2:3b\", \"phi\"]}}\n"
                                    "  - {match: [\"in\"], kind: literal, required: true}\n");
    assert_string_equal(asked(&list, "-n 1 -n 9 -m llama3.2:3b in"), "");
    assert_string_equal(asked(&list, "-n 1"), "rule 3 of tool is required, and no argument is of it");
    assert_denied(&list, "-n 0 in");
    assert_denied(&list, "-n 10 in");
    assert_denied(&list, "-n 1x in");
    assert_denied(&list, "-n 1 -n 1 -n 1 in");
    assert_denied(&list, "-m llama3.2:7b in");
    assert_denied(&list, "-m ll in");
    arena_release(&a);
}

static void what_is_not_understood_refuses_the_whole_file(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"", "tool.yaml: expected a map with command and args"},
        {"command: {path: bin/x}\n", "tool.yaml: command.path: expected an absolute path"},
        {"command: {path: /bin/x}\nargz: []\n",
         "tool.yaml: argz: not a key that is known here; nothing is allowed by this file until it is mended"},
        {"command: {path: /bin/x}\nargs: [[\"(\"]]\n",
         "tool.yaml: args: an expression that is not a POSIX extended one"},
        {"command: {path: /bin/x}\nargs: [[\"(a)\\\\1\"]]\n",
         "tool.yaml: args: an expression that is longer than 512 bytes or refers back"},
        {"command: {path: /bin/x}\nargs: [[7]]\n",
         "tool.yaml: args: an argument's pattern must be a text: put it in quotes"},
        {"command: {path: /bin/x}\nenv: {LD_PRELOAD: x}\n",
         "tool.yaml: LD_PRELOAD: expected a name and a text; names that begin with LD_ are refused"},
        {"command: {path: /bin/x}\nnetwork: proxy:hub\n", "tool.yaml: network: expected none or host"},
        {"a: &x [1]\nb: *x\n", "tool.yaml line 1: anchors and tags are not read here"},
        {"a: 1\na: 2\n", "tool.yaml line 2: a key that stands there twice"},
        {"--- 1\n--- 2\n", "tool.yaml line 2: more than one document"},
        {"a: [1\n", "tool.yaml line 2: did not find expected ',' or ']'"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct arena a = {0};
        struct allow list = {.name = "untouched"};
        struct err e = {""};
        assert_false(allow_read(&a, bytes_of(bad[i][0]), "tool.yaml", &list, &e));
        assert_string_equal(e.text, bad[i][1]);
        assert_string_equal(list.name, "untouched");
        arena_release(&a);
    }
}

/* Says the same from the places that were reported, slowly: each argument an instance of its item, items in order. */
static bool is_instance(const struct allow *list, char *const *word, size_t words, const struct allow_place *place)
{
    for (size_t i = 0; i < words; i++) {
        const struct allow_item *item = &list->rule[place[i].rule].item[place[i].item];
        regex_t r;
        if (place[i].item && (place[i - 1].rule != place[i].rule || place[i - 1].item + 1 != place[i].item))
            return false;
        assert_int_equal(regcomp(&r, item->kind == ALLOW_LITERAL ? "^$" : item->text, REG_EXTENDED), 0);
        bool fits =
            item->kind == ALLOW_LITERAL ? strcmp(item->text, word[i]) == 0 : regexec(&r, word[i], 0, NULL, 0) == 0;
        regfree(&r);
        if (!fits)
            return false;
    }
    return true;
}

static void whatever_is_accepted_is_an_instance_of_the_rules(void **state)
{
    (void)state;
    static char *const vocabulary[] = {"-y",   "-i",      "a.mp4", "../a.mp4", "-c:v",       "copy", "aac",
                                       "-c:a", "libx264", "-b:v",  "500k",     "output.mp4", ""};
    struct arena a = {0};
    struct allow list = list_of(&a, ffmpeg);
    int accepted = 0;
    srand(7);
    for (int round = 0; round < 20000; round++) {
        char *word[6];
        struct bytes token[6];
        struct allow_place place[6];
        size_t words = (size_t)rand() % 7;
        for (size_t i = 0; i < words; i++) {
            word[i] = vocabulary[(size_t)rand() % (sizeof vocabulary / sizeof *vocabulary)];
            token[i] = bytes_of(word[i]);
        }
        if (!allow_argv(&list, token, words, place, NULL))
            continue;
        accepted += words > 1;
        assert_true(is_instance(&list, word, words, place));
    }
    assert_true(accepted > 50);
    arena_release(&a);
}

static void yaml_is_read_as_people_write_it(void **state)
{
    (void)state;
    struct err e;
    json_t *v = yaml_tree(bytes_of("a: 1\nb: [x, \"1\", 1.5, true, null, ~, 1_0]\nc:\n  d: ''\n"), "x", &e);
    char *text = json_dumps(v, JSON_COMPACT);
    assert_string_equal(text, "{\"a\":1,\"b\":[\"x\",\"1\",1.5,true,null,null,\"1_0\"],\"c\":{\"d\":\"\"}}");
    free(text);
    json_decref(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_of_the_reference_takes_what_it_names),
        cmocka_unit_test(no_expression_takes_what_leaves_the_workspace),
        cmocka_unit_test(kinds_ranges_lists_and_required_rules),
        cmocka_unit_test(what_is_not_understood_refuses_the_whole_file),
        cmocka_unit_test(whatever_is_accepted_is_an_instance_of_the_rules),
        cmocka_unit_test(yaml_is_read_as_people_write_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
