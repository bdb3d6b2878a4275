/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/where.h"

#include "history/where_tree.h"

#include <math.h>
#include <string.h>

/* ---- what is asked ---- */

static double score_of(const struct record *r)
{
    return r->score;
}

static double subnet_of(const struct record *r)
{
    return r->subnet;
}

static double tao_of(const struct record *r)
{
    return r->tao;
}

static double tokens_of(const struct record *r)
{
    return (double)r->tokens;
}

static const char *id_of(const struct where_row *row)
{
    return row->id;
}

static const char *llm_of(const struct where_row *row)
{
    return row->llm;
}

static const char *strategy_of(const struct where_row *row)
{
    return row->strategy;
}

const struct where_field where_fields[] = {
    {.name = "id", .sort = WHERE_ID, .text = id_of},
    {.name = "invalid", .sort = WHERE_KIND, .kind = RECORD_INVALID},
    {.name = "llm", .sort = WHERE_NAME, .text = llm_of},
    {.name = "pending", .sort = WHERE_KIND, .kind = RECORD_PENDING},
    {.name = "score", .sort = WHERE_NUMBER, .number = score_of, .most = 1},
    {.name = "scored", .sort = WHERE_KIND, .kind = RECORD_SCORED},
    {.name = "strategy", .sort = WHERE_NAME, .text = strategy_of},
    {.name = "subnet", .sort = WHERE_CATEGORY, .number = subnet_of, .most = 65535},
    {.name = "synthetic", .sort = WHERE_KIND, .kind = RECORD_SYNTHETIC},
    {.name = "tao", .sort = WHERE_NUMBER, .number = tao_of, .most = INFINITY},
    {.name = "tokens", .sort = WHERE_NUMBER, .number = tokens_of, .most = INFINITY},
    {.name = NULL},
};

/* ---- the answer ---- */

static bool compares(enum where_op op, double have, double want)
{
    const bool yes[] = {
        [WHERE_EQUAL] = have == want,
        [WHERE_OTHER] = have != want,
        [WHERE_LESS] = have<want, [WHERE_UP_TO] = have <= want, [WHERE_GREATER] = have> want,
        [WHERE_FROM] = have >= want,
    };
    return yes[op];
}

static bool number_fits(const struct where *w, const struct where_row *row)
{
    double have = w->field->number(row->record);
    return !isnan(have) && compares(w->op, have, w->number);
}

/* Not known is a subnet of its own, but no number. */
static bool category_fits(const struct where *w, const struct where_row *row)
{
    double have = w->field->number(row->record);
    return (have >= 0 || w->op == WHERE_EQUAL || w->op == WHERE_OTHER) && compares(w->op, have, w->number);
}

static bool same_name(const struct needle *want, const char *have)
{
    struct bytes rest = bytes_of(have);
    for (int i = 0; i < want->len; i++)
        if (rest.len == 0 || needle_fold(utf8_next(&rest)) != want->ch[i])
            return false;
    return rest.len == 0;
}

static bool name_fits(const struct where *w, const struct where_row *row)
{
    const char *have = w->field->text(row);
    if (w->op == WHERE_HAS || w->op == WHERE_LACKS)
        return (have != NULL && needle_in(&w->text, have)) == (w->op == WHERE_HAS);
    return same_name(&w->text, have) == (w->op == WHERE_EQUAL);
}

static bool id_fits(const struct where *w, const struct where_row *row)
{
    if (w->op == WHERE_HAS || w->op == WHERE_LACKS)
        return name_fits(w, row);
    return (row->record->id_hash == w->id_hash) == (w->op == WHERE_EQUAL);
}

static bool kind_fits(const struct where *w, const struct where_row *row)
{
    return row->record->kind == w->field->kind;
}

static bool test_holds(const struct where *w, const struct where_row *row)
{
    static bool (*const fits[])(const struct where *w, const struct where_row *row) = {
        [WHERE_CATEGORY] = category_fits, [WHERE_ID] = id_fits,         [WHERE_KIND] = kind_fits,
        [WHERE_NAME] = name_fits,         [WHERE_NUMBER] = number_fits,
    };
    return fits[w->field->sort](w, row);
}

bool where_holds(const struct where *w, const struct where_row *row)
{
    switch (w->join) {
    case WHERE_AND:
        return where_holds(w->left, row) && where_holds(w->right, row);
    case WHERE_OR:
        return where_holds(w->left, row) || where_holds(w->right, row);
    case WHERE_NOT:
        return !where_holds(w->left, row);
    default:
        return test_holds(w, row);
    }
}

static bool is_op(enum where_op op, char c)
{
    bool has = op == WHERE_HAS || op == WHERE_LACKS;
    return c == '\0' || (c == '~') == has;
}

bool where_asks(const struct where *w, const char *name, char op)
{
    if (w == NULL)
        return false;
    if (w->join == WHERE_TEST)
        return strcmp(w->field->name, name) == 0 && is_op(w->op, op);
    return where_asks(w->left, name, op) || where_asks(w->right, name, op);
}
