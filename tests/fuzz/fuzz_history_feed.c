/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The history reader: the same bytes in one block and in many small ones give the same counts and records, every line
 * has one class, records are in order, and each line is taken or refused as jansson does, but for the known
 * differences. The first byte says where the blocks end. */
#include "history/history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "history/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds)
{
    if (!holds)
        abort();
}

static void feed_in_pieces(struct history *h, struct bytes in, size_t piece)
{
    while (in.len) {
        size_t len = piece < in.len ? piece : in.len;
        char *exact = malloc(len); /* so that a read past the block is seen */
        memcpy(exact, in.at, len);
        history_feed(h, (struct bytes){exact, len});
        free(exact);
        in = bytes_from(in, len);
        piece = piece % 61 + 1;
    }
}

static void check_counts(const struct history *h, int64_t now_ms)
{
    struct history_counts c = history_counts_at(h, now_ms);
    demand(c.lines == c.scored + c.pending + c.invalid + c.malformed + c.synthetic + c.executed + c.blank + c.future);
    demand(c.oversize <= c.malformed);
}

static void check_records(const struct history *h)
{
    const struct record *r = history_records(h);
    for (size_t i = 0; i < history_record_count(h); i++) {
        demand(i == 0 || r[i - 1].t_ms < r[i].t_ms || (r[i - 1].t_ms == r[i].t_ms && r[i - 1].line < r[i].line));
        demand(isnan(r[i].score) || (r[i].score >= 0 && r[i].score <= 1));
        demand(r[i].tokens >= 0 && r[i].subnet >= -1 && (isnan(r[i].tao) || isfinite(r[i].tao)));
        demand(r[i].llm < history_name_count(h) && r[i].strategy < history_name_count(h));
        demand(history_name(h, r[i].llm) != NULL);
    }
}

static void check_same(const struct history *a, const struct history *b)
{
    struct history_counts ca = history_counts_at(a, 0), cb = history_counts_at(b, 0);
    demand(memcmp(&ca, &cb, sizeof ca) == 0);
    size_t count = history_record_count(a);
    demand(count == history_record_count(b));
    for (size_t i = 0; i < count; i++) {
        const struct record *x = &history_records(a)[i], *y = &history_records(b)[i];
        demand(x->t_ms == y->t_ms && x->line == y->line && x->replaced == y->replaced && x->kind == y->kind);
        demand(memcmp(&x->score, &y->score, sizeof x->score) == 0 && x->tokens == y->tokens);
    }
}

/* What jansson takes as an object, we take with the same score. It takes more: a NUL behind a value, and 2048 levels.
 * */
static void check_line(struct bytes text)
{
    static struct line line;
    bool ours = line_parse(text, &line);
    demand(ours == (line.why == NULL));
    json_t *theirs = json_loadb(text.at, text.len, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);
    if (json_is_object(theirs) && !memchr(text.at, '\0', text.len) && (!line.why || !strstr(line.why, "64"))) {
        demand(ours);
        const json_t *score = json_object_get(theirs, "validator_score");
        demand(json_is_number(score) == (line.value[LINE_SCORE].kind == LINE_NUMBER));
        if (json_is_number(score))
            demand(json_number_value(score) == line.value[LINE_SCORE].number.real);
    }
    json_decref(theirs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct bytes in = {(const char *)data + 1, size - 1};
    struct history *whole = history_new(NULL), *pieces = history_new(NULL);
    history_feed(whole, in);
    feed_in_pieces(pieces, in, data[0] % 61 + 1u);
    check_counts(whole, INT64_C(1795348800000));
    check_records(whole);
    check_same(whole, pieces);
    const struct history_wait *wait;
    uint64_t total;
    demand(history_awaiting(whole, &wait, &total) <= total);
    for (struct bytes rest = in, text; bytes_line(&rest, &text);)
        check_line(text);
    history_free(whole);
    history_free(pieces);
    return 0;
}
