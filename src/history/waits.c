/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/waits.h"

#include "base/utf8.h"

#include <string.h>

static const char *show(char out[WAIT_BYTES], const struct wait_text *raw)
{
    struct arena scratch = {0};
    const char *safe = text_safe(&scratch, (struct bytes){raw->at, raw->len}, WAIT_CELLS);
    size_t len = strlen(safe);
    /* A cell is one character, so this never cuts; it is the last guard of a fixed array. */
    if (len >= WAIT_BYTES)
        len = 0;
    memcpy(out, safe, len);
    out[len] = '\0';
    arena_release(&scratch);
    return out;
}

static void keep(struct wait_text *to, struct bytes raw)
{
    to->len = raw.len < WAIT_RAW ? raw.len : WAIT_RAW;
    memcpy(to->at, raw.at, to->len);
}

void waits_put(struct waits *w, uint64_t hash, uint64_t line, struct bytes task_id, struct bytes llm)
{
    size_t at = (size_t)(w->count++ % WAITS_KEPT);
    w->row[at].hash = hash;
    w->row[at].line = line;
    w->soon[at] = (struct wait_soon){task_id, llm};
}

static bool is_awaited(const struct ids *ids, uint64_t hash)
{
    const struct id_slot *id = ids_find(ids, hash);
    return id && ids_awaits(ids_seen(id));
}

/* Its line was not looked at yet, or it awaits an answer. What was answered once is never listed again. */
static bool needs_texts(const struct ids *ids, uint64_t hash)
{
    const struct id_slot *id = ids_find(ids, hash);
    return !id || !(ids_seen(id) & ID_ANSWERED);
}

void waits_settle(struct waits *w, const struct ids *ids)
{
    if (w->count - w->copied > WAITS_KEPT)
        w->copied = w->count - WAITS_KEPT;
    for (; w->copied < w->count; w->copied++) {
        size_t at = (size_t)(w->copied % WAITS_KEPT);
        struct wait_row *row = &w->row[at];
        row->task_id.len = row->llm.len = 0;
        if (!needs_texts(ids, row->hash))
            continue;
        keep(&row->task_id, w->soon[at].task_id);
        keep(&row->llm, w->soon[at].llm);
    }
}

/* An id executed twice is listed once, at its newest line. */
static bool is_listed(const uint64_t *listed, size_t count, uint64_t hash)
{
    for (size_t i = 0; i < count; i++)
        if (listed[i] == hash)
            return true;
    return false;
}

size_t waits_list(struct waits *w, const struct ids *ids)
{
    uint64_t listed[WAITS_KEPT];
    size_t count = 0, kept = w->count < WAITS_KEPT ? (size_t)w->count : WAITS_KEPT;
    for (uint64_t back = 1; back <= kept; back++) {
        const struct wait_row *row = &w->row[(w->count - back) % WAITS_KEPT];
        if (!is_awaited(ids, row->hash) || is_listed(listed, count, row->hash))
            continue;
        listed[count] = row->hash;
        w->list[count] = (struct history_wait){show(w->shown[count][0], &row->task_id),
                                               show(w->shown[count][1], &row->llm), row->line};
        count++;
    }
    return count;
}
