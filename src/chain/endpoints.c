/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "chain/endpoints.h"

#include <string.h>

enum { REST_FIRST_MS = 1000, REST_LONGEST_MS = 60000, REST_ASKED_MS = 300000, URL_LONGEST = 2000 };

static const struct {
    const char *name, *url;
} networks[] = {
    {"archive", "https://archive.chain.opentensor.ai:443"},
    {"finney", "https://entrypoint-finney.opentensor.ai:443"},
    {"local", "http://127.0.0.1:9944"},
    {"test", "https://test.finney.opentensor.ai:443"},
};
/* A Substrate node answers HTTP on the port of its WebSocket. */
static const struct {
    const char *scheme, *instead;
} schemes[] = {{"https://", "https://"}, {"http://", "http://"}, {"wss://", "https://"}, {"ws://", "http://"}};

static const char *known(const char *word)
{
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++)
        if (strcmp(networks[i].name, word) == 0)
            return networks[i].url;
    return word;
}

/* What stands between the scheme, or a password, and the path. */
static const char *host_of(struct arena *a, const char *behind_scheme)
{
    size_t len = strcspn(behind_scheme, "/?#");
    const char *at = memrchr(behind_scheme, '@', len);
    const char *from = at ? at + 1 : behind_scheme;
    return arena_copy(a, (struct bytes){from, len - (size_t)(from - behind_scheme)});
}

static bool is_plain(const char *text)
{
    size_t len = strlen(text);
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)text[i] <= ' ' || (unsigned char)text[i] >= 127)
            return false;
    return len < URL_LONGEST;
}

static bool endpoint_of(struct arena *a, const char *word, struct endpoint *out)
{
    const char *url = known(word);
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        struct bytes rest = bytes_of(url);
        if (!bytes_cut(&rest, schemes[i].scheme))
            continue;
        *out = (struct endpoint){.url = arena_text(a, "%s%s", schemes[i].instead, rest.at),
                                 .host = host_of(a, rest.at),
                                 .latency_ms = -1,
                                 .answered_ms = -1};
        return is_plain(url) && out->host[0];
    }
    return false;
}

bool endpoints_of(struct arena *a, const char *const *word, size_t count, struct endpoints *out, struct err *e)
{
    struct endpoint *at = arena_array(a, count + 1, sizeof *at);
    if (count == 0)
        return err_set(e, "no endpoint is given: say finney, archive, test, local, or an address with https://");
    for (size_t i = 0; i < count; i++)
        if (!endpoint_of(a, word[i], &at[i]))
            return err_set(e,
                           "endpoint %zu is none: say finney, archive, test, local, or an address that begins with "
                           "https://, wss://, http:// or ws://",
                           i + 1);
    *out = (struct endpoints){at, count};
    return true;
}

struct endpoint *endpoints_pick(const struct endpoints *s, int64_t now_ms, int64_t *wait_ms)
{
    struct endpoint *best = &s->at[0];
    for (size_t i = 0; i < s->count; i++) {
        struct endpoint *p = &s->at[i];
        if (p->rest_until_ms <= now_ms) {
            *wait_ms = 0;
            return p;
        }
        if (p->rest_until_ms < best->rest_until_ms)
            best = p;
    }
    *wait_ms = best->rest_until_ms - now_ms;
    return best;
}

void endpoint_answered(struct endpoint *p, int64_t now_ms, int64_t latency_ms)
{
    p->asked++;
    p->failures = 0;
    p->rest_until_ms = 0;
    p->latency_ms = latency_ms;
    p->answered_ms = now_ms;
    p->why = (struct err){""};
}

static int64_t rest_after(int64_t failures)
{
    int64_t rest = REST_FIRST_MS;
    while (--failures > 0 && rest < REST_LONGEST_MS)
        rest *= 2;
    return rest < REST_LONGEST_MS ? rest : REST_LONGEST_MS;
}

void endpoint_failed(struct endpoint *p, int64_t now_ms, int64_t rest_ms, const struct err *why)
{
    p->asked++;
    p->failed++;
    p->failures++;
    if (rest_ms <= 0)
        rest_ms = rest_after(p->failures);
    p->rest_until_ms = now_ms + (rest_ms < REST_ASKED_MS ? rest_ms : REST_ASKED_MS);
    p->why = *why;
}

static uint64_t highest(const struct endpoints *s, const struct endpoint *but)
{
    uint64_t head = 0;
    for (size_t i = 0; i < s->count; i++)
        if (&s->at[i] != but && s->at[i].head > head)
            head = s->at[i].head;
    return head;
}

bool endpoint_head(const struct endpoints *s, struct endpoint *p, uint64_t block, int64_t now_ms)
{
    struct err why = {""};
    uint64_t other = highest(s, p);
    if (block > p->head || p->head == 0)
        p->risen_ms = now_ms;
    if (block > p->head)
        p->head = block;
    if (now_ms - p->risen_ms >= ENDPOINT_STUCK_MS)
        err_set(&why, "%.80s has stood at block %llu for %lld s", p->host, (unsigned long long)p->head,
                (long long)(now_ms - p->risen_ms) / 1000);
    else if (block + ENDPOINT_BEHIND <= other)
        err_set(&why, "%.80s is %llu blocks behind another endpoint", p->host, (unsigned long long)(other - block));
    if (!why.text[0])
        return true;
    endpoint_failed(p, now_ms, 0, &why);
    return false;
}
