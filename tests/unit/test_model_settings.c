/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/timetext.h"
#include "base/wrap.h"
#include "model/settings_rows.h"

static struct arena a;

static const struct settings *decode(const char *text, struct err *e)
{
    struct decode_in in = {.bytes = bytes_of(text), .name = "davy.toml", .local_offset_s = 3600};
    *e = (struct err){""};
    return settings_decode(&a, &in, e);
}

static const struct settings *must_decode(const char *text)
{
    struct err e;
    const struct settings *s = decode(text, &e);
    if (!s)
        fail_msg("%s", e.text);
    return s;
}

static int clean(void **state)
{
    (void)state;
    arena_release(&a);
    return 0;
}

static void same_settings(const struct settings *x, const struct settings *y)
{
    for (size_t i = 0; i < setting_row_count; i++) {
        const struct setting_row *row = &setting_rows[i];
        const char *at = (const char *)x + row->offset, *other = (const char *)y + row->offset;
        bool text = row->kind == SETTING_GRAPH || row->kind == SETTING_NAME || row->kind == SETTING_PATH;
        const char *p, *q;
        memcpy(&p, at, sizeof p * text);
        memcpy(&q, other, sizeof q * text);
        if (text ? (!p != !q || (p && strcmp(p, q) != 0)) : memcmp(at, other, row->kind == SETTING_BOOL ? 1 : 8) != 0)
            fail_msg("%s differs", row->key);
    }
}

static void an_empty_file_gives_the_defaults(void **state)
{
    (void)state;
    const struct settings *s = must_decode("");
    same_settings(s, settings_default());
    assert_null(s->rig_name);
    assert_null(s->socket);
    assert_string_equal(s->path[DOC_HISTORY], "state/task-history.jsonl");
    assert_string_equal(s->status_second, "Miners/miner_status.json");
    assert_true(s->netuid == NOT_KNOWN && s->known_block == NOT_KNOWN && s->tempo == 360);
    assert_true(s->success_threshold == 0.6 && s->heartbeat_overdue_s == 15000 && s->reset_day == 1);
    for (int i = 0; i < DOC_COUNT; i++)
        assert_non_null(s->path[i]);
}

static void manual_alone(FILE *out)
{
    settings_manual(out, NULL);
}

static char *printed(void (*print)(FILE *))
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);
    assert_non_null(out);
    print(out);
    fclose(out);
    return text;
}

/* "#key = value" lines lose their mark; "# words" stay comments. */
static void uncomment(char *text)
{
    for (char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (line[0] == '#' && line[1] && line[1] != ' ')
            line[0] = ' ';
    }
}

static void the_printed_example_is_the_defaults_with_and_without_its_marks(void **state)
{
    (void)state;
    char *text = printed(settings_example);
    same_settings(must_decode(text), settings_default());
    uncomment(text);
    struct settings s = *must_decode(text);
    assert_string_equal(s.rig_name, "rig-1");
    assert_true(s.netuid == 14 && s.known_block == 7000000 && s.known_block_ms == 1795322931000);
    assert_string_equal(s.socket, "/tmp/openclawd-bittensor.sock");
    assert_string_equal(s.restart_argv[2], "miner");
    assert_string_equal(s.commit_argv[0], "davy-mine");
    assert_null(s.commit_argv[3]);
    s.rig_name = s.rig_host = s.active = s.socket = s.restart_dir = s.commit_dir = NULL;
    assert_string_equal(s.notify_chat, "-1001234567890");
    assert_string_equal(s.notify_quiet, "22:00-08:00");
    s.notify_chat = s.notify_token_file = s.notify_ca_file = s.notify_quiet = s.watch_metrics = NULL;
    s.restart_argv = s.commit_argv = s.notify_argv = NULL;
    assert_string_equal(s.node.url, "http://127.0.0.1:18000");
    s.node.url = s.node.id = s.node.key_file = s.node.ca_file = s.node.region = s.node.tasks = s.node.ollama =
        s.node.redis = NULL;
    s.node.keys = NULL;
    s.netuid = s.known_block = s.known_block_ms = NOT_KNOWN;
    same_settings(&s, settings_default());
    free(text);
}

static int count_of(const char *text, const char *part)
{
    int count = 0;
    for (struct bytes rest = bytes_of(text); rest.len; rest = bytes_from(rest, bytes_find(rest, part) + 1))
        count += bytes_find(rest, part) < rest.len;
    return count;
}

static void every_row_stands_in_example_and_manual_exactly_once(void **state)
{
    (void)state;
    char *example = printed(settings_example), *manual = printed(manual_alone);
    for (size_t i = 0; i < setting_row_count; i++) {
        char line[300], *comment = NULL;
        size_t len = 0;
        FILE *out = open_memstream(&comment, &len);
        wrap_comment(out, setting_rows[i].help);
        fclose(out);
        assert_int_equal(count_of(example, comment), 1);
        free(comment);
        snprintf(line, sizeof line, "\n\\fB%s\\fR\n", setting_rows[i].key);
        assert_int_equal(count_of(manual, line), 1);
    }
    free(example);
    free(manual);
}

static void values_of_every_kind_arrive(void **state)
{
    (void)state;
    const struct settings *s =
        must_decode("history = \"/var/h.jsonl\"\nbudgets = \"b.json\"\n[rig]\nname = \"R\xc3\xb6"
                    "d\"\n[scores]\nsuccess_threshold = 1\n"
                    "count_synthetic = true\n[view]\ngraph = \"ascii\"\n[auction]\nnetuid = 0\nknown_block = 5\n"
                    "known_block_at = 2026-11-22T05:48:51\n");
    assert_string_equal(s->path[DOC_HISTORY], "/var/h.jsonl");
    assert_string_equal(s->path[DOC_BUDGETS], "b.json");
    assert_string_equal(s->rig_name, "R\xc3\xb6"
                                     "d");
    assert_true(s->success_threshold == 1 && s->count_synthetic && s->netuid == 0);
    assert_string_equal(s->graph, "ascii");
    assert_true(s->known_block_ms == 1795322931000); /* local time, an hour east */
    s = must_decode("[budgets]\nfile = \"c.json\"\nreset_day = 31\n");
    assert_string_equal(s->path[DOC_BUDGETS], "c.json");
    assert_true(s->reset_day == 31);
}

struct fault {
    const char *text, *sentence;
};

static void a_command_is_a_list_of_at_most_64_words(void **state)
{
    (void)state;
    char text[1024] = "[actions]\nrestart = [\"p\"";
    struct err e;
    for (int i = 1; i < 64; i++)
        strcat(text, ", \"\"");
    strcat(text, "]");
    const struct settings *s = must_decode(text);
    assert_string_equal(s->restart_argv[0], "p");
    assert_string_equal(s->restart_argv[63], "");
    assert_null(s->restart_argv[64]);
    strcpy(text + strlen(text) - 1, ", \"one too many\"]");
    assert_null(decode(text, &e));
}

static void each_fault_is_one_sentence_with_line_key_and_fix(void **state)
{
    (void)state;
    static const struct fault cases[] = {
        /* keys */
        {"\n[scores]\nsucess_threshold = 1",
         "davy.toml line 3: unknown key scores.sucess_threshold; did you mean scores.success_threshold?"},
        {"[wallet]\nseed = 1", "davy.toml line 1: unknown table [wallet]; \"man davy.toml\" lists all"},
        {"[score]\nsuccess_threshold = 1", "davy.toml line 1: unknown table [score]; did you mean [scores]?"},
        {"name = \"x\"", "davy.toml line 1: unknown key name; did you mean name, which stands below [rig]?"},
        {"[daemon]\ntheme = \"x\"", "davy.toml line 2: unknown key daemon.theme; did you mean view.theme?"},
        {"[daemon]\nxyzzy = 1", "davy.toml line 2: unknown key daemon.xyzzy; \"man davy.toml\" lists all"},
        {"rig = 1", "davy.toml line 1: rig is a table: write [rig] on a line of its own and its keys below"},
        {"[[rig]]\nname = \"x\"",
         "davy.toml line 1: rig is a table: write [rig] on a line of its own and its keys below"},
        /* kinds */
        {"[rig.name]\nx = 1",
         "davy.toml line 1: rig.name must be a short text in quotes without control characters, not a table"},
        {"[rig]\nname = 7", "davy.toml line 2: rig.name must be a short text in quotes without control characters, not "
                            "7; put it in quotes"},
        {"[rig]\nname = \"\"",
         "davy.toml line 2: rig.name must be a short text in quotes without control characters, not \"\""},
        {"[rig]\nname = \"a\\u001b[1m\"",
         "davy.toml line 2: rig.name must be a short text in quotes without control characters, not \"a\""},
        {"history = 3", "davy.toml line 1: history must be a path in quotes without control characters, not 3; put"},
        {"history = [\"a\"]",
         "davy.toml line 1: history must be a path in quotes without control characters, not a list"},
        {"history = \"a\\nb\"",
         "davy.toml line 1: history must be a path in quotes without control characters, not \"a b\""},
        {"[scores]\nsuccess_threshold = \"0.6\"",
         "davy.toml line 2: scores.success_threshold must be a number from 0 to 1, not \"0.6\"; take the quotes away"},
        {"[actions]\nrestart = \"systemctl restart miner\"", "davy.toml line 2: actions.restart must be a list of 1 to "
                                                             "64 texts in quotes, the program first, without control "
                                                             "characters, not \"systemctl restart miner\""},
        {"[actions]\nrestart = []", "davy.toml line 2: actions.restart must be a list of 1 to 64 texts"},
        {"[actions]\nrestart = [\"\", \"x\"]", "davy.toml line 2: actions.restart must be a list of 1 to 64 texts in "
                                               "quotes, the program first, without control "
                                               "characters, not this list"},
        {"[actions]\ncommit = [\"x\", 3]", "davy.toml line 2: actions.commit must be a list of 1 to 64 texts"},
        {"[actions]\n\ncommit = [\"x\", \"a\\u0000b\"]", "davy.toml line 3: actions.commit must be"},
        {"[actions]\ncommit = [\"x\", \"\\u001b[2J\"]", "davy.toml line 2: actions.commit must be"},
        {"[actions]\nrestart_timeout_s = 0",
         "davy.toml line 2: actions.restart_timeout_s must be a whole number from 1 to 3600, not 0"},
        {"[scores]\ncount_synthetic = 1", "davy.toml line 2: scores.count_synthetic must be true or false, not 1"},
        {"[scores]\ncount_synthetic = \"yes\"",
         "davy.toml line 2: scores.count_synthetic must be true or false, not \"yes\"; take the quotes away"},
        {"[auction]\nknown_block_at = \"soon\"",
         "davy.toml line 2: auction.known_block_at must be a time such as 2026-11-22T04:48:51Z, not \"soon\""},
        {"[view]\ngraph = \"dots\"",
         "davy.toml line 2: view.graph must be \"braille\", \"block\" or \"ascii\", not \"dots\""},
        /* ranges */
        {"[scores]\nsuccess_threshold = 1.01",
         "davy.toml line 2: scores.success_threshold must be a number from 0 to 1, not 1.01"},
        {"[scores]\nsuccess_threshold = nan",
         "davy.toml line 2: scores.success_threshold must be a number from 0 to 1, not nan or inf"},
        {"[auction]\nnetuid = 65536",
         "davy.toml line 2: auction.netuid must be a whole number from 0 to 65535, not 65536"},
        {"[auction]\nnetuid = 1.0", "davy.toml line 2: auction.netuid must be a whole number from 0 to 65535, not 1.0"},
        {"[budgets]\nreset_day = 0", "davy.toml line 2: budgets.reset_day must be a whole number from 1 to 31, not 0"},
        /* keys that belong together */
        {"[auction]\nknown_block = 1",
         "davy.toml line 2: auction.known_block and auction.known_block_at need each other"},
        {"[heartbeat]\ndue_s = 20000",
         "davy.toml line 2: heartbeat.overdue_s (15000) must not be less than heartbeat.due_s (20000)"},
        /* no TOML */
        {"[rig\n", "davy.toml line 1 column 5: expected ']', saw '"},
        {"[rig]\nname = \"a\"\nname = \"b\"", "davy.toml line 3 column 8: name: cannot redefine existing string "
                                              "'name'; the key stands twice: keep one of the two"},
        {"[rig]\n[rig]\n", "davy.toml line 2 column 1: cannot redefine existing table 'rig'; the table stands twice"},
        {"[rig]\nname = moria", "davy.toml line 2 column 8: name: could not determine value type; a text needs quotes"},
        {"[rig]\nname = \"moria",
         "davy.toml line 2 column 14: name: encountered end-of-file; the quote at its end is missing"},
        {"[rig]\nname: \"x\"", "davy.toml line 2 column 5: expected '=', saw ':'; write key = value"},
        {"history = \"C:\\dir\"",
         "davy.toml line 1 column 15: history: unknown escape sequence '\\d'; a backslash is written"},
        {"[scores]\ncount_synthetic = True",
         "davy.toml line 2 column 19: count_synthetic: expected 'true', saw 'T'; write true"},
        {"[rig]\nname = \"a\xff\"",
         "davy.toml line 2 column 9: name: Encountered invalid utf-8 sequence; save the file as"},
        {"\xff\xfer", "davy.toml line 1 column 1: Encountered invalid utf-8 sequence; save the file as UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct err e;
        assert_null(decode(cases[i].text, &e));
        if (strncmp(e.text, cases[i].sentence, strlen(cases[i].sentence)) != 0)
            fail_msg("%s\n  not: %s", e.text, cases[i].sentence);
    }
}

static void a_bom_and_the_line_ends_of_windows_are_no_fault(void **state)
{
    (void)state;
    assert_string_equal(must_decode("\xef\xbb\xbf[rig]\r\nname = \"x\"\r\n")->rig_name, "x");
}

static size_t check(const char *text, struct settings_fault fault[SETTINGS_FAULTS])
{
    struct decode_in in = {.bytes = bytes_of(text), .name = "davy.toml"};
    return settings_check(&a, &in, fault);
}

static void all_faults_are_told_in_the_order_of_their_lines(void **state)
{
    (void)state;
    struct settings_fault fault[SETTINGS_FAULTS];
    assert_int_equal(check("", fault), 0);
    assert_int_equal(check("[view]\ngraph = 1\n[rig]\nnmae = 2\n[auction]\nnetuid = -1\ntempo = 5\n", fault), 3);
    assert_int_equal(fault[0].line, 2);
    assert_int_equal(fault[1].line, 4);
    assert_int_equal(fault[2].line, 6);
    assert_non_null(strstr(fault[1].text, "did you mean rig.name?"));
    struct err e;
    assert_null(decode("[view]\ngraph = 1\n[auction]\nnetuid = -1\n", &e));
    assert_non_null(strstr(e.text, "line 2: view.graph"));
}

static void more_faults_than_room_are_left_out(void **state)
{
    (void)state;
    struct settings_fault fault[SETTINGS_FAULTS];
    char text[4000] = "";
    for (int i = 0; i < 100; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "zz%d = 1\n", i);
    assert_int_equal(check(text, fault), SETTINGS_FAULTS);
}

static void a_hostile_key_cannot_reach_the_screen(void **state)
{
    (void)state;
    struct err e;
    assert_null(decode("\"a\\u001b[31m\\u202e\" = 1", &e));
    assert_string_equal(e.text, "davy.toml line 1: unknown key a; \"man davy.toml\" lists all");
}

static void tables_are_not_torn_apart_in_the_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < setting_row_count; i++)
        for (size_t k = i + 2; k < setting_row_count; k++)
            if (setting_same_table(&setting_rows[i], &setting_rows[k]))
                assert_true(setting_same_table(&setting_rows[i], &setting_rows[k - 1]));
    assert_int_equal(setting_table_length(&setting_rows[0]), 0);
}

static void hear_nothing(const struct settings *s, settings_say_fn *say, void *ctx)
{
    (void)s;
    say(ctx, "keys.b", "keys.b: nobody knows b");
}

static void keys_are_read_as_they_stand_and_judged_by_who_knows_them(void **state)
{
    (void)state;
    const struct settings *s = must_decode("[keys]\nquit = \"F10\"\nup = [\"k\", \"Up\"]\nb = []\n");
    assert_int_equal(s->key_count, 3);
    for (size_t i = 0; i < 3; i++) {
        const struct key_setting *k = &s->key[i];
        bool quit = strcmp(k->action, "quit") == 0, up = strcmp(k->action, "up") == 0;
        assert_int_equal(k->line, quit ? 2 : up ? 3 : 4);
        assert_int_equal(k->count, quit ? 1 : up ? 2 : 0);
    }
    struct decode_in in = {.bytes = bytes_of("[keys]\n\nb = \"x\"\n"), .name = "davy.toml", .check = hear_nothing};
    struct err e;
    assert_null(settings_decode(&a, &in, &e));
    assert_string_equal(e.text, "davy.toml line 3: keys.b: nobody knows b");
}

static void keys_of_the_wrong_kind_are_named(void **state)
{
    (void)state;
    static const char *const texts[] = {"keys.x = 3", "keys.x = \"\"", "keys.x = [1]", "keys.x = {}",
                                        "keys.x = [\"a\",\"b\",\"c\",\"d\",\"e\"]"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct err e = {""};
        assert_null(decode(texts[i], &e));
        assert_non_null(strstr(e.text, "line 1: keys.x must be a key in quotes"));
    }
    struct err e;
    assert_null(decode("keys = 3", &e));
    assert_non_null(strstr(e.text, "keys"));
}

static void notify_is_one_word_or_several(void **state)
{
    (void)state;
    assert_int_equal(must_decode("")->notify, 0);
    assert_int_equal(must_decode("view.notify = \"none\"")->notify, 0);
    assert_int_equal(must_decode("view.notify = []")->notify, 0);
    assert_int_equal(must_decode("view.notify = \"bell\"")->notify, 1);
    assert_int_equal(must_decode("view.notify = [\"osc777\", \"bell\"]")->notify, 5);
    struct err e;
    assert_null(decode("view.notify = [\"bell\", \"smoke\"]", &e));
    assert_null(decode("view.notify = true", &e));
    assert_non_null(strstr(e.text, "\"bell\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(an_empty_file_gives_the_defaults, clean),
        cmocka_unit_test_teardown(keys_are_read_as_they_stand_and_judged_by_who_knows_them, clean),
        cmocka_unit_test_teardown(keys_of_the_wrong_kind_are_named, clean),
        cmocka_unit_test_teardown(notify_is_one_word_or_several, clean),
        cmocka_unit_test_teardown(the_printed_example_is_the_defaults_with_and_without_its_marks, clean),
        cmocka_unit_test_teardown(every_row_stands_in_example_and_manual_exactly_once, clean),
        cmocka_unit_test_teardown(values_of_every_kind_arrive, clean),
        cmocka_unit_test_teardown(a_command_is_a_list_of_at_most_64_words, clean),
        cmocka_unit_test_teardown(each_fault_is_one_sentence_with_line_key_and_fix, clean),
        cmocka_unit_test_teardown(a_bom_and_the_line_ends_of_windows_are_no_fault, clean),
        cmocka_unit_test_teardown(all_faults_are_told_in_the_order_of_their_lines, clean),
        cmocka_unit_test_teardown(more_faults_than_room_are_left_out, clean),
        cmocka_unit_test_teardown(a_hostile_key_cannot_reach_the_screen, clean),
        cmocka_unit_test(tables_are_not_torn_apart_in_the_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
