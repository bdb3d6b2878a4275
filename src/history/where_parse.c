/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a filter: or of ands of nots of comparisons. */
#include "base/near.h"
#include "history/hash.h"
#include "history/names.h"
#include "history/where_tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { QUOTE_CELLS = 30, NUMBER_MOST = 32 };

struct parser {
    struct arena *arena;
    const char *text; /* all of it */
    struct bytes rest;
    int depth;
    struct err *e;
};

static const struct {
    const char *text;
    enum where_op op;
} ops[] = {
    {"!=", WHERE_OTHER}, {"!~", WHERE_LACKS}, {"<=", WHERE_UP_TO}, {"<>", WHERE_OTHER},  {"==", WHERE_EQUAL},
    {">=", WHERE_FROM},  {"<", WHERE_LESS},   {"=", WHERE_EQUAL},  {">", WHERE_GREATER}, {"~", WHERE_HAS},
};

static const struct where *parse_or(struct parser *p);

/* ---- faults ---- */

static int column_of(const struct parser *p, const char *at)
{
    int column = 1;
    for (struct bytes before = {p->text, (size_t)(at - p->text)}; before.len > 0; column++)
        utf8_next(&before);
    return column;
}

static const struct where *fault(const struct parser *p, const char *at, const char *why)
{
    err_set(p->e, "column %d: %s", column_of(p, at), why);
    return NULL;
}

static const char *quoted(const struct parser *p, struct bytes word)
{
    return text_safe(p->arena, word, QUOTE_CELLS);
}

static const struct where *no_field(const struct parser *p, struct bytes word)
{
    const char *near = NULL;
    for (const struct where_field *f = where_fields; f->name != NULL && near == NULL; f++)
        if (near_enough(word, bytes_of(f->name)))
            near = f->name;
    const char *shown = quoted(p, word);
    if (near != NULL)
        return fault(p, word.at, arena_text(p->arena, "\"%s\" is not known; did you mean %s?", shown, near));
    return fault(p, word.at,
                 arena_text(p->arena,
                            "\"%s\" is not known; there are score, tokens, tao, subnet, llm, strategy, id, pending, "
                            "scored, invalid and synthetic",
                            shown));
}

static const struct where *missing(const struct parser *p, const char *what)
{
    if (p->rest.len == 0)
        return fault(p, p->rest.at, arena_text(p->arena, "%s is missing at the end", what));
    struct bytes next = {p->rest.at, p->rest.len};
    return fault(p, next.at, arena_text(p->arena, "%s is missing before \"%s\"", what, quoted(p, next)));
}

/* ---- words ---- */

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void skip_blanks(struct parser *p)
{
    while (p->rest.len > 0 && is_blank(p->rest.at[0]))
        p->rest = bytes_from(p->rest, 1);
}

/* Up to a blank or one of stop. */
static struct bytes word_until(const struct parser *p, const char *stop)
{
    size_t len = 0;
    while (len < p->rest.len && !is_blank(p->rest.at[len]) && strchr(stop, p->rest.at[len]) == NULL)
        len++;
    return (struct bytes){p->rest.at, len};
}

static struct bytes peek_word(struct parser *p)
{
    skip_blanks(p);
    return word_until(p, "()=!<>~\"'");
}

static bool same_word(struct bytes word, const char *want)
{
    return word.len == strlen(want) && strncasecmp(word.at, want, word.len) == 0;
}

static bool take_word(struct parser *p, const char *want)
{
    struct bytes word = peek_word(p);
    if (!same_word(word, want))
        return false;
    p->rest = bytes_from(p->rest, word.len);
    return true;
}

static bool take_char(struct parser *p, const char *c)
{
    skip_blanks(p);
    return bytes_cut(&p->rest, c);
}

static bool take_op(struct parser *p, enum where_op *op)
{
    skip_blanks(p);
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
        if (bytes_cut(&p->rest, ops[i].text))
            return *op = ops[i].op, true;
    return false;
}

/* ---- values ---- */

static bool take_value(struct parser *p, struct bytes *value)
{
    skip_blanks(p);
    char quote = p->rest.len > 0 ? p->rest.at[0] : '\0';
    if (quote != '"' && quote != '\'') {
        *value = word_until(p, "()");
        p->rest = bytes_from(p->rest, value->len);
        return value->len > 0 || missing(p, "a value") != NULL;
    }
    const char *open = p->rest.at, *end = memchr(open + 1, quote, p->rest.len - 1);
    if (end == NULL)
        return fault(p, open, "this quote is never closed") != NULL;
    *value = (struct bytes){open + 1, (size_t)(end - open - 1)};
    p->rest = bytes_from(p->rest, value->len + 2);
    return true;
}

/* strtod() also knows hexadecimal, blanks and words. */
static bool is_number(struct bytes value, double *number)
{
    char text[NUMBER_MOST + 1], *end;
    if (value.len == 0 || value.len > NUMBER_MOST)
        return false;
    memcpy(text, value.at, value.len);
    text[value.len] = '\0';
    if (strspn(text, "0123456789.eE+-") != value.len)
        return false;
    *number = strtod(text, &end);
    return *end == '\0' && isfinite(*number);
}

static const struct where *read_number(struct parser *p, struct where *w, struct bytes value)
{
    const char *name = w->field->name;
    if (w->op == WHERE_HAS || w->op == WHERE_LACKS)
        return fault(p, value.at, arena_text(p->arena, "%s is a number: it takes = != < <= > >=", name));
    bool either = w->op == WHERE_EQUAL || w->op == WHERE_OTHER;
    if (w->field->sort == WHERE_CATEGORY && either && same_word(value, "unknown")) {
        w->number = -1;
        return w;
    }
    if (!is_number(value, &w->number))
        return fault(p, value.at, arena_text(p->arena, "%s wants a number, not \"%s\"", name, quoted(p, value)));
    if (isfinite(w->field->most) && (w->number < 0 || w->number > w->field->most))
        return fault(p, value.at,
                     arena_text(p->arena, "%s lies between 0 and %g, so \"%s\" finds all or nothing", name,
                                w->field->most, quoted(p, value)));
    return w;
}

static const struct where *read_text(struct parser *p, struct where *w, struct bytes value)
{
    bool look = w->op == WHERE_HAS || w->op == WHERE_LACKS, name = w->field->sort == WHERE_NAME;
    if (!look && w->op != WHERE_EQUAL && w->op != WHERE_OTHER)
        return fault(p, value.at, arena_text(p->arena, "%s is a text: it takes = != ~ !~", w->field->name));
    if (look && value.len == 0)
        return fault(p, value.at, "a text to look for is missing");
    bool unknown = value.len == 0 || same_word(value, "unknown");
    w->id_hash = value.len == 0 || bytes_is(value, "unknown") ? 0 : hash_bytes(value);
    if (!look && unknown && name)
        return w;
    w->text = needle_of(text_safe(p->arena, value, NAME_CELLS));
    w->text.exact = false;
    for (int i = 0; i < w->text.len; i++)
        w->text.ch[i] = needle_fold(w->text.ch[i]);
    return w;
}

/* ---- expressions ---- */

static struct where *node(struct parser *p, enum where_join join, const struct where *left, const struct where *right)
{
    struct where *w = arena_alloc(p->arena, sizeof *w);
    w->join = join;
    w->left = left;
    w->right = right;
    return w;
}

static const struct where_field *field_of(struct bytes word)
{
    for (const struct where_field *f = where_fields; f->name != NULL; f++)
        if (same_word(word, f->name))
            return f;
    return NULL;
}

static const struct where *parse_test(struct parser *p)
{
    struct bytes word = peek_word(p), value;
    if (word.len == 0)
        return missing(p, "a condition, such as score<0.5,");
    struct where *w = node(p, WHERE_TEST, NULL, NULL);
    if ((w->field = field_of(word)) == NULL)
        return no_field(p, word);
    p->rest = bytes_from(p->rest, word.len);
    if (w->field->sort == WHERE_KIND)
        return w;
    if (!take_op(p, &w->op))
        return missing(p, arena_text(p->arena, "what %s is compared with, such as = or %s,", w->field->name,
                                     w->field->text != NULL ? "~" : "<"));
    if (!take_value(p, &value))
        return NULL;
    return w->field->number != NULL ? read_number(p, w, value) : read_text(p, w, value);
}

static const struct where *parse_inner(struct parser *p)
{
    if (take_word(p, "not")) {
        const struct where *w = p->depth++ < WHERE_DEPTH ? parse_inner(p) : fault(p, p->rest.at, "too deep");
        p->depth--;
        return w == NULL ? NULL : node(p, WHERE_NOT, w, NULL);
    }
    const char *open = p->rest.at;
    if (!take_char(p, "("))
        return parse_test(p);
    const struct where *w = p->depth++ < WHERE_DEPTH ? parse_or(p) : fault(p, open, "too many parentheses");
    p->depth--;
    if (w != NULL && !take_char(p, ")"))
        return p->rest.len == 0 ? fault(p, open, "this parenthesis is never closed")
                                : missing(p, "\"and\", \"or\" or \")\"");
    return w;
}

static const struct where *parse_and(struct parser *p)
{
    const struct where *w = parse_inner(p);
    while (w != NULL && take_word(p, "and")) {
        const struct where *right = parse_inner(p);
        w = right == NULL ? NULL : node(p, WHERE_AND, w, right);
    }
    return w;
}

static const struct where *parse_or(struct parser *p)
{
    const struct where *w = parse_and(p);
    while (w != NULL && take_word(p, "or")) {
        const struct where *right = parse_and(p);
        w = right == NULL ? NULL : node(p, WHERE_OR, w, right);
    }
    return w;
}

const struct where *where_parse(struct arena *a, const char *text, struct err *e)
{
    struct parser p = {.arena = a, .text = text, .rest = bytes_of(text), .e = e};
    if (p.rest.len > WHERE_MOST)
        return fault(&p, text, "the condition is too long");
    const struct where *w = parse_or(&p);
    if (w == NULL)
        return NULL;
    skip_blanks(&p);
    return p.rest.len == 0 ? w : missing(&p, "\"and\" or \"or\"");
}
