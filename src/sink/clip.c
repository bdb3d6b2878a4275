/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/clip.h"

#include <string.h>

enum { SCREEN_CHUNK = 200 }; /* GNU screen forgets a string that is longer than a few hundred bytes */

static bool is_set(const char *value)
{
    return value != NULL && value[0] != '\0';
}

enum clip_way clip_way_of(const char *tmux, const char *sty, const char *term)
{
    if (is_set(tmux) || (is_set(term) && strncmp(term, "tmux", 4) == 0)) /* the second: tmux on the other side of ssh */
        return CLIP_TMUX;
    return is_set(sty) ? CLIP_SCREEN : CLIP_PLAIN;
}

/* A text that grows; there is room for what is put. */
struct out {
    char *at;
    size_t len;
};

static void put(struct out *o, const char *bytes, size_t len)
{
    memcpy(o->at + o->len, bytes, len);
    o->len += len;
}

static void put_text(struct out *o, const char *text)
{
    put(o, text, strlen(text));
}

/* Three bytes are four letters; a third of room more than the text, and the padding. */
static void put_base64(struct out *o, struct bytes text)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < text.len; i += 3) {
        unsigned left = (unsigned)(text.len - i), bits = 0;
        for (unsigned k = 0; k < 3; k++)
            bits = bits << 8 | (k < left ? (unsigned char)text.at[i + k] : 0);
        for (unsigned k = 0; k < 4; k++)
            o->at[o->len++] = k <= left ? letters[bits >> (18 - 6 * k) & 63] : '=';
    }
}

/* tmux hands on what stands between these two, with every ESC doubled, if allow-passthrough is on. */
static void put_tmux(struct out *o, struct bytes sequence)
{
    put_text(o, "\033Ptmux;");
    for (size_t i = 0; i < sequence.len; i++) {
        if (sequence.at[i] == '\033')
            put_text(o, "\033");
        put(o, sequence.at + i, 1);
    }
    put_text(o, "\033\\");
}

/* GNU screen hands on what stands between these two, in pieces that the terminal sees as one. */
static void put_screen(struct out *o, struct bytes sequence)
{
    for (size_t at = 0; at < sequence.len; at += SCREEN_CHUNK) {
        size_t left = sequence.len - at;
        put_text(o, "\033P");
        put(o, sequence.at + at, left < SCREEN_CHUNK ? left : SCREEN_CHUNK);
        put_text(o, "\033\\");
    }
}

/* plain: tmux itself understands the sequence too, and takes it when set-clipboard is on. */
static struct bytes through(struct arena *a, struct bytes sequence, enum clip_way way, bool plain)
{
    struct out o = {.at = arena_alloc(a, sequence.len * 3 + sequence.len / SCREEN_CHUNK * 4 + 32)};
    if (way == CLIP_PLAIN || (way == CLIP_TMUX && plain))
        put(&o, sequence.at, sequence.len);
    if (way == CLIP_TMUX)
        put_tmux(&o, sequence);
    if (way == CLIP_SCREEN)
        put_screen(&o, sequence);
    return (struct bytes){o.at, o.len};
}

static size_t whole_characters(struct bytes text, size_t most)
{
    size_t len = text.len < most ? text.len : most;
    while (len > 0 && len < text.len && ((unsigned char)text.at[len] & 0xC0) == 0x80)
        len--;
    return len;
}

struct bytes clip_bytes(struct arena *a, struct bytes text, enum clip_way way, size_t *taken)
{
    text.len = *taken = whole_characters(text, CLIP_MOST);
    struct out o = {.at = arena_alloc(a, text.len / 3 * 4 + 16)};
    put_text(&o, "\033]52;c;");
    put_base64(&o, text);
    put_text(&o, "\a"); /* not ESC \, which would end tmux' and screen's own string */
    return through(a, (struct bytes){o.at, o.len}, way, true);
}

struct bytes clip_notice(struct arena *a, const char *kind, const char *text, enum clip_way way)
{
    if (strcmp(kind, "bell") == 0)
        return bytes_of("\a"); /* everybody understands this one */
    if (strcmp(kind, "osc9") == 0)
        return through(a, bytes_of(arena_text(a, "\033]9;%s\a", text)), way, false);
    if (strcmp(kind, "osc777") == 0)
        return through(a, bytes_of(arena_text(a, "\033]777;notify;davy;%s\a", text)), way, false);
    return (struct bytes){NULL, 0};
}
