/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The newest records, newest first, and what waits for its score. */
#include "sink/json_members.h"

#include "base/timetext.h"

static const char *const kind_words[] = {
    [RECORD_FUTURE] = "future", [RECORD_INVALID] = "invalid",     [RECORD_PENDING] = "pending",
    [RECORD_SCORED] = "scored", [RECORD_SYNTHETIC] = "synthetic",
};

static json_t *task(const struct task_line *t)
{
    json_t *o = json_object();
    put_int(o, "at", t->t_ms);
    put_text(o, "kind", kind_words[t->kind]);
    put_num(o, "score", t->score);
    put_int(o, "tokens", t->tokens);
    put_text(o, "llm", t->llm ? t->llm : "");
    put_text(o, "strategy", t->strategy ? t->strategy : "");
    put_int(o, "subnet", t->subnet < 0 ? NOT_KNOWN : t->subnet);
    return o;
}

json_t *json_of_tasks(const struct model *m, struct arena *a)
{
    (void)a;
    const struct scores *s = m->scores;
    json_t *o = json_object(), *list = json_array(), *waiting = json_array();
    for (size_t i = 0; i < s->task_count; i++)
        json_array_append_new(list, task(&s->task[i]));
    for (size_t i = 0; i < s->waiting_count; i++) {
        json_t *w = json_object();
        put_text(w, "task_id", s->waiting[i].task_id ? s->waiting[i].task_id : "");
        put_text(w, "llm", s->waiting[i].llm ? s->waiting[i].llm : "");
        json_array_append_new(waiting, w);
    }
    put(o, "recent", list);
    put(o, "waiting", waiting);
    return o;
}
