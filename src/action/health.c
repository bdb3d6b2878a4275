/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/health.h"

#include "base/timetext.h"

enum { CLOCK_SLACK_MS = 1500 }; /* /proc counts in ticks of a boot time that is known to the second */

const char *health_word(enum health_verdict v)
{
    static const char *const words[] = {
        [HEALTH_WAITING] = "waiting", [HEALTH_GOOD] = "ok", [HEALTH_BAD] = "failed", [HEALTH_UNKNOWN] = "unknown"};
    return words[v];
}

struct health_before health_before(const struct model *m, int64_t begun_ms)
{
    const struct auction_doc *s = m->auction->status;
    return (struct health_before){
        .begun_ms = begun_ms,
        .state = m->daemon->state,
        .pid = m->daemon->pid,
        .commit_block = s && s->has_commitment ? s->commit_block : NOT_KNOWN,
        .commit_ms = s && s->has_commitment ? s->commit_ms : NOT_KNOWN,
        .has_status = s != NULL,
    };
}

static struct health verdict(enum health_verdict v, const char *text)
{
    return (struct health){v, text};
}

/* ---- restart ---- */

static bool is_new(const struct health_before *b, const struct model *m)
{
    const struct daemon *d = m->daemon;
    bool young = d->uptime_s != NOT_KNOWN && m->now_ms - d->uptime_s * 1000 >= b->begun_ms - CLOCK_SLACK_MS;
    return d->pid != NOT_KNOWN && (d->pid != b->pid || young);
}

static const char *was_text(struct arena *a, const struct health_before *b)
{
    if (b->pid == NOT_KNOWN)
        return arena_text(a, "it was %s before", daemon_state_name(b->state));
    return arena_text(a, "it was %s with pid %lld before", daemon_state_name(b->state), (long long)b->pid);
}

static struct health judge_restart(struct arena *a, const struct health_before *b, const struct model *m, bool late)
{
    const struct daemon *d = m->daemon;
    char after[TIME_TEXT];
    if (d->state == DAEMON_UP && is_new(b, m))
        return verdict(HEALTH_GOOD,
                       arena_text(a, "the daemon is UP, pid %lld, %s after the start; %s", (long long)d->pid,
                                  duration_short(after, m->now_ms - b->begun_ms), was_text(a, b)));
    if (!late)
        return verdict(HEALTH_WAITING, "");
    if (d->pid != NOT_KNOWN && d->pid == b->pid && !is_new(b, m))
        return verdict(HEALTH_BAD, arena_text(a, "the daemon is still the old one, pid %lld: nothing was restarted",
                                              (long long)d->pid));
    return verdict(HEALTH_BAD,
                   arena_text(a, "the daemon is not UP after %s but %s: %s",
                              duration_short(after, m->now_ms - b->begun_ms), daemon_state_name(d->state), d->why));
}

/* ---- commit ---- */

static bool is_new_commitment(const struct health_before *b, const struct auction_doc *s)
{
    if (!s || !s->has_commitment)
        return false;
    bool block = s->commit_block != NOT_KNOWN && (b->commit_block == NOT_KNOWN || s->commit_block > b->commit_block);
    bool time = s->commit_ms != NOT_KNOWN && s->commit_ms >= b->begun_ms - CLOCK_SLACK_MS;
    return time || (block && b->has_status);
}

static struct health judge_commit(struct arena *a, const struct health_before *b, const struct model *m, bool late)
{
    const struct auction_doc *s = m->auction->status;
    char after[TIME_TEXT];
    if (is_new_commitment(b, s))
        return verdict(HEALTH_GOOD,
                       s->commit_block == NOT_KNOWN
                           ? arena_text(a, "a new commitment was seen")
                           : arena_text(a, "the commitment of block %lld was seen", (long long)s->commit_block));
    if (!late)
        return verdict(HEALTH_WAITING, "");
    if (!s)
        return verdict(HEALTH_UNKNOWN,
                       "whether it was committed cannot be seen here: the auction miner writes no status");
    return verdict(HEALTH_BAD, arena_text(a, "no new commitment was seen within %s%s",
                                          duration_short(after, m->now_ms - b->begun_ms),
                                          s->updated_ms != NOT_KNOWN && s->updated_ms >= b->begun_ms
                                              ? ", though the auction miner wrote its status"
                                              : ""));
}

struct health health_judge(struct arena *a, enum plan_kind kind, const struct health_before *b, const struct model *m,
                           bool late)
{
    return kind == PLAN_RESTART ? judge_restart(a, b, m, late) : judge_commit(a, b, m, late);
}
