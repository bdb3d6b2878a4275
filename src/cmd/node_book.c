/* SPDX-License-Identifier: GPL-2.0-or-later */
/* receipts.jsonl: each receipt is written and synced before its job counts as reported. */
#include "cmd/node_daemon.h"

#include "base/file.h"
#include "base/json_set.h"
#include "base/timetext.h"
#include "node/money.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LEDGER_MOST = 256 << 20, FIRST_ROOM = 256 };

/* ---- what was paid already ---- */

static uint64_t hash_of(const char *kind, const char *text)
{
    uint64_t h = 14695981039346656037ULL;
    for (; *kind; kind++)
        h = (h ^ (unsigned char)*kind) * 1099511628211ULL;
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * 1099511628211ULL;
    return h ? h : 1;
}

static uint64_t *place_of(uint64_t *table, size_t room, uint64_t h)
{
    size_t at = h % room;
    while (table[at] && table[at] != h)
        at = (at + 1) % room;
    return &table[at];
}

static void more_room(struct node_daemon *d)
{
    size_t room = d->paid_room ? d->paid_room * 2 : FIRST_ROOM;
    uint64_t *table = calloc(room, sizeof *table);
    if (!table)
        abort();
    for (size_t i = 0; i < d->paid_room; i++)
        if (d->paid[i])
            *place_of(table, room, d->paid[i]) = d->paid[i];
    free(d->paid);
    d->paid = table;
    d->paid_room = room;
}

/* Was it there? It is now. */
static bool seen(struct node_daemon *d, const char *kind, const char *id)
{
    if (d->paid_count * 2 >= d->paid_room)
        more_room(d);
    uint64_t h = hash_of(kind, id), *at = place_of(d->paid, d->paid_room, h);
    if (*at)
        return true;
    *at = h;
    d->paid_count++;
    return false;
}

static void earn(struct node_daemon *d, int64_t at_ms, int64_t micro)
{
    int64_t day = day_start(at_ms);
    if (d->days == 0 || d->day[0].day_ms != day) {
        memmove(d->day + 1, d->day, (NODE_DAYS - 1) * sizeof *d->day);
        d->day[0] = (struct node_day){.day_ms = day};
        d->days += d->days < NODE_DAYS;
    }
    d->day[0].micro += micro;
    d->day[0].jobs++;
    d->paid_micro += micro;
}

static void count(struct node_daemon *d, int64_t at_ms, const char *id, const char *job, bool verified, bool priced,
                  int64_t micro)
{
    bool same_id = seen(d, "r", id), same_job = seen(d, "j", job); /* both are noted */
    bool again = same_id || same_job;
    d->receipts++;
    d->receipts_bad += !verified;
    if (verified && priced && !again)
        earn(d, at_ms, micro);
    else if (priced && !again)
        d->unverified_micro += micro;
}

/* ---- the file ---- */

static void take_rows(struct node_daemon *d, const struct ledger *l)
{
    for (size_t i = 0; i < l->rows; i++) {
        const struct ledger_row *r = &l->row[i];
        count(d, r->ts_ms, r->receipt_id, r->job_id, r->verified, r->priced, r->price_micro);
    }
    d->end = l->end;
}

/* A ledger whose chain is broken is kept as it is, under another name; the new one begins with nothing. */
static void set_aside(struct node_daemon *d, const char *path, const char *why)
{
    struct arena a = {0};
    rename(path, arena_text(&a, "%s.broken-%lld", path, (long long)wall_now()));
    node_log(d, NODE_ERROR, "receipt.ledger_broken", NULL, json_pack("{ss}", "why", why));
    arena_release(&a);
}

bool node_book_open(struct node_daemon *d, struct err *e)
{
    struct arena a = {0};
    struct bytes text = {NULL, 0};
    struct file_stat s;
    struct ledger l = {0};
    struct err why;
    const char *path = arena_text(&a, "%s/receipts.jsonl", d->config.root);
    bool there = file_read(&a, path, LEDGER_MOST, &text, &s, &why);
    if (!there && s.exists) {
        arena_release(&a);
        return err_set(e, "%s", why.text);
    }
    bool whole = !there || ledger_read(&a, text, &l, &why);
    if (whole)
        take_rows(d, &l);
    else
        set_aside(d, path, why.text);
    d->ledger_fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool good = d->ledger_fd >= 0 && (!whole || l.good == text.len || ftruncate(d->ledger_fd, (off_t)l.good) == 0);
    arena_release(&a);
    return good || err_set(e, "receipts.jsonl in %.180s: %s", d->config.root, strerror(errno));
}

/* The whole line and on the disk, or nothing of it. */
static bool append(struct node_daemon *d, struct bytes line, struct err *e)
{
    off_t before = lseek(d->ledger_fd, 0, SEEK_END);
    ssize_t put = write(d->ledger_fd, line.at, line.len);
    if (put == (ssize_t)line.len && fsync(d->ledger_fd) == 0)
        return true;
    int why = errno;
    if (before >= 0 && ftruncate(d->ledger_fd, before) != 0)
        why = errno;
    return err_set(e, "receipts.jsonl: %s", put >= 0 && put < (ssize_t)line.len ? "the disk is full" : strerror(why));
}

static void tell(struct node_daemon *d, const char *job_id, const struct receipt *r)
{
    char price[MONEY_TEXT];
    node_log(d, r->verified ? NODE_INFO : NODE_WARNING, r->verified ? "receipt.stored" : "receipt.bad", job_id,
             json_pack("{ss? ss? ss}", "reason", r->reason, "price",
                       r->priced ? money_text(price, r->price_micro) : NULL, "receipt_id", r->id));
}

static bool keep(struct node_daemon *d, int job, struct arena *a, struct bytes raw, struct err *e)
{
    const char *id = d->agent.job[job].id;
    struct receipt_trust trust = {
        .key = (const uint8_t(*)[RECEIPT_KEY])d->config.key, .keys = d->config.keys, .job_id = id};
    struct receipt r;
    if (!receipt_read(a, raw, &trust, &r, e)) {
        node_log(d, NODE_WARNING, "receipt.bad", id, json_pack("{ss}", "reason", "no_receipt"));
        return true;
    }
    struct ledger_end end = d->end;
    if (!append(d, ledger_line(a, &end, wall_now(), raw, &r), e))
        return false;
    d->end = end;
    count(d, wall_now(), r.id, id, r.verified, r.priced, r.price_micro);
    tell(d, id, &r);
    d->job[job].verified = r.verified;
    if (r.priced)
        money_text(d->job[job].price, r.price_micro);
    return true;
}

bool node_book_keep(struct node_daemon *d, int job, struct bytes answer, struct err *e)
{
    struct arena a = {0};
    json_t *root = json_read(answer, "the answer", NULL);
    bool has = json_is_object(json_object_get(root, "receipt"));
    bool good = !has || keep(d, job, &a, json_get(answer, NULL, "receipt"), e);
    if (!has && json_is_true(json_object_get(d->job[job].report, "ok")))
        node_log(d, NODE_WARNING, "receipt.none", d->agent.job[job].id, NULL);
    json_decref(root);
    arena_release(&a);
    return good;
}
