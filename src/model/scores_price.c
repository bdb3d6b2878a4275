/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tokens cost: the LLMs of the history are the APIs of token-budgets.json by their names. */
#include "model/budgets.h"
#include "model/scores_part.h"

#include <math.h>
#include <string.h>

double score_price(const struct budgets_doc *doc, const char *name)
{
    for (size_t i = 0; doc && i < doc->count; i++)
        if (strcmp(doc->row[i].api, name) == 0)
            return doc->row[i].cost_per_1k;
    return (double)NAN;
}

const double *score_prices(struct arena *a, const struct docs *docs)
{
    if (!docs->history)
        return NULL;
    size_t count = history_name_count(docs->history);
    double *price = arena_array(a, count, sizeof *price);
    for (size_t i = 0; i < count; i++)
        price[i] = score_price(docs->budgets_doc, history_name(docs->history, (uint16_t)i));
    return price;
}
