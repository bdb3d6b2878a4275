/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "action/limit.h"

static bool counts(int64_t begun_ms, int64_t now_ms)
{
    int64_t age_ms = begun_ms > now_ms ? begun_ms - now_ms : now_ms - begun_ms;
    return age_ms < LIMIT_MS;
}

/* Keeps the newest LIMIT_RUNS, the newest first. */
static void keep(int64_t newest[LIMIT_RUNS], int have, int64_t begun_ms)
{
    int at = have < LIMIT_RUNS ? have : LIMIT_RUNS - 1;
    if (have >= LIMIT_RUNS && begun_ms <= newest[at])
        return;
    for (; at > 0 && newest[at - 1] < begun_ms; at--)
        newest[at] = newest[at - 1];
    newest[at] = begun_ms;
}

struct limit limit_judge(const int64_t *begun_ms, size_t count, int64_t now_ms)
{
    struct limit l = {0};
    int64_t newest[LIMIT_RUNS] = {0};
    for (size_t i = 0; i < count; i++)
        if (counts(begun_ms[i], now_ms))
            keep(newest, l.runs++, begun_ms[i]);
    l.reached = l.runs >= LIMIT_RUNS;
    l.free_ms = l.reached ? newest[LIMIT_RUNS - 1] + LIMIT_MS : now_ms;
    return l;
}
