/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/cmdline.h"

#include <string.h>

enum { LINE_MOST = 4096 };

/* Programs that have a name as an argument without being it; and those that run another program, whose own process counts. */
static const char *const lookers[] = {
    "ack",    "ag",          "awk",   "bat",    "cat",          "code",         "davy", "diff",   "ed",
    "emacs",  "emacsclient", "gdb",   "git",    "grep",         "head",         "joe",  "kate",   "less",
    "ltrace", "man",         "mc",    "mcedit", "micro",        "more",         "most", "nano",   "ne",
    "nvim",   "pgrep",       "pkill", "ps",     "rg",           "rsync",        "scp",  "screen", "sed",
    "ssh",    "strace",      "su",    "sudo",   "tail",         "tee",          "tmux", "vi",     "view",
    "vim",    "vimdiff",     "watch", "xargs",  "tmux: server", "tmux: client",
};

static struct bytes base_name(struct bytes word)
{
    for (size_t i = word.len; i > 0; i--)
        if (word.at[i - 1] == '/')
            return bytes_from(word, i);
    return word;
}

static struct bytes next_word(struct bytes *rest)
{
    size_t n = 0;
    while (n < rest->len && rest->at[n] != '\0')
        n++;
    struct bytes word = {rest->at, n};
    *rest = bytes_from(*rest, n + 1);
    return word;
}

static bool looks_on(struct bytes program)
{
    for (size_t i = 0; i < sizeof lookers / sizeof *lookers; i++)
        if (bytes_is(program, lookers[i]))
            return true;
    return bytes_starts(program, "davy-");
}

/* sh -c 'text': the text is a command, not a program's name; what it starts has a process of its own. */
static bool is_shell_text(struct bytes program, struct bytes rest)
{
    static const char *const shells[] = {"ash", "bash", "dash", "fish", "ksh", "sh", "zsh"};
    bool shell = false;
    if (bytes_starts(program, "-")) /* a login shell */
        program = bytes_from(program, 1);
    for (size_t i = 0; i < sizeof shells / sizeof *shells; i++)
        shell = shell || bytes_is(program, shells[i]);
    struct bytes option = next_word(&rest);
    return shell && option.len > 1 && option.at[0] == '-' && option.at[1] != '-' && memchr(option.at, 'c', option.len);
}

bool cmdline_is(struct bytes cmdline, const char *match)
{
    char line[LINE_MOST];
    struct bytes rest = cmdline;
    struct bytes program = base_name(next_word(&rest));
    if (program.len == 0 || looks_on(program) || is_shell_text(program, rest))
        return false;
    size_t len = cmdline.len < sizeof line - 1 ? cmdline.len : sizeof line - 1;
    for (size_t i = 0; i < len; i++)
        line[i] = cmdline.at[i] != '\0' ? cmdline.at[i] : ' ';
    return bytes_find((struct bytes){line, len}, match) < len;
}
