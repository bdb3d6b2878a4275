/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "node/react.h"

#include <stddef.h>

enum { EVERY_OTHER = 0, PAUSE_S = 60, PAUSE_MOST_S = 300 };

struct row {
    int from, to; /* status codes */
    enum node_reaction is[NODE_CALLS];
};
/* register, heartbeat, poll, report; the first row that holds. */
static const struct row rows[] = {
    {200, 299, {REACT_DONE, REACT_DONE, REACT_DONE, REACT_DONE}},
    {300,
     399,
     {REACT_CONFIG, REACT_CONFIG, REACT_CONFIG, REACT_LATER}}, /* never followed: the key would go elsewhere */
    {401, 401, {REACT_AUTH, REACT_AUTH, REACT_AUTH, REACT_AUTH}},
    {403, 403, {REACT_AUTH, REACT_AUTH, REACT_AUTH, REACT_AUTH}},
    {404, 404, {REACT_CONFIG, REACT_REGISTER, REACT_LATER, REACT_VANISHED}},
    {405, 405, {REACT_CONFIG, REACT_LATER, REACT_LATER, REACT_DEAD}},
    {408, 408, {REACT_LATER, REACT_LATER, REACT_LATER, REACT_LATER}},
    {409, 409, {REACT_LATER, REACT_LATER, REACT_LATER, REACT_CONFLICT}},
    {413, 413, {REACT_CONFIG, REACT_MINIMAL, REACT_LATER, REACT_SHRINK}},
    {425, 425, {REACT_LATER, REACT_LATER, REACT_LATER, REACT_LATER}},
    {429, 429, {REACT_PAUSE, REACT_PAUSE, REACT_PAUSE, REACT_PAUSE}},
    {400, 499, {REACT_CONFIG, REACT_MINIMAL, REACT_MINIMAL, REACT_MINIMAL}},
    {500, 500, {REACT_LATER, REACT_LATER, REACT_PROBE, REACT_LATER}},
    {EVERY_OTHER, 999, {REACT_LATER, REACT_LATER, REACT_LATER, REACT_LATER}},
};

/* What remains when the smallest body was refused as well. */
static enum node_reaction last_resort(enum node_call call, enum node_reaction r)
{
    if (r != REACT_MINIMAL && r != REACT_SHRINK)
        return r;
    return call == CALL_REPORT ? REACT_DEAD : REACT_LATER;
}

enum node_reaction node_react(enum node_call call, int status, bool minimal)
{
    size_t i = 0;
    while (i + 1 < sizeof rows / sizeof *rows && (status < rows[i].from || status > rows[i].to))
        i++;
    return minimal ? last_resort(call, rows[i].is[call]) : rows[i].is[call];
}

int64_t node_pause_ms(int64_t retry_after_s)
{
    int64_t s = retry_after_s > 0 ? retry_after_s : PAUSE_S;
    return 1000 * (s < PAUSE_MOST_S ? s : PAUSE_MOST_S);
}

int64_t node_jitter_ms(int64_t interval_ms, int jitter_pct, uint32_t random)
{
    int64_t width = interval_ms * jitter_pct / 100;
    return interval_ms - width + 2 * width * (int64_t)(random & 0xffff) / 0xffff;
}

int64_t node_backoff_ms(const struct node_backoff *b, int tries, uint32_t random)
{
    int64_t pause = b->least_ms;
    for (int i = 1; i < tries && pause < b->most_ms; i++)
        pause *= 2;
    return node_jitter_ms(pause < b->most_ms ? pause : b->most_ms, b->jitter_pct, random);
}
