/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/waits.h"

#include "base/utf8.h"

#include <string.h>

static void put_text(char out[WAIT_BYTES], struct bytes raw)
{
    struct arena scratch = {0};
    const char *safe = text_safe(&scratch, raw, WAIT_CELLS);
    size_t len = strlen(safe);
    /* A cell is one character, so this never cuts; it is the last guard of a fixed array. */
    if (len >= WAIT_BYTES)
        len = 0;
    memcpy(out, safe, len);
    out[len] = '\0';
    arena_release(&scratch);
}

void waits_put(struct waits *w, uint64_t hash, uint64_t line, struct bytes task_id, struct bytes llm)
{
    struct wait_row *row = &w->row[w->count++ % WAITS_KEPT];
    row->hash = hash;
    row->line = line;
    put_text(row->task_id, task_id);
    put_text(row->llm, llm);
}

/* An id executed twice is listed once, at its newest line. */
static bool is_listed(const struct waits *w, size_t count, const char *task_id)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(w->list[i].task_id, task_id) == 0)
            return true;
    return false;
}

size_t waits_list(struct waits *w, const struct ids *ids)
{
    size_t count = 0, kept = w->count < WAITS_KEPT ? (size_t)w->count : WAITS_KEPT;
    for (uint64_t back = 1; back <= kept; back++) {
        const struct wait_row *row = &w->row[(w->count - back) % WAITS_KEPT];
        const struct id_slot *id = ids_find(ids, row->hash);
        bool awaiting = id && (id->seen & ID_EXECUTED) && !(id->seen & ID_ANSWERED);
        if (awaiting && !is_listed(w, count, row->task_id))
            w->list[count++] = (struct history_wait){row->task_id, row->llm, row->line};
    }
    return count;
}
