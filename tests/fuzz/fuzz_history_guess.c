/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fast path meets the strict parser: lines of one input, each with the shapes learnt from those before it. What the fast
 * path takes the strict parser takes too, with the same values. The bytes behind the input say how it is turned into many
 * lines that are nearly alike, because only those reach the fast path. Then saving and loading, at a place that the input
 * names, meets plain feeding. */
#include "history/fit.h"
#include "history/history.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST = 1 << 16, SLACK = 256, TURNS = 6 };

static void demand(bool holds)
{
    if (!holds)
        abort();
}

struct text {
    char at[MOST + SLACK];
    size_t len;
};

/* The same bytes several times, each time with some of them changed as the first bytes say. */
static void multiply(struct text *t, const uint8_t *data, size_t size)
{
    size_t rules = size / 8 < 16 ? size / 8 : 16;
    const uint8_t *body = data + rules;
    size_t len = size - rules;
    t->len = 0;
    for (size_t turn = 0; turn < TURNS && len > 0 && t->len + len + 1 <= MOST; turn++) {
        char *to = t->at + t->len;
        memcpy(to, body, len);
        for (size_t i = turn; turn > 0 && i < rules; i += turn)
            to[((size_t)data[i] * 257 + turn * 31) % len] ^= (char)(1 << (data[i] + turn) % 8);
        t->len += len;
        t->at[t->len++] = '\n';
    }
    memset(t->at + t->len, 'x', SLACK);
}

static void same(const struct line *a, const struct line *b)
{
    for (int k = 0; k < LINE_KEYS; k++) {
        const struct line_value *x = &a->value[k], *y = &b->value[k];
        demand(x->kind == y->kind);
        if (x->kind == LINE_TEXT)
            demand(bytes_equal(x->text, y->text));
        if (x->kind == LINE_NUMBER)
            demand(memcmp(&x->number.real, &y->number.real, sizeof x->number.real) == 0 &&
                   x->number.is_whole == y->number.is_whole && x->number.whole == y->number.whole);
    }
}

static void check_lines(const struct text *t, guess_fit_fn *fit)
{
    struct guess *g = calloc(1, sizeof *g);
    g->fit = fit;
    struct line *fast = calloc(2, sizeof *fast), *strict = fast + 1;
    struct bytes rest = {t->at, t->len}, line;
    for (size_t at = 0; bytes_line(&rest, &line); at += line.len + 1) {
        size_t took = guess_line(g, (struct bytes){t->at + at, t->len + SLACK - at}, fast);
        bool taken = line_parse(line, strict);
        if (took > 0) {
            demand(taken && took == line.len + 1);
            same(fast, strict);
        }
        if (taken)
            guess_learn(g, line, strict);
    }
    line_release(fast);
    line_release(strict);
    free(fast);
    free(g);
}

static void same_histories(const struct history *a, const struct history *b)
{
    struct history_counts x = history_counts_at(a, 0), y = history_counts_at(b, 0);
    demand(memcmp(&x, &y, sizeof x) == 0 && history_record_count(a) == history_record_count(b));
    for (size_t i = 0; i < history_record_count(a); i++) {
        const struct record *r = &history_records(a)[i], *s = &history_records(b)[i];
        demand(r->t_ms == s->t_ms && r->id_hash == s->id_hash && memcmp(&r->score, &s->score, sizeof r->score) == 0);
        demand(r->tokens == s->tokens && r->line == s->line && r->subnet == s->subnet && r->kind == s->kind);
        demand(r->replaced == s->replaced && strcmp(history_name(a, r->llm), history_name(b, s->llm)) == 0);
    }
}

static void check_kept(struct bytes all, size_t stop)
{
    struct history *one = history_new(NULL), *half = history_new(NULL), *again = history_new(NULL);
    uint64_t offset;
    history_feed(one, all);
    history_feed(half, (struct bytes){all.at, stop});
    struct bytes saved = history_save(half, &offset);
    demand(offset <= stop && history_load(again, saved));
    history_drop(saved);
    history_feed(again, bytes_from(all, (size_t)offset));
    same_histories(one, again);
    history_free(one);
    history_free(half);
    history_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct text *t = malloc(sizeof *t);
    multiply(t, data, size);
    check_lines(t, fit_best());
    check_lines(t, fit_plain);
    if (t->len > 0)
        check_kept((struct bytes){t->at, t->len}, (size_t)data[size - 1] * 251 % (t->len + 1));
    free(t);
    return 0;
}
