/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/curses_about.h"

#include <curses.h>
#include <stddef.h>
#include <stdint.h>
#include <term.h>
#include <unistd.h>

static bool has_text(const char *cap)
{
    const char *text = tigetstr((char *)(uintptr_t)cap);
    return text != NULL && text != (const char *)-1;
}

static bool has_flag(const char *cap)
{
    return tigetflag((char *)(uintptr_t)cap) == 1;
}

struct term_about curses_about(const char *term)
{
    struct term_about about = {.found = false};
    int status = 0;
    if (term == NULL || *term == '\0' || setupterm(term, STDOUT_FILENO, &status) != OK)
        return about;
    int colors = tigetnum((char *)(uintptr_t) "colors");
    about = (struct term_about){
        .found = true,
        .places = has_text("cup"),
        .mouse = has_text("kmous"),
        .clipboard = has_text("Ms"),
        .rgb = has_flag("RGB") || has_flag("Tc"),
        .colors = colors > 0 ? colors : 0,
    };
    del_curterm(cur_term);
    return about;
}

const char *curses_library(void)
{
    return curses_version();
}
