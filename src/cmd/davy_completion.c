/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy completion: what a shell needs to complete commands and options, printed from the tables. Descriptions hold quotes
 * and brackets, so each shell's printer escapes them. */
#include "cmd/davy.h"

#include <string.h>

/* What may stand behind an option: paths by the name of its argument, words by these rows. */
static const struct choice {
    const char *command; /* NULL: everywhere else */
    const char *option, *words;
} choices[] = {
    {"alerts", "output", "text json"},
    {"budget", "output", "text json"},
    {"doctor", "output", "text json"},
    {"history", "output", "text json csv"},
    {"report", "output", "text json markdown"},
    {"stage", "output", "text json"},
    {NULL, "by", "llm strategy subnet hour day"},
    {NULL, "color", "24bit 256 16 8 none"},
    {NULL, "graph", "ascii block braille"},
    {NULL, "output", "ansi json styles svg text tmux"},
    {NULL, "scenario", "$(davy-sim rig --list 2>/dev/null | cut -d\" \" -f1)"},
    {NULL, "theme", "anthracite colour-blind daylight high-contrast lamp mono"},
    {NULL, "watch", "inotifytools raw poll"},
};

static bool takes(const struct option_row *row, const char *arg)
{
    return row->arg != NULL && strcmp(row->arg, arg) == 0;
}

/* What may stand behind a command. */
static const struct {
    const char *command, *words;
} verbs[] = {
    {"alerts", "list ack silence unsilence history"},
    {"budget", "show reset"},
    {"completion", "bash fish zsh"},
    {"export", "json prometheus"},
    {"manual", "davy davy.toml"},
    {"report", "heartbeat daily weekly"},
    {"stage", "start complete failed reset show log run"},
};

static bool is_of(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

/* The command's own words, or those that are right everywhere. */
static const char *words_for(const struct option_row *row, const char *command)
{
    const char *words = NULL;
    for (size_t i = 0; i < sizeof choices / sizeof choices[0] && !takes(row, "FILE"); i++)
        if (strcmp(choices[i].option, row->name) == 0 &&
            (choices[i].command == NULL || is_of(choices[i].command, command)))
            words = words != NULL ? words : choices[i].words;
    return words;
}

/* help completes commands, which are a table of their own. */
static void put_verbs(const char *command)
{
    bool help = strcmp(command, "help") == 0;
    for (const struct davy_command *c = davy_commands; help && c->name != NULL; c++)
        printf(" %s", c->name);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(verbs[i].command, command) == 0)
            printf(" %s", verbs[i].words);
}

static void escaped(const char *text, const char *special)
{
    for (; *text; text++) {
        if (*text == '\'')
            fputs("'\\'", stdout);
        else if (strchr(special, *text) != NULL)
            putchar('\\');
        putchar(*text);
    }
}

/* ---- bash ---- */

static void bash_words(const struct option_row *rows)
{
    for (; rows != NULL && rows->name != NULL; rows++)
        printf(" --%s", rows->name);
}

/* "report:--output|report:-o)": the command's own words first. */
static void bash_values(void)
{
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++) {
        const struct choice *c = &choices[i];
        const char *command = c->command != NULL ? c->command : "*";
        printf("        %s:--%s", command, c->option);
        if (strcmp(c->option, "output") == 0)
            printf("|%s:-o", command);
        printf(") COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n", c->words);
    }
}

static void bash_commands(void)
{
    for (const struct davy_command *c = davy_commands; c->name != NULL; c++) {
        printf("        %s) words+='", c->name);
        put_verbs(c->name);
        bash_words(c->options);
        printf("' ;;\n");
    }
    printf("        '') words+='");
    for (const struct davy_command *c = davy_commands; c->name != NULL; c++)
        printf(" %s", c->name);
}

static void bash(void)
{
    printf("# bash completion of davy; in ~/.bashrc: source <(davy completion bash)\n_davy()\n{\n"
           "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= word\n"
           "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n        case $word in\n            ");
    for (const struct davy_command *c = davy_commands; c->name != NULL; c++)
        printf("%s%s", c == davy_commands ? "" : "|", c->name);
    printf(") command=$word; break ;;\n        esac\n    done\n    case $command:$prev in\n"
           "        *:-C|*:--directory) COMPREPLY=($(compgen -d -- \"$cur\")); return ;;\n"
           "        *:--config|export:--output|export:-o) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n");
    bash_values();
    printf("    esac\n    local words='");
    bash_words(davy_options);
    printf("'\n    case $command in\n");
    bash_commands();
    puts("' ;;\n    esac\n    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\n"
         "complete -o default -F _davy davy");
}

/* ---- zsh ---- */

static void zsh_value(const struct option_row *row, const char *command)
{
    const char *words = words_for(row, command);
    if (row->arg == NULL)
        return;
    printf(":%s:", row->arg);
    if (words != NULL && words[0] == '$')
        printf("{compadd -- %s}", words);
    else if (words != NULL)
        printf("(%s)", words);
    else if (takes(row, "DIR"))
        printf("_files -/");
    else if (takes(row, "FILE"))
        printf("_files");
}

static void zsh_options(const struct option_row *rows, const char *indent, const char *command)
{
    for (; rows != NULL && rows->name != NULL; rows++) {
        printf("%s", indent);
        if (rows->letter)
            printf("{-%c,--%s}", rows->letter, rows->name);
        else
            printf("--%s", rows->name);
        printf("'[");
        escaped(rows->help, "[]:\\");
        putchar(']');
        zsh_value(rows, command);
        puts("' \\");
    }
}

static void zsh_verbs(const char *command)
{
    bool any = strcmp(command, "help") == 0;
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        any = any || strcmp(verbs[i].command, command) == 0;
    if (!any)
        return;
    printf("                    '1:what:(");
    put_verbs(command);
    puts(")' \\");
}

static void zsh(void)
{
    puts("#compdef davy\n# zsh completion of davy; in ~/.zshrc, behind compinit: source <(davy completion "
         "zsh)\n_davy()\n{\n"
         "    local -a commands general\n    local state\n    general=( \\");
    zsh_options(davy_options, "        ", NULL);
    puts("    )\n    commands=(");
    for (const struct davy_command *c = davy_commands; c->name != NULL; c++) {
        printf("        '%s:", c->name);
        escaped(c->help, "\\");
        puts("'");
    }
    puts("    )\n    _arguments -C $general '1:command:->command' '*::argument:->argument'\n    case $state in\n"
         "        command) _describe command commands ;;\n        argument)\n            case $words[1] in");
    for (const struct davy_command *c = davy_commands; c->name != NULL; c++) {
        printf("                %s) _arguments \\\n", c->name);
        zsh_options(c->options, "                    ", c->name);
        zsh_verbs(c->name);
        puts("                    $general '*:file:_files' ;;");
    }
    puts("                *) _arguments $general '*:file:_files' ;;\n            esac ;;\n    esac\n}\n"
         "# as a file of $fpath this is the function's first body; sourced, it only makes it known\n"
         "if [ \"$funcstack[1]\" = _davy ]; then\n    _davy \"$@\"\nelse\n    compdef _davy davy\nfi");
}

/* ---- fish ---- */

static void fish_options(const struct option_row *rows, const char *command)
{
    for (; rows != NULL && rows->name != NULL; rows++) {
        const char *words = words_for(rows, command);
        bool run = words != NULL && words[0] == '$'; /* fish's "(...)" */
        printf("complete -c davy -l %s", rows->name);
        if (rows->letter)
            printf(" -s %c", rows->letter);
        if (command != NULL)
            printf(" -n '__fish_seen_subcommand_from %s'", command);
        if (words != NULL)
            printf(" -x -a '%s'", run ? words + 1 : words);
        else if (takes(rows, "DIR"))
            printf(" -x -a '(__fish_complete_directories)'");
        else if (rows->arg != NULL)
            printf(takes(rows, "FILE") ? " -r -F" : " -x");
        printf(" -d '");
        escaped(rows->help, "\\");
        puts("'");
    }
}

static void fish(void)
{
    puts("# fish completion of davy; in ~/.config/fish/config.fish: davy completion fish | source");
    fish_options(davy_options, NULL);
    for (const struct davy_command *c = davy_commands; c->name != NULL; c++) {
        printf("complete -c davy -n __fish_use_subcommand -a %s -d '", c->name);
        escaped(c->help, "\\");
        puts("'");
        fish_options(c->options, c->name);
        printf("complete -c davy -n '__fish_seen_subcommand_from %s' -a '", c->name);
        put_verbs(c->name);
        puts("'");
    }
}

int davy_completion(const struct davy_options *o, int argc, char **argv)
{
    static const struct {
        const char *shell;
        void (*print)(void);
    } shells[] = {{"bash", bash}, {"fish", fish}, {"zsh", zsh}};
    (void)o;
    struct err e;
    for (size_t i = 0; argc == 2 && i < sizeof shells / sizeof shells[0]; i++) {
        if (strcmp(shells[i].shell, argv[1]) == 0) {
            shells[i].print();
            return DAVY_OK;
        }
    }
    err_set(&e, "usage: davy completion bash|fish|zsh");
    return davy_fail(&e);
}
