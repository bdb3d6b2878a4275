/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/redact.h"

#include <string.h>

static const char redact_mark[] = "[removed]";
enum { BOT_DIGITS = 6, BOT_SECRET = 30, KEY_LEAST = 16, HEX_LEAST = 64 };

struct scan {
    struct bytes in;
    size_t at;
    char *out;
    size_t len;
};

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static size_t run_of(struct bytes in, size_t at, bool (*is)(char c))
{
    size_t end = at;
    while (end < in.len && is(in.at[end]))
        end++;
    return end - at;
}

static char small(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

static bool ends_with(struct bytes word, const char *end)
{
    size_t n = strlen(end);
    if (word.len < n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (small(word.at[word.len - n + i]) != end[i])
            return false;
    return true;
}

/* ---- by its form ---- */

/* 123456789:AA..., however much of digits stands before it. */
static size_t bot_token(struct bytes in, size_t at)
{
    size_t digits = run_of(in, at, is_digit), colon = at + digits;
    if (digits < BOT_DIGITS || colon >= in.len || in.at[colon] != ':')
        return 0;
    size_t secret = run_of(in, colon + 1, is_word);
    return secret < BOT_SECRET ? 0 : digits + 1 + secret;
}

static size_t long_hex(struct bytes in, size_t at)
{
    size_t prefix = at + 1 < in.len && in.at[at] == '0' && in.at[at + 1] == 'x' ? 2 : 0;
    size_t digits = run_of(in, at + prefix, is_hex);
    return digits < HEX_LEAST ? 0 : prefix + digits;
}

static size_t service_key(struct bytes in, size_t at)
{
    size_t len = run_of(in, at, is_word);
    return len >= KEY_LEAST && memcmp(in.at + at, "sk-", 3) == 0 ? len : 0;
}

static size_t by_form(struct bytes in, size_t at)
{
    size_t len = bot_token(in, at);
    len = len > 0 ? len : long_hex(in, at);
    return len > 0 ? len : service_key(in, at);
}

/* ---- by its name ---- */

static bool is_secret_name(struct bytes word)
{
    static const char *const ends[] = {"token",  "key",  "secret",     "password",      "passwd", "mnemonic",
                                       "phrase", "seed", "credential", "authorization", "bearer"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (ends_with(word, ends[i]))
            return true;
    return false;
}

/* Behind the name: blanks, a closing quote, one ':' or '=' ("Bearer" needs none). 0: it is no name of a value. */
static size_t before_value(struct bytes in, size_t at, bool bearer)
{
    size_t i = at;
    bool sign = false;
    for (; i < in.len && (in.at[i] == ' ' || in.at[i] == '"' || in.at[i] == '\'' || (!sign && strchr(":=", in.at[i])));
         i++)
        sign = sign || in.at[i] == ':' || in.at[i] == '=';
    return (sign || (bearer && i > at)) && i < in.len ? i - at : 0;
}

/* In quotes to the closing one, which may be escaped; else to the end of the line: a phrase is many words. */
static size_t value_len(struct bytes in, size_t at)
{
    char quote = at > 0 && (in.at[at - 1] == '"' || in.at[at - 1] == '\'') ? in.at[at - 1] : '\n';
    size_t i = at;
    while (i < in.len && in.at[i] != quote && in.at[i] != '\n')
        i += in.at[i] == '\\' && quote != '\n' && i + 1 < in.len ? 2 : 1;
    return (i < in.len ? i : in.len) - at;
}

/* A number, null, or what begins an object: no secret. */
static bool is_plain(struct bytes v)
{
    v = bytes_trim(v);
    size_t i = 0;
    while (i < v.len && (is_digit(v.at[i]) || strchr("+-.eE", v.at[i]) != NULL))
        i++;
    bool number = i == v.len || (i > 0 && strchr(",]} \n", v.at[i]) != NULL);
    return number || bytes_starts(v, "null") || bytes_starts(v, "{") || bytes_starts(v, "[");
}

/* ---- all ---- */

static void copy(struct scan *s, size_t n)
{
    memcpy(s->out + s->len, s->in.at + s->at, n);
    s->len += n;
    s->at += n;
}

static void strike(struct scan *s, size_t n)
{
    memcpy(s->out + s->len, redact_mark, sizeof redact_mark - 1);
    s->len += sizeof redact_mark - 1;
    s->at += n;
}

/* "bot123456789:AA...", as in addresses. */
static size_t token_within(struct bytes in, size_t at, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (is_digit(in.at[at + i]) && !is_digit(in.at[at + i - 1]) && bot_token(in, at + i) > 0)
            return i;
    return n;
}

static void take_word(struct scan *s)
{
    size_t n = run_of(s->in, s->at, is_word), inner = token_within(s->in, s->at, n);
    struct bytes word = {s->in.at + s->at, n};
    if (inner < n) {
        copy(s, inner);
        strike(s, bot_token(s->in, s->at));
        return;
    }
    bool secret = is_secret_name(word);
    copy(s, n);
    size_t gap = secret ? before_value(s->in, s->at, ends_with(word, "bearer")) : 0;
    if (gap == 0)
        return;
    copy(s, gap);
    size_t value = value_len(s->in, s->at);
    bool quoted = s->at > 0 && (s->in.at[s->at - 1] == '"' || s->in.at[s->at - 1] == '\'');
    if (value > 0 && (quoted || !is_plain((struct bytes){s->in.at + s->at, value})))
        strike(s, value);
}

struct bytes redact(struct arena *a, struct bytes text)
{
    /* A value of one byte has a name of three and a sign before it: five bytes of text become thirteen at most. */
    struct scan s = {.in = text, .out = arena_alloc(a, text.len * 5 + sizeof redact_mark)};
    while (s.at < text.len) {
        size_t form = is_word(text.at[s.at]) ? by_form(text, s.at) : 0;
        if (form > 0)
            strike(&s, form);
        else if (is_word(text.at[s.at]))
            take_word(&s);
        else
            copy(&s, 1);
    }
    return (struct bytes){s.out, s.len};
}
