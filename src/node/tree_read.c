/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/tree.h"

#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reader {
    struct arena *a;
    struct bytes in;
    size_t at;
    int depth;
    const char *name;
    struct err *e;
};

static bool value(struct reader *r, struct tree *out);

static bool wrong(struct reader *r, const char *what)
{
    return err_set(r->e, "%.80s byte %zu: %s", r->name, r->at + 1, what);
}

/* -1 at the end. */
static int peek(const struct reader *r)
{
    return r->at < r->in.len ? (unsigned char)r->in.at[r->at] : -1;
}

static void blanks(struct reader *r)
{
    for (int c = peek(r); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = peek(r))
        r->at++;
}

static bool take(struct reader *r, char c)
{
    bool there = peek(r) == c;
    r->at += there;
    return there;
}

static bool word(struct reader *r, const char *text, enum tree_kind kind, struct tree *out)
{
    size_t len = strlen(text);
    if (r->in.len - r->at < len || memcmp(r->in.at + r->at, text, len) != 0)
        return wrong(r, "expected a value");
    r->at += len;
    out->kind = kind;
    return true;
}

static size_t digits(struct reader *r)
{
    size_t from = r->at;
    while (peek(r) >= '0' && peek(r) <= '9')
        r->at++;
    return r->at - from;
}

static bool exponent(struct reader *r)
{
    if (peek(r) != 'e' && peek(r) != 'E')
        return true;
    r->at++;
    if (peek(r) == '+' || peek(r) == '-')
        r->at++;
    return digits(r) || wrong(r, "expected a digit");
}

/* A double that overflows has no canonical text. */
static bool finite_number(struct reader *r, struct bytes lexeme)
{
    return isfinite(strtod(arena_copy(r->a, lexeme), NULL)) || wrong(r, "a number too large for a double");
}

static bool number(struct reader *r, struct tree *out)
{
    size_t from = r->at;
    take(r, '-');
    size_t first = r->at, whole = digits(r);
    if (!whole || (whole > 1 && r->in.at[first] == '0'))
        return wrong(r, "expected a number");
    if (take(r, '.') && !digits(r))
        return wrong(r, "expected a digit");
    if (!exponent(r))
        return false;
    out->kind = TREE_NUMBER;
    out->text = (struct bytes){r->in.at + from, r->at - from};
    if (r->at == first + whole)
        return whole <= TREE_DIGITS || wrong(r, "an integer of more than 4300 digits");
    return finite_number(r, out->text);
}

static int hex_digit(int c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

/* The four digits of \uXXXX; -1: not four. */
static int32_t hex4(struct reader *r)
{
    int32_t v = 0;
    for (int i = 0; i < 4; i++) {
        int d = hex_digit(peek(r));
        if (d < 0)
            return -1;
        r->at++;
        v = v * 16 + d;
    }
    return v;
}

/* A low surrogate that follows a high one makes one character of both; else nothing is taken. */
static int32_t pair(struct reader *r, int32_t high)
{
    size_t back = r->at;
    if (take(r, '\\') && take(r, 'u')) {
        int32_t low = hex4(r);
        if (low >= 0xdc00 && low <= 0xdfff)
            return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    }
    r->at = back;
    return high;
}

/* As UTF-8; a surrogate as three bytes too, which utf8_put() refuses. */
static size_t put(char *out, int32_t c)
{
    if (c < 0xd800 || c > 0xdfff)
        return utf8_put(out, (char32_t)c);
    out[0] = (char)0xed;
    out[1] = (char)(0x80 | ((c >> 6) & 0x3f));
    out[2] = (char)(0x80 | (c & 0x3f));
    return 3;
}

static bool escape(struct reader *r, char *out, size_t *len)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    int c = peek(r);
    const char *simple = c > 0 ? strchr(from, c) : NULL;
    if (simple) {
        out[(*len)++] = to[simple - from];
        r->at++;
        return true;
    }
    if (!take(r, 'u'))
        return wrong(r, "an escape that JSON does not have");
    int32_t code = hex4(r);
    if (code < 0)
        return wrong(r, "expected four hexadecimal digits");
    if (code >= 0xd800 && code <= 0xdbff)
        code = pair(r, code);
    *len += put(out + *len, code);
    return true;
}

static bool plain(struct reader *r, char *out, size_t *len)
{
    struct bytes rest = bytes_from(r->in, r->at);
    char32_t c = utf8_next(&rest);
    size_t used = r->in.len - r->at - rest.len;
    if (c == 0xfffd && (used != 3 || memcmp(r->in.at + r->at, "\xef\xbf\xbd", 3) != 0))
        return wrong(r, "text that is not UTF-8");
    memcpy(out + *len, r->in.at + r->at, used);
    *len += used;
    r->at += used;
    return true;
}

/* Where the text ends: escapes never make it longer than it is written. */
static size_t closing(const struct reader *r)
{
    size_t at = r->at;
    while (at < r->in.len && r->in.at[at] != '"')
        at += r->in.at[at] == '\\' ? 2 : 1;
    return at;
}

static bool text(struct reader *r, struct bytes *out)
{
    if (!take(r, '"'))
        return wrong(r, "expected a text in quotes");
    char *room = arena_alloc(r->a, closing(r) - r->at + 4);
    size_t len = 0;
    for (int c = peek(r); c != '"'; c = peek(r)) {
        if (c < ' ')
            return wrong(r, c < 0 ? "a text without its closing quote" : "a control character in a text");
        if (take(r, '\\') ? !escape(r, room, &len) : !plain(r, room, &len))
            return false;
    }
    r->at++;
    *out = (struct bytes){room, len};
    return true;
}

static bool member(struct reader *r, struct tree *out, bool named)
{
    blanks(r);
    if (named && !text(r, &out->key))
        return false;
    if (named)
        blanks(r);
    if (named && !take(r, ':'))
        return wrong(r, "expected a colon");
    return value(r, out);
}

static bool members(struct reader *r, struct tree *out, char end)
{
    const struct tree **link = &out->first;
    do {
        struct tree *one = arena_alloc(r->a, sizeof *one);
        if (!member(r, one, end == '}'))
            return false;
        *link = one;
        link = &one->next;
        blanks(r);
    } while (take(r, ','));
    return take(r, end) || wrong(r, "expected a comma or the end of the list");
}

static bool list(struct reader *r, struct tree *out, enum tree_kind kind, char end)
{
    out->kind = kind;
    r->at++;
    blanks(r);
    if (take(r, end))
        return true;
    if (++r->depth > TREE_DEPTH)
        return wrong(r, "nested deeper than 64");
    bool good = members(r, out, end);
    r->depth--;
    return good;
}

static bool value(struct reader *r, struct tree *out)
{
    blanks(r);
    switch (peek(r)) {
    case '{':
        return list(r, out, TREE_OBJECT, '}');
    case '[':
        return list(r, out, TREE_ARRAY, ']');
    case '"':
        out->kind = TREE_TEXT;
        return text(r, &out->text);
    case 'n':
        return word(r, "null", TREE_NULL, out);
    case 't':
        return word(r, "true", TREE_TRUE, out);
    case 'f':
        return word(r, "false", TREE_FALSE, out);
    default:
        return number(r, out);
    }
}

const struct tree *tree_read(struct arena *a, struct bytes in, const char *name, struct err *e)
{
    struct reader r = {.a = a, .in = in, .name = name, .e = e};
    struct tree *root = arena_alloc(a, sizeof *root);
    if (!value(&r, root))
        return NULL;
    blanks(&r);
    return r.at == in.len ? root : (wrong(&r, "more than one value"), NULL);
}
