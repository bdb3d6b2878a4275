/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/task_page.h"

#include <stdio.h>

static bool is_ranged(const struct scores *s)
{
    return s->span.range != RANGE_FIT && s->span.range != RANGE_ALL;
}

int task_newest_rows(const struct scores *s)
{
    int n = (int)s->task_count;
    while (is_ranged(s) && n > 0 && s->task[n - 1].t_ms <= s->span.after_ms)
        n--;
    return n;
}

int64_t task_file_rows(const struct scores *s, int64_t total)
{
    return is_ranged(s) && s->span.rows < total ? s->span.rows : total;
}

const char *record_kind_word(enum record_kind k)
{
    static const char *const words[] = {
        [RECORD_SCORED] = "scored",  [RECORD_PENDING] = "pending", [RECORD_INVALID] = "invalid",
        [RECORD_SYNTHETIC] = "test", [RECORD_FUTURE] = "future",
    };
    return words[k];
}

bool task_holds(const struct task_line *t, const char *id, const struct needle *n)
{
    char net[16];
    if (needle_in(n, t->llm) || needle_in(n, t->strategy) || needle_in(n, record_kind_word(t->kind)))
        return true;
    if (id != NULL && needle_in(n, id))
        return true;
    snprintf(net, sizeof net, "sn%d", t->subnet);
    return needle_fold(n->ch[0]) == 's' && needle_in(n, net);
}
