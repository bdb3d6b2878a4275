/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/ledger.h"

#include "base/utf8.h"
#include "node/money.h"

#include <stdlib.h>
#include <string.h>

/* In JSON a line break stands between tokens only: as a blank it means the same. */
static char *one_line(struct arena *a, struct bytes in)
{
    char *out = arena_copy(a, in);
    for (size_t i = 0; i < in.len; i++)
        if (out[i] == '\n' || out[i] == '\r' || out[i] == '\t')
            out[i] = ' ';
    return out;
}

static const char *quoted(struct arena *a, const char *text)
{
    return text && *text ? arena_text(a, "\"%s\"", text) : "null";
}

struct bytes ledger_line(struct arena *a, struct ledger_end *end, int64_t ts_ms, struct bytes receipt,
                         const struct receipt *r)
{
    char *line = arena_text(a, "{\"seq\":%lld,\"ts\":%lld,\"verified\":%s,\"reason\":%s,\"prev\":%s,\"receipt\":%s}",
                            (long long)++end->seq, (long long)ts_ms, r->verified ? "true" : "false",
                            quoted(a, r->reason), quoted(a, end->prev), one_line(a, receipt));
    size_t len = strlen(line);
    receipt_sha256(end->prev, (struct bytes){line, len});
    line[len] = '\n'; /* over the NUL: the run has a length */
    return (struct bytes){line, len + 1};
}

static const char *shown(struct arena *a, struct bytes text)
{
    return text_safe(a, text, RECEIPT_ID);
}

/* The words that ledger_line() writes, and no others. */
static const char *reason_of(struct arena *a, const struct tree *line)
{
    struct bytes told = tree_text(line, "reason");
    return told.len ? shown(a, told) : NULL;
}

static bool line_is(const struct tree *line, const struct ledger_end *end)
{
    int64_t seq;
    struct bytes prev = tree_text(line, "prev");
    return tree_integer(line, "seq", &seq) && seq == end->seq + 1 && bytes_is(prev, end->prev);
}

static void read_row(struct arena *a, const struct tree *line, struct ledger_row *out)
{
    const struct tree *receipt = tree_get(line, "receipt"), *price = tree_get(receipt, "price");
    const struct tree *verified = tree_get(line, "verified");
    out->ts_ms = 0;
    tree_integer(line, "ts", &out->ts_ms);
    out->verified = verified && verified->kind == TREE_TRUE;
    out->reason = out->verified ? NULL : reason_of(a, line);
    out->receipt_id = shown(a, tree_text(receipt, "receipt_id"));
    out->job_id = shown(a, tree_text(receipt, "job_id"));
    out->priced = price && price->kind == TREE_NUMBER && money_scaled(price->text, 6, &out->price_micro);
}

static bool next(struct arena *a, struct bytes text, struct ledger *out, struct ledger_row *row, struct err *e)
{
    const struct tree *line = tree_read(a, text, "ledger line", NULL);
    size_t at = bytes_find(text, ",\"receipt\":");
    if (!line || line->kind != TREE_OBJECT || !tree_get(line, "receipt") || at == text.len)
        return err_set(e, "receipts ledger line %zu: not a line of a ledger", out->rows + 1);
    if (!line_is(line, &out->end))
        return err_set(
            e, "receipts ledger line %zu: does not follow the line before it: lines were changed or are missing",
            out->rows + 1);
    read_row(a, line, row);
    row->seq = ++out->end.seq;
    receipt_sha256(out->end.prev, text);
    row->receipt = (struct bytes){text.at + at + 11, text.len - at - 12};
    out->rows++;
    return true;
}

struct name {
    const char *text;
    struct ledger_row *row;
};

static int by_name(const void *x, const void *y)
{
    const struct name *a = x, *b = y;
    int order = strcmp(a->text, b->text);
    return order ? order : (a->row->seq > b->row->seq) - (a->row->seq < b->row->seq);
}

static void mark_repeats(struct name *name, size_t count)
{
    qsort(name, count, sizeof *name, by_name);
    for (size_t i = 1; i < count; i++)
        if (*name[i].text && strcmp(name[i].text, name[i - 1].text) == 0)
            name[i].row->repeat = true;
}

/* Only what was verified makes a later one a repeat: a forged receipt shall not take away the pay of the true one. */
static size_t names_of(struct ledger_row *row, size_t rows, bool ids, struct name *out)
{
    size_t count = 0;
    for (size_t i = 0; i < rows; i++)
        if (row[i].verified)
            out[count++] = (struct name){ids ? row[i].receipt_id : row[i].job_id, &row[i]};
    return count;
}

static void add_up(struct ledger *out)
{
    for (size_t i = 0; i < out->rows; i++) {
        const struct ledger_row *row = &out->row[i];
        out->repeats += row->repeat;
        if (row->repeat || !row->priced)
            continue;
        *(row->verified ? &out->paid_micro : &out->unverified_micro) += row->price_micro;
    }
}

bool ledger_read(struct arena *a, struct bytes text, struct ledger *out, struct err *e)
{
    struct bytes rest = text, line;
    size_t most = 0;
    while (bytes_line(&rest, &line))
        most++;
    struct ledger_row *row = arena_array(a, most + 1, sizeof *row);
    struct name *name = arena_array(a, most + 1, sizeof *name);
    *out = (struct ledger){.row = row};
    bool good = true;
    for (rest = text; good && bytes_line(&rest, &line);)
        if ((good = next(a, line, out, &row[out->rows], e)))
            out->good = text.len - rest.len;
    mark_repeats(name, names_of(row, out->rows, true, name));
    mark_repeats(name, names_of(row, out->rows, false, name));
    add_up(out);
    return good;
}
