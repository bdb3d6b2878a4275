/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is the terminal's ground light? Asked along with a frame; nothing waits for the answer. It may come late, in pieces, or
 * never, and must not be left behind for the shell. */
#include "sink/curses_private.h"

#include "sink/ground.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { LATE_MS = 2000, LEAVING_MS = 80 };

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void ground_enter(struct curses *c)
{
    c->asked_ms = now_ms();
}

/* It takes the question for a colour, keeps it, and asks again whenever it shows the window. */
static bool in_gnu_screen(void)
{
    const char *term = getenv("TERM");
    return getenv("TMUX") == NULL && (getenv("STY") != NULL || (term != NULL && strncmp(term, "screen", 6) == 0));
}

void curses_ask_ground(struct curses *c)
{
    static const char question[] = "\033]11;?\033\\";
    c->keys.asked = !in_gnu_screen() && curses_along(c, question, sizeof question - 1);
}

bool curses_ground(struct curses *c, bool *light)
{
    bool known =
        c->keys.answer[0] != '\0' && now_ms() - c->asked_ms < LATE_MS && ground_of_answer(c->keys.answer, light);
    c->keys.answer[0] = '\0';
    return known;
}

/* Also where its cursor is (curses_outdated). */
static bool waiting(const struct curses *c)
{
    return c->keys.asked || (c->paint.asked_y > 0 && c->keys.report_y == 0);
}

/* An answer that is still on its way would be the shell's input. Only who leaves at once waits for it, once. */
void ground_leave(struct curses *c)
{
    struct pollfd p = {.fd = c->tty.in, .events = POLLIN};
    char bytes[256];
    if (c->tty.gone || now_ms() - c->asked_ms > LATE_MS)
        return;
    while (waiting(c) && poll(&p, 1, LEAVING_MS) > 0) {
        ssize_t n = read(c->tty.in, bytes, sizeof bytes);
        if (n <= 0)
            return;
        if (keys_room(&c->keys) < sizeof bytes)
            c->keys.len = 0;
        keys_add(&c->keys, bytes, (size_t)n);
        while (keys_next(&c->keys, false) != 0)
            ;
    }
}
