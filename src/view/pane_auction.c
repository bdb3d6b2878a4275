/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The auction: the window as a bar that empties, with its countdown; commitment and last result. */
#include "base/numtext.h"
#include "base/timetext.h"
#include "base/utf8.h"
#include "view/auction_page.h"
#include "view/pane.h"
#include "view/pieces.h"

#include <math.h>
#include <string.h>

enum { TOP = 6 }; /* rows over the page of the zoomed pane, without those of the miner's own */

/* Below a minute the countdown is the warning: a commitment sent now may not make it into this window. */
static enum style left_style(const struct auction *a)
{
    return a->seconds_left < 60 ? STYLE_WARN : STYLE_ACCENT;
}

/* "window 3/6  =======-------  4:05" */
static void draw_bar(const struct model *m, struct grid g, int y)
{
    const struct auction *a = m->auction;
    char left[TIME_TEXT];
    int x = grid_text(g, 0, y, STYLE_DIM, g.w >= 30 ? "window " : "win ");
    x = grid_textf(g, x, y, STYLE_STRONG, "%d/6", a->window.index + 1) + 2;
    grid_countdown(g, left, m->now_ms, a->window_end_ms);
    const char *word = g.w >= 40 ? " left" : "";
    int right = g.w - text_width(left) - text_width(word);
    grid_text_right(g, g.w, y, STYLE_DIM, word);
    grid_text(g, right, y, left_style(a), left);
    struct gauge v = {a->window_fraction_left, NAN, NAN, left_style(a)};
    gauge_draw(g, x, y, right - 2 - x, &v);
}

/* "block 5,123,456 . ends at 5,123,499 . estimated from a block 3m old" */
static void draw_blocks(const struct model *m, struct grid row)
{
    const struct auction *a = m->auction;
    char block[NUM_TEXT], age[TIME_TEXT];
    struct pieces p = {.count = 0};
    pieces_add(&p, 80, 0, STYLE_DIM, "block");
    pieces_add(&p, 100, 1, a->estimated ? STYLE_STALE : STYLE_NORMAL, "%s%s", a->estimated ? "~" : "",
               num_group(block, a->block));
    pieces_add(&p, 60, 1, STYLE_DIM, "∙ ends at %s", num_group(block, a->window.end));
    if (a->estimated)
        pieces_add(&p, 90, 1, STYLE_STALE, "∙ estimated");
    if (a->estimated && a->known_ms != NOT_KNOWN)
        pieces_add(&p, 50, 1, STYLE_STALE, "from a block %s old", grid_age(row, age, m->now_ms, a->known_ms));
    if (a->finality_lag != NOT_KNOWN)
        pieces_add(&p, 55, 1, a->finality_lag >= FINALITY_LATE ? STYLE_WARN : STYLE_DIM, "∙ final %lld behind",
                   (long long)a->finality_lag);
    if (a->window.wait)
        pieces_add(&p, 85, 1, STYLE_WARN, "∙ too late, wait for the next");
    pieces_draw(&p, row);
}

static void draw_commitment(const struct model *m, struct grid row)
{
    const struct auction *a = m->auction;
    const struct auction_doc *d = a->status;
    char age[TIME_TEXT];
    bool edited = a->uncommitted && a->config_changed;
    struct pieces p = {.count = 0};
    pieces_add(&p, 95, 0, STYLE_DIM, "commitment");
    if (!d || !d->has_commitment) {
        pieces_add(&p, 100, 1, STYLE_STALE, d ? "none yet" : "not known");
    } else {
        if (d->commit_ms != NOT_KNOWN)
            pieces_add(&p, 90, 1, STYLE_NORMAL, "%s", grid_ago(row, age, m->now_ms, d->commit_ms));
        if (!edited || !d->published)
            pieces_add(&p, 100, 1, d->published ? STYLE_GOOD : STYLE_WARN,
                       d->published ? "✓ published" : "not published");
    }
    if (edited)
        pieces_add(&p, 98, 1, STYLE_WARN, "∙ edited, not committed yet");
    else if (a->config_changed)
        pieces_add(&p, 80, 1, STYLE_WARN, "∙ config.toml is newer");
    pieces_draw(&p, row);
}

static void draw_result(const struct model *m, struct grid row)
{
    const struct auction_doc *d = m->auction->status;
    char age[TIME_TEXT], share[NUM_TEXT];
    struct pieces p = {.count = 0};
    pieces_add(&p, 70, 0, STYLE_DIM, "last result");
    if (!d || !d->has_result) {
        pieces_add(&p, 100, 1, STYLE_STALE, d ? "none yet" : "not known");
    } else {
        pieces_add(&p, 100, 1, d->won > 0 ? STYLE_GOOD : STYLE_NORMAL, "won %lld", (long long)d->won);
        pieces_add(&p, 90, 0, STYLE_DIM, ", lost %lld", (long long)d->lost);
        if (d->clearing_price)
            pieces_add(&p, 60, 1, STYLE_DIM, "at price %s", d->clearing_price);
        if (isfinite(d->share))
            pieces_add(&p, 65, 1, STYLE_DIM, "∙ share %s", num_percent(share, d->share, 0));
        if (d->result_ms != NOT_KNOWN)
            pieces_add(&p, 80, 1, STYLE_DIM, "∙ %s", grid_ago(row, age, m->now_ms, d->result_ms));
    }
    pieces_draw(&p, row);
}

/* What is wrong with it, in one line; NULL: nothing. */
static const char *trouble_of(struct arena *arena, const struct auction *a)
{
    if (a->status && a->status->error)
        return a->status->error;
    if (a->status && a->status->missed_windows > 0)
        return arena_text(arena, "%lld window%s missed", (long long)a->status->missed_windows,
                          a->status->missed_windows == 1 ? "" : "s");
    return a->config ? a->config->warning : NULL;
}

static bool has_trouble(const struct auction *a)
{
    return (a->status && (a->status->error || a->status->missed_windows > 0)) || (a->config && a->config->warning);
}

static void draw_config(const struct model *m, struct grid row)
{
    const struct auction_config *c = m->auction->config;
    char ph[NUM_TEXT];
    struct pieces p = {.count = 0};
    if (!c)
        return;
    pieces_add(&p, 70, 0, STYLE_DIM, "offers");
    pieces_add(&p, 90, 1, STYLE_NORMAL, "%lld worker%s,", (long long)c->total_workers,
               c->total_workers == 1 ? "" : "s");
    pieces_add(&p, 100, 1, STYLE_NORMAL, "%s PH", num_fixed(ph, c->total_ph, 2));
    if (c->price_multiplier)
        pieces_add(&p, 80, 1, STYLE_DIM, "∙ price x %s", c->price_multiplier);
    pieces_draw(&p, row);
}

static void draw_open(const struct model *m, struct grid g)
{
    int y = 0;
    if (m->auction->has_window) {
        draw_bar(m, g, y++);
        draw_blocks(m, grid_part(g, 0, y++, g.w, 1));
    } else {
        grid_text_cut(g, 0, y++, g.w, STYLE_STALE, "no block is known yet, so no window");
    }
    if (has_trouble(m->auction) && g.h > y)
        grid_text_cut(g, 0, y++, g.w, STYLE_WARN, trouble_of(g.frame->arena, m->auction));
    draw_commitment(m, grid_part(g, 0, y++, g.w, 1));
    draw_result(m, grid_part(g, 0, y++, g.w, 1));
    if (m->auction->config)
        draw_config(m, grid_part(g, 0, y++, g.w, 1));
    if (auction_has_past(m->auction) && g.h > y)
        auction_strip(m->auction, grid_part(g, 0, y++, g.w, 1));
    if (auction_has_endpoints(m->auction) && g.h > y)
        auction_endpoints(m->auction, grid_part(g, 0, y, g.w, 1));
}

static int more_rows(const struct auction *a)
{
    return auction_has_past(a) + auction_has_endpoints(a);
}

static void draw(const struct model *m, const struct ui *ui, struct grid g)
{
    if (!m->auction->known) {
        draw_waiting(g, m, DOC_CONFIG);
    } else if (pane_zoomed(ui, &pane_auction) && g.h >= 10) {
        int top = TOP + more_rows(m->auction);
        draw_open(m, grid_part(g, 0, 0, g.w, top));
        struct flow f =
            flow_of(grid_part(g, 0, top + 1, g.w, g.h - top - 1), ui, &pane_auction, flow_count(m, ui, auction_page));
        auction_page(m, ui, &f);
    } else {
        draw_open(m, g);
    }
}

static struct pane_need need(const struct model *m, const struct ui *ui, int w)
{
    const struct auction *a = m->auction;
    (void)ui;
    (void)w;
    if (!a->known)
        return (struct pane_need){1, 1, 1};
    int trouble = has_trouble(a);
    int most = 3 + a->has_window + (a->config ? 1 : 0) + trouble + more_rows(a);
    return (struct pane_need){a->has_window ? 2 : 1, most < 3 + trouble ? most : 3 + trouble, most};
}

static int rows(const struct model *m, const struct ui *ui)
{
    return m->auction->known && pane_zoomed(ui, &pane_auction)
               ? flow_stops(ui, flow_count(m, ui, auction_page), TOP + more_rows(m->auction) + 1)
               : 0;
}

static const char *line(struct arena *arena, const struct model *m, enum style *s)
{
    const struct auction *a = m->auction;
    char left[TIME_TEXT];
    *s = STYLE_STALE;
    if (!a->known)
        return waiting_line(arena, m, DOC_CONFIG);
    if (!a->has_window)
        return "no block is known yet";
    *s = left_style(a);
    return arena_text(arena, "window %d/6 ends in %s%s%s", a->window.index + 1,
                      countdown(left, a->window_end_ms - m->now_ms), a->estimated ? " ∙ " : "",
                      a->estimated ? "estimated" : "");
}

const struct pane pane_auction = {
    .name = "auction",
    .title = "Auction",
    .help = "the bidding window and its countdown, the commitment, the last result; zoomed: configuration and bids",
    .importance = 85,
    .doc = {DOC_CONFIG, DOC_AUCTION},
    .doc_count = 2,
    .need = need,
    .draw = draw,
    .rows = rows,
    .line = line,
};
