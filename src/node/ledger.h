/* SPDX-License-Identifier: GPL-2.0-or-later */
/* receipts.jsonl: every receipt that came, one line each, never changed. A line names the SHA-256 of the line before it
 * ({"seq","ts","verified","reason","prev","receipt"}), so that a line that was changed, taken out or put in shows. A second
 * receipt of one job, or a second one with its id, stays in the ledger and is not paid twice. */
#ifndef DAVY_NODE_LEDGER_H
#define DAVY_NODE_LEDGER_H

#include "node/receipt.h"

struct ledger_end {
    int64_t seq;   /* of the last line; 0: none */
    char prev[65]; /* its SHA-256; empty: none */
};

/* The next line, with its newline; *end moves on. */
struct bytes ledger_line(struct arena *a, struct ledger_end *end, int64_t ts_ms, struct bytes receipt,
                         const struct receipt *r);

struct ledger_row {
    int64_t seq, ts_ms, price_micro;
    const char *receipt_id, *job_id; /* safe to print */
    bool verified, priced;
    bool repeat;          /* of a job or an id that an earlier line has: not counted */
    const char *reason;   /* NULL: verified */
    struct bytes receipt; /* as it came; borrows from the ledger's text */
};
struct ledger {
    const struct ledger_row *row;
    size_t rows, repeats;
    int64_t paid_micro; /* verified, once a job */
    int64_t unverified_micro;
    struct ledger_end end;
    size_t good; /* bytes up to the end of the last whole line */
};

/* Reads all of it. false with the sentence (the line, and what is wrong with it): a line that is none, or a broken chain; out
 * then holds the lines before it. A last line without its newline was never confirmed: it is left out, see `good`. */
bool ledger_read(struct arena *a, struct bytes text, struct ledger *out, struct err *e);

#endif
