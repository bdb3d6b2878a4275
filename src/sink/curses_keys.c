/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/curses_keys.h"

#include "base/bytes.h"
#include "base/utf8.h"
#include "view/key.h"

#include <stdlib.h>
#include <string.h>

enum { NEED_MORE = -1, DROPPED = -2 };

void keys_cap(struct keys *k, const char *bytes, int key)
{
    /* Some terminals name control characters here; those are keys of their own. */
    if (bytes != NULL && bytes[0] == K_ESC && bytes[1] != '\0' && k->cap_count < KEYS_CAPS)
        k->cap[k->cap_count++] = (struct key_cap){bytes, key};
}

size_t keys_room(const struct keys *k)
{
    return KEYS_BUFFER - k->len;
}

/* Over a slow line a sequence may be cut behind its ESC. Neither '[' nor 'O' is a key of davy's, so the rest is known. */
static void mend(struct keys *k, char first)
{
    if (k->cut && k->len == 0 && (first == '[' || first == 'O'))
        k->byte[k->len++] = K_ESC;
    k->cut = false;
}

void keys_quiet(struct keys *k)
{
    k->flood = false;
}

/* At most KEYS_BUFFER - 1 bytes are ever kept without a key in them, so mend() has room. */
void keys_add(struct keys *k, const char *bytes, size_t len)
{
    bool plain = memchr(bytes, K_ESC, len) == NULL;
    k->flood = !k->pasting && plain && (k->flood || len >= KEYS_BURST);
    if (k->flood || len == 0)
        return;
    mend(k, bytes[0]);
    memcpy(k->byte + k->len, bytes, len);
    k->len += len;
}

bool keys_waiting(const struct keys *k)
{
    return k->len > 0;
}

static void drop(struct keys *k, size_t n)
{
    k->len -= n;
    memmove(k->byte, k->byte + n, k->len);
}

static int cap_key(struct keys *k, bool *prefix)
{
    for (size_t i = 0; i < k->cap_count; i++) {
        size_t len = strlen(k->cap[i].bytes), have = k->len < len ? k->len : len;
        if (memcmp(k->byte, k->cap[i].bytes, have) != 0)
            continue;
        if (have == len) {
            drop(k, len);
            return k->cap[i].key;
        }
        *prefix = true;
    }
    return 0;
}

static int letter_key(char letter)
{
    static const struct {
        char letter;
        int key;
    } table[] = {
        {'A', K_UP},  {'B', K_DOWN}, {'C', K_RIGHT}, {'D', K_LEFT},
        {'F', K_END}, {'H', K_HOME}, {'M', K_ENTER}, {'Z', K_BACKTAB},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].letter == letter)
            return table[i].key;
    return DROPPED;
}

static int number_key(int number)
{
    static const struct {
        int number, key;
    } table[] = {{1, K_HOME}, {4, K_END}, {5, K_PGUP}, {6, K_PGDN}, {7, K_HOME}, {8, K_END}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].number == number)
            return table[i].key;
    return DROPPED;
}

/* ESC [ parameters letter */
static int csi_key(struct keys *k)
{
    size_t end = 2;
    while (end < k->len && (k->byte[end] < 0x40 || k->byte[end] > 0x7e))
        end++;
    if (end == k->len)
        return NEED_MORE;
    char letter = k->byte[end];
    int number = atoi(k->byte + 2);
    if (letter == 'M' && end == 2) { /* an old mouse report: three bytes more, of any value */
        if (k->len < 6)
            return NEED_MORE;
        drop(k, 6);
        return DROPPED;
    }
    drop(k, end + 1);
    if (letter != '~')
        return letter == 'M' ? DROPPED : letter_key(letter);
    k->pasting = number == 200;
    return number_key(number);
}

static int ss3_key(struct keys *k)
{
    if (k->len < 3)
        return NEED_MORE;
    char letter = k->byte[2];
    drop(k, 3);
    return letter_key(letter);
}

/* ESC ] ... BEL, or ESC \ at the end: an answer nobody asked for. */
static int string_key(struct keys *k)
{
    for (size_t i = 2; i < k->len; i++) {
        bool st = k->byte[i] == '\\' && k->byte[i - 1] == K_ESC;
        if (st || k->byte[i] == '\a') {
            drop(k, i + 1);
            return DROPPED;
        }
    }
    return NEED_MORE;
}

static int escape_key(struct keys *k)
{
    if (k->len == 1)
        return NEED_MORE;
    switch (k->byte[1]) {
    case '[':
        return csi_key(k);
    case 'O':
        return ss3_key(k);
    case ']':
    case 'P':
    case '_':
    case '^':
        return string_key(k);
    default:
        drop(k, 1); /* over a slow line ESC and the next key arrive together */
        return K_ESC;
    }
}

static int text_key(struct keys *k, bool final)
{
    static const unsigned char lead[] = {0xC0, 0xE0, 0xF0};
    size_t need = 1;
    for (size_t i = 0; i < sizeof lead; i++)
        need += (unsigned char)k->byte[0] >= lead[i] && (unsigned char)k->byte[0] < 0xF8;
    if (k->len < need && !final)
        return NEED_MORE;
    struct bytes rest = {k->byte, k->len};
    char32_t c = utf8_next(&rest);
    drop(k, k->len - rest.len);
    return c == 0 || c == 0xFFFD ? DROPPED : (int)c;
}

static void drop_paste(struct keys *k)
{
    static const char end[] = "\033[201~";
    enum { LEN = sizeof end - 1 };
    struct bytes all = {k->byte, k->len};
    size_t at = bytes_find(all, end);
    k->pasting = at == k->len;
    if (!k->pasting)
        drop(k, at + LEN);
    else if (k->len >= LEN)
        drop(k, k->len - (LEN - 1)); /* the end may be cut in two */
}

static int one(struct keys *k, bool final)
{
    bool prefix = false;
    if (k->byte[0] != K_ESC)
        return text_key(k, final);
    int key = cap_key(k, &prefix);
    if (key != 0)
        return key;
    key = prefix && !final ? NEED_MORE : escape_key(k);
    if (key != NEED_MORE || !final)
        return key;
    bool lone = k->len == 1;
    k->cut = lone;
    k->len = 0;
    return lone ? K_ESC : DROPPED;
}

int keys_next(struct keys *k, bool final)
{
    while (k->len > 0) {
        if (k->pasting) {
            drop_paste(k);
            if (k->pasting)
                return 0;
            continue;
        }
        int key = one(k, final);
        if (key == NEED_MORE)
            return 0;
        if (key != DROPPED)
            return key;
    }
    return 0;
}
