/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/auction.h"

#include "base/timetext.h"

#include <math.h>
#include <string.h>

enum {
    MAX_NETUID = 65535,
    MAX_TEMPO = 65535,
    DEFAULT_TEMPO = 360,
    FRESH_BLOCKS = 3, /* a head older than this is no longer the head */
    EPOCH_WINDOWS = 6,
};
static const int64_t max_block = INT64_C(1) << 40;

/* ---- what is known ------------------------------------------------------------------------------------------------ */

static bool is_within(int64_t v, int64_t low, int64_t high)
{
    return v >= low && v <= high;
}

static int64_t netuid_of(const struct auction *au, const struct settings *s)
{
    int64_t candidates[] = {s->netuid, au->status ? au->status->netuid : NOT_KNOWN,
                            au->config ? au->config->netuid : NOT_KNOWN};
    for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++)
        if (is_within(candidates[i], 0, MAX_NETUID))
            return candidates[i];
    return NOT_KNOWN;
}

/* The setting has a default, so only another value of it overrides what the chain said. */
static int64_t tempo_of(const struct auction *au, const struct settings *s, const struct auction_told *told)
{
    if (s->tempo != DEFAULT_TEMPO && is_within(s->tempo, 1, MAX_TEMPO))
        return s->tempo;
    if (au->status && is_within(au->status->tempo, 1, MAX_TEMPO))
        return au->status->tempo;
    if (told && is_within(told->tempo, 1, MAX_TEMPO))
        return told->tempo;
    return DEFAULT_TEMPO;
}

static double block_ms(const struct settings *s)
{
    return isfinite(s->block_time_s) && s->block_time_s >= 0.001 ? s->block_time_s * 1000 : BLOCK_SECONDS * 1000;
}

/* The newest block that somebody told us, and whether it came from davy-mine. */
static bool find_anchor(struct auction *au, const struct settings *s, const struct origin *origin)
{
    const struct auction_doc *d = au->status;
    bool from_status = false;
    if (is_within(s->known_block, 0, max_block) && s->known_block_ms != NOT_KNOWN) {
        au->known_block = s->known_block;
        au->known_ms = s->known_block_ms;
    }
    if (d && is_within(d->block, 0, max_block)) {
        int64_t at = d->block_ms != NOT_KNOWN     ? d->block_ms
                     : d->updated_ms != NOT_KNOWN ? d->updated_ms
                                                  : origin->mtime_ms;
        from_status = at != NOT_KNOWN && (au->known_ms == NOT_KNOWN || at >= au->known_ms);
        if (from_status) {
            au->known_block = d->block;
            au->known_ms = at;
        }
    }
    return from_status;
}

/* ---- the window now ----------------------------------------------------------------------------------------------- */

/* A head that the dashboard follows by itself counts where it is newer. */
static bool follow(struct auction *au, const struct auction_told *told)
{
    au->follow_error = told && told->error[0] ? told->error : NULL;
    if (!told || !is_within(told->block, 0, max_block) || told->at_ms == NOT_KNOWN ||
        (au->known_ms != NOT_KNOWN && told->at_ms < au->known_ms))
        return false;
    au->known_block = told->block;
    au->known_ms = told->at_ms;
    au->finalized = told->finalized;
    au->block_s = told->block_s;
    au->finality_lag = is_within(told->finalized, 0, told->block) ? told->block - told->finalized : NOT_KNOWN;
    return !au->follow_error;
}

static void find_block(struct auction *au, const struct settings *s, bool live, int64_t now_ms)
{
    double block = block_ms(s);
    au->block_age_ms = now_ms > au->known_ms ? now_ms - au->known_ms : 0;
    au->estimated = !live || (double)au->block_age_ms > FRESH_BLOCKS * block;
    double passed = au->estimated ? floor((double)au->block_age_ms / block) : 0;
    au->has_window = passed < (double)max_block;
    au->block = au->has_window ? au->known_block + (int64_t)passed : NOT_KNOWN;
}

static double clamp01(double v)
{
    return v < 0 ? 0 : v > 1 ? 1 : v;
}

static void find_window(struct auction *au, const struct settings *s, int64_t now_ms)
{
    double block = block_ms(s);
    au->window = window_of(au->block, au->netuid, au->tempo);
    int64_t blocks = au->window.end + 1 - au->known_block, length = au->window.end + 1 - au->window.start;
    au->window_end_ms = au->known_ms + (int64_t)llround((double)blocks * block);
    int64_t left_ms = au->window_end_ms > now_ms ? au->window_end_ms - now_ms : 0;
    au->seconds_left = (left_ms + 999) / 1000;
    au->window_fraction_left = clamp01((double)left_ms / ((double)length * block));
}

static int64_t window_number(const struct window *w)
{
    return (w->base - (w->epoch_start - WINDOW_BLOCKS)) / WINDOW_EPOCH_BLOCKS * EPOCH_WINDOWS + w->index;
}

/* Windows that came and went between the one of the last result and the one now. */
static int64_t windows_since(const struct auction *au)
{
    if (!au->status || !au->status->has_result || !is_within(au->status->result_start, 0, max_block))
        return NOT_KNOWN;
    struct window then = window_at(au->status->result_start, au->window.epoch_start);
    int64_t between = window_number(&au->window) - window_number(&then) - 1;
    return between > 0 ? between : 0;
}

/* ---- the part ----------------------------------------------------------------------------------------------------- */

static void judge_commitment(struct auction *au, const struct origin *config, int64_t now_ms)
{
    const struct auction_doc *d = au->status;
    if (!d || !d->has_commitment || d->commit_ms == NOT_KNOWN)
        return;
    au->commit_age_ms = now_ms > d->commit_ms ? now_ms - d->commit_ms : 0;
    const char *wanted = au->config ? au->config->commitment : NULL;
    au->uncommitted = wanted && d->commit_text && strcmp(wanted, d->commit_text) != 0;
    au->config_changed = au->config && config->mtime_ms != NOT_KNOWN && config->mtime_ms > d->commit_ms;
}

static int64_t finality_lag(const struct auction_doc *d)
{
    if (!d || !is_within(d->block, 0, max_block) || !is_within(d->finalized, 0, d->block))
        return NOT_KNOWN;
    return d->block - d->finalized;
}

static const char *network_of(const struct auction *au)
{
    if (au->status && au->status->network)
        return au->status->network;
    return au->config ? au->config->network : NULL;
}

const struct auction *auction_at(struct arena *a, const struct docs *docs, const struct origin *origins,
                                 const struct settings *s, const struct auction_told *told, int64_t now_ms)
{
    const struct origin *origin = &origins[DOC_AUCTION];
    struct auction *au = arena_alloc(a, sizeof *au);
    au->config = docs->auction_config;
    au->status = docs->auction_doc;
    au->block = au->known_block = au->known_ms = au->block_age_ms = au->window_end_ms = NOT_KNOWN;
    au->seconds_left = au->commit_age_ms = au->windows_since_result = NOT_KNOWN;
    au->window_fraction_left = NAN;
    au->netuid = netuid_of(au, s);
    au->tempo = tempo_of(au, s, told);
    au->network = network_of(au);
    au->known = au->netuid != NOT_KNOWN;
    judge_commitment(au, &origins[DOC_CONFIG], now_ms);
    au->finality_lag = finality_lag(au->status);
    au->finalized = au->status ? au->status->finalized : NOT_KNOWN;
    au->block_s = au->status ? au->status->block_s : NAN;
    bool live = find_anchor(au, s, origin) && origin->state == ORIGIN_OK && au->status->connected;
    live = follow(au, told) || live;
    if (!au->known || au->known_block == NOT_KNOWN)
        return au;
    find_block(au, s, live, now_ms);
    if (!au->has_window)
        return au;
    find_window(au, s, now_ms);
    au->windows_since_result = windows_since(au);
    return au;
}
