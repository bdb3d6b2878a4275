/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of one window (auction.md 4.7), for callbacks: a document of its own, which hooks read on standard input. */
#ifndef DAVY_AUCTION_RESULT_H
#define DAVY_AUCTION_RESULT_H

#include "auction/reconcile.h"
#include "base/json.h"

struct auction_result {
    const char *hotkey; /* ours */
    int64_t epoch_start, start, end;
    int index;                /* of the window, 0 to 5 */
    int64_t start_ms, end_ms; /* by the chain's clock; NOT_KNOWN */
    size_t commitments;       /* hotkeys that took part */
    double budget_ph;         /* capped */
    const struct winner *winner;
    size_t winners;
    struct bid_results mine;
};
/* {"version": 1, "hotkey", "epoch_start", "window_index", "start_block", "end_block", "window_start_time",
 * "window_end_time", "commitments_count", "budget_ph", "winners": [{"hotkey", "hashrate", "price"}], "my_bids": [{"hashrate",
 * "price_fp18", "won"}], "won_ph", "lost_ph"}: new reference. */
json_t *auction_result_json(struct arena *a, const struct auction_result *r);
/* "my_bids" of such a document; false with the sentence. */
bool auction_result_bids(struct arena *a, const json_t *result, struct bid_results *out, struct err *e);
/* Sums in PH, in the order of the bids, as the original adds them. */
double bids_ph(struct arena *a, const struct bid_results *r, bool won);

#endif
