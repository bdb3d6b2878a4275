/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json_quick.h"

#include <string.h>

/* A double holds whole numbers up to 2^53 and powers of ten up to 10^22: their quotient is rounded once, as strtod() would. */
enum { WHOLE_DIGITS = 18, EXACT_POWER = 22 };
static const int64_t exact_most = INT64_C(1) << 53;

static void skip_blanks(struct json_quick *q)
{
    const char *at = q->rest.at, *end = at + q->rest.len;
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    q->rest = (struct bytes){at, (size_t)(end - at)};
}

bool json_quick_mark(struct json_quick *q, char c)
{
    skip_blanks(q);
    if (q->rest.len == 0 || *q->rest.at != c)
        return false;
    q->rest = (struct bytes){q->rest.at + 1, q->rest.len - 1};
    skip_blanks(q);
    return true;
}

/* What jansson makes of one word of the text. */
static json_t *ask_jansson(struct bytes word)
{
    json_error_t error;
    return json_loadb(word.at, word.len, JSON_ALLOW_NUL | JSON_DECODE_ANY, &error);
}

/* ---- strings ------------------------------------------------------------------------------------------------------ */

struct string {
    struct bytes inside, whole; /* without its quotes, with them */
    bool plain, escaped;        /* ASCII and nothing escaped; something is */
};

static bool cut_string(struct json_quick *q, struct string *s)
{
    const char *from = q->rest.at, *end = from + q->rest.len, *at = from + 1;
    *s = (struct string){.plain = true};
    if (q->rest.len == 0 || *from != '"')
        return false;
    for (; at < end && *at != '"'; at++) {
        unsigned char c = (unsigned char)*at;
        if (c >= 0x20 && c < 0x80 && c != '\\')
            continue;
        if (c < 0x20)
            return false;
        s->plain = false;
        s->escaped = s->escaped || c == '\\';
        at += c == '\\';
    }
    if (at >= end)
        return false;
    s->inside = (struct bytes){from + 1, (size_t)(at - from) - 1};
    s->whole = (struct bytes){from, s->inside.len + 2};
    q->rest = (struct bytes){at + 1, (size_t)(end - at) - 1};
    return true;
}

static json_t *string_value(struct json_quick *q)
{
    struct string s;
    if (!cut_string(q, &s))
        return NULL;
    if (s.escaped)
        return ask_jansson(s.whole);
    return s.plain ? json_stringn_nocheck(s.inside.at, s.inside.len) : json_stringn(s.inside.at, s.inside.len);
}

static bool json_quick_key(struct json_quick *q, struct bytes *key)
{
    struct string s;
    if (!cut_string(q, &s) || !s.plain)
        return false;
    *key = s.inside;
    return json_quick_mark(q, ':');
}

/* ---- numbers and words -------------------------------------------------------------------------------------------- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits(struct bytes text, size_t from)
{
    size_t n = from;
    while (n < text.len && is_digit(text.at[n]))
        n++;
    return n - from;
}

struct number {
    size_t sign, whole, fraction, len; /* characters: the sign, digits before and behind the point, all */
    bool power;                        /* has an exponent */
};

/* By the grammar, which knows no leading zeros and no lone points. */
static bool measure(struct bytes text, struct number *n)
{
    n->sign = text.len > 0 && text.at[0] == '-';
    n->whole = digits(text, n->sign);
    size_t at = n->sign + n->whole;
    if (n->whole == 0 || (n->whole > 1 && text.at[n->sign] == '0'))
        return false;
    if (at < text.len && text.at[at] == '.') {
        n->fraction = digits(text, at + 1);
        if (n->fraction == 0)
            return false;
        at += 1 + n->fraction;
    }
    n->power = at < text.len && (text.at[at] == 'e' || text.at[at] == 'E');
    if (n->power) {
        at++;
        at += at < text.len && (text.at[at] == '+' || text.at[at] == '-');
        size_t more = digits(text, at);
        if (more == 0)
            return false;
        at += more;
    }
    n->len = at;
    return true;
}

static json_t *decimal(const struct number *n, int64_t all)
{
    double power = 1;
    for (size_t i = 0; i < n->fraction; i++)
        power *= 10;
    double value = (double)all / power;
    return json_real(n->sign ? -value : value);
}

static json_t *number_value(struct json_quick *q)
{
    struct number n = {0};
    if (!measure(q->rest, &n))
        return NULL;
    struct bytes word = {q->rest.at, n.len};
    q->rest = bytes_from(q->rest, n.len);
    if (n.power || n.whole + n.fraction > WHOLE_DIGITS || n.fraction > EXACT_POWER)
        return ask_jansson(word);
    int64_t all = 0;
    for (size_t i = n.sign; i < n.len; i++)
        all = word.at[i] == '.' ? all : all * 10 + (word.at[i] - '0');
    if (n.fraction == 0)
        return json_integer(n.sign ? -all : all);
    return all <= exact_most ? decimal(&n, all) : ask_jansson(word);
}

static json_t *word_value(struct json_quick *q)
{
    if (bytes_cut(&q->rest, "true"))
        return json_true();
    if (bytes_cut(&q->rest, "false"))
        return json_false();
    return bytes_cut(&q->rest, "null") ? json_null() : NULL;
}

/* ---- lists and objects -------------------------------------------------------------------------------------------- */

static bool fill_list(struct json_quick *q, json_t *list)
{
    json_quick_mark(q, '[');
    if (json_quick_mark(q, ']'))
        return true;
    do
        if (json_array_append_new(list, json_quick_value(q)))
            return false;
    while (json_quick_mark(q, ','));
    return json_quick_mark(q, ']');
}

/* Up to the bracket that closes the one here; 0: there is none. The elements are counted by their commas. */
static size_t span(struct bytes text, size_t *elements)
{
    size_t depth = 0, commas = 0;
    bool quoted = false, some = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '"')
            quoted = !quoted;
        if (quoted) {
            i += c == '\\';
            some = true;
        } else if (c == '{' || c == '[') {
            some = some || depth > 0;
            depth++;
        } else if ((c == '}' || c == ']') && --depth == 0) {
            *elements = some || commas > 0 ? commas + 1 : 0;
            return i + 1;
        } else if (c == ',' && depth == 1) {
            commas++;
        } else if (depth == 1 && c > ' ') {
            some = true;
        }
    }
    return 0;
}

static bool is_one_of(const char *const *keys, struct bytes key)
{
    for (; *keys; keys++)
        if (bytes_is(key, *keys))
            return true;
    return false;
}

static json_t *set_apart(struct json_quick *q)
{
    struct json_apart *x = q->apart;
    size_t len = span(q->rest, &x->count);
    json_t *list = len > 0 ? json_array() : NULL;
    x->text = (struct bytes){q->rest.at, len};
    x->list = list;
    q->rest = bytes_from(q->rest, len);
    return list;
}

static json_t *member_value(struct json_quick *q, struct bytes key)
{
    struct json_apart *x = q->depth == 1 ? q->apart : NULL;
    if (!x || !is_one_of(x->keys, key))
        return json_quick_value(q);
    if (x->text.at) /* one is; another may be one that counts more, or takes its place */
        return NULL;
    return q->rest.len > 0 && *q->rest.at == '[' ? set_apart(q) : json_quick_value(q);
}

static bool fill_object(struct json_quick *q, json_t *object)
{
    struct bytes key;
    json_quick_mark(q, '{');
    if (json_quick_mark(q, '}'))
        return true;
    do
        if (!json_quick_key(q, &key) || json_object_setn_new_nocheck(object, key.at, key.len, member_value(q, key)))
            return false;
    while (json_quick_mark(q, ','));
    return json_quick_mark(q, '}');
}

static json_t *nested(struct json_quick *q, json_t *value, bool (*fill)(struct json_quick *q, json_t *value))
{
    bool good = value && ++q->depth <= JSON_DEPTH && fill(q, value);
    q->depth--;
    if (good)
        return value;
    json_decref(value);
    return NULL;
}

json_t *json_quick_value(struct json_quick *q)
{
    if (q->rest.len == 0)
        return NULL;
    switch (*q->rest.at) {
    case '{':
        return nested(q, json_object(), fill_object);
    case '[':
        return nested(q, json_array(), fill_list);
    case '"':
        return string_value(q);
    default:
        return *q->rest.at == '-' || is_digit(*q->rest.at) ? number_value(q) : word_value(q);
    }
}

json_t *json_quick(struct bytes in, struct json_apart *apart)
{
    struct json_quick q = {.rest = in, .apart = apart};
    skip_blanks(&q);
    bool whole = q.rest.len > 0 && (*q.rest.at == '{' || *q.rest.at == '[');
    json_t *root = whole ? json_quick_value(&q) : NULL;
    skip_blanks(&q);
    if (root && q.rest.len == 0)
        return root;
    json_decref(root);
    return NULL;
}
