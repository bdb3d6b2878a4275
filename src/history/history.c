/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "history/history.h"

#include "history/grow.h"
#include "history/history_private.h"
#include "history/judge.h"
#include "history/glance.h"

#include <math.h>
#include <string.h>

struct history *history_new(const struct history_rules *rules)
{
    struct history *h = grow_new(1, sizeof *h);
    h->lazy = grow_new(1, sizeof *h->lazy);
    h->lazy->cells.rules = rules ? *rules : (struct history_rules){.threshold = 0.6};
    h->prune_at = IDS_LEAST;
    return h;
}

bool history_follows(const struct history *h, const struct history_rules *rules)
{
    const struct history_rules *ours = &h->lazy->cells.rules;
    return ours->threshold == rules->threshold && ours->count_synthetic == rules->count_synthetic;
}

static void release(struct history *h)
{
    split_release(&h->split);
    line_release(&h->line);
    names_release(&h->names);
    ids_release(&h->joins.ids);
    store_release(&h->lazy->store);
    cells_release(&h->lazy->cells);
}

void history_forget(struct history *h)
{
    struct lazy *lazy = h->lazy;
    struct history_rules rules = lazy->cells.rules;
    release(h);
    memset(lazy, 0, sizeof *lazy);
    lazy->cells.rules = rules;
    *h = (struct history){.lazy = lazy, .prune_at = IDS_LEAST};
}

void history_free(struct history *h)
{
    if (!h)
        return;
    release(h);
    grow_free(h->lazy);
    grow_free(h);
}

void history_break(struct history *h)
{
    split_restart(&h->split);
    h->line_in_file = 0;
    h->note_count = 0; /* they name lines of the file that is gone */
}

static void take_note(struct history *h, uint64_t offset, const char *why)
{
    if (h->note_count == NOTES_KEPT)
        memmove(h->note, h->note + 1, (--h->note_count) * sizeof h->note[0]);
    h->note[h->note_count++] = (struct history_note){h->line_in_file, offset, why};
}

static void join(struct history *h, const struct join *line)
{
    joins_put(&h->joins, &h->lazy->store, line);
}

/* Self-tests never join. */
static uint8_t seen_of(const struct record *r)
{
    if (r->kind == RECORD_SYNTHETIC)
        return ID_ANSWERED;
    return isnan(r->score) ? ID_RECORD : ID_RECORD | ID_SCORED;
}

static void take_executed(struct history *h, const struct glance_line *l)
{
    uint64_t hash = l->judged.record.id_hash;
    h->counts.executed++;
    if (!hash)
        return;
    join(h, &(struct join){.hash = hash, .line = h->counts.lines, .seen = ID_EXECUTED});
    waits_put(&h->lazy->waits, hash, h->counts.lines, l->task_id, l->llm);
}

static void take_record(struct history *h, struct glance_line *l)
{
    struct record *r = &l->judged.record;
    if (!l->judged.has_time) {
        join(h, &(struct join){.hash = r->id_hash, .line = h->counts.lines, .seen = ID_ANSWERED});
        return;
    }
    r->line = h->counts.lines;
    r->llm = names_put(&h->names, l->llm);
    r->strategy = names_put(&h->names, l->strategy);
    if (h->text)
        h->text(h->text_ctx, r->line, l->task_id);
    store_push(&h->lazy->store, r);
    join(h, &(struct join){.hash = r->id_hash, .line = r->line, .seen = seen_of(r)});
}

static uint64_t *count_of(struct history_counts *c, enum judge_class class)
{
    uint64_t *const counts[] = {
        [JUDGE_EXECUTED] = &c->executed, [JUDGE_INVALID] = &c->invalid,     [JUDGE_PENDING] = &c->pending,
        [JUDGE_SCORED] = &c->scored,     [JUDGE_SYNTHETIC] = &c->synthetic,
    };
    return counts[class];
}

static inline void take_facts(struct history *h, struct glance_line *l, uint64_t offset)
{
    enum judge_class class = l->judged.class;
    if (class == JUDGE_EXECUTED) {
        take_executed(h, l);
        return;
    }
    ++*count_of(&h->counts, class);
    if (class == JUDGE_INVALID)
        take_note(h, offset, l->judged.why);
    take_record(h, l);
}

static void take_object(struct history *h, uint64_t offset)
{
    glance_line(&h->line, &h->near, &h->facts);
    take_facts(h, &h->facts, offset);
}

static bool is_blank(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] != ' ' && text.at[i] != '\t' && text.at[i] != '\r')
            return false;
    return true;
}

static void take_bad(struct history *h, const struct split_line *line, const char *why)
{
    h->counts.malformed++;
    h->counts.oversize += line->oversize;
    take_note(h, line->offset, why);
}

static void drop(struct history *h, size_t count)
{
    struct lazy *l = h->lazy;
    for (size_t i = 0; i < count; i++) {
        cells_take(&l->cells, &l->store.rec[i]);
        if (h->visit)
            h->visit(h->visit_ctx, h, &l->store.rec[i]);
    }
    store_drop(&l->store, count);
}

/* Their table is looked at from end to end, so not at each occasion. */
static void forget_ids(struct history *h)
{
    uint64_t lines = h->counts.lines;
    ids_prune(&h->joins.ids, h->joins.records_from, lines > IDS_LINES ? lines - IDS_LINES : 0);
    h->prune_at = h->joins.ids.count + IDS_LEAST / 2;
}

/* Memory is bounded: what no window can ask for any more goes, in large steps. */
static __attribute__((noinline)) void forget_much(struct history *h)
{
    struct store *store = &h->lazy->store;
    joins_settle(&h->joins, store);
    drop(h, store_trimmed(store));
    uint64_t first = store_first_line(store);
    h->joins.records_from = first < h->counts.lines ? first : h->counts.lines;
    if (h->joins.ids.count >= h->prune_at)
        forget_ids(h);
}

static inline void forget_old(struct history *h)
{
    if (store_is_full(&h->lazy->store) || h->joins.ids.count >= h->prune_at)
        forget_much(h);
}

static void take_parsed(struct history *h, struct bytes text, uint64_t offset)
{
    guess_learn(&h->guess, text, &h->line);
    take_object(h, offset);
}

static size_t take_guessed(void *to, struct bytes rest, uint64_t offset)
{
    struct history *h = to;
    if (rest.len > LINE_LIMIT)
        rest.len = LINE_LIMIT; /* longer ones are refused; whoever looks for their end sees it */
    size_t len = guess_line(&h->guess, rest, &h->line);
    if (len == 0)
        return 0;
    h->line_in_file++;
    take_object(h, offset);
    if (h->line.room.used > 0)
        waits_settle(&h->lazy->waits, &h->joins.ids);
    h->counts.lines++;
    forget_old(h);
    return len;
}

static void take_line(void *to, const struct split_line *line)
{
    struct history *h = to;
    struct bytes text = line->text;
    h->line_in_file++;
    if (line->first)
        bytes_cut(&text, "\xef\xbb\xbf");
    if (line->oversize)
        take_bad(h, line, "the line is longer than 1 MiB");
    else if (is_blank(text))
        h->counts.blank++;
    else if (!line_parse(text, &h->line))
        take_bad(h, line, h->line.why);
    else
        take_parsed(h, text, line->offset);
    waits_settle(&h->lazy->waits, &h->joins.ids); /* its texts may stand in the tail, or in the line's room */
    h->counts.lines++;
    forget_old(h);
}

static void feed(struct history *h, struct bytes block)
{
    const struct split_to to = {.visit = take_line, .take = take_guessed, .to = h};
    split_feed(&h->split, block, &to);
}

/* Nothing points into the block any more. */
static void leave_block(struct history *h)
{
    joins_settle(&h->joins, &h->lazy->store);
    waits_settle(&h->lazy->waits, &h->joins.ids);
}

void history_feed(struct history *h, struct bytes block)
{
    feed(h, block);
    leave_block(h);
}

static void take_glanced(struct history *h, struct glance_line *l)
{
    h->line_in_file++;
    take_facts(h, l, h->split.offset);
    split_skip(&h->split, l->len);
    h->counts.lines++;
    forget_old(h);
}

void history_feed_glance(struct history *h, struct glance *glance)
{
    size_t at = 0;
    for (size_t i = 0; i < glance->count; at = glance->line[i].at + glance->line[i].len, i++) {
        feed(h, (struct bytes){glance->block.at + at, glance->line[i].at - at});
        take_glanced(h, &glance->line[i]);
    }
    feed(h, bytes_from(glance->block, at));
    leave_block(h);
}

void history_visit(struct history *h, history_visit_fn *visit, void *ctx)
{
    h->visit = visit;
    h->visit_ctx = ctx;
}

void history_texts(struct history *h, history_text_fn *text, void *ctx)
{
    h->text = text;
    h->text_ctx = ctx;
}

void history_finish(struct history *h)
{
    store_settle(&h->lazy->store);
    drop(h, h->lazy->store.count);
}

static const struct store *settled(const struct history *h)
{
    store_settle(&h->lazy->store);
    return &h->lazy->store;
}

struct history_counts history_counts_at(const struct history *h, int64_t now_ms)
{
    struct history_counts c = h->counts;
    c.duplicates = h->joins.duplicates;
    const struct store *s = settled(h);
    uint64_t *const counts[] = {
        [RECORD_SCORED] = &c.scored, [RECORD_PENDING] = &c.pending, [RECORD_INVALID] = &c.invalid};
    for (size_t i = s->count; i-- && s->rec[i].t_ms - HISTORY_SKEW_MS > now_ms;) {
        if (s->rec[i].kind == RECORD_SYNTHETIC)
            continue;
        c.future++;
        --*counts[s->rec[i].kind];
    }
    return c;
}

size_t history_record_count(const struct history *h)
{
    return h->lazy->store.count;
}

const struct record *history_records(const struct history *h)
{
    return settled(h)->rec;
}

static const struct cells *settled_cells(const struct history *h)
{
    cells_settle(&h->lazy->cells);
    return &h->lazy->cells;
}

size_t history_cells(const struct history *h, const struct history_cell **cells)
{
    const struct cells *c = settled_cells(h);
    *cells = c->row;
    return c->count;
}

size_t history_bands(const struct history *h, const struct history_band **bands)
{
    const struct cells *c = settled_cells(h);
    *bands = c->band;
    return c->band_count;
}

const char *history_name(const struct history *h, uint16_t index)
{
    return names_get(&h->names, index);
}

size_t history_name_count(const struct history *h)
{
    return h->names.count ? h->names.count : 1;
}

size_t history_notes(const struct history *h, const struct history_note **notes)
{
    *notes = h->note;
    return h->note_count;
}

size_t history_awaiting(const struct history *h, const struct history_wait **list, uint64_t *total)
{
    *list = h->lazy->waits.list;
    *total = h->joins.ids.awaiting;
    return waits_list(&h->lazy->waits, &h->joins.ids);
}
