/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/curses_keys.h"

#include "base/bytes.h"
#include "base/utf8.h"
#include "view/key.h"

#include <stdlib.h>
#include <string.h>

enum { NEED_MORE = -1, DROPPED = -2, PARAMETERS = 32 };

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
    if (k->cut && k->len == 0 && (first == '[' || first == 'O' || (first == ']' && k->asked)))
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

/* The number before the ~: F1 to F12 have gaps between them. */
static int number_key(int number)
{
    static const unsigned char f_keys[] = {11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24};
    static const int others[] = {0, K_HOME, K_INSERT, K_DELETE, K_END, K_PGUP, K_PGDN, K_HOME, K_END};
    for (int i = 0; i < (int)sizeof f_keys; i++)
        if (f_keys[i] == number)
            return K_F1 + i;
    return number > 0 && number < (int)(sizeof others / sizeof others[0]) ? others[number] : DROPPED;
}

/* "12;3;4M": button, column, row. The left button going down is a click; 64 and 65 are the wheel. */
static int mouse_key(const struct keys *k, const char *text, char letter)
{
    static const struct {
        int button;
        enum mouse_kind kind;
    } table[] = {{0, MOUSE_CLICK}, {64, MOUSE_WHEEL_UP}, {65, MOUSE_WHEEL_DOWN}};
    int number[3] = {0, 0, 0};
    char *end = NULL;
    for (int i = 0; i < 3; i++, text = *end == ';' ? end + 1 : end)
        number[i] = (int)strtol(text, &end, 10);
    bool here = number[1] > 0 && number[2] > 0 && number[1] <= MOUSE_CELLS && number[2] <= MOUSE_CELLS;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (k->mouse && here && letter == 'M' && table[i].button == number[0])
            return key_mouse(table[i].kind, number[1] - 1, number[2] - 1);
    return DROPPED;
}

/* "12;40R": from the second row on; "1;5R" is an F3 with Ctrl. */
static void note_place(struct keys *k, const char *text)
{
    char *end = NULL;
    long row = strtol(text, &end, 10), column = *end == ';' ? strtol(end + 1, &end, 10) : 0;
    if (row < 2 || row > MOUSE_CELLS || column < 1 || column > MOUSE_CELLS || *end != '\0')
        return;
    k->report_x = (int)column - 1;
    k->report_y = (int)row - 1;
}

/* The console's F1 to F5: ESC [ [ A. */
static int console_key(struct keys *k)
{
    if (k->len < 4)
        return NEED_MORE;
    int number = k->byte[3] - 'A';
    drop(k, 4);
    return number >= 0 && number < 5 ? K_F1 + number : DROPPED;
}

/* ESC [ parameters letter */
static int csi_key(struct keys *k)
{
    size_t end = 2;
    while (end < k->len && (k->byte[end] < 0x40 || k->byte[end] > 0x7e))
        end++;
    if (end == k->len)
        return NEED_MORE;
    char letter = k->byte[end], text[PARAMETERS] = "";
    if (letter == '[' && end == 2)
        return console_key(k);
    memcpy(text, k->byte + 2, end - 2 < PARAMETERS - 1 ? end - 2 : PARAMETERS - 1);
    int number = atoi(text);
    if (letter == 'M' && end == 2) { /* an old mouse report: three bytes more, of any value */
        if (k->len < 6)
            return NEED_MORE;
        drop(k, 6);
        return DROPPED;
    }
    drop(k, end + 1);
    if (text[0] == '<')
        return mouse_key(k, text + 1, letter);
    if (letter == 'R')
        note_place(k, text);
    if (letter != '~')
        return letter == 'M' ? DROPPED : letter_key(letter);
    k->pasting = number == 200;
    if (number > 8 && strchr(text, ';') != NULL)
        return DROPPED; /* an F key with Shift or Ctrl is another key */
    return number_key(number);
}

static int ss3_key(struct keys *k)
{
    if (k->len < 3)
        return NEED_MORE;
    char letter = k->byte[2];
    drop(k, 3);
    return letter >= 'P' && letter <= 'S' ? K_F1 + letter - 'P' : letter_key(letter);
}

/* ESC ] 11 ; COLOUR: the one answer that is asked for. */
static void note_answer(struct keys *k, size_t len)
{
    static const char begin[] = "\033]11;";
    enum { LEN = sizeof begin - 1 };
    if (!k->asked || len <= LEN || len - LEN >= KEYS_ANSWER || memcmp(k->byte, begin, LEN) != 0)
        return;
    memcpy(k->answer, k->byte + LEN, len - LEN);
    k->answer[len - LEN] = '\0';
    k->asked = false;
}

/* Its beginning, which must not be taken for keys when the rest is slow. What cannot be in it is a key again. */
static bool answer_begins(const struct keys *k)
{
    static const char allowed[] = "\033]1;rgba:/0123456789abcdefABCDEF\\";
    if (!k->asked || k->len < 2 || k->len > KEYS_ANSWER || k->byte[1] != ']')
        return false;
    for (size_t i = 0; i < k->len; i++)
        if (k->byte[i] == '\0' || strchr(allowed, k->byte[i]) == NULL)
            return false;
    return k->len < 3 || k->byte[2] == '1';
}

/* ESC ] ... BEL, or ESC \ at the end: an answer. */
static int string_key(struct keys *k)
{
    for (size_t i = 2; i < k->len; i++) {
        bool st = k->byte[i] == '\\' && k->byte[i - 1] == K_ESC;
        if (st || k->byte[i] == '\a') {
            note_answer(k, i - st);
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
    if (key != NEED_MORE || !final || answer_begins(k))
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
