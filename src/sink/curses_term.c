/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What terminfo says: whether the terminal will do, its colours, its keys, and the way back. */
#include "sink/curses_private.h"

#include "view/key.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <term.h>
#include <unistd.h>

static const char *cap(const char *name)
{
    /* The prototype of tigetstr() wants a char * that it does not write to. */
    const char *text = tigetstr((char *)(uintptr_t)name);
    return text == (const char *)-1 ? NULL : text;
}

static const char *usable_term(struct err *e)
{
    const char *term = getenv("TERM");
    if (term != NULL && *term != '\0')
        return term;
    err_set(e, "TERM is not set, so nobody knows what this terminal can do; davy --once prints one frame");
    return NULL;
}

/* Debian's ncurses calls write() at every cursor move. It writes into memory here, and a frame leaves as one piece. */
static FILE *catcher(void)
{
    int fd = memfd_create("davy-frame", MFD_CLOEXEC);
    return fd < 0 ? NULL : fdopen(fd, "w+");
}

/* Returns what was there, a copy for put_back(); NULL: nothing. */
static char *replace(const char *name, int value)
{
    char text[16];
    const char *was = getenv(name);
    char *before = was != NULL ? strdup(was) : NULL;
    snprintf(text, sizeof text, "%d", value);
    setenv(name, text, 1);
    return before;
}

static void put_back(const char *name, char *before)
{
    if (before != NULL)
        setenv(name, before, 1);
    else
        unsetenv(name);
    free(before);
}

/* newterm() sets the scrolling region to the lines it believes in, and with a memory file it can only believe terminfo (24,
 * or nothing: the Linux console) or LINES and COLUMNS: a larger terminal would not move its cursor below them, and its
 * shell would scroll in them for ever after. */
static SCREEN *open_screen(struct curses *c, const char *term)
{
    char *rows = replace("LINES", c->h), *cols = replace("COLUMNS", c->w); /* <term.h> has macros of the better names */
    SCREEN *screen = newterm(term, c->catcher, c->catcher);                /* initscr() would exit */
    put_back("LINES", rows);
    put_back("COLUMNS", cols);
    return screen;
}

/* They know xterm's private modes or drop them, though terminfo does not say so. */
static bool is_multiplexer(const char *term)
{
    return strncmp(term, "screen", 6) == 0 || strncmp(term, "tmux", 4) == 0;
}

static bool is_sequence(const char *name, const char *text)
{
    const char *have = cap(name);
    return have != NULL && strcmp(have, text) == 0;
}

/* What terminfo calls it; NULL: it knows nothing of the kind. */
static const char *known(const char *term)
{
    int status = 0;
    if (setupterm(term, STDOUT_FILENO, &status) == OK)
        return term;
    bool newer = strncmp(term, "xterm-", 6) == 0; /* than ours, told to us by ssh */
    return newer && setupterm("xterm-256color", STDOUT_FILENO, &status) == OK ? "xterm-256color" : NULL;
}

static void modern_caps(struct painter *p)
{
    p->caps = (struct paint_caps){
        .rep = cap("rep") != NULL,
        .rep_all = cap("rep") != NULL && getenv("TMUX") == NULL && getenv("STY") == NULL,
        .ech = cap("ech") != NULL,
        .scroll = is_sequence("indn", "\033[%p1%dS") && is_sequence("rin", "\033[%p1%dT") && cap("csr") != NULL,
        .bce = tigetflag((char *)(uintptr_t) "bce") == 1,
    };
    p->ask = p->caps.rep_all;
}

/* ncurses' own screen, for terminals that are not like xterm. */
static bool plain_open(struct curses *c, const char *term)
{
    TERMINAL *asked = cur_term;
    c->catcher = catcher();
    use_tioctl(FALSE); /* there is no terminal to ask */
    tty_size(&c->tty, &c->w, &c->h);
    c->screen = c->catcher != NULL ? open_screen(c, term) : NULL;
    if (c->screen == NULL)
        return false;
    del_curterm(asked);
    nonl();
    noecho();
    typeahead(-1);
    leaveok(stdscr, TRUE);
    keypad(stdscr, TRUE);
    curs_set(0);
    return true;
}

bool term_open(struct curses *c, struct err *e)
{
    const char *term = usable_term(e), *name = term != NULL ? known(term) : NULL;
    if (term == NULL)
        return false;
    if (name == NULL)
        return err_set(e, "no terminal of the kind TERM=%.40s is known here; try TERM=xterm-256color, or davy --once",
                       term);
    if (cap("cup") == NULL)
        return err_set(e, "a terminal of the kind TERM=%.40s cannot place its cursor; davy --once prints one frame",
                       term);
    c->modern = tigetflag((char *)(uintptr_t) "XT") == 1 || is_multiplexer(term);
    c->plain = strcmp(term, "linux") == 0;
    if (c->modern)
        modern_caps(&c->paint);
    return c->modern || plain_open(c, name) || err_set(e, "cannot make a screen in memory for TERM=%.40s", term);
}

void term_close(struct curses *c)
{
    if (c->screen != NULL) {
        endwin();
        delscreen(c->screen);
    } else if (cur_term != NULL) {
        del_curterm(cur_term);
    }
    if (c->catcher != NULL)
        fclose(c->catcher);
    c->screen = NULL;
    c->catcher = NULL;
}

void term_resize(const struct curses *c)
{
    resize_term(c->h, c->w);
}

/* Terminfo's strings without their padding ("$<5>"), which only a program with a clock can do. */
static void append(struct restore *r, const char *text)
{
    for (const char *p = text; p != NULL && *p != '\0'; p++) {
        const char *close = p[0] == '$' && p[1] == '<' ? strchr(p, '>') : NULL;
        if (close != NULL)
            p = close;
        else if (r->len < sizeof r->bytes)
            r->bytes[r->len++] = *p;
    }
}

void term_restore_bytes(struct curses *c)
{
    static const char *const caps[] = {"op", "sgr0", "rmkx", "cnorm", "rmcup"};
    struct restore *r = &c->restore;
    r->len = 0;
    if (c->modern)
        append(r, "\033[?2026l\033[?2004l\033[?1006l\033[?1000l");
    for (size_t i = c->looks.depth == COLOR_NONE ? 1 : 0; i < sizeof caps / sizeof caps[0]; i++)
        append(r, cap(caps[i])); /* where no colour was sent there is none to take back */
    if (cap("rmcup") == NULL)
        append(r, "\r\n");
}

/* Nothing of the shell's is trusted: neither a scrolling region nor the insert mode. */
void term_enter_bytes(struct curses *c)
{
    static const char *const caps[] = {"smcup", "rmir", "smkx", "civis"};
    struct restore text = {.len = 0};
    for (size_t i = 0; i < sizeof caps / sizeof caps[0]; i++)
        append(&text, cap(caps[i]));
    append(&text, "\033[r\033[?2004h");
    c->enter_len = text.len < sizeof c->enter ? text.len : sizeof c->enter;
    memcpy(c->enter, text.bytes, c->enter_len);
}

void term_keys(struct keys *k)
{
    static const struct {
        const char *cap;
        int key;
    } table[] = {
        {"kcbt", K_BACKTAB}, {"kcub1", K_LEFT}, {"kcud1", K_DOWN},   {"kcuf1", K_RIGHT},  {"kcuu1", K_UP},
        {"kf1", K_F1},       {"kf2", K_F1 + 1}, {"kf3", K_F1 + 2},   {"kf4", K_F1 + 3},   {"kf5", K_F1 + 4},
        {"kf6", K_F1 + 5},   {"kf7", K_F1 + 6}, {"kf8", K_F1 + 7},   {"kf9", K_F1 + 8},   {"kf10", K_F1 + 9},
        {"kf11", K_F1 + 10}, {"kf12", K_F12},   {"kich1", K_INSERT}, {"kdch1", K_DELETE}, {"kend", K_END},
        {"kent", K_ENTER},   {"khome", K_HOME}, {"knp", K_PGDN},     {"kpp", K_PGUP},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        keys_cap(k, cap(table[i].cap), table[i].key);
}
