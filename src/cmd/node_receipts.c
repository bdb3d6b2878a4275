/* SPDX-License-Identifier: GPL-2.0-or-later */
/* davy-node receipts: what coordinators paid, and whether it can be believed. */
#include "cmd/node.h"

#include "base/file.h"
#include "base/timetext.h"
#include "node/ledger.h"
#include "node/money.h"

#include <sodium.h>
#include <string.h>

enum { LEDGER_BYTES = 256 << 20 };

struct receipts_options {
    const char *key;
};
const struct option_row node_receipts_options[] = {
    {"key", 0, "HEX", "the coordinator's public key, 64 hexadecimal digits; without it no signature counts",
     OPTION_TEXT, offsetof(struct receipts_options, key)},
    {.name = NULL},
};

struct book {
    struct arena a;
    struct bytes text;
    uint8_t key[RECEIPT_KEY];
    struct receipt_trust trust;
};

static bool key_of(const struct receipts_options *o, struct book *b, struct err *e)
{
    size_t len = 0;
    const char *end = NULL;
    if (!o->key)
        return true;
    if (sodium_hex2bin(b->key, RECEIPT_KEY, o->key, strlen(o->key), NULL, &len, &end) != 0 || *end ||
        len != RECEIPT_KEY)
        return err_set(e, "--key must be the 64 hexadecimal digits of a public key");
    b->trust = (struct receipt_trust){.key = &b->key, .keys = 1};
    return true;
}

static const char *amount(char out[MONEY_TEXT], const struct ledger_row *row)
{
    return row->priced ? money_text(out, row->price_micro) : "n/a";
}

static const char *word_of(const struct ledger_row *row)
{
    return row->repeat ? "repeat" : row->verified ? "verified" : row->reason ? row->reason : "unverified";
}

static void print_row(const struct ledger_row *row, bool csv)
{
    char when[TIME_TEXT], price[MONEY_TEXT];
    printf(csv ? "%lld,%s,%s,%s,%s,%s\n" : "%6lld  %s  %-32s  %-32s  %12s  %s\n", (long long)row->seq,
           time_iso(when, row->ts_ms), row->receipt_id, row->job_id, amount(price, row), word_of(row));
}

/* A comma in an id would move the columns: ids are letters and digits, or the row says so. */
static bool is_plain(const char *text)
{
    return !strpbrk(text, ",\"\n");
}

static int print_rows(const struct ledger *l, bool csv)
{
    if (csv)
        puts("seq,received,receipt_id,job_id,price,state");
    for (size_t i = 0; i < l->rows; i++) {
        struct ledger_row row = l->row[i];
        if (csv && !is_plain(row.receipt_id))
            row.receipt_id = "?";
        if (csv && !is_plain(row.job_id))
            row.job_id = "?";
        print_row(&row, csv);
    }
    return TOOL_OK;
}

static int print_totals(const struct ledger *l)
{
    char paid[MONEY_TEXT], open[MONEY_TEXT];
    printf("%zu receipts, %s verified, %s unverified, %zu repeated\n", l->rows, money_text(paid, l->paid_micro),
           money_text(open, l->unverified_micro), l->repeats);
    return TOOL_OK;
}

static int broken(const struct tool *t, const char *why)
{
    tool_print(t, json_pack("{sb ss}", "valid", 0, "why", why));
    return TOOL_FAILED;
}

/* Each receipt again, with the key of now. */
static size_t verified_again(struct book *b, const struct ledger *l, const char **why)
{
    size_t good = 0;
    for (size_t i = 0; i < l->rows; i++) {
        struct receipt r;
        if (receipt_read(&b->a, l->row[i].receipt, &b->trust, &r, NULL) && r.verified)
            good++;
        else if (!*why)
            *why = arena_text(&b->a, "line %zu: %s", i + 1, r.reason ? r.reason : "no receipt");
    }
    return good;
}

static int verify_ledger(const struct tool *t, struct book *b, const struct ledger *l)
{
    char paid[MONEY_TEXT];
    const char *why = NULL;
    size_t good = verified_again(b, l, &why);
    bool valid = good == l->rows;
    json_t *out =
        json_pack("{sb sI sI sI ss}", "valid", valid, "receipts", (json_int_t)l->rows, "verified", (json_int_t)good,
                  "repeats", (json_int_t)l->repeats, "paid", money_text(paid, l->paid_micro));
    if (why)
        json_object_set_new(out, "why", json_string(why));
    tool_print(t, out);
    return valid ? TOOL_OK : TOOL_FAILED;
}

static int verify_one(const struct tool *t, struct book *b, const struct receipt *r)
{
    char price[MONEY_TEXT];
    if (!r->verified)
        return broken(t, r->reason);
    return tool_print(t, json_pack("{sb ss ss ss}", "valid", 1, "receipt_id", arena_text(&b->a, "%s", r->id), "job_id",
                                   arena_text(&b->a, "%s", r->job_id), "price", money_text(price, r->price_micro)));
}

static bool is_ledger(struct bytes text)
{
    return bytes_starts(text, "{\"seq\":");
}

static int verify(const struct tool *t, struct book *b)
{
    struct ledger l;
    struct receipt r;
    struct err e;
    if (is_ledger(b->text))
        return ledger_read(&b->a, b->text, &l, &e) ? verify_ledger(t, b, &l) : broken(t, e.text);
    return receipt_read(&b->a, b->text, &b->trust, &r, &e) ? verify_one(t, b, &r) : broken(t, e.text);
}

static int print(const struct tool *t, struct book *b, bool csv)
{
    struct ledger l;
    struct err e;
    bool good = ledger_read(&b->a, b->text, &l, &e);
    print_rows(&l, csv);
    if (!csv)
        print_totals(&l);
    return good ? TOOL_OK : tool_failed(t, &e);
}

static int act(const struct tool *t, struct book *b, const char *what)
{
    struct err e;
    if (strcmp(what, "verify") == 0)
        return verify(t, b);
    if (strcmp(what, "list") == 0 || strcmp(what, "export") == 0)
        return print(t, b, *what == 'e');
    err_set(&e, "receipts knows list, verify and export, not '%.40s'", what);
    return tool_complain(t, &e);
}

int node_receipts(const struct tool *t, int argc, char **argv)
{
    struct err e;
    struct receipts_options o = {0};
    struct book b = {0};
    struct file_stat s;
    int words = tool_words(t, node_receipts_options, argc, argv, 2, &o, &e);
    if (words >= 0 && words < 2) {
        err_set(&e, "say what and which file: davy-node receipts list|verify|export FILE");
        words = -1;
    }
    if (words < 0 || !key_of(&o, &b, &e) || !file_read(&b.a, argv[2], LEDGER_BYTES, &b.text, &s, &e)) {
        arena_release(&b.a);
        return tool_complain(t, &e);
    }
    int code = act(t, &b, argv[1]);
    arena_release(&b.a);
    return code;
}
