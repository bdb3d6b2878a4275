/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the terminal can do, as far as it can be known without asking it: asking leaves answers in somebody's shell. */
#include "cmd/davy_doctor.h"

#include "cmd/davy_theme.h"
#include "sink/curses_about.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char *env(const char *name)
{
    const char *text = getenv(name);
    return text != NULL ? text : "";
}

static bool is_24bit(const struct term_about *about)
{
    return about->rgb || strcmp(env("COLORTERM"), "truecolor") == 0 || strcmp(env("COLORTERM"), "24bit") == 0;
}

static void kind(struct doctor *d, const struct term_about *about)
{
    const char *term = doctor_safe(d, env("TERM"));
    bool here = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
    enum mark bad = here ? MARK_PROBLEM : MARK_NOTE;
    if (*term == '\0')
        doctor_say(d, bad, "TERM", "TERM=xterm-256color davy; without any terminal: davy --once, davy --plain",
                   "not set");
    else if (!about->found)
        doctor_say(d, bad, "TERM", "TERM=xterm-256color davy; or apt install ncurses-term",
                   "%s, which this machine does not know", term);
    else if (!about->places)
        doctor_say(d, bad, "TERM", "davy --once prints one frame, davy --plain tells changes line by line",
                   "%s, which cannot place its cursor", term);
    else
        doctor_say(d, MARK_OK, "TERM", NULL, "%s, known here%s", term, here ? "" : " (but this is no terminal)");
}

static void colours(struct doctor *d, const struct term_about *about)
{
    bool ssh = *env("SSH_CONNECTION") != '\0';
    if (*env("NO_COLOR") != '\0' || d->options->no_color)
        doctor_say(d, MARK_OK, "colours", NULL, "none, as NO_COLOR or --no-color says");
    else if (is_24bit(about))
        doctor_say(d, MARK_OK, "colours", NULL, "24 bit, as %s says", about->rgb ? "terminfo" : "COLORTERM");
    else if (about->colors < 8)
        doctor_say(d, MARK_NOTE, "colours", "TERM=xterm-256color, if your terminal can do that",
                   "none; severities are told by words and by bold, underlined and reversed text");
    else
        doctor_say(d, MARK_OK, "colours", NULL, "%d%s", about->colors,
                   ssh ? "; ssh does not hand on COLORTERM: --color 24bit, if your terminal has 24 bit" : "");
}

static void theme(struct doctor *d)
{
    const char *asked = d->options->theme, *set = d->rig != NULL ? rig_settings(d->rig)->theme : NULL;
    const char *name = asked != NULL ? asked : set != NULL ? set : settings_default()->theme;
    struct theme_file file;
    struct err e;
    if (davy_theme(&d->arena, d->options->dir, name, &file, &e))
        doctor_say(d, MARK_OK, "theme", NULL, "%s%s%s", name, file.path != NULL ? ", " : "",
                   file.path != NULL ? doctor_safe(d, file.path) : "");
    else
        doctor_say(d, MARK_PROBLEM, "theme", "theme below [view] in davy.toml, or --theme, names it", "%s", e.text);
}

static void characters(struct doctor *d)
{
    const char *codeset = nl_langinfo(CODESET);
    if (strcmp(codeset, "UTF-8") == 0)
        doctor_say(d, MARK_OK, "characters", NULL, "UTF-8");
    else
        doctor_say(d, MARK_NOTE, "characters", "LC_ALL=C.UTF-8 davy, if your terminal shows UTF-8",
                   "%s, so davy draws with 7-bit characters", codeset);
}

static void size(struct doctor *d)
{
    struct winsize w = {0};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) < 0 && ioctl(STDIN_FILENO, TIOCGWINSZ, &w) < 0)
        return;
    bool small = w.ws_col < 80 || w.ws_row < 24, unknown = w.ws_col == 0 || w.ws_row == 0;
    if (unknown)
        doctor_say(d, MARK_NOTE, "size", "stty cols 80 rows 24", "the terminal does not tell; davy takes 80x24");
    else
        doctor_say(d, MARK_OK, "size", NULL, "%dx%d%s", w.ws_col, w.ws_row,
                   small ? ", small: davy folds panes into lines; 80x24 shows all" : "");
}

static void background(struct doctor *d)
{
    const char *text = env("COLORFGBG"), *last = strrchr(text, ';');
    if (last == NULL)
        doctor_say(d, MARK_OK, "background", NULL,
                   "not known before davy asks the terminal; --theme daylight is for light ones");
    else
        doctor_say(d, MARK_OK, "background", NULL, "%s, as COLORFGBG says",
                   atoi(last + 1) == 7 || atoi(last + 1) == 15 ? "light" : "dark");
}

static const char *option_of_tmux(struct doctor *d, const char *name)
{
    const char *text = doctor_ask(&d->arena, (const char *const[]){"tmux", "show-options", "-gqv", name, NULL});
    return text == NULL ? NULL : doctor_safe(d, text);
}

/* davy's copy reaches the clipboard by one of two ways; tmux must leave one open. */
static void copying_in_tmux(struct doctor *d)
{
    const char *clipboard = option_of_tmux(d, "set-clipboard"), *through = option_of_tmux(d, "allow-passthrough");
    bool open = (clipboard != NULL && strcmp(clipboard, "on") == 0) ||
                (through != NULL && (strcmp(through, "on") == 0 || strcmp(through, "all") == 0));
    if (clipboard == NULL)
        doctor_say(d, MARK_NOTE, "copying in tmux", NULL, "tmux does not answer, so nothing is known of its settings");
    else
        doctor_say(d, open ? MARK_OK : MARK_NOTE, "copying in tmux",
                   open ? NULL : "in ~/.tmux.conf:\nset -s set-clipboard on\nset -g allow-passthrough on",
                   "set-clipboard is %s, allow-passthrough is %s%s", clipboard,
                   through != NULL && *through ? through : "not known to it",
                   open ? "" : ": y cannot reach your clipboard");
}

static void multiplexer(struct doctor *d)
{
    bool tmux = *env("TMUX") != '\0', screen = *env("STY") != '\0';
    const char *version = strcmp(env("TERM_PROGRAM"), "tmux") == 0 ? env("TERM_PROGRAM_VERSION") : "";
    bool fits = strncmp(env("TERM"), "tmux", 4) == 0 || strncmp(env("TERM"), "screen", 6) == 0;
    if (!tmux && !screen)
        return;
    doctor_say(d, fits ? MARK_OK : MARK_NOTE, tmux ? "tmux" : "screen",
               fits ? NULL
                    : "leave TERM as tmux or screen set it: in ~/.tmux.conf, set -g default-terminal tmux-256color",
               "davy runs inside %s%s%s; TERM=%s", tmux ? "tmux" : "screen", *version ? " " : "",
               doctor_safe(d, version), doctor_safe(d, env("TERM")));
    if (tmux)
        copying_in_tmux(d);
}

static void extras(struct doctor *d, const struct term_about *about)
{
    if (!about->found)
        return;
    doctor_say(d, MARK_OK, "mouse", NULL, "%s",
               about->mouse ? "terminfo knows it; the key m turns it on" : "terminfo knows of none");
    doctor_say(d, MARK_OK, "copying (OSC 52)", NULL, "%s",
               about->clipboard ? "terminfo knows it; the key y copies what is selected"
                                : "terminfo does not say; many terminals can do it all the same");
}

void doctor_terminal(struct doctor *d)
{
    struct term_about about = curses_about(getenv("TERM"));
    d->section = "Terminal";
    kind(d, &about);
    colours(d, &about);
    theme(d);
    characters(d);
    size(d);
    background(d);
    multiplexer(d);
    extras(d, &about);
}
