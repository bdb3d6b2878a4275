/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys in force: the table's, and what [keys] of davy.toml says. */
#include "cmd/davy_keymap.h"

#include "action/key_name.h"
#include "base/troff.h"
#include "base/wrap.h"
#include "rule/rule.h"

#include <stdio.h>

void davy_check_keys(const struct settings *s, settings_say_fn *say, void *ctx)
{
    struct keymap k;
    keymap_make(&k, s, say, ctx);
    rules_check(s, say, ctx);
}

/* "Tab", or ["j", "Down"] */
static void print_keys(const struct action *a)
{
    char name[KEY_NAME];
    bool list = a->key[0] == 0 || a->key[1] != 0;
    fputs(list ? "[" : "", stdout);
    for (int i = 0; i < ACTION_KEYS && a->key[i] != 0; i++)
        printf("%s\"%s\"", i > 0 ? ", " : "", key_name(name, a->key[i]));
    fputs(list ? "]\n" : "\n", stdout);
}

void davy_keys_example(void)
{
    puts("\n[keys]");
    wrap_comment(stdout,
                 "Keys of your own: a key in quotes, or a list of at most four; [] takes an action its keys away. A "
                 "key is one character, or Tab, Enter, Esc, Space, Up, PgDn, F5, ^X and the like. Two actions on one "
                 "key are an error.");
    for (const struct action *a = actions; a->run != NULL; a++) {
        if (a->digits)
            continue;
        wrap_comment(stdout, a->help);
        printf("#%s = ", a->id);
        print_keys(a);
    }
    davy_rules_example();
}

void davy_keys_manual(FILE *out)
{
    struct arena arena = {0};
    struct keymap k;
    keymap_make(&k, NULL, NULL, NULL);
    fputs(
        ".SH KEYS OF YOUR OWN\nThe table \\fB[keys]\\fR gives an action other keys than its own: a key in quotes, or a "
        "list of at\nmost four; an empty list takes its keys away. A key is one character, or a name: Backspace, "
        "Comma, Delete,\nDown, End, Enter, Esc, F1 to F12, Home, Insert, Left, PgDn, PgUp, Right, Shift\\-Tab, Space, "
        "Tab, Up,\n^A to ^Z. Two actions on one key are an error. \\fB^C\\fR always leaves.\n",
        out);
    for (const struct action *a = actions; a->run != NULL; a++) {
        if (a->digits)
            continue;
        fputs(".TP\n\\fBkeys.", out);
        troff_text(out, a->id);
        fputs("\\fR\n", out);
        troff_text(out, a->help);
        fputs(". Default: ", out);
        troff_text(out, a->key[0] != 0 ? keymap_keys(&arena, &k, a) : "none");
        fputs(".\n", out);
    }
    davy_rules_manual(out);
    arena_release(&arena);
}
