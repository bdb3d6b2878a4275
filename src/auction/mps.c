/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "auction/mps.h"

#include "base/utf8.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_TEXT = 16, COLUMN_TEXT = 256, HEAD_TEXT = 128, SEED_BASE = 2147483647, QUOTE_CELLS = 60 };

/* ---- the order of columns: the variables x_0, x_1, x_2 ... by their names as texts --------------------------------- */

static int by_name(const void *a, const void *b)
{
    char x[NAME_TEXT], y[NAME_TEXT];
    snprintf(x, sizeof x, "%u", *(const uint32_t *)a);
    snprintf(y, sizeof y, "%u", *(const uint32_t *)b);
    return strcmp(x, y);
}

/* The item of each column. */
static uint32_t *columns_of(struct arena *a, size_t count)
{
    uint32_t *column = arena_array(a, count + 1, sizeof *column);
    for (size_t i = 0; i < count; i++)
        column[i] = (uint32_t)i;
    qsort(column, count, sizeof *column, by_name);
    return column;
}

/* ---- the model ---------------------------------------------------------------------------------------------------- */

struct writing {
    char *text;
    size_t used, room;
};

__attribute__((format(printf, 2, 3))) static void put(struct writing *w, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(w->text + w->used, w->room - w->used, format, args);
    va_end(args);
    w->used += n > 0 ? (size_t)n : 0;
}

/* (capacity + 1) * value - cost, as the nearest double of the exact integer. */
static double objective(const struct items *all, const struct item *i, bool value_only)
{
    __int128 big = ((__int128)all->capacity + 1) * i->value - i->cost;
    return value_only ? (double)i->value : (double)big;
}

struct bytes mps_text(struct arena *a, const struct items *all, bool value_only)
{
    const uint32_t *column = columns_of(a, all->count);
    struct writing w = {.room = HEAD_TEXT * 2 + all->count * COLUMN_TEXT};
    w.text = arena_alloc(a, w.room);
    put(&w, "*SENSE:Maximize\nNAME          MODEL\nROWS\n N  OBJ\n L  C0000000\nCOLUMNS\n");
    for (size_t k = 0; k < all->count; k++) {
        const struct item *i = &all->item[column[k]];
        put(&w, "    MARK      'MARKER'                 'INTORG'\n");
        put(&w, "    X%07zu  C0000000  % .12e\n", k, (double)i->cost);
        put(&w, "    X%07zu  OBJ       % .12e\n", k, objective(all, i, value_only));
        put(&w, "    MARK      'MARKER'                 'INTEND'\n");
    }
    put(&w, "RHS\n    RHS       C0000000  % .12e\nBOUNDS\n", (double)all->capacity);
    for (size_t k = 0; k < all->count; k++)
        put(&w, " BV BND       X%07zu\n", k);
    put(&w, "ENDATA\n");
    return (struct bytes){w.text, w.used};
}

/* ---- the options -------------------------------------------------------------------------------------------------- */

static int digit_of(char c)
{
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;
    return at ? (int)(at - digits) : -1;
}

int64_t cbc_seed(struct bytes block_hash)
{
    uint64_t low = 0;
    if (!bytes_cut(&block_hash, "0x"))
        bytes_cut(&block_hash, "0X");
    if (block_hash.len == 0)
        return 1;
    for (size_t i = 0; i < block_hash.len; i++) {
        int digit = digit_of(block_hash.at[i]);
        if (digit < 0)
            return 1;
        low = low << 4 | (uint64_t)digit;
    }
    return (int64_t)(low % SEED_BASE) + 1;
}

char **cbc_argv(struct arena *a, const char *program, const char *model, const char *solution, int64_t seed)
{
    const char *const words[] = {program,
                                 model,
                                 "-max",
                                 "-threads",
                                 "1",
                                 "-randomSeed",
                                 arena_text(a, "%lld", (long long)seed),
                                 "-maxNodes",
                                 arena_text(a, "%d", CBC_NODES_MOST),
                                 "-timeMode",
                                 "elapsed",
                                 "-branch",
                                 "-printingOptions",
                                 "all",
                                 "-solution",
                                 solution};
    enum { WORDS = sizeof words / sizeof words[0] };
    char **argv = arena_array(a, WORDS + 1, sizeof *argv);
    for (size_t i = 0; i < WORDS; i++)
        argv[i] = arena_copy(a, bytes_of(words[i]));
    return argv;
}

/* ---- the answer --------------------------------------------------------------------------------------------------- */

/* The next word of a line; empty at its end. */
static struct bytes next_word(struct bytes *line)
{
    while (line->len > 0 && (line->at[0] == ' ' || line->at[0] == '\t' || line->at[0] == '\r'))
        *line = bytes_from(*line, 1);
    size_t end = 0;
    while (end < line->len && line->at[end] != ' ' && line->at[end] != '\t' && line->at[end] != '\r')
        end++;
    struct bytes word = {line->at, end};
    *line = bytes_from(*line, end);
    return word;
}

static bool number_of(struct bytes word, double *out)
{
    char text[64], *end;
    if (word.len == 0 || word.len >= sizeof text)
        return false;
    memcpy(text, word.at, word.len);
    text[word.len] = 0;
    *out = strtod(text, &end);
    return *end == 0 && isfinite(*out);
}

/* "[**] index X0000012 1 250000": the column's mark is set. Rows of the model (C0000000) are listed too. */
static bool read_line(struct bytes line, const uint32_t *item_of, const struct items *all, bool *taken)
{
    int64_t column = 0;
    double value = 0;
    struct bytes word = next_word(&line);
    if (bytes_is(word, "**"))
        next_word(&line);
    struct bytes name = next_word(&line);
    if (!number_of(next_word(&line), &value))
        return false;
    if (bytes_starts(name, "C"))
        return true;
    if (!bytes_cut(&name, "X") || !bytes_i64(name, &column) || column < 0 || (uint64_t)column >= all->count)
        return false;
    taken[item_of[column]] = value >= 0.5;
    return true;
}

static bool has_solution(struct bytes status)
{
    static const char *const words[] = {"Integer", "Optimal", "Stopped"};
    struct bytes first = next_word(&status);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (bytes_is(first, words[i]))
            return true;
    return false;
}

static bool next_line(struct bytes *rest, struct bytes *line)
{
    if (bytes_line(rest, line))
        return true;
    *line = *rest;
    *rest = (struct bytes){0};
    return line->len > 0;
}

bool cbc_solution(struct arena *a, struct bytes text, const struct items *all, struct answer *out, struct err *e)
{
    struct answer answer = {.taken = arena_array(a, all->count + 1, sizeof *answer.taken)};
    const uint32_t *item_of = columns_of(a, all->count);
    struct bytes status = {0}, line;
    if (!next_line(&text, &status) || !has_solution(status))
        return err_set(e, "cbc found no solution: %s", text_safe(a, status, QUOTE_CELLS));
    while (next_line(&text, &line)) {
        if (bytes_trim(line).len > 0 && !read_line(line, item_of, all, answer.taken))
            return err_set(e, "cbc's solution cannot be read: %s", text_safe(a, line, QUOTE_CELLS));
    }
    if (!answer_sum(all, &answer))
        return err_set(e, "cbc's solution costs %lld of %lld: it is not one", (long long)answer.cost,
                       (long long)all->capacity);
    *out = answer;
    return true;
}
