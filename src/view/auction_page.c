/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "view/auction_page.h"

#include "base/numtext.h"
#include "base/timetext.h"
#include "view/pieces.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool auction_has_past(const struct auction *a)
{
    return a->status && a->status->past_count > 0;
}

bool auction_has_endpoints(const struct auction *a)
{
    return a->status && a->status->endpoint_count > 0;
}

/* ---- two rows ----------------------------------------------------------------------------------------------------- */

static const struct {
    char32_t glyph;
    enum style style;
} looks[] = {[PAST_WON] = {GLYPH_YES, STYLE_GOOD},
             [PAST_LOST] = {GLYPH_NO, STYLE_NORMAL},
             [PAST_NONE] = {GLYPH_DOT, STYLE_DIM},
             [PAST_MISSED] = {'!', STYLE_BAD}};

void auction_strip(const struct auction *a, struct grid row)
{
    const struct auction_doc *d = a->status;
    int x = grid_text(row, 0, 0, STYLE_DIM, row.w >= 30 ? "windows " : "win "), won = 0;
    size_t room = row.w > x ? (size_t)(row.w - x) : 0, first = d->past_count > room ? d->past_count - room : 0;
    for (size_t i = first; i < d->past_count; i++) {
        x = grid_put(row, x, 0, looks[d->past[i].what].style, looks[d->past[i].what].glyph);
        won += d->past[i].what == PAST_WON;
    }
    char text[NUM_TEXT * 2];
    snprintf(text, sizeof text, " won in %d of %zu", won, d->past_count - first);
    if (row.w - x > (int)strlen(text))
        grid_text(row, x, 0, STYLE_DIM, text);
}

static void add_endpoint(struct pieces *p, const struct auction_endpoint *e, int rank)
{
    if (e->ok && e->latency_ms != NOT_KNOWN)
        pieces_add(p, rank, 1, STYLE_NORMAL, "%s %lld ms", e->host, (long long)e->latency_ms);
    else if (e->asked == 0)
        pieces_add(p, rank, 1, STYLE_DIM, "%s not asked", e->host);
    else
        pieces_add(p, rank, 1, STYLE_WARN, "%s fails", e->host);
}

void auction_endpoints(const struct auction *a, struct grid row)
{
    const struct auction_doc *d = a->status;
    struct pieces p = {.count = 0};
    pieces_add(&p, 60, 0, STYLE_DIM, "endpoint%s", d->endpoint_count > 1 ? "s" : "");
    for (size_t i = 0; i < d->endpoint_count && i + 1 < PIECES; i++)
        add_endpoint(&p, &d->endpoints[i], 50 - (int)i);
    pieces_draw(&p, row);
}

/* ---- the page ----------------------------------------------------------------------------------------------------- */

static void config_page(const struct auction_config *c, struct flow *f)
{
    flow_head(f, "Configuration");
    flow_wrapf(f, 2, STYLE_NORMAL, "network %s, netuid %lld, wallet %s, hotkey %s", c->network ? c->network : "n/a",
               (long long)c->netuid, c->wallet_name ? c->wallet_name : "n/a", c->hotkey_name ? c->hotkey_name : "n/a");
    for (size_t i = 0; i < c->worker_count; i++)
        flow_wrapf(f, 2, STYLE_NORMAL, "%lld worker%s of %s PH", (long long)c->worker[i].count,
                   c->worker[i].count == 1 ? "" : "s", c->worker[i].hashrate);
}

/* How far the chain is from what a block should take. */
static void pace_page(const struct model *m, struct flow *f)
{
    const struct auction *a = m->auction;
    char drift[NUM_TEXT], text[NUM_TEXT];
    if (a->finality_lag != NOT_KNOWN)
        flow_wrapf(f, 2, a->finality_lag >= FINALITY_LATE ? STYLE_WARN : STYLE_NORMAL,
                   "finalized block %s, %lld behind the head", num_group(text, a->finalized),
                   (long long)a->finality_lag);
    double usual = m->settings->block_time_s;
    if (isfinite(a->block_s) && a->block_s > 0 && usual > 0)
        flow_wrapf(f, 2, STYLE_NORMAL, "a block takes %.2f s, %s against %g s", a->block_s,
                   num_delta(drift, a->block_s / usual - 1), usual);
}

static void endpoints_page(const struct auction_doc *d, struct flow *f)
{
    for (size_t i = 0; i < d->endpoint_count; i++) {
        const struct auction_endpoint *e = &d->endpoints[i];
        flow_wrapf(f, 4, e->ok ? STYLE_NORMAL : STYLE_DIM, "%s: %lld questions, %lld failed", e->host,
                   (long long)(e->asked == NOT_KNOWN ? 0 : e->asked),
                   (long long)(e->failed == NOT_KNOWN ? 0 : e->failed));
        if (e->ok && e->latency_ms != NOT_KNOWN)
            flow_wrapf(f, 6, STYLE_GOOD, "answered in %lld ms", (long long)e->latency_ms);
        else if (e->why)
            flow_wrap(f, 6, STYLE_WARN, e->why);
    }
}

static void chain_page(const struct model *m, struct flow *f)
{
    const struct auction *a = m->auction;
    const struct auction_doc *d = a->status;
    flow_head(f, "Chain");
    if (!d) {
        flow_wrap(f, 2, a->follow_error ? STYLE_WARN : STYLE_GOOD,
                  a->follow_error ? a->follow_error
                                  : "followed by davy-mine follow: no auction miner of ours runs here");
        pace_page(m, f);
        return;
    }
    flow_wrapf(f, 2, d->connected ? STYLE_GOOD : STYLE_WARN, "%s %s",
               d->connected ? "connected to" : "not connected to", d->endpoint ? d->endpoint : "any endpoint");
    pace_page(m, f);
    endpoints_page(d, f);
}

static void next_page(const char *what, int64_t at_ms, struct flow *f)
{
    char clock[TIME_TEXT];
    if (at_ms != NOT_KNOWN)
        flow_wrapf(f, 2, STYLE_DIM, "%s at %s UTC", what, time_clock_s(clock, at_ms));
}

static void commitment_page(const struct model *m, struct flow *f)
{
    const struct auction *a = m->auction;
    const struct auction_doc *d = a->status;
    char text[NUM_TEXT];
    flow_head(f, "Commitment");
    flow_wrap(f, 2, STYLE_NORMAL, d->commit_text ? d->commit_text : "n/a");
    grid_textf(flow_row(f), 2, 0, STYLE_DIM, "at block %s, %zu bytes", num_group(text, d->commit_block),
               d->commit_text ? strlen(d->commit_text) : 0);
    for (size_t i = 0; i < d->committed_count; i++)
        flow_wrapf(f, 2, STYLE_NORMAL, "%lld worker%s of %s PH at price %s", (long long)d->committed[i].count,
                   d->committed[i].count == 1 ? "" : "s", d->committed[i].hashrate, d->committed[i].price);
    if (a->uncommitted) {
        flow_wrap(f, 2, STYLE_WARN, "edited, not committed yet; the configuration on disk says");
        flow_wrap(f, 2, STYLE_WARN, a->config->commitment);
    }
    next_page("looked at again", d->next_commit_ms, f);
}

static void result_page(const struct auction_doc *d, struct flow *f)
{
    char text[NUM_TEXT], end[NUM_TEXT];
    flow_head(f, "Last result");
    flow_wrapf(f, 2, STYLE_NORMAL, "window %lld/6: %lld commitments, budget %.3f PH", (long long)d->result_index + 1,
               (long long)d->commitments, d->budget_ph);
    flow_wrapf(f, 2, STYLE_DIM, "blocks %s to %s", num_group(text, d->result_start), num_group(end, d->result_end));
    if (isfinite(d->won_ph) && isfinite(d->lost_ph))
        flow_wrapf(f, 2, STYLE_NORMAL, "%.3f PH won, %.3f PH lost%s%s", d->won_ph, d->lost_ph,
                   isfinite(d->share) ? "; our share " : "", isfinite(d->share) ? num_percent(text, d->share, 1) : "");
    if (d->solvers == AGREE_NO)
        flow_wrapf(f, 2, STYLE_WARN, "the solvers disagree: cbc %lld, exact %lld (millionths of a PH)",
                   (long long)d->cbc_value, (long long)d->exact_value);
    for (size_t i = 0; i < d->bid_count; i++)
        flow_wrapf(f, 2, d->bid[i].won > 0 ? STYLE_GOOD : STYLE_DIM, "%lld of %lld won: %s PH at price %s",
                   (long long)d->bid[i].won, (long long)d->bid[i].count, d->bid[i].hashrate, d->bid[i].price);
    next_page("computed again", d->next_auction_ms, f);
}

void auction_page(const struct model *m, const struct ui *ui, struct flow *f)
{
    const struct auction *a = m->auction;
    char start[NUM_TEXT], base[NUM_TEXT], end[NUM_TEXT];
    (void)ui;
    if (a->has_window) {
        flow_head(f, "Window");
        flow_wrapf(f, 2, STYLE_NORMAL, "blocks %s to %s; the epoch began at %s, its tempo is %lld",
                   num_group(start, a->window.start), num_group(end, a->window.end),
                   num_group(base, a->window.epoch_start), (long long)a->tempo);
    }
    if (a->config)
        config_page(a->config, f);
    if (a->status || a->follow_error || a->finality_lag != NOT_KNOWN)
        chain_page(m, f);
    if (a->status && a->status->has_commitment)
        commitment_page(m, f);
    if (a->status && a->status->has_result)
        result_page(a->status, f);
}
