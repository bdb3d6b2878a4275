/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/options.h"

#include "base/bytes.h"
#include "base/near.h"
#include "base/troff.h"
#include "base/utf8.h"
#include "base/wrap.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { SIDE_MOST = 10000, QUOTE_CELLS = 60, LABEL_CELLS = 10 /* "  -x, --" and two blanks */ };

struct parser {
    const struct option_row *rows;
    int argc, at;
    char **argv;
    char *target;
    struct err *e;
};

/* ---- values ---- */

static bool put_flag(void *to, const char *value)
{
    (void)value;
    *(bool *)to = true;
    return true;
}

static bool put_text(void *to, const char *value)
{
    *(const char **)to = value;
    return true;
}

static bool put_int(void *to, const char *value)
{
    return bytes_i64(bytes_of(value), to);
}

static bool read_side(struct bytes text, int *side)
{
    int64_t v;
    if (!bytes_i64(text, &v) || v < 1 || v > SIDE_MOST)
        return false;
    *side = (int)v;
    return true;
}

static bool put_size(void *to, const char *value)
{
    struct bytes all = bytes_of(value);
    size_t x = bytes_find(all, "x");
    int size[2];
    if (!read_side((struct bytes){all.at, x}, &size[0]) || !read_side(bytes_from(all, x + 1), &size[1]))
        return false;
    memcpy(to, size, sizeof size);
    return true;
}

/* strtod() also knows hexadecimal, blanks and words; people who type those mean something else. */
static bool put_number(void *to, const char *value)
{
    char *end;
    if (!*value || strspn(value, "0123456789.eE+-") != strlen(value))
        return false;
    double v = strtod(value, &end);
    if (*end || !isfinite(v))
        return false;
    *(double *)to = v;
    return true;
}

struct kind {
    bool (*put)(void *to, const char *value);
    const char *expects;
};
static const struct kind kinds[] = {
    [OPTION_FLAG] = {put_flag, "no value"},     [OPTION_TEXT] = {put_text, "text"},
    [OPTION_INT] = {put_int, "a whole number"}, [OPTION_SIZE] = {put_size, "a size such as 120x40"},
    [OPTION_NUMBER] = {put_number, "a number"},
};

/* Words of the command line may come from a script that took them from anywhere. */
static bool bad_value(const struct parser *p, const struct option_row *row, const char *value)
{
    struct arena scratch = {0};
    err_set(p->e, "--%s expects %s, not \"%s\"", row->name, kinds[row->kind].expects,
            text_safe(&scratch, bytes_of(value), QUOTE_CELLS));
    arena_release(&scratch);
    return false;
}

static bool put_value(const struct parser *p, const struct option_row *row, const char *value)
{
    return kinds[row->kind].put(p->target + row->offset, value) || bad_value(p, row, value);
}

/* ---- names ---- */

static const char *nearest(const struct option_row *rows, struct bytes name)
{
    for (; rows->name; rows++)
        if (near_enough(name, bytes_of(rows->name)))
            return rows->name;
    return NULL;
}

static bool unknown(const struct parser *p, const char *dashes, struct bytes name)
{
    struct arena scratch = {0};
    const char *near = nearest(p->rows, name), *shown = text_safe(&scratch, name, QUOTE_CELLS);
    if (near)
        err_set(p->e, "unknown option %s%s; did you mean --%s? (--help lists all)", dashes, shown, near);
    else
        err_set(p->e, "unknown option %s%s; try --help", dashes, shown);
    arena_release(&scratch);
    return false;
}

static const struct option_row *row_of_name(const struct option_row *rows, struct bytes name)
{
    for (; rows->name; rows++)
        if (bytes_is(name, rows->name))
            return rows;
    return NULL;
}

static const struct option_row *row_of_letter(const struct option_row *rows, char letter)
{
    for (; rows->name; rows++)
        if (rows->letter == letter)
            return rows;
    return NULL;
}

/* ---- words ---- */

static const char *next_word(struct parser *p)
{
    return p->at < p->argc ? p->argv[p->at++] : NULL;
}

/* value: what was attached to the option; NULL: the next word. */
static bool take_value(struct parser *p, const struct option_row *row, const char *value)
{
    if (row->kind != OPTION_FLAG && !value && !(value = next_word(p)))
        return err_set(p->e, "--%s needs %s behind it", row->name, kinds[row->kind].expects);
    return put_value(p, row, value);
}

static bool take_name(struct parser *p, const char *word)
{
    struct bytes all = bytes_of(word);
    size_t len = bytes_find(all, "=");
    struct bytes name = {all.at, len};
    const char *attached = len < all.len ? word + len + 1 : NULL;
    const struct option_row *row = row_of_name(p->rows, name);
    if (!row)
        return unknown(p, "--", name);
    if (row->kind == OPTION_FLAG && attached)
        return err_set(p->e, "--%s takes no value", row->name);
    return take_value(p, row, attached);
}

/* "-ab": two flags; "-oFILE": a value without a blank. */
static bool take_letters(struct parser *p, const char *word)
{
    for (; *word; word++) {
        const struct option_row *row = row_of_letter(p->rows, *word);
        if (!row)
            return unknown(p, "-", bytes_of(word));
        if (row->kind != OPTION_FLAG)
            return take_value(p, row, word[1] ? word + 1 : NULL);
        put_value(p, row, NULL);
    }
    return true;
}

int options_parse(const struct option_row *rows, int argc, char **argv, void *target, struct err *e)
{
    struct parser p = {.rows = rows, .argc = argc, .at = 1, .argv = argv, .target = target, .e = e};
    while (p.at < argc && argv[p.at][0] == '-' && argv[p.at][1]) {
        const char *word = argv[p.at++];
        if (strcmp(word, "--") == 0)
            break;
        if (!(word[1] == '-' ? take_name(&p, word + 2) : take_letters(&p, word + 1)))
            return -1;
    }
    return p.at;
}

/* ---- help ---- */

static int label_width(const struct option_row *row)
{
    size_t arg = row->arg ? strlen(row->arg) + 1 : 0;
    return (int)(strlen(row->name) + arg);
}

static int widest(const struct option_row *rows)
{
    int most = 0;
    for (; rows->name; rows++)
        if (label_width(rows) > most)
            most = label_width(rows);
    return most;
}

void options_help(const struct option_row *rows, FILE *out)
{
    int column = widest(rows);
    for (; rows->name; rows++) {
        if (rows->letter)
            fprintf(out, "  -%c, ", rows->letter);
        else
            fputs("      ", out);
        fprintf(out, "--%s%s%s%*s  ", rows->name, rows->arg ? " " : "", rows->arg ? rows->arg : "",
                column - label_width(rows), "");
        wrap_put(out, column + LABEL_CELLS, column + LABEL_CELLS, rows->help);
    }
}

void options_manual(const struct option_row *rows, FILE *out)
{
    for (; rows->name; rows++) {
        fputs(".TP\n", out);
        if (rows->letter)
            fprintf(out, "\\fB\\-%c\\fR, ", rows->letter);
        fputs("\\fB\\-\\-", out);
        troff_text(out, rows->name);
        fputs("\\fR", out);
        if (rows->arg)
            fprintf(out, " \\fI%s\\fR", rows->arg);
        fputc('\n', out);
        troff_text(out, rows->help);
        fputc('\n', out);
    }
}
