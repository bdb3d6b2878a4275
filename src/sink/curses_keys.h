/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes of a keyboard -> keys of view/key.h. Knows terminfo's sequences (handed in) and those all terminals share.
 * Pasted text is no key: what stands in brackets of bracketed paste is dropped, and so is a burst of plain text that no
 * hand can type. Reports of the mouse (SGR, 1006) are keys while they are asked for; old ones, focus reports and whatever
 * else is unknown are dropped whole. */
#ifndef DAVY_SINK_CURSES_KEYS_H
#define DAVY_SINK_CURSES_KEYS_H

#include <stdbool.h>
#include <stddef.h>

enum { KEYS_BUFFER = 4096, KEYS_CAPS = 32, KEYS_BURST = 48, KEYS_ANSWER = 40 };
struct key_cap {
    const char *bytes;          /* lives as long as the keys */
    int key;
};
struct keys {
    struct key_cap cap[KEYS_CAPS];
    size_t cap_count;
    char byte[KEYS_BUFFER];
    size_t len;
    bool pasting;
    bool mouse;                 /* its reports are asked for; others are dropped */
    bool flood;                 /* the bytes before were a burst; it goes on until nothing comes for a moment */
    int report_x, report_y;     /* the terminal's answer where its cursor is, from 0; report_y 0: none */
    bool asked;                 /* for the colour of the ground (OSC 11): the answer may come in pieces */
    char answer[KEYS_ANSWER];   /* to that: "rgb:ffff/ffff/ffff"; "": none */
    bool cut;                   /* a lone ESC was taken for the key: the rest of its sequence may come late */
};
void keys_cap(struct keys *k, const char *bytes, int key);      /* bytes may be NULL */
size_t keys_room(const struct keys *k);
void keys_add(struct keys *k, const char *bytes, size_t len);   /* at most keys_room() */
/* The next key, 0: none complete. final: no more bytes came within the escape delay, so a lone ESC is the key. */
int keys_next(struct keys *k, bool final);
bool keys_waiting(const struct keys *k);                        /* part of a sequence is there */
void keys_quiet(struct keys *k);                                /* nothing came for a moment: a burst is over */

#endif
