/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two lists of facts -> the lines that tell the difference. */
#include "view/facts.h"

#include "base/timetext.h"

#include <string.h>

static const struct fact *find(const struct fact_list *l, const char *key)
{
    for (size_t i = 0; i < l->count; i++)
        if (strcmp(l->fact[i].key, key) == 0)
            return &l->fact[i];
    return NULL;
}

static const char *copy(struct arena *a, const char *text)
{
    return text ? arena_copy(a, bytes_of(text)) : NULL;
}

/* Into the list of what was told: strings of a model do not live long enough. */
static void keep(struct fact_list *told, const struct fact *f, int64_t told_ms)
{
    struct arena *a = told->arena;
    facts_add(
        told,
        (struct fact){.key = copy(a, f->key), .step = copy(a, f->step), .over = copy(a, f->over), .urgent = f->urgent});
    told->fact[told->count - 1].told_ms = told_ms;
}

struct fact_list facts_told(struct arena *a, const struct fact_list *now)
{
    struct fact_list told = {.arena = a, .next_ms = INT64_MAX};
    for (size_t i = 0; i < now->count; i++)
        keep(&told, &now->fact[i], NOT_KNOWN);
    return told;
}

static bool must_wait(const struct fact *before, const struct fact *f, int64_t now_ms)
{
    return !f->urgent && before->told_ms != NOT_KNOWN && now_ms >= before->told_ms &&
           now_ms - before->told_ms < FACTS_QUIET_MS;
}

static void tell(struct fact_list *lines, const char *text)
{
    facts_add(lines, (struct fact){.key = "", .text = text});
}

static void tell_one(struct fact_list *lines, struct fact_list *told, const struct fact *before, const struct fact *f,
                     int64_t now_ms)
{
    if (before && strcmp(before->step, f->step) == 0) {
        keep(told, f, before->told_ms);
    } else if (before && must_wait(before, f, now_ms)) {
        int64_t until = before->told_ms + FACTS_QUIET_MS;
        told->next_ms = until < told->next_ms ? until : told->next_ms;
        keep(told, before, before->told_ms);
    } else {
        tell(lines, fact_line(lines->arena, f));
        keep(told, f, now_ms);
    }
}

static void cut(struct fact_list *lines)
{
    if (lines->count <= FACTS_LINES)
        return;
    size_t more = lines->count - (FACTS_LINES - 1);
    lines->count = FACTS_LINES - 1;
    tell(lines, arena_text(lines->arena, "and %zu more changes; s and Enter tells all", more));
}

struct fact_list facts_tell(struct arena *a, struct fact_list *told, const struct fact_list *now, int64_t now_ms)
{
    struct fact_list lines = {.arena = now->arena, .next_ms = INT64_MAX}, before = *told;
    *told = (struct fact_list){.arena = a, .next_ms = INT64_MAX};
    for (size_t i = 0; i < now->count; i++)
        tell_one(&lines, told, find(&before, now->fact[i].key), &now->fact[i], now_ms);
    for (size_t i = 0; i < before.count; i++)
        if (before.fact[i].over && !find(now, before.fact[i].key))
            tell(&lines, arena_text(lines.arena, "%s", before.fact[i].over));
    cut(&lines);
    return lines;
}
