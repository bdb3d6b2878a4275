/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fold as bytes, and back. What comes back may be damaged or forged: every number is checked before it is believed, so
 * that the worst a wrong file can do is to tell wrong numbers until it is thrown away. */
#include "base/utf8.h"
#include "history/grow.h"
#include "history/hash.h"
#include "history/history_private.h"
#include "history/pack.h"

#include <math.h>
#include <string.h>

enum { HASH_BYTES = 8 };

/* Another size of anything that is copied whole is another version. */
static const uint64_t shape[] = {
    0x0102030405060708u,         sizeof(struct record),         sizeof(struct id_slot),
    sizeof(struct wait_row),     sizeof(struct history_counts), WAITS_KEPT,
    sizeof(struct history_cell), sizeof(struct history_band),   UINT64_C(4) /* version */,
};

static void save_names(struct pack *p, const struct names *n)
{
    pack_number(p, n->count);
    for (size_t i = 0; i < n->count; i++)
        pack_text(p, bytes_of(n->safe[i]));
}

static bool is_kept(const struct joins *j, const struct id_slot *id)
{
    return id->hash != 0 && !joins_forgot(j, id);
}

static void save_ids(struct pack *p, const struct joins *j)
{
    uint64_t count = 0;
    for (size_t i = 0; i < j->ids.slots; i++)
        count += is_kept(j, &j->ids.slot[i]);
    pack_number(p, count);
    for (size_t i = 0; i < j->ids.slots; i++)
        if (is_kept(j, &j->ids.slot[i]))
            pack_put(p, &j->ids.slot[i], sizeof j->ids.slot[i]);
}

static void save_notes(struct pack *p, const struct history *h)
{
    pack_number(p, h->note_count);
    for (size_t i = 0; i < h->note_count; i++) {
        pack_number(p, h->note[i].line);
        pack_number(p, h->note[i].offset);
        pack_text(p, bytes_of(h->note[i].why));
    }
}

/* Without what stands between its members, which is chance. */
static void save_record(struct pack *p, const struct record *r)
{
    struct record kept;
    memset(&kept, 0, sizeof kept);
    kept.t_ms = r->t_ms;
    kept.id_hash = r->id_hash;
    kept.score = r->score;
    kept.tokens = r->tokens;
    kept.tao = r->tao;
    kept.line = r->line;
    kept.subnet = r->subnet;
    kept.llm = r->llm;
    kept.strategy = r->strategy;
    kept.kind = r->kind;
    kept.replaced = r->replaced;
    pack_put(p, &kept, sizeof kept);
}

static void save_store(struct pack *p, struct store *s)
{
    store_settle(s);
    pack_number(p, s->trim_at);
    pack_number(p, s->count);
    for (size_t i = 0; i < s->count; i++)
        save_record(p, &s->rec[i]);
}

static void save_cells(struct pack *p, struct cells *c)
{
    cells_settle(c);
    pack_put(p, &c->hours_from, sizeof c->hours_from);
    pack_number(p, c->count);
    pack_put(p, c->row, c->count * sizeof *c->row);
    pack_number(p, c->band_count);
    pack_put(p, c->band, c->band_count * sizeof *c->band);
}

static void save_rules(struct pack *p, const struct history_rules *r)
{
    pack_put(p, &r->threshold, sizeof r->threshold);
    pack_number(p, r->count_synthetic);
}

/* Only texts that can be shown: which of the others were copied, and what stands behind a text, is chance. */
static void save_wait(struct pack *p, const struct wait_row *row, const struct ids *ids)
{
    struct wait_row kept = {.hash = row->hash, .line = row->line};
    const struct id_slot *id = ids_find(ids, row->hash);
    if (id != NULL && ids_awaits(ids_seen(id))) {
        kept.task_id.len = row->task_id.len;
        kept.llm.len = row->llm.len;
        memcpy(kept.task_id.at, row->task_id.at, row->task_id.len);
        memcpy(kept.llm.at, row->llm.at, row->llm.len);
    }
    pack_put(p, &kept, sizeof kept);
}

static void save_waits(struct pack *p, const struct waits *w, const struct ids *ids)
{
    pack_number(p, w->count);
    for (size_t i = 0; i < WAITS_KEPT; i++)
        save_wait(p, &w->row[i], ids);
}

static void save_rest(struct pack *p, const struct history *h)
{
    pack_put(p, &h->counts, sizeof h->counts);
    pack_number(p, h->joins.duplicates);
    pack_number(p, h->line_in_file);
    pack_number(p, h->split.offset);
    pack_number(p, h->split.begun);
    pack_number(p, h->prune_at);
}

struct bytes history_save(const struct history *h, uint64_t *offset)
{
    struct pack p = {0};
    pack_put(&p, shape, sizeof shape);
    save_rules(&p, &h->lazy->cells.rules);
    save_rest(&p, h);
    save_names(&p, &h->names);
    save_store(&p, &h->lazy->store);
    save_cells(&p, &h->lazy->cells);
    save_ids(&p, &h->joins);
    save_waits(&p, &h->lazy->waits, &h->joins.ids);
    save_notes(&p, h);
    pack_number(&p, hash_bytes((struct bytes){p.at, p.len}));
    *offset = h->split.offset;
    return (struct bytes){p.at, p.len};
}

void history_drop(struct bytes saved)
{
    grow_free((void *)(uintptr_t)saved.at);
}

static bool load_names(struct unpack *u, struct names *n)
{
    uint64_t count = unpack_count(u, HASH_BYTES);
    for (uint64_t i = 0; i < count && !u->bad; i++) {
        struct bytes text = unpack_text(u);
        bool same = i == 0 ? text.len == 0 : names_put(n, text) == i && bytes_is(text, names_get(n, (uint16_t)i));
        if (!same || n->other != 0)
            return false;
    }
    return !u->bad;
}

static bool is_record(const struct record *r, const struct history *h)
{
    bool score = isnan(r->score) || (r->score >= 0 && r->score <= 1);
    bool names = r->llm < history_name_count(h) && r->strategy < history_name_count(h);
    return score && names && r->kind < RECORD_FUTURE && r->replaced <= 1 && r->tokens >= 0 && !isinf(r->tao) &&
           r->subnet >= -1 && r->line < h->counts.lines;
}

static bool load_store(struct unpack *u, const struct history *h, struct store *s)
{
    s->trim_at = (size_t)unpack_number(u);
    size_t count = (size_t)unpack_count(u, sizeof(struct record));
    s->rec = grow_to(s->rec, &s->cap, count, sizeof *s->rec);
    unpack_get(u, s->rec, count * sizeof *s->rec);
    for (size_t i = 0; i < count && !u->bad; i++)
        if (!is_record(&s->rec[i], h) || (i > 0 && !store_is_later(&s->rec[i], &s->rec[i - 1])))
            return false;
    s->count = s->sorted = u->bad ? 0 : count;
    return !u->bad;
}

static bool is_span(const struct cells *c, int32_t day, int32_t hour)
{
    return day < c->hours_from ? hour == -1 : hour >= 0 && hour < 24;
}

static bool is_cell(const struct history_cell *x, const struct history_cell *before, const struct history *h)
{
    int64_t names = (int64_t)history_name_count(h);
    const int64_t least[] = {0, 0, 0, -1}, above[] = {1, names, names, 65536};
    bool later = !before || cells_order(before, x) < 0;
    return later && x->dim < HISTORY_DIMS && x->index >= least[x->dim] && x->index < above[x->dim] &&
           isfinite(x->sum) && isfinite(x->tao) && x->tokens >= 0 && x->good <= x->scored && x->scored <= x->records;
}

static bool is_later(const struct history_band *b, const struct history_band *before)
{
    return b->day > before->day || (b->day == before->day && b->hour > before->hour);
}

static bool load_cells(struct unpack *u, const struct history *h, struct cells *c)
{
    unpack_get(u, &c->hours_from, sizeof c->hours_from);
    c->count = (size_t)unpack_count(u, sizeof *c->row);
    c->row = grow_to(c->row, &c->cap, c->count, sizeof *c->row);
    unpack_get(u, c->row, c->count * sizeof *c->row);
    c->band_count = (size_t)unpack_count(u, sizeof *c->band);
    c->band = grow_to(c->band, &c->band_cap, c->band_count, sizeof *c->band);
    unpack_get(u, c->band, c->band_count * sizeof *c->band);
    for (size_t i = 0; i < c->count; i++)
        if (!is_span(c, c->row[i].day, c->row[i].hour) || !is_cell(&c->row[i], i ? &c->row[i - 1] : NULL, h))
            return false;
    for (size_t i = 0; i < c->band_count; i++)
        if (!is_span(c, c->band[i].day, c->band[i].hour) || (i > 0 && !is_later(&c->band[i], &c->band[i - 1])))
            return false;
    return !u->bad;
}

/* What was summed up by other rules cannot be taken apart again. */
static bool same_rules(struct unpack *u, const struct history *h)
{
    struct history_rules then;
    unpack_get(u, &then.threshold, sizeof then.threshold);
    then.count_synthetic = unpack_number(u) == 1;
    return !u->bad && history_follows(h, &then);
}

static bool load_ids(struct unpack *u, struct ids *ids)
{
    uint64_t count = unpack_count(u, sizeof(struct id_slot));
    ids_reserve(ids, (size_t)count);
    for (uint64_t i = 0; i < count; i++) {
        struct id_slot in;
        unpack_get(u, &in, sizeof in);
        struct id_slot *slot = in.hash ? ids_get(ids, in.hash) : NULL;
        if (slot == NULL || slot->state != 0 || ids_seen(&in) == 0)
            return false;
        ids_line(slot, ids_line_of(&in));
        ids_mark(ids, slot, ids_seen(&in));
    }
    return !u->bad;
}

static bool load_waits(struct unpack *u, struct waits *w)
{
    w->count = w->copied = unpack_number(u);
    unpack_get(u, w->row, sizeof w->row);
    for (size_t i = 0; i < WAITS_KEPT; i++)
        if (w->row[i].task_id.len > WAIT_RAW || w->row[i].llm.len > WAIT_RAW)
            return false;
    return !u->bad;
}

static bool load_notes(struct unpack *u, struct history *h)
{
    h->note_count = (size_t)unpack_number(u);
    if (h->note_count > NOTES_KEPT)
        return false;
    for (size_t i = 0; i < h->note_count; i++) {
        h->note[i].line = unpack_number(u);
        h->note[i].offset = unpack_number(u);
        h->note[i].why = text_safe(&h->names.text, unpack_text(u), NAME_CELLS * 2);
    }
    return !u->bad;
}

static bool load_rest(struct unpack *u, struct history *h)
{
    unpack_get(u, &h->counts, sizeof h->counts);
    h->joins.duplicates = unpack_number(u);
    h->line_in_file = unpack_number(u);
    h->split.offset = unpack_number(u);
    h->split.begun = unpack_number(u) == 1;
    h->prune_at = (size_t)unpack_number(u);
    return !u->bad && h->counts.lines <= INT64_MAX && h->split.offset <= INT64_MAX;
}

static bool is_ours(struct unpack *u, struct bytes saved)
{
    uint64_t have[sizeof shape / sizeof *shape], hash = 0;
    if (saved.len < sizeof shape + HASH_BYTES)
        return false;
    memcpy(&hash, saved.at + saved.len - HASH_BYTES, HASH_BYTES);
    u->rest = (struct bytes){saved.at, saved.len - HASH_BYTES};
    bool whole = hash == hash_bytes(u->rest);
    unpack_get(u, have, sizeof have);
    return whole && memcmp(have, shape, sizeof shape) == 0;
}

bool history_load(struct history *h, struct bytes saved)
{
    struct unpack u = {{"", 0}, false};
    bool good = is_ours(&u, saved) && same_rules(&u, h) && load_rest(&u, h) && load_names(&u, &h->names) &&
                load_store(&u, h, &h->lazy->store) && load_cells(&u, h, &h->lazy->cells) &&
                load_ids(&u, &h->joins.ids) && load_waits(&u, &h->lazy->waits) && load_notes(&u, h) && u.rest.len == 0;
    if (!good)
        history_forget(h);
    return good;
}
